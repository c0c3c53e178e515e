import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import NetworkModel
import ProofFormat
import Search
import TestSupport

/// Under laws whose masses are fractions.
extension TightProof {
  private static let both = charge(out: [.standard], in: [.standard], steps: 8)

  /// x₀ + 2 x₁ is at most 1, in two cells.
  static func triangle() throws -> TightProof {
    TightProof(
      try probabilityProblem(plane, ["(<= Y[0] 1)"], square),
      [try splitInput(0, at: 0.5), both, both], is: Interval(Rational(1, over: 4)),
      lower: tiny, upper: tiny)
  }

  /// Two opposite corners, each a disjunct.
  static func corners() throws -> TightProof {
    TightProof(
      try probabilityProblem(plane, ["(or (<= Y[0] 0.5) (>= Y[0] 2.5))"], square),
      [
        try splitInput(1, at: 0.5), .close(disjunct: 1, .standard), both,
        charge(out: [.standard, .standard], in: [.standard], of: 1, steps: 8),
      ], is: Interval(Rational(1, over: 8)), lower: tiny, upper: tiny)
  }

  /// Between two values; in each cell one row may fail.
  static func rows() throws -> TightProof {
    let each = [0, 1].map {
      charge(out: [row($0)], in: [.standard, .standard], steps: 8)
    }
    return TightProof(
      try probabilityProblem(plane, ["(>= X[0] 0.25)", "(<= X[0] 0.75)"], square),
      [try splitInput(0, at: 0.5)] + each, is: Interval(Rational(1, over: 2)), lower: tiny,
      upper: tiny)
  }

  /// x₀ + x₁ + x₂ is at most 1.
  static func simplex() throws -> TightProof {
    TightProof(
      try probabilityProblem(
        denseNetwork([([[1, 1, 1]], [0])]), ["(<= Y[0] 1)"],
        ["(component 1 (uniform 0 1) (uniform 0 1) (uniform 0 1))"]),
      [both], is: Interval(Rational(1, over: 6)), lower: Rational(1, over: 1 << 30),
      upper: Rational(1, over: 1 << 30))
  }

  /// Of three values the one in the middle is on the cut, and has the event or not.
  static func atoms(isStrict: Bool) throws -> TightProof {
    TightProof(
      try probabilityProblem(
        identity, ["(\(isStrict ? "<" : "<=") Y[0] 1)"],
        ["(component 1 (points (0 1/4) (1 1/2) (2 1/4)))"]),
      isStrict
        ? [try splitInput(at: 0.5), .hold(disjunct: 0, []), try splitInput(at: 1), .leave, leaf]
        : [try splitInput(at: 1), .hold(disjunct: 0, []), try splitInput(at: 1.5), .leave, leaf],
      is: Interval(Rational(isStrict ? 1 : 3, over: 4)), lower: tiny,
      upper: isStrict ? Rational(1, over: 2) : tiny)
  }

  /// The same, counted on one side and by its least value on the other.
  static func chargedAtoms(isStrict: Bool) throws -> TightProof {
    TightProof(
      try probabilityProblem(
        identity, ["(\(isStrict ? "<" : "<=") Y[0] 1)"],
        ["(component 1 (points (0 1/4) (1 1/2) (2 1/4)))"]),
      [
        try splitInput(at: 1), charge(in: [.standard], steps: isStrict ? 6 : 0),
        charge(out: [.standard], steps: isStrict ? 0 : 6),
      ],
      is: Interval(Rational(isStrict ? 1 : 3, over: 4)), lower: isStrict ? tiny : nil,
      upper: isStrict ? nil : tiny)
  }

  /// |x| < 1/4, where inputs and units are narrowed to where that is so.
  static func conditional() throws -> TightProof {
    let active = Derivation(rows: [], slopes: .codes([255]))
    return TightProof(
      try absoluteProblem(),
      [
        try splitInput(at: 0), .contract(row(0)), .tightenAll, charge(out: [.standard], steps: 8),
        .lemma(unit(0, 0), .upper, row(0)), charge(out: [active], steps: 8),
      ],
      is: Interval(Rational(1, over: 4)), upper: tiny)
  }

  /// relu(|x| − 1/4) is at least 1/4, for x uniform in [−1, 1].
  static func layers() throws -> TightProof {
    let network = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [-0.25]), ([[1]], [0])])
    let excluded = charge(out: [.standard], steps: 8)
    return TightProof(
      try probabilityProblem(network, ["(>= Y[0] 0.25)"], ["(component 1 (uniform -1 1))"]),
      [
        try splitInput(at: -0.5), .refresh(rectifier: 0), .tighten(rectifier: 1),
        .hold(disjunct: 0, []),
        try splitInput(at: 0.5),
        try splitInput(at: 0), .tightenAll, excluded,
        .tighten(rectifier: 0), .lemma(unit(1, 0), .upper, .standard), excluded,
        .refresh(rectifier: 0), .lemma(unit(1, 0), .lower, .standard), .hold(disjunct: 0, []),
      ], is: Interval(Rational(1, over: 2)), lower: tiny, upper: tiny)
  }

  /// |x| < 1/4, or less than −1, which is never.
  static func pieces() throws -> TightProof {
    let empty = Record.closeEmpty(Derivation(units: [Term(unit(0, 0), .one)]))
    let second = Record.close(disjunct: 1, .standard)
    let (inside, outside) = (0.25 - 0x1p-20, 0.25)
    return TightProof(
      try probabilityProblem(
        absolute, ["(or (< Y[0] 0.25) (< Y[0] -1))"], ["(component 1 (uniform -1 1))"]),
      [
        try splitInput(at: -outside), .tightenAll, .splitUnit(unit(0, 0)),
        .separate(disjunct: 1), second, leaf, empty,
        try splitInput(at: -inside), .leave,
        try splitInput(at: inside), .tightenAll, .splitUnit(unit(0, 0)),
        .hold(disjunct: 0, []), .hold(disjunct: 0, []),
        try splitInput(at: outside), .leave,
        .tightenAll, .splitBound(unit(0, 0), .lower, value: Dyadic(1, exponent: -3)),
        .closeCrossed, .separate(disjunct: 0), leaf, second,
      ], is: Interval(Rational(1, over: 4)), lower: Rational(1, over: 1 << 19),
      upper: Rational(1, over: 1 << 19))
  }

  /// x₀ + 2 x₁ is at most 3/2, for two laws.
  static func mixture() throws -> TightProof {
    TightProof(
      try probabilityProblem(
        plane, ["(<= Y[0] 1.5)"],
        [
          "(component 1/4 (uniform 0 1) (uniform 0 1))",
          "(component 3/4 (uniform 0 1) (points (0 1/3) (1 2/3)))",
        ]),
      [
        both, try splitInput(1, at: 0.125), .hold(disjunct: 0, []), try splitInput(1, at: 0.9375),
        .leave, leaf,
      ], is: Interval(Rational(3, over: 8)), lower: tiny, upper: tiny)
  }

  /// Of a sixteenth and a quarter.
  static func quantity(_ name: String, _ value: Rational) throws -> TightProof {
    let events = ["0.5", "1"].map { "(event (assert (<= Y[0] \($0))))" }.joined(separator: " ")
    return TightProof(
      try quantityProblem(plane, "(\(name) \(events))", square, from: "-1", to: "1"),
      [both, both], is: Interval(value), lower: tiny, upper: tiny)
  }
}
