public import ExactArithmetic

/// A number that a network can be evaluated in.
public protocol NetworkScalar: AdditiveArithmetic, Sendable {
  /// Takes a stored weight, exactly where the type holds it.
  init(weight: Double)
  /// The product of two numbers.
  static func * (left: Self, right: Self) -> Self
  /// The larger of zero and this number; of a number that is none, itself.
  var rectified: Self { get }
}

extension Double: NetworkScalar {
  /// Takes a stored weight.
  @inlinable public init(weight: Double) { self = weight }
  /// The larger of zero and this number.
  @inlinable public var rectified: Double { self < 0 ? 0 : self }
}

extension Float: NetworkScalar {
  /// Takes a stored weight, rounded to nearest.
  @inlinable public init(weight: Double) { self = Float(weight) }
  /// The larger of zero and this number.
  @inlinable public var rectified: Float { self < 0 ? 0 : self }
}

extension Dyadic: NetworkScalar {
  /// Takes a stored weight; networks hold finite weights only.
  public init(weight: Double) {
    guard let value = Dyadic(exactly: weight) else { preconditionFailure("weights are finite") }
    self = value
  }
  /// The larger of zero and this number.
  public var rectified: Dyadic { signum < 0 ? .zero : self }
}

extension Network {
  /// Evaluates the network.
  ///
  /// Rounding: that of the scalar; sums are taken in the order of the stored weights.
  ///
  /// - Parameter inputs: The entries of each input, by order of ``inputs``.
  /// - Returns: The entries of every node, by node.
  public func values<Scalar: NetworkScalar>(of inputs: [[Scalar]]) -> [[Scalar]] {
    precondition(inputs.map(\.count) == self.inputs.map(\.size), "one value per input entry")
    var values: [[Scalar]] = []
    values.reserveCapacity(nodes.count)
    for (position, node) in nodes.enumerated() {
      switch node.operation {
      case .input:
        let port = self.inputs.firstIndex { $0.node.position == position }
        guard let port else { preconditionFailure("every input node has a port") }
        values.append(inputs[port])
      case .relu(let source):
        values.append(values[source.position].map(\.rectified))
      case .affine(let affine):
        var sums = affine.bias.map(Scalar.init(weight:))
        for term in affine.terms {
          term.map.addProduct(with: values[term.source.position], to: &sums)
        }
        values.append(sums)
      }
    }
    return values
  }
}

extension LinearMap {
  /// Adds `map · argument` to `sums`.
  func addProduct<Scalar: NetworkScalar>(with argument: [Scalar], to sums: inout [Scalar]) {
    switch self {
    case .identity:
      for row in sums.indices { sums[row] += argument[row] }
    case .dense(let matrix):
      for row in 0..<matrix.rows {
        var sum = sums[row]
        let start = row * matrix.columns
        for column in 0..<matrix.columns where argument[column] != .zero {
          sum += Scalar(weight: matrix.weights[start + column]) * argument[column]
        }
        sums[row] = sum
      }
    case .sparse(let matrix):
      for row in 0..<matrix.rows {
        for entry in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
          sums[row] +=
            Scalar(weight: matrix.weights[entry]) * argument[matrix.columnIndices[entry]]
        }
      }
    case .convolution(let convolution):
      for row in sums.indices {
        var sum = sums[row]
        convolution.forEachTap(of: row) { place, weight in
          guard argument[place] != .zero else { return }
          sum += Scalar(weight: convolution.weights[weight]) * argument[place]
        }
        sums[row] = sum
      }
    }
  }
}

extension Convolution {
  /// Calls `body` with the argument's place and the weight's place of every tap of a result entry
  /// that lies in the argument.
  ///
  /// - Parameters:
  ///   - entry: The flat place in the result.
  ///   - body: Called by ascending weight.
  @inlinable
  public func forEachTap(of entry: Int, _ body: (_ argument: Int, _ weight: Int) -> Void) {
    let column = entry % output.width
    let row = entry / output.width % output.height
    let channel = entry / (output.width * output.height)
    let depth = inputChannels / groups
    let firstChannel = channel / (outputChannels / groups) * depth
    for inner in 0..<depth {
      for y in 0..<kernel.height {
        let inputRow = row * stride.height - padding.height + y * dilation.height
        guard inputRow >= 0 && inputRow < input.height else { continue }
        for x in 0..<kernel.width {
          let inputColumn = column * stride.width - padding.width + x * dilation.width
          guard inputColumn >= 0 && inputColumn < input.width else { continue }
          body(
            ((firstChannel + inner) * input.height + inputRow) * input.width + inputColumn,
            ((channel * depth + inner) * kernel.height + y) * kernel.width + x)
        }
      }
    }
  }
}
