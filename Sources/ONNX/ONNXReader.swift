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
    try readModel(bytes).network
  }

  /// Reads a network and what an inspector shows of it.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: The network with the file's versions and operators.
  /// - Throws: ``ONNXError``, naming the first thing that is wrong or not understood.
  public static func readModel(_ bytes: [UInt8]) throws(ONNXError) -> Model {
    guard bytes.count <= 1 << 31 else { throw .unsupported("the file", "it has more than 2 GiB") }
    var reading = GraphReading()
    return try reading.model(bytes)
  }
}

/// An ONNX file as it was understood.
public struct Model: Sendable {
  /// One operator of the file.
  public struct Operator: Sendable {
    /// Its name, perhaps empty.
    public let name: String
    /// Which operator it is.
    public let type: String
    /// What it computes.
    public let outputs: [Output]
  }

  /// One value that an operator computes.
  public struct Output: Sendable {
    /// The name of the value.
    public let name: String
    /// Its dimensions, a dynamic batch set to 1.
    public let shape: [Int]
    /// The node that holds it; nil for constants, for values that nothing uses and for those that
    /// were merged with the bias that is added to them.
    public let node: NodeIndex?
  }

  /// The network.
  public let network: Network
  /// The version of the file format.
  public let irVersion: Int
  /// The version of the operator set.
  public let opset: Int
  /// The program that wrote the file.
  public let producer: String
  /// How many floating-point constants the file holds.
  public let parameterCount: Int
  /// The operators, in the order of the file.
  public let operators: [Operator]
}
