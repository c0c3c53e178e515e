public import NetworkModel

/// Reads ONNX files.
///
/// What is not understood is refused. Every weight is exactly the stored number, and every sum or product taken while reading is
/// exact too; see ``Affine/relativeWeightError`` for the quotients that cannot be.
public enum ONNXReader {
  /// Reads a network.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: The network of affine maps and rectifiers that the file describes.
  /// - Throws: ``ONNXError``, naming the first thing that is wrong or not understood.
  public static func read(_ bytes: [UInt8]) throws(ONNXError) -> Network {
    try GraphReading(bytes).network
  }
}
