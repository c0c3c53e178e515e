/// The bytes that reader and writer agree on.
package enum ProofBytes {
  /// The first bytes of every proof: a name and a version.
  package static let magic = Array("affidavit-proof/1\n".utf8)
  /// The largest mantissa of a number, in bits without the sign.
  package static let mantissaBits = 62
  /// The largest exponent of a number, either way.
  package static let exponentLimit = 2048

  /// The first byte of a record.
  package enum Tag: UInt8 {
    case splitInput = 0x01
    case splitUnit = 0x02
    case splitPlane = 0x03
    case separate = 0x04
    case part = 0x05
    case splitLower = 0x06
    case splitUpper = 0x07
    case tighten = 0x10
    case tightenAll = 0x11
    case refresh = 0x12
    case contract = 0x13
    case lemmaUnitLower = 0x18
    case lemmaUnitUpper = 0x19
    case lemmaInputLower = 0x1A
    case lemmaInputUpper = 0x1B
    case close = 0x20
    case closeStandard = 0x21
    case closeEmpty = 0x22
    case closeCrossed = 0x23
    case hold = 0x30
    case holdStandard = 0x31
    case leave = 0x32
    case charge = 0x33
  }
}
