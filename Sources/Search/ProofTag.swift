/// The first byte of a record, as ``ProofReader`` reads it.
enum ProofTag: UInt8 {
  case splitInput = 0x01
  case splitUnit = 0x02
  case separate = 0x04
  case part = 0x05
  case splitLower = 0x06
  case splitUpper = 0x07
  case tighten = 0x10
  case tightenAll = 0x11
  case refresh = 0x12
  case contract = 0x13
  case lemmaLower = 0x18
  case lemmaUpper = 0x19
  case close = 0x20
  case closeStandard = 0x21
  case closeEmpty = 0x22
  case closeCrossed = 0x23
  case hold = 0x30
  case holdStandard = 0x31
  case leave = 0x32
  case charge = 0x33
  case confineLower = 0x34
  case confineUpper = 0x35
  case outweigh = 0x36
  case inscribe = 0x37
}
