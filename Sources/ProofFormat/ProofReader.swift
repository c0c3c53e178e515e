internal import BigInt
internal import ExactArithmetic

/// Why bytes are not a proof.
public struct ProofFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where, counted in bytes from the start.
  public let offset: Int
  /// What was found and what was expected.
  public let reason: String

  /// The place and the reason, as one sentence.
  public var description: String { "byte \(offset): \(reason)" }
}

/// Reads a proof, record by record; accepts every record in its one encoding only.
public struct ProofReader: Sendable {
  /// The first bytes of every proof: a name and a version.
  package static let magic = Array("affidavit-proof/1\n".utf8)
  /// The largest mantissa of a number, in bits without the sign.
  private static let mantissaBits: UInt64 = 62
  /// The largest exponent of a number, either way.
  private static let exponentLimit: UInt64 = 2048

  private let bytes: [UInt8]
  /// The place of the next byte.
  public private(set) var offset: Int

  /// Opens a proof.
  ///
  /// - Parameter bytes: The whole proof.
  /// - Throws: ``ProofFormatError`` when the magic number is not there.
  public init(_ bytes: [UInt8]) throws(ProofFormatError) {
    guard bytes.starts(with: Self.magic) else {
      throw ProofFormatError(
        offset: 0, reason: "found no proof of format affidavit-proof/1, expected its magic number")
    }
    self.bytes = bytes
    offset = Self.magic.count
  }

  /// Whether all bytes are read.
  public var isAtEnd: Bool { offset == bytes.count }

  /// Reads the next record.
  ///
  /// - Returns: The record.
  /// - Throws: ``ProofFormatError`` at the end and at anything that is not a record.
  public mutating func next() throws(ProofFormatError) -> Record {
    let start = offset
    switch try byte() {
    case 0x01: return .splitInput(entry: try index(), value: try number())
    case 0x02: return .splitUnit(try unit())
    case 0x06: return .splitBound(try unit(), .lower, value: try number())
    case 0x07: return .splitBound(try unit(), .upper, value: try number())
    case 0x04: return .separate(disjunct: try index())
    case 0x05:
      let records = try count("records")
      return .part(bytes: try count("bytes"), records: records)
    case 0x10: return .tighten(rectifier: try index())
    case 0x11: return .tightenAll
    case 0x12: return .refresh(rectifier: try index())
    case 0x13: return .contract(try derivation())
    case 0x18: return .lemma(try unit(), .lower, try derivation())
    case 0x19: return .lemma(try unit(), .upper, try derivation())
    case 0x20:
      let disjunct = try index()
      let derivation = try derivation()
      guard derivation != .standard else {
        throw fail("found a standard derivation in full, expected its short form")
      }
      return .close(disjunct: disjunct, derivation)
    case 0x21: return .close(disjunct: try index(), .standard)
    case 0x22: return .closeEmpty(try derivation())
    case 0x23: return .closeCrossed
    case 0x30: return try hold()
    case 0x31: return .hold(disjunct: try index(), [])
    case 0x32: return .leave
    case 0x33: return .charge(try charge())
    case 0x34: return try confine(.lower)
    case 0x35: return try confine(.upper)
    case 0x36: return try outweigh()
    case 0x37: return try inscribe()
    case let other:
      throw ProofFormatError(offset: start, reason: "found \(other), expected the tag of a record")
    }
  }

  /// Passes over bytes that the last record counts.
  ///
  /// - Parameter count: Not more than are left.
  public mutating func skip(_ count: Int) {
    precondition(count >= 0 && count <= bytes.count - offset, "a part ends within the proof")
    offset += count
  }

  func fail(_ reason: String) -> ProofFormatError {
    ProofFormatError(offset: offset, reason: reason)
  }

  private mutating func byte() throws(ProofFormatError) -> UInt8 {
    guard offset < bytes.count else { throw fail("found the end, expected more") }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func varint() throws(ProofFormatError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      let next = try byte()
      let part = UInt64(next & 0x7F)
      guard shift < 63 || part <= 1 else { throw fail("found an integer of more than 64 bits") }
      value |= part << UInt64(shift)
      if next < 0x80 {
        guard next != 0 || shift == 0 else {
          throw fail("found an integer with a superfluous byte, expected the shortest form")
        }
        return value
      }
    }
    throw fail("found an integer of more than 10 bytes")
  }

  mutating func index() throws(ProofFormatError) -> Int {
    let value = try varint()
    guard value < 1 << 40 else { throw fail("found an index of \(value), expected less than 2^40") }
    return Int(value)
  }

  private mutating func zigzag() throws(ProofFormatError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
  }

  mutating func number() throws(ProofFormatError) -> Dyadic {
    let mantissa = try zigzag()
    let exponent = try zigzag()
    guard mantissa.magnitude >> Self.mantissaBits == 0,
      exponent.magnitude <= Self.exponentLimit
    else { throw fail("found a number beyond the format's range") }
    let value = Dyadic(BigInt(mantissa), exponent: Int(exponent))
    guard value.mantissa == BigInt(mantissa), value.exponent == Int(exponent) else {
      throw fail("found an even mantissa, expected the shortest form")
    }
    return value
  }

  mutating func unit() throws(ProofFormatError) -> Unit {
    let rectifier = try index()
    return Unit(rectifier: rectifier, index: try index())
  }

  mutating func derivation() throws(ProofFormatError) -> Derivation {
    let rows = try terms { reader throws(ProofFormatError) in try reader.index() }
    let slopes = try slopes()
    let units = try terms { reader throws(ProofFormatError) in try reader.unit() }
    let inputRows = try terms { reader throws(ProofFormatError) in try reader.index() }
    return Derivation(rows: rows, slopes: slopes, units: units, inputRows: inputRows)
  }

  private mutating func slopes() throws(ProofFormatError) -> Derivation.Slopes {
    let announced = try count("slopes", orNone: 1)
    guard announced > 0 else { return .standard }
    defer { offset += announced - 1 }
    return .codes(Array(bytes[offset..<offset + announced - 1]))
  }

  /// The number of things that follow, each of a byte at least.
  mutating func count(_ what: String, orNone: UInt64 = 0) throws(ProofFormatError) -> Int {
    let count = try varint()
    guard count <= UInt64(bytes.count - offset) + orNone else {
      throw fail("found \(bytes.count - offset) bytes, expected \(count - orNone) \(what)")
    }
    return Int(count)
  }

  mutating func terms<Place>(
    place: (inout ProofReader) throws(ProofFormatError) -> Place
  ) throws(ProofFormatError) -> [Term<Place>] {
    var terms: [Term<Place>] = []
    for _ in 0..<(try count("terms")) { terms.append(Term(try place(&self), try number())) }
    return terms
  }
}
