/// Why a file could not be read as a network.
public struct ONNXError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Whose fault it is.
  public enum Kind: Hashable, Sendable {
    /// The bytes are not a valid ONNX model.
    case malformed
    /// The model may be valid, but it is outside what can be read exactly.
    case unsupported
  }

  /// Whose fault it is.
  public let kind: Kind
  /// One sentence: the place, what was found and what was expected.
  public let description: String

  static func malformed(_ place: String, _ reason: String) -> ONNXError {
    ONNXError(kind: .malformed, description: "malformed ONNX file: \(place): \(reason)")
  }

  static func unsupported(_ place: String, _ reason: String) -> ONNXError {
    ONNXError(kind: .unsupported, description: "unsupported ONNX network: \(place): \(reason)")
  }
}

extension StringProtocol {
  /// The text in quotation marks, for messages; long names are cut.
  var quoted: String { count <= 120 ? "'\(self)'" : "'\(prefix(120))…'" }
}
