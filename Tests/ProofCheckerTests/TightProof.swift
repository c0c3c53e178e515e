import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import NetworkModel
import ProofFormat
import Search
import TestSupport

/// A hand-made proof whose interval is tight at one end or both, so that little that is false is needed for a
/// false interval; and the number that it is about.
struct TightProof {
  let problem: ProbabilityProblem
  let records: [Record]
  let exact: Interval
  /// How far each end may be from the number; nil where it says little.
  let slack: (lower: Rational?, upper: Rational?)

  init(
    _ problem: ProbabilityProblem, _ records: [Record], is exact: Interval,
    lower: Rational? = nil, upper: Rational? = nil
  ) {
    (self.problem, self.records, self.exact) = (problem, records, exact)
    slack = (lower, upper)
  }

  /// All of them; every kind of record is in one.
  static let makers: [(name: String, make: @Sendable () throws -> TightProof)] = [
    ("a tail that is left", { try line(isInside: true) }),
    ("a tail that is given up", { try line(isInside: false) }),
    ("a unit of the second layer", deep), ("within a diamond", { try diamond(isInside: true) }),
    ("outside of a diamond", { try diamond(isInside: false) }), ("one cell only", cut),
    ("between two rows", { try strip(isInside: true) }),
    ("outside of two rows", { try strip(isInside: false) }),
    ("a triangle", triangle), ("two corners", corners), ("two rows", rows), ("a simplex", simplex),
    ("atoms, one on a cut", { try atoms(isStrict: false) }),
    ("atoms, a strict row", { try atoms(isStrict: true) }),
    ("charged atoms", { try chargedAtoms(isStrict: false) }),
    ("charged atoms, a strict row", { try chargedAtoms(isStrict: true) }),
    ("a truncated law", truncated), ("a clipped law", clipped), ("a half of a plane", half),
    ("beyond the box", beyond),
    ("bounds under the event", conditional), ("two layers", layers),
    ("pieces of all kinds", pieces),
    ("inscribed points", { try inscribed(isInside: true) }),
    ("points inscribed outside", { try inscribed(isInside: false) }),
    ("independent rows", independent), ("dependent rows", dependent), ("rows above cells", above),
    ("rows and split units", splitUnits), ("a mixture", mixture),
    ("a ratio", { try quantity("ratio", Rational(1, over: 4)) }),
    ("a difference", { try quantity("difference", Rational(-3, over: 16)) }),
  ]

  static let tiny = Rational(1, over: BigInt(1) << 40)
  static let square = ["(component 1 (uniform 0 1) (uniform 0 1))"]
  static let normalPlane = ["(component 1 (normal 0 1) (normal 0 1))"]
  /// y = x₀ + 2 x₁.
  static let plane = denseNetwork([([[1, 2]], [0])])
  static let identity = denseNetwork([([[1]], [0])])

  static func unit(_ rectifier: Int, _ index: Int) -> Unit {
    Unit(rectifier: rectifier, index: index)
  }

  static func row(_ index: Int) -> Derivation { Derivation(rows: [Term(index, .one)]) }

  static func charge(
    out excluding: [Derivation] = [], in holding: [Derivation] = [], of disjunct: Int = 0,
    steps stepBits: Int = 0
  ) -> Record {
    .charge(
      Charge(excluding: excluding, disjunct: disjunct, holding: holding, stepBits: stepBits))
  }

  /// P(Z > place / √square).
  static func tail(_ place: Rational, _ square: Rational = .one) -> Interval {
    NormalTail.above(Interval(place) / Interval(square).squareRoot)
  }

  /// The two signs of a unit, with what its opposite knows of it.
  private static func sides(of index: Int, _ below: [Record]) -> [Record] {
    let derivation = Derivation(units: [Term(unit(0, index), .one)])
    return [.splitUnit(unit(0, index))]
      + [Lemma.Side.lower, .upper].flatMap { side in
        [Record.lemma(unit(0, index + 1), side, derivation)] + below
      }
  }
}

/// Under wide normal laws.
extension TightProof {
  /// relu(x − 3) is zero, or not, for x normal with mean 1/2 and variance 4.
  private static func line(isInside: Bool) throws -> TightProof {
    let network = denseNetwork([([[1]], [-3]), ([[1]], [0])])
    let end: Record = isInside ? .hold(disjunct: 0, []) : .close(disjunct: 0, .standard)
    let beyond = tail(Rational(5, over: 2), Rational(4))
    return TightProof(
      try probabilityProblem(
        network, ["(\(isInside ? "<=" : ">") Y[0] 0)"], ["(component 1 (normal 0.5 4))"]),
      [.confine(unit(0, 0), .upper, .standard, value: .zero), end],
      is: isInside ? Interval.one - beyond : beyond,
      lower: isInside ? tiny : nil, upper: isInside ? nil : tiny)
  }

