internal import NetworkModel

extension Operation {
  /// The derivative of this operation: without a bias, and a rectifier's is a gate.
  ///
  /// - Parameters:
  ///   - applied: The operation on the derivatives of its sources.
  ///   - point: Where the network's own nodes are.
  /// - Returns: The derivative.
  func derivative(_ applied: Operation, at point: [NodeIndex]) -> Operation {
    switch (applied, self) {
    case (.affine(var affine), _):
      affine.bias = [Double](repeating: 0, count: affine.bias.count)
      return .affine(affine)
    case (.relu(let direction), .relu(let argument)):
      return .gate(direction, sign: point[argument.position])
    default: return applied
    }
  }
}
