import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

/// A hand-made proof whose interval is tight on one side, and the probability that it is about.
private struct TightProof {
  let problem: ProbabilityProblem
  let records: [Record]
  let exact: Interval
  /// How far the tight end may be from the probability.
  let slack: Rational

  private static func unit(_ rectifier: Int, _ index: Int) -> Unit {
    Unit(rectifier: rectifier, index: index)
  }

  private static func charge(out excluding: [Derivation] = [], in holding: [Derivation] = [])
    -> Record
  {
    .charge(Charge(excluding: excluding, disjunct: 0, holding: holding, stepBits: 0))
  }

  /// P(Z > place / √square).
  private static func tail(_ place: Rational, _ square: Rational = .one) -> Interval {
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

  /// relu(x − 3) is zero, or not, for x normal with mean 1/2 and variance 4.
  static func line(isInside: Bool) throws -> TightProof {
    let network = denseNetwork([([[1]], [-3]), ([[1]], [0])])
    let end: Record = isInside ? .hold(disjunct: 0, []) : .close(disjunct: 0, .standard)
    let beyond = tail(Rational(5, over: 2), Rational(4))
    return TightProof(
      problem: try probabilityProblem(
        network, ["(\(isInside ? "<=" : ">") Y[0] 0)"], ["(component 1 (normal 0.5 4))"]),
      records: [.confine(unit(0, 0), .upper, .standard, value: .zero), end],
      exact: isInside ? Interval.one - beyond : beyond, slack: Rational(1, over: 1 << 80))
  }

  /// relu(|x| − 3) is zero: a unit of the second layer is confined in each piece.
  static func deep() throws -> TightProof {
    let network = denseNetwork([
      ([[1], [-1]], [0, 0]), ([[1, 1]], [-3]), ([[1]], [0]),
    ])
    let confined = Record.confine(unit(1, 0), .upper, .standard, value: .zero)
    return TightProof(
      problem: try probabilityProblem(
        network, ["(<= Y[0] 0)"], ["(component 1 (normal 0 1))"]),
      records: sides(of: 0, [confined, .hold(disjunct: 0, [])]),
      exact: Interval.one - tail(Rational(3)) - tail(Rational(3)),
      slack: Rational(1, over: 1 << 80))
  }

  /// |x| + |y| is at most 4, or more, quadrant by quadrant.
  static func diamond(isInside: Bool) throws -> TightProof {
    let network = denseNetwork([
      ([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [0]),
    ])
    let end = isInside ? charge(in: [.standard]) : charge(out: [.standard])
    let side = Interval.one - tail(Rational(4), Rational(2)) - tail(Rational(4), Rational(2))
    return TightProof(
      problem: try probabilityProblem(
        network, ["(\(isInside ? "<=" : ">") Y[0] 4)"],
        ["(component 1 (normal 0 1) (normal 0 1))"]),
      records: sides(of: 0, sides(of: 2, [end])),
      exact: isInside ? side * side : Interval.one - side * side,
      slack: Rational(1, over: 20_000))
  }

  /// Where y ≤ 0 and x ≥ 1, and where x ≥ 2; or not x ≥ 1: two pieces on the sides of relu(y).
  static func inscribed(isInside: Bool) throws -> TightProof {
    let network = denseNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0])])
    let steep = Derivation(slopes: .codes([255]))
    let factors = [Term(0, Dyadic.zero), Term(1, Dyadic.zero)]
    let ends = [Lemma.Side.upper, .lower].map {
      Record.confine(unit(0, 1), $0, .standard, value: .zero)
    }
    let pieces: [Record] =
      isInside
      ? [
        .inscribe([factors, []]), ends[0], charge(in: [steep, .standard]),
        .inscribe([factors]), ends[1],
        .charge(Charge(excluding: [], disjunct: 1, holding: [steep], stepBits: 0)),
      ]
      : ends.flatMap { [.inscribe([factors]), $0, charge(out: [steep])] }
    let event = isInside ? "(or (and (>= Y[0] 1) (<= Y[1] 0)) (>= Y[0] 2))" : "(< Y[0] 1)"
    let half = Interval.one / Interval(Rational(2))
    let (near, far) = (tail(Rational(1)), tail(Rational(2)))
    return TightProof(
      problem: try probabilityProblem(
        network, [event], ["(component 1 (normal 0 1) (normal 0 1))"]),
      records: pieces + [.leave], exact: isInside ? half * (near + far) : Interval.one - near,
      slack: Rational(1, over: 1 << 80))
  }

  /// |x| is at most 49/16, below an input's cut: what is given up above it, and in one cell only.
  static func cut() throws -> TightProof {
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
      problem: try probabilityProblem(
        absolute, ["(<= Y[0] 3.0625)"], ["(component 1 (normal 0 1))"]),
      records: records, exact: Interval.one - beyond - beyond, slack: Rational(1, over: 200))
  }
}

@Suite("Mutated proofs about wide normal laws") struct ConfineMutationTests {
  private func proofs() throws -> [TightProof] {
    try [
      .line(isInside: true), .line(isInside: false), .deep(), .diamond(isInside: true),
      .diamond(isInside: false), .cut(), .inscribed(isInside: true), .inscribed(isInside: false),
    ]
  }

  /// Whether the checker accepts it; then the interval must hold the probability.
  private func judge(_ bytes: [UInt8], of proof: TightProof, _ name: String) -> Bool {
    guard let found = try? ProofChecker.enclose(proof.problem, by: bytes) else { return false }
    #expect(
      found.lower <= proof.exact.upper && proof.exact.lower <= found.upper,
      "\(name): \(found.lower) \(found.upper) \(bytes)")
    return true
  }

  @Test("Unchanged they are tight") func tight() throws {
    for proof in try proofs() {
      let found = try ProofChecker.check(massProof(proof.records), of: proof.problem)
      #expect(found.lower <= proof.exact.upper && proof.exact.lower <= found.upper)
      let distances = [
        Rational(proof.exact.upper) - Rational(found.lower),
        Rational(found.upper) - Rational(proof.exact.lower),
      ]
      #expect(distances.reduce(distances[0], min) <= proof.slack, "\(proof.records)")
    }
  }

  @Test(
    "With a record or two changed, dropped, doubled or exchanged none gives a false interval",
    .enabled(if: isOptimised, "minutes without optimisation"), arguments: 0..<8)
  func changed(order: Int) throws {
    let proof = try proofs()[order]
    let records = proof.records
    var generator = SeededGenerator(seed: UInt64(order))
    var (accepted, rejected) = (0, 0)
    for place in records.indices {
      for (change, instead) in records[place].variants {
        let changed = Array(records[..<place] + instead + records[(place + 1)...])
        let isAccepted = judge(massProof(changed), of: proof, "\(order) \(place) \(change)")
        (accepted, rejected) = (accepted + (isAccepted ? 1 : 0), rejected + (isAccepted ? 0 : 1))
        for _ in 0..<(isSoak ? 20 : 1) {
          _ = judge(
            mutant(of: changed, using: &generator), of: proof, "\(order) \(place) \(change), more")
        }
      }
      for other in records.indices where other < place {
        var exchanged = records
        exchanged.swapAt(place, other)
        _ = judge(massProof(exchanged), of: proof, "\(order): \(other) and \(place)")
      }
    }
    #expect(accepted > 0 && rejected > 0)
  }
}
