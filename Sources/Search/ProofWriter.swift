internal import BigInt
internal import ExactArithmetic
public import ProofFormat

/// Writes the bytes of a proof, record by record.
public struct ProofWriter: Sendable {
  /// What is written so far.
  public private(set) var bytes: [UInt8]

  /// Starts a proof with its magic number.
  public init() { bytes = ProofReader.magic }

  /// Appends one record.
  ///
  /// - Parameter record: The record; its places are nonnegative and in ascending order.
  public mutating func append(_ record: Record) {
    switch record {
    case .splitInput(let entry, let value):
      start(.splitInput, UInt64(entry))
      append(value)
    case .splitUnit(let unit):
      start(.splitUnit)
      append(unit)
    case .splitBound(let unit, let side, let value):
      start(side == .lower ? .splitLower : .splitUpper)
      append(unit)
      append(value)
    case .separate(let disjunct): start(.separate, UInt64(disjunct))
    case .part(let bytes, let records):
      start(.part, UInt64(records))
      append(UInt64(bytes))
    case .tighten(let rectifier): start(.tighten, UInt64(rectifier))
    case .tightenAll: start(.tightenAll)
    case .refresh(let rectifier): start(.refresh, UInt64(rectifier))
    case .contract(let derivation):
      start(.contract)
      append(derivation)
    case .lemma(let unit, let side, let derivation):
      start(side == .lower ? .lemmaLower : .lemmaUpper)
      append(unit)
      append(derivation)
    case .close(let disjunct, .standard): start(.closeStandard, UInt64(disjunct))
    case .close(let disjunct, let derivation):
      start(.close, UInt64(disjunct))
      append(derivation)
    case .closeEmpty(let derivation):
      start(.closeEmpty)
      append(derivation)
    case .closeCrossed: start(.closeCrossed)
    case .hold(let disjunct, let derivations):
      guard derivations.contains(where: { $0 != .standard }) else {
        start(.holdStandard, UInt64(disjunct))
        return
      }
      start(.hold, UInt64(disjunct))
      append(derivations)
    case .leave: start(.leave)
    case .charge(let charge):
      start(.charge, UInt64(charge.stepBits))
      append(charge.excluding)
      append(UInt64(charge.disjunct))
      append(charge.holding)
    case .confine(let unit, let side, let derivation, let value):
      start(side == .lower ? .confineLower : .confineUpper)
      append(unit)
      append(derivation)
      append(value)
    case .outweigh(let disjunct, let derivations, let place):
      precondition(place.count == derivations.count - 1, "every half-space but the last is tilted")
      start(.outweigh)
      append(UInt64(disjunct))
      append(derivations)
      for coordinate in place { append(coordinate) }
    case .inscribe(let weighed):
      start(.inscribe, UInt64(weighed.count))
      for forms in weighed { append(forms) { $0.append(UInt64($1)) } }
    }
  }

  private mutating func start(_ tag: ProofTag, _ argument: UInt64? = nil) {
    bytes.append(tag.rawValue)
    if let argument { append(argument) }
  }

  private mutating func append(_ derivations: [Derivation]) {
    append(UInt64(derivations.count))
    for derivation in derivations { append(derivation) }
  }

  private mutating func append(_ derivation: Derivation) {
    append(derivation.rows) { $0.append(UInt64($1)) }
    switch derivation.slopes {
    case .standard: append(UInt64(0))
    case .codes(let codes):
      append(UInt64(codes.count) + 1)
      bytes += codes
    }
    append(derivation.units) { $0.append($1) }
    append(derivation.inputRows) { $0.append(UInt64($1)) }
  }

  private mutating func append<Place>(
    _ terms: [Term<Place>], place: (inout ProofWriter, Place) -> Void
  ) {
    append(UInt64(terms.count))
    for term in terms {
      place(&self, term.place)
      append(term.value)
    }
  }

  private mutating func append(_ unit: Unit) {
    append(UInt64(unit.rectifier))
    append(UInt64(unit.index))
  }

  private mutating func append(_ value: Dyadic) {
    append(zigzag: Int64(narrowing: value.mantissa))
    append(zigzag: Int64(value.exponent))
  }

  private mutating func append(zigzag value: Int64) {
    append(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
