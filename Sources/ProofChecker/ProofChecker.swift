public import ClaimLanguage
internal import ProofFormat

/// Evidence that a proof was replayed; only ``ProofChecker`` can make one.
public struct Verified: Sendable {
  /// How many cases were shown empty.
  public let cases: Int
  /// How many nodes the trees have.
  public let nodes: Int
  /// How many records were replayed.
  public let records: Int

  fileprivate init(cases: Int, nodes: Int, records: Int) {
    self.cases = cases
    self.nodes = nodes
    self.records = records
  }
}

/// Replays proofs in exact arithmetic.
public enum ProofChecker {
  /// Does work for each of a number of parts, in any order and on any threads; returns when it is done.
  public typealias Performer = (_ parts: Int, _ work: @Sendable (Int) -> Void) -> Void

  /// Checks that a proof shows every case of a problem empty.
  ///
  /// Rounding: integers of fixed width, outward; overflow traps. The result does not depend on the
  /// performer: what it leaves undone is not accepted.
  ///
  /// - Parameters:
  ///   - proof: The proof's bytes.
  ///   - problem: The problem, derived from the claim's and the networks' bytes.
  ///   - performer: Checks the parts of the proof, one after the other where none is given.
  ///   - isCancelled: Asked between records; `true` ends the check with ``Rejection/cancelled``.
  /// - Returns: Evidence that the claim holds.
  /// - Throws: ``Rejection``, naming a record that does not stand: the first outside of all parts, or
  ///   else the first.
  /// - Complexity: Holds the states on the path from the root to the current node, and one a part.
  public static func check(
    _ proof: [UInt8], of problem: Problem,
    performer: Performer = { parts, work in for part in 0..<parts { work(part) } },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(Rejection) -> Verified {
    var reader: ProofReader
    do { reader = try ProofReader(proof) } catch { throw .malformed(error) }
    let network = try PreparedNetwork(problem.network, meaning: problem.meaning)
    var replay = Replay(network: network, isCancelled: isCancelled)
    for item in problem.cases {
      try replay.replay(try RootState(of: item, problem: problem, network: network), &reader)
    }
    guard reader.isAtEnd else { throw .trailingBytes(offset: reader.offset) }
    let nodes = try replay.nodes + replay.checkParts(by: performer)
    return Verified(cases: problem.cases.count, nodes: nodes, records: replay.records)
  }
}
