import BigInt
import ExactArithmetic
import ProofFormat
import Search
import Testing

@Suite("Proof format")
struct ProofFormatTests {
  private let records: [Record] = [
    .splitInput(entry: 3, value: Dyadic(exactly: -0.1) ?? .zero),
    .splitUnit(Unit(rectifier: 1, index: 300)),
    .splitBound(Unit(rectifier: 2, index: 5), .lower, value: Dyadic(-3)),
    .splitBound(Unit(rectifier: 0, index: 0), .upper, value: .zero),
    .separate(disjunct: 2), .part(bytes: 9, records: 3),
    .tighten(rectifier: 5), .tightenAll, .refresh(rectifier: 0),
    .contract(Derivation(rows: [Term(0, .one)])),
    .lemma(Unit(rectifier: 0, index: 1), .upper, .standard),
    .lemma(
      Unit(rectifier: 3, index: 4), .lower,
      Derivation(units: [Term(Unit(rectifier: 0, index: 2), .one)])),
    .close(disjunct: 129, .standard),
    .close(
      disjunct: 0,
      Derivation(
        rows: [Term(1, .one)], slopes: .codes([0, 127, 255]), inputRows: [Term(0, Dyadic(5))])),
    .closeEmpty(.standard), .closeCrossed, .leave, .hold(disjunct: 3, []),
    .charge(Charge(excluding: [.standard], disjunct: 0, holding: [], stepBits: 12)),
    .charge(
      Charge(
        excluding: [], disjunct: 5,
        holding: [.standard, Derivation(slopes: .codes([7, 0]))], stepBits: 0)),
    .confine(Unit(rectifier: 1, index: 200), .lower, .standard, value: Dyadic(-3, exponent: -2)),
    .confine(
      Unit(rectifier: 0, index: 2), .upper,
      Derivation(slopes: .codes([9]), units: [Term(Unit(rectifier: 0, index: 1), .one)]),
      value: .zero),
    .outweigh(disjunct: 3, [.standard], place: []),
    .outweigh(
      disjunct: 0, [Derivation(rows: [Term(1, .one)]), Derivation(slopes: .codes([3]))],
      place: [Dyadic(-5, exponent: -3)]),
    .inscribe([]),
    .inscribe([[Term(0, .zero), Term(300, Dyadic(-5, exponent: -3))], [], [Term(1, .one)]]),
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

  /// Bytes after the magic number, and what is said about them.
  private static let refusals: [(tail: [UInt8], reason: String)] = [
    ([0x99], "tag of a record"), ([0x00], "tag of a record"), ([0x03], "tag of a record"),
    ([0x1A, 0x00], "tag of a record"), ([0x10], "found the end"),
    ([0x10, 0x80], "found the end"), ([0x10, 0x80, 0x00], "superfluous byte"),
    ([0x10] + [UInt8](repeating: 0xFF, count: 10), "more than 64 bits"),
    ([0x10] + [UInt8](repeating: 0x80, count: 9) + [0x81, 0x00], "more than 10 bytes"),
    ([0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20], "less than 2^40"),
    // Mantissas of 63 bits and Int64.min, exponents of ±2049.
    ([0x01, 0x00, 0x82] + [UInt8](repeating: 0x80, count: 8) + [0x01, 0x00], "range"),
    ([0x01, 0x00] + [UInt8](repeating: 0xFF, count: 9) + [0x01, 0x00], "range"),
    ([0x01, 0x00, 0x02, 0x82, 0x20], "range"), ([0x01, 0x00, 0x02, 0x81, 0x20], "range"),
    ([0x01, 0x00, 0x04, 0x00], "even mantissa"), ([0x01, 0x00, 0x00, 0x02], "even mantissa"),
    ([0x20, 0x00, 0x00, 0x00, 0x00, 0x00], "short form"), ([0x22, 0x01], "expected 1 terms"),
    ([0x22, 0x00, 0x02], "expected 1 slopes"),
    ([0x22, 0x00] + [UInt8](repeating: 0xFF, count: 9) + [0x01], "slopes"),
    ([0x22] + [UInt8](repeating: 0xFF, count: 9) + [0x01], "terms"),
    ([0x22, 0x00, 0x00] + [UInt8](repeating: 0xFF, count: 9) + [0x01], "terms"),
    ([0x22, 0x00, 0x00, 0x00] + [UInt8](repeating: 0xFF, count: 9) + [0x01], "terms"),
    ([0x33, 0x08, 0x00, 0x00, 0x00], "says nothing"),
    ([0x33, 0x08, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00], "says nothing"),
    ([0x33, 0x08, 0x7F, 0x00], "derivations"),
    ([0x34, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00], "even mantissa"),
    ([0x35, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00], "found the end"),
    ([0x36, 0x00, 0x00], "no half-space"), ([0x36, 0x00, 0x7F, 0x00], "derivations"),
    ([0x36, 0x00, 0x02] + [UInt8](repeating: 0x00, count: 8), "found the end"),
    (
      [0x36, 0x00, 0x02] + [UInt8](repeating: 0x00, count: 8) + [0x04, 0x00], "even mantissa"
    ),
  ]

  @Test("Each thing that is no record is refused for its reason", arguments: refusals.indices)
  func refused(index: Int) throws {
    let (tail, reason) = Self.refusals[index]
    let error = try #require(throws: ProofFormatError.self) { try read(ProofWriter().bytes + tail) }
    #expect(error.reason.contains(reason))
    #expect(error.offset >= ProofWriter().bytes.count)
  }

  @Test("The ends of the format's numbers are read and written")
  func extremes() throws {
    let numbers = [1 << 62 - 1, 1 - 1 << 62, 1, -1].flatMap { mantissa in
      [2048, -2048].map { Dyadic(BigInt(mantissa), exponent: $0) }
    }
    for number in numbers {
      var writer = ProofWriter()
      writer.append(.splitInput(entry: 1 << 40 - 1, value: number))
      #expect(try read(writer.bytes) == [.splitInput(entry: 1 << 40 - 1, value: number)])
    }
  }

  @Test(
    "Other magic numbers are refused", arguments: ["", "affidavit-proof/1", "affidavit-proof/2\n"])
  func magic(text: String) {
    #expect(throws: ProofFormatError.self) { try ProofReader(Array(text.utf8)) }
  }
}
