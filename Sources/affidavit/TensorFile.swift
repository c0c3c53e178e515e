internal import Approximation
internal import ExactArithmetic

/// A tensor as a serialised `TensorProto` of ONNX, as `--serialise-assignments` writes it.
struct TensorFile {
  let bytes: [UInt8]

  /// Numbers are rounded to the declared type; those of a `real` variable to binary64.
  init(_ tensor: Assignment.Tensor) {
    let isSingle = tensor.type.lowercased() == "float32"
    var data: [UInt8] = []
    for value in tensor.values {
      let number = value.nearestDouble
      data +=
        isSingle
        ? Self.littleEndian(Float(number).bitPattern) : Self.littleEndian(number.bitPattern)
    }
    var bytes: [UInt8] = []
    for dimension in tensor.shape { bytes += [1 << 3] + Self.varint(dimension) }
    bytes += [2 << 3] + Self.varint(isSingle ? 1 : 11)
    bytes += [8 << 3 | 2] + Self.varint(tensor.name.utf8.count) + Array(tensor.name.utf8)
    bytes += [9 << 3 | 2] + Self.varint(data.count) + data
    self.bytes = bytes
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var (rest, bytes): (Int, [UInt8]) = (value, [])
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
