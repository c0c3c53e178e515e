internal import ProofFormat
internal import Synchronization

/// Records that are left for later: those of a node from one place on, and of its subtree.
struct Part: Sendable {
  fileprivate let replay: Replay
  fileprivate let state: NodeState
  fileprivate let reader: ProofReader
  fileprivate let bytes: Int
  fileprivate let records: Int

  /// Replays the records.
  ///
  /// - Returns: How many nodes they are of.
  /// - Throws: ``Rejection`` at the first record that does not stand.
  fileprivate func check() throws(Rejection) -> Int {
    var (replay, reader) = (replay, reader)
    try replay.replay([state], &reader)
    let (bytes, records) = (
      reader.offset - self.reader.offset, replay.records - self.replay.records
    )
    guard bytes == self.bytes, records == self.records else {
      throw replay.invalid(
        "a part has \(bytes) bytes and \(records) records, expected \(self.bytes) and "
          + "\(self.records)")
    }
    return replay.nodes
  }
}

extension Replay {
  /// Passes over the records of a part.
  mutating func leave(
    _ state: NodeState, bytes: Int, records: Int, _ reader: inout ProofReader
  ) throws(Rejection) {
    guard parts != nil else { throw invalid("a part lies within another one") }
    var replay = self
    (replay.parts, replay.nodes) = (nil, 0)
    parts?.append(
      Part(replay: replay, state: state, reader: reader, bytes: bytes, records: records))
    // The part counts its node again.
    nodes -= 1
    self.records += records
    reader.skip(bytes)
  }

  /// Checks the parts that were left.
  ///
  /// - Parameter performer: Does so, on any threads; what it leaves undone is not accepted.
  /// - Returns: How many nodes they are of.
  /// - Throws: ``Rejection`` of the first part that does not stand.
  func checkParts(by performer: ProofChecker.Performer) throws(Rejection) -> Int {
    let parts = parts ?? []
    let outcomes = Mutex([Result<Int, Rejection>?](repeating: nil, count: parts.count))
    performer(parts.count) { place in
      let outcome = Result { () throws(Rejection) in try parts[place].check() }
      outcomes.withLock { $0[place] = outcome }
    }
    var nodes = 0
    for outcome in outcomes.withLock(\.self) {
      guard let outcome else { throw .cancelled }
      nodes += try outcome.get()
    }
    return nodes
  }
}
