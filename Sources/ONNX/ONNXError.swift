/// Why a file could not be read as a network.
public struct ONNXError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence: the place, what was found and what was expected.
  public let description: String

  init(_ place: String, _ reason: String) {
    description = "unreadable ONNX network: \(place): \(reason)"
  }
}

/// Refuses a file unless a condition holds.
func expect(
  _ condition: Bool, of place: @autoclosure () -> String, _ otherwise: @autoclosure () -> String
) throws(ONNXError) {
  if !condition { throw ONNXError(place(), otherwise()) }
}

extension StringProtocol {
  /// The text in quotation marks, for messages; long names are cut.
  var quoted: String { count <= 120 ? "'\(self)'" : "'\(prefix(120))…'" }
}
