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
  /// Checks that a proof shows every case of a problem empty.
  ///
  /// Rounding: integers of fixed width, outward; overflow traps.
  ///
  /// - Parameters:
  ///   - proof: The proof's bytes.
  ///   - problem: The problem, derived from the claim's and the networks' bytes.
  ///   - isCancelled: Asked between records; `true` ends the check with ``Rejection/cancelled``.
  /// - Returns: Evidence that the claim holds.
  /// - Throws: ``Rejection``, naming the first record that does not stand.
  /// - Complexity: Holds the states on the path from the root to the current node.
  public static func check(
    _ proof: [UInt8], of problem: Problem, isCancelled: @escaping () -> Bool = { false }
  ) throws(Rejection) -> Verified {
    var reader: ProofReader
    do { reader = try ProofReader(proof) } catch { throw .malformed(error) }
    let network = try PreparedNetwork(problem.network, meaning: problem.meaning)
    var replay = Replay(network: network, isCancelled: isCancelled)
    for item in problem.cases {
      let root = try RootState.make(of: item, problem: problem, network: network)
      try replay.replay(root, from: &reader)
    }
    guard reader.isAtEnd else { throw .trailingBytes(offset: reader.offset) }
    return Verified(cases: problem.cases.count, nodes: replay.nodes, records: replay.records)
  }
}