  /// relu(|x| − 3) is zero: a unit of the second layer is confined in each piece.
  private static func deep() throws -> TightProof {
    let network = denseNetwork([
      ([[1], [-1]], [0, 0]), ([[1, 1]], [-3]), ([[1]], [0]),
    ])
    let confined = Record.confine(unit(1, 0), .upper, .standard, value: .zero)
    return TightProof(
      try probabilityProblem(network, ["(<= Y[0] 0)"], ["(component 1 (normal 0 1))"]),
      sides(of: 0, [confined, .hold(disjunct: 0, [])]),
      is: Interval.one - tail(Rational(3)) - tail(Rational(3)), lower: tiny)
  }

  /// |x| + |y| is at most 4, or more, quadrant by quadrant.
  private static func diamond(isInside: Bool) throws -> TightProof {
    let network = denseNetwork([
      ([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [0]),
    ])
    let end = isInside ? charge(in: [.standard]) : charge(out: [.standard])
    let side = Interval.one - tail(Rational(4), Rational(2)) - tail(Rational(4), Rational(2))
    let slack = Rational(1, over: 20_000)
    return TightProof(
      try probabilityProblem(network, ["(\(isInside ? "<=" : ">") Y[0] 4)"], normalPlane),
      sides(of: 0, sides(of: 2, [end])), is: isInside ? side * side : Interval.one - side * side,
      lower: isInside ? slack : nil, upper: isInside ? nil : slack)
  }

  /// |x| is at most 49/16, below an input's cut: what is given up above it, and in one cell only.
  private static func cut() throws -> TightProof {
    let confined = [0, 1].flatMap { index in
      [
        Record.confine(unit(0, index), .upper, .standard, value: Dyadic(3)),
        .confine(unit(0, index), .lower, .standard, value: Dyadic(-3)),
      ]
    }
    let far: Record = .splitInput(entry: 0, value: Dyadic(5))
    let records =
      [far] + confined
      + [.splitInput(entry: 0, value: Dyadic(1, exponent: -2)), .hold(disjunct: 0, [])]
      + [.hold(disjunct: 0, []), .leave]
    let beyond = tail(Rational(49, over: 16))
    return TightProof(
      try probabilityProblem(absolute, ["(<= Y[0] 3.0625)"], ["(component 1 (normal 0 1))"]),
      records, is: Interval.one - beyond - beyond, lower: Rational(1, over: 200))
  }

  /// x is between −2 and 2, by both rows; or it is not, by both disjuncts.
  private static func strip(isInside: Bool) throws -> TightProof {
    let rows = isInside ? ["(>= X[0] -2)", "(<= X[0] 2)"] : ["(or (<= X[0] -2) (>= X[0] 2))"]
    let both = [Derivation.standard, .standard]
    let beyond = tail(Rational(2)) + tail(Rational(2))
    return TightProof(
      try probabilityProblem(identity, rows, ["(component 1 (normal 0 1))"]),
      [isInside ? charge(in: both) : charge(out: both)],
      is: isInside ? Interval.one - beyond : beyond,
      lower: isInside ? tiny : nil, upper: isInside ? nil : tiny)
  }

  /// x is at least 1, for x normal and not negative.
  private static func truncated() throws -> TightProof {
    TightProof(
      try probabilityProblem(
        identity, ["(>= Y[0] 1)"], ["(component 1 (truncated-normal 0 1 0 inf))"]),
      [charge(out: [.standard], in: [.standard], steps: 4)], is: tail(.one) + tail(.one),
      lower: tiny, upper: tiny)
  }

  /// x₀ + x₁ is at most zero, for both normal between −1 and 1: integrated.
  private static func half() throws -> TightProof {
    let law = "(truncated-normal 0 1 -1 1)"
    return TightProof(
      try probabilityProblem(
        denseNetwork([([[1, 1]], [0])]), ["(<= Y[0] 0)"], ["(component 1 \(law) \(law))"]),
      [charge(out: [.standard], in: [.standard], steps: 4)], is: Interval(Rational(1, over: 2)),
      lower: Rational(1, over: 1 << 30), upper: Rational(1, over: 1 << 30))
  }

  /// x is at least 100, where the box of a normal law has no point.
  private static func beyond() throws -> TightProof {
    TightProof(
      try probabilityProblem(identity, ["(>= Y[0] 100)"], ["(component 1 (normal 0 1))"]), [leaf],
      is: tail(Rational(100)), upper: tiny)
  }

  /// x is at most −1, where all that is less is.
  private static func clipped() throws -> TightProof {
    TightProof(
      try probabilityProblem(
        identity, ["(<= Y[0] -1)"], ["(component 1 (clipped (normal 0 1) -1 1))"]),
      [try splitInput(at: -1 + 0x1p-30), .leave, .tightenAll, leaf], is: tail(.one),
      upper: Rational(1, over: 1 << 30))
  }
}

/// Several half-spaces at once.
extension TightProof {
  private static let axes = denseNetwork([
    ([[1, 0], [0, 1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]),
  ])

  private static func outweigh(_ derivations: [Derivation], at place: Double) throws -> Record {
    .outweigh(disjunct: 0, derivations, place: [Dyadic(exactly: place) ?? .zero])
  }

  /// Where y ≤ 0 and x ≥ 1, and where x ≥ 2; or not x ≥ 1: two pieces on the sides of relu(y).
  private static func inscribed(isInside: Bool) throws -> TightProof {
    let steep = Derivation(slopes: .codes([255]))
    let factors = [Term(0, Dyadic.zero), Term(1, Dyadic.zero)]
    let ends = [Lemma.Side.upper, .lower].map {
      Record.confine(unit(0, 1), $0, .standard, value: .zero)
    }
    let pieces: [Record] =
      isInside
      ? [
        .inscribe([factors, []]), ends[0], charge(in: [steep, .standard]),
        .inscribe([factors]), ends[1], charge(in: [steep], of: 1),
      ]
      : ends.flatMap { [.inscribe([factors]), $0, charge(out: [steep])] }
    let event = isInside ? "(or (and (>= Y[0] 1) (<= Y[1] 0)) (>= Y[0] 2))" : "(< Y[0] 1)"
    let (near, far) = (tail(.one), tail(Rational(2)))
    return TightProof(
      try probabilityProblem(axes, [event], normalPlane), pieces + [.leave],
      is: isInside
        ? (near + far) * Interval(Rational(1, over: 2)) : Interval.one - near,
      lower: isInside ? tiny : nil, upper: isInside ? nil : tiny)
  }

  /// Both coordinates are at least 2.
  private static func independent() throws -> TightProof {
    TightProof(
      try probabilityProblem(axes, ["(>= X[0] 2)", "(>= X[1] 2)"], normalPlane),
      [try outweigh([row(0), row(1)], at: 0.25)], is: tail(Rational(2)) * tail(Rational(2)),
      upper: tiny)
  }

  /// Three eighths of the plane.
  private static func dependent() throws -> TightProof {
    TightProof(
      try probabilityProblem(axes, ["(>= X[0] 0)", "(>= (+ X[0] X[1]) 0)"], normalPlane),
      [try outweigh([row(0), row(1)], at: -0.875)], is: Interval(Rational(3, over: 8)),
      upper: Rational(1, over: 30))
  }

  /// A disjunct that is nearly never met, above the cells in which the other one is decided.
  private static func above() throws -> TightProof {
    let beyond = tail(Rational(2))
    return TightProof(
      try probabilityProblem(
        axes, ["(or (and (>= X[0] 2) (>= X[1] 2)) (<= X[1] -2))"], normalPlane),
      [
        try outweigh([row(0), row(1)], at: 0.25), try splitInput(1, at: -2),
        .hold(disjunct: 1, []), try splitInput(1, at: -2 + 0x1p-20), .leave,
        .close(disjunct: 1, .standard),
      ],
      is: beyond + beyond * beyond, lower: Rational(1, over: 500), upper: Rational(1, over: 1 << 20)
    )
  }

  /// 0 < x₀ ≥ relu(x₁): a quarter and an eighth of the plane.
  private static func splitUnits() throws -> TightProof {
    let never = Derivation(rows: [Term(1, .one)], units: [Term(unit(0, 0), .one)])
    let split = Derivation(units: [Term(unit(0, 1), .one)])
    return TightProof(
      try probabilityProblem(axes, ["(<= (- Y[1] Y[0]) 0)", "(> X[0] 0)"], normalPlane),
      [
        .splitUnit(unit(0, 0)), .close(disjunct: 0, never), .splitUnit(unit(0, 1)),
        try outweigh([row(1), split], at: 0.5), try outweigh([row(0), split], at: -0.5),
      ],
      is: Interval(Rational(3, over: 8)), upper: Rational(1, over: 100))
  }
}
