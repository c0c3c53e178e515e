public import ClaimLanguage
public import ExactArithmetic
public import MassArithmetic
internal import ProofFormat

/// What a proof shows of a cell that it does not cut, as shares of its component: masses, rounded down, of the points
/// where the event is certain and where it is excluded.
public struct CellMass: Sendable {
  /// Where it is certain.
  public let inside: Interval
  /// Where it is excluded.
  public let outside: Interval
}

/// Evidence that a probability, or a number made of several, lies between two numbers; only
/// ``ProofChecker`` can make one.
public struct VerifiedProbability: Sendable {
  /// The number is not below this.
  public let lower: Dyadic
  /// The number is not above this.
  public let upper: Dyadic
  /// How many nodes the trees have.
  public let nodes: Int
  /// How many records were replayed.
  public let records: Int
  /// Of each component of each event, the cells in the order of the proof.
  public let cells: [[CellMass]]

  fileprivate init(
    lower: Dyadic, upper: Dyadic, nodes: Int, records: Int, cells: [[CellMass]]
  ) {
    (self.lower, self.upper) = (lower, upper)
    (self.nodes, self.records, self.cells) = (nodes, records, cells)
  }
}

extension ProofChecker {
  /// Finds the bounds of a probability, or of the number made of several, that a proof shows.
  ///
  /// Rounding: regions by integers of fixed width, masses by intervals of 120 bits, both outward. The
  /// numbers that the claim names play no part.
  ///
  /// - Parameters:
  ///   - problem: The problem, derived from the claim's and the networks' bytes.
  ///   - proof: The proof's bytes.
  ///   - isCancelled: Asked between records; `true` ends the check with ``Rejection/cancelled``.
  /// - Returns: Evidence of the bounds.
  /// - Throws: ``Rejection`` at the first record that does not stand, or where a divisor may be zero.
  public static func enclose(
    _ problem: ProbabilityProblem, by proof: [UInt8],
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(Rejection) -> VerifiedProbability {
    var reader: ProofReader
    do { reader = try ProofReader(proof) } catch { throw .malformed(error) }
    var probabilities: [Interval] = []
    var (nodes, records) = (0, 0)
    var cells: [[CellMass]] = []
    for event in problem.events {
      var (certain, excluded, possible) = (Interval.zero, Interval.zero, Interval.zero)
      for component in event {
        let item = component.problem
        let network = try PreparedNetwork(item.network, meaning: item.meaning)
        let root = try RootState(of: item.cases[0], problem: item, network: network)
        let contraries = try root.contraries(of: item)
        var replay = Replay(network: network, isCancelled: isCancelled)
        replay.start(root, records: records)
        var masses = MassReplay(replay, laws: component.laws, contraries: contraries)
        try masses.run(root, &reader)
        let weight = Interval(component.weight)
        certain = certain + weight * masses.mass(decidedInside: true)
        excluded = excluded + weight * masses.mass(decidedInside: false)
        possible = possible + weight * (masses.decided.possible + masses.decided.givenUp)
        nodes += masses.size.nodes
        records = masses.size.records
        cells.append(masses.leaves)
      }
      probabilities.append(
        Interval(
          max(certain.lower, .zero),
          min((Interval.one - excluded).upper, possible.upper, .one)))
    }
    guard reader.isAtEnd else { throw .trailingBytes(offset: reader.offset) }
    guard let shown = problem.quantity.enclosed(probabilities) else {
      throw .notProved(record: records, reason: "the chance of a condition, or a divisor, may be 0")
    }
    return VerifiedProbability(
      lower: shown.lower, upper: shown.upper, nodes: nodes, records: records, cells: cells)
  }

  /// Checks that a proof shows what a claim says of a probability.
  ///
  /// - Parameters:
  ///   - proof: The proof's bytes.
  ///   - problem: The problem, derived from the claim's and the networks' bytes.
  ///   - isCancelled: Asked between records; `true` ends the check with ``Rejection/cancelled``.
  /// - Returns: Evidence that the claim holds.
  /// - Throws: ``Rejection`` at the first record that does not stand, or where the bounds that the
  ///   proof shows exceed those of the claim.
  public static func check(
    _ proof: [UInt8], of problem: ProbabilityProblem,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(Rejection) -> VerifiedProbability {
    let found = try enclose(problem, by: proof, isCancelled: isCancelled)
    guard Rational(found.lower) >= problem.lower, Rational(found.upper) <= problem.upper else {
      throw .exceeded(
        lower: found.lower.numeral(rounding: .down), upper: found.upper.numeral(rounding: .up))
    }
    return found
  }
}
