import BigInt
import ExactArithmetic
import ProofFormat
import Testing

@Suite("Proof format")
struct ProofFormatTests {
  private let records: [Record] = [
    .splitInput(entry: 3, value: Dyadic(exactly: -0.1) ?? .zero),
    .splitUnit(Unit(rectifier: 1, index: 300)),
    .splitPlane(entries: [Term(0, Dyadic(3)), Term(7, Dyadic(-1, exponent: -5))], bound: .zero),
    .separate(disjunct: 2),
    .tighten(rectifier: 5), .tightenAll, .refresh(rectifier: 0),
    .lemma(
      Lemma(target: .unit(Unit(rectifier: 0, index: 1)), side: .upper, derivation: .standard)),
    .lemma(
      Lemma(
        target: .input(4), side: .lower,
        derivation: Derivation(units: [Term(Unit(rectifier: 0, index: 2), .one)]))),
    .close(disjunct: 129, .standard),
    .close(
      disjunct: 0,
      Derivation(
        rows: [Term(1, .one)], slopes: .codes([0, 127, 255]), inputRows: [Term(0, Dyadic(5))])),
    .closeEmpty(.standard), .closeCrossed,
  ]

  private var bytes: [UInt8] {
    var writer = ProofWriter()
    for record in records { writer.append(record) }
    return writer.bytes
  }

  private func read(_ bytes: [UInt8]) throws -> [Record] {
    var reader = try ProofReader(bytes)
    var records: [Record] = []
    while !reader.isAtEnd { records.append(try reader.next()) }
    return records
  }

  @Test("Every record is read as it was written")
  func roundTrip() throws {
    #expect(try read(bytes) == records)
  }

  @Test("Every truncation within a record is an error")
  func truncation() throws {
    for record in records {
      var writer = ProofWriter()
      let start = writer.bytes.count
      writer.append(record)
      for end in (start + 1)..<writer.bytes.count {
        #expect(throws: ProofFormatError.self) { try read(Array(writer.bytes[..<end])) }
      }
    }
  }

  @Test("Bytes that are accepted are the ones that would be written")
  func canonical() throws {
    let original = bytes
    for position in original.indices {
      for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
        var changed = original
        changed[position] = value
        guard let decoded = try? read(changed) else { continue }
        var writer = ProofWriter()
        for record in decoded { writer.append(record) }
        #expect(writer.bytes == changed)
      }
    }
  }

  @Test(
    "Other forms of a number are refused",
    arguments: [
      [0x10, 0x80, 0x00], [0x01, 0x00, 0x04, 0x00], [0x01, 0x00, 0x00, 0x02], [0x99],
      [0x10] + [UInt8](repeating: 0xFF, count: 10), [0x20, 0x00, 0x00, 0x00, 0x00, 0x00],
    ] as [[UInt8]])
  func refused(tail: [UInt8]) {
    #expect(throws: ProofFormatError.self) { try read(ProofWriter().bytes + tail) }
  }
}
