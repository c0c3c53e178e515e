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
    let weights = weights
    for row in 0..<rows {
      var sum = result[row]
      forEachWeight(of: row) { column, place in sum.add(weights[place], times: argument[column]) }
      result[row] = sum
    }
  }
}
