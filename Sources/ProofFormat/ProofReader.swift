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
  private let bytes: [UInt8]
  /// The place of the next byte.
  public private(set) var offset: Int

  /// Opens a proof.
  ///
  /// - Parameter bytes: The whole proof.
  /// - Throws: ``ProofFormatError`` when the magic number is not there.
  public init(_ bytes: [UInt8]) throws(ProofFormatError) {
    guard bytes.starts(with: ProofBytes.magic) else {
      throw ProofFormatError(
        offset: 0, reason: "found no proof of format affidavit-proof/1, expected its magic number")
    }
    self.bytes = bytes
    offset = ProofBytes.magic.count
  }

  /// Whether all bytes are read.
  public var isAtEnd: Bool { offset == bytes.count }

  /// Reads the next record.
  ///
  /// - Returns: The record.
  /// - Throws: ``ProofFormatError`` at the end and at anything that is not a record.
  public mutating func next() throws(ProofFormatError) -> Record {
    let start = offset
    let first = try byte()
    guard let tag = ProofBytes.Tag(rawValue: first) else {
      throw ProofFormatError(offset: start, reason: "found \(first), expected the tag of a record")
    }
    switch tag {
    case .splitInput: return .splitInput(entry: try index(), value: try number())
    case .splitUnit: return .splitUnit(try unit())
    case .splitLower: return .splitBound(try unit(), .lower, value: try number())
    case .splitUpper: return .splitBound(try unit(), .upper, value: try number())
    case .splitPlane:
      let entries = try terms { reader throws(ProofFormatError) in try reader.index() }
      return .splitPlane(entries: entries, bound: try number())
    case .separate: return .separate(disjunct: try index())
    case .part:
      let records = try count("records")
      return .part(bytes: try count("bytes"), records: records)
    case .tighten: return .tighten(rectifier: try index())
    case .tightenAll: return .tightenAll
    case .refresh: return .refresh(rectifier: try index())
    case .contract: return .contract(try derivation())
    case .lemmaUnitLower: return .lemma(.unit(try unit()), .lower, try derivation())
    case .lemmaUnitUpper: return .lemma(.unit(try unit()), .upper, try derivation())
    case .lemmaInputLower: return .lemma(.input(try index()), .lower, try derivation())
    case .lemmaInputUpper: return .lemma(.input(try index()), .upper, try derivation())
    case .close:
      let disjunct = try index()
      let derivation = try derivation()
      guard derivation != .standard else {
        throw fail("found a standard derivation in full, expected its short form")
      }
      return .close(disjunct: disjunct, derivation)
    case .closeStandard: return .close(disjunct: try index(), .standard)
    case .closeEmpty: return .closeEmpty(try derivation())
    case .closeCrossed: return .closeCrossed
    case .hold: return try hold()
    case .holdStandard: return .hold(disjunct: try index(), [])
    case .leave: return .leave
    case .charge: return .charge(try charge())
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

  private mutating func number() throws(ProofFormatError) -> Dyadic {
    let mantissa = try zigzag()
    let exponent = try zigzag()
    guard mantissa.magnitude >> UInt64(ProofBytes.mantissaBits) == 0,
      exponent.magnitude <= UInt64(ProofBytes.exponentLimit)
    else { throw fail("found a number beyond the format's range") }
    let value = Dyadic(BigInt(mantissa), exponent: Int(exponent))
    guard value.mantissa == BigInt(mantissa), value.exponent == Int(exponent) else {
      throw fail("found an even mantissa, expected the shortest form")
    }
    return value
  }

  private mutating func unit() throws(ProofFormatError) -> Unit {
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

  private mutating func terms<Place>(
    place: (inout ProofReader) throws(ProofFormatError) -> Place
  ) throws(ProofFormatError) -> [Term<Place>] {
    var terms: [Term<Place>] = []
    for _ in 0..<(try count("terms")) { terms.append(Term(try place(&self), try number())) }
    return terms
  }
}
