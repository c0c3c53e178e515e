public import ExactArithmetic

/// A number with which a network can be evaluated.
public protocol NetworkScalar: Sendable {
  /// Creates the number nearest to a finite constant of the network.
  init(constant: Double)

  /// Adds the product of a weight and a value.
  mutating func add(_ weight: Double, times value: Self)

  /// max(0, self).
  func rectified() -> Self
}

extension NetworkScalar where Self: BinaryFloatingPoint {
  /// Rounds the constant; those of a file of the same type are exact.
  public init(constant: Double) { self = Self(constant) }

  /// Adds a product; rounds to nearest twice, and the weight first if it is no number of the type.
  public mutating func add(_ weight: Double, times value: Self) { self += Self(weight) * value }

  /// max(0, self).
  public func rectified() -> Self { max(0, self) }
}

extension Double: NetworkScalar {}
extension Float: NetworkScalar {}

extension Dyadic: NetworkScalar {
  /// Keeps the constant, which must be finite.
  public init(constant: Double) {
    guard let value = Dyadic(exactly: constant) else {
      preconditionFailure("the constants of a network are finite")
    }
    self = value
  }

  /// Adds a product, exactly.
  public mutating func add(_ weight: Double, times value: Dyadic) {
    if weight != 0, value.signum != 0 { self += Dyadic(constant: weight) * value }
  }

  /// max(0, self).
  public func rectified() -> Dyadic { signum < 0 ? .zero : self }
}

extension Network {
  /// Evaluates the network.
  ///
  /// - Parameter inputs: Per input, its entries in row-major order.
  /// - Returns: Per output, its entries in row-major order.
  public func evaluate<Scalar: NetworkScalar>(_ inputs: [[Scalar]]) -> [[Scalar]] {
    let values = values(of: inputs)
    return outputs.map { values[$0.node.position] }
  }

  /// Evaluates every node.
  ///
  /// Weights are the stored ones, whatever ``Affine/relativeWeightError`` says of them.
  ///
  /// - Parameter inputs: Per input, its entries in row-major order.
  /// - Returns: Per node, its entries.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Dyadic)
  public func values<Scalar: NetworkScalar>(of inputs: [[Scalar]]) -> [[Scalar]] {
    precondition(inputs.count == self.inputs.count, "one list of entries per input")
    var values = [[Scalar]](repeating: [], count: nodes.count)
    for (port, entries) in zip(self.inputs, inputs) {
      precondition(entries.count == port.size, "one entry per place of the input")
      values[port.node.position] = entries
    }
    for (position, node) in nodes.enumerated() {
      switch node.operation {
      case .input: break
      case .relu(let source): values[position] = values[source.position].map { $0.rectified() }
      case .affine(let affine):
        var result = affine.bias.map { Scalar(constant: $0) }
        for term in affine.terms { term.map.add(values[term.source.position], to: &result) }
        values[position] = result
      }
    }
    return values
  }
}

extension LinearMap {
  /// Adds the image of an argument.
  ///
  /// - Parameters:
  ///   - argument: As many entries as the map has columns.
  ///   - result: As many entries as the map has rows.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Dyadic)
  public func add<Scalar: NetworkScalar>(_ argument: [Scalar], to result: inout [Scalar]) {
    switch self {
    case .identity(let size):
      for place in 0..<size { result[place].add(1, times: argument[place]) }
    case .dense(let matrix):
      for row in 0..<matrix.rows {
        var sum = result[row]
        let start = row * matrix.columns
        for column in 0..<matrix.columns {
          sum.add(matrix.weights[start + column], times: argument[column])
        }
        result[row] = sum
      }
    case .sparse(let matrix):
      for row in 0..<matrix.rows {
        var sum = result[row]
        for entry in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
          sum.add(matrix.weights[entry], times: argument[matrix.columnIndices[entry]])
        }
        result[row] = sum
      }
    case .convolution(let convolution):
      for row in 0..<convolution.outputSize {
        var sum = result[row]
        convolution.forEachTap(of: row) { place, weight in
          sum.add(convolution.weights[weight], times: argument[place])
        }
        result[row] = sum
      }
    }
  }
}

extension Convolution {
  /// The positions of a kernel along one axis that meet the argument; the others meet padding.
  ///
  /// Tap `k` of the window at `position` stands at `position * stride - padding + k * dilation`.
  ///
  /// - Parameters:
  ///   - position: Along the same axis of the result.
  ///   - kernel: The kernel's size.
  ///   - stride: The step between windows.
  ///   - padding: The zeros before the first entry.
  ///   - dilation: The step between taps.
  ///   - input: The argument's size.
  /// - Returns: A range within `0..<kernel`, perhaps empty.
  public static func taps(
    at position: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, input: Int
  ) -> Range<Int> {
    let start = position * stride - padding
    // The least k with start + k * dilation >= limit.
    let first = { (limit: Int) in limit <= start ? 0 : (limit - start + dilation - 1) / dilation }
    let end = min(first(input), kernel)
    return min(first(0), end)..<end
  }

  /// The rows of the kernel that meet the argument.
  ///
  /// - Parameter row: Of the result.
  /// - Returns: A range of rows of the kernel.
  public func kernelRows(at row: Int) -> Range<Int> {
    Self.taps(
      at: row, kernel: kernel.height, stride: stride.height, padding: padding.height,
      dilation: dilation.height, input: input.height)
  }

  /// The columns of the kernel that meet the argument.
  ///
  /// - Parameter column: Of the result.
  /// - Returns: A range of columns of the kernel.
  public func kernelColumns(at column: Int) -> Range<Int> {
    Self.taps(
      at: column, kernel: kernel.width, stride: stride.width, padding: padding.width,
      dilation: dilation.width, input: input.width)
  }
}
