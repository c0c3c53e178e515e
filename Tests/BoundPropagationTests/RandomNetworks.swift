import NetworkModel

/// A seeded source of numbers, so that a failure can be repeated.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func weights(_ count: Int, scale: Double = 1) -> [Double] {
    (0..<count).map { _ in Double.random(in: -scale...scale, using: &self) }
  }
}

/// Builds networks node by node.
struct NetworkBuilder {
  private(set) var nodes: [Node]
  var numbers: SeededNumbers

  init(inputSize: Int, seed: UInt64) {
    nodes = [Node(name: "x", size: inputSize, operation: .input)]
    numbers = SeededNumbers(seed)
  }

  mutating func affine(_ terms: [(Int, LinearMap)], bias: [Double]) -> Int {
    let operation = Operation.affine(
      Affine(terms: terms.map { Affine.Term(source: NodeIndex($0), map: $1) }, bias: bias))
    nodes.append(Node(name: "n\(nodes.count)", size: bias.count, operation: operation))
    return nodes.count - 1
  }

  mutating func dense(_ source: Int, _ size: Int) -> Int {
    let columns = nodes[source].size
    let scale = 1.5 / Double(columns).squareRoot()
    let map = LinearMap.dense(
      DenseMatrix(
        rows: size, columns: columns, weights: numbers.weights(size * columns, scale: scale)))
    return affine([(source, map)], bias: numbers.weights(size, scale: 0.3))
  }

  mutating func relu(_ source: Int) -> Int {
    nodes.append(
      Node(
        name: "r\(nodes.count)", size: nodes[source].size,
        operation: .relu(NodeIndex(source))))
    return nodes.count - 1
  }

  mutating func sum(_ left: Int, _ right: Int) -> Int {
    let size = nodes[left].size
    return affine(
      [(left, .identity(size)), (right, .identity(size))],
      bias: [Double](repeating: 0, count: size))
  }

  mutating func copy(_ source: Int) -> Int {
    let size = nodes[source].size
    return affine([(source, .identity(size))], bias: [Double](repeating: 0, count: size))
  }

  mutating func biased(_ source: Int) -> Int {
    let size = nodes[source].size
    return affine([(source, .identity(size))], bias: numbers.weights(size, scale: 0.3))
  }

  mutating func concatenation(_ left: Int, _ right: Int) -> Int {
    let (first, second) = (nodes[left].size, nodes[right].size)
    let places = Array(0..<first) + [Int](repeating: -1, count: second)
    let others = [Int](repeating: -1, count: first) + Array(0..<second)
    return affine(
      [
        (left, .sparse(SparseMatrix(selecting: places, of: first))),
        (right, .sparse(SparseMatrix(selecting: others, of: second))),
      ], bias: [Double](repeating: 0, count: first + second))
  }

  mutating func convolution(_ source: Int, _ shape: Convolution) -> Int {
    let bias = numbers.weights(shape.outputSize, scale: 0.3)
    return affine([(source, .convolution(shape))], bias: bias)
  }

  func network(outputs: [Int]) -> Network {
    func port(_ name: String, _ node: Int) -> Port {
      Port(
        name: name, shape: [nodes[node].size], elementType: .float64, node: NodeIndex(node))
    }
    return Network(
      nodes: nodes, inputs: [port("x", 0)], outputs: outputs.map { port("y\($0)", $0) })
  }
}

/// The kinds of graph that the tests run over.
enum Shape: String, CaseIterable, Sendable {
  case perceptron, residual, concatenated, convolutional, twoNetworks, sparseInput, deep, unfused

  func network(seed: UInt64) -> Network {
    var builder = NetworkBuilder(inputSize: inputSize, seed: seed)
    switch self {
    case .perceptron:
      let first = builder.relu(builder.dense(0, 6))
      let second = builder.relu(builder.dense(first, 5))
      let output = builder.dense(second, 3)
      return builder.network(outputs: [output])
    case .deep:
      var last = 0
      for _ in 0..<5 { last = builder.relu(builder.dense(last, 9)) }
      let output = builder.dense(last, 2)
      return builder.network(outputs: [output])
    case .unfused:
      var last = builder.biased(0)
      for size in [9, 8, 8] {
        last = builder.copy(builder.relu(builder.biased(builder.dense(last, size))))
      }
      let sum = builder.sum(builder.biased(builder.dense(last, 8)), last)
      let output = builder.copy(builder.dense(builder.relu(builder.copy(sum)), 2))
      return builder.network(outputs: [output, last])
    case .residual:
      let stem = builder.dense(0, 5)
      let block = builder.dense(builder.relu(builder.dense(builder.relu(stem), 6)), 5)
      let joined = builder.sum(stem, block)
      let output = builder.dense(builder.relu(joined), 2)
      return builder.network(outputs: [output, joined])
    case .concatenated:
      let left = builder.relu(builder.dense(0, 3))
      let right = builder.relu(builder.dense(left, 4))
      let both = builder.concatenation(right, builder.concatenation(left, 0))
      let output = builder.dense(builder.relu(builder.dense(both, 5)), 2)
      return builder.network(outputs: [output])
    case .convolutional:
      return Self.convolutional(&builder)
    case .twoNetworks:
      let left = builder.dense(builder.relu(builder.dense(0, 6)), 2)
      let right = builder.dense(builder.relu(builder.relu(builder.dense(0, 4))), 2)
      return builder.network(outputs: [left, right])
    case .sparseInput:
      let chosen = SparseMatrix(selecting: [2, 0], of: 3)
      let part = builder.affine([(0, .sparse(chosen))], bias: [0.5, -0.25])
      let scaled = SparseMatrix(rows: 2, columns: 2) { [[(0, 2), (1, -1)], [(1, 0.5)]][$0] }
      let mixed = builder.affine(
        [
          (part, .sparse(scaled)),
          (
            0,
            .dense(
              DenseMatrix(rows: 2, columns: 3, weights: builder.numbers.weights(6)))
          ),
        ], bias: [0, 0.1])
      let hidden = builder.relu(builder.dense(builder.relu(mixed), 4))
      let output = builder.dense(hidden, 1)
      return builder.network(outputs: [hidden, output, 0])
    }
  }

  private static func convolutional(_ builder: inout NetworkBuilder) -> Network {
    let first = builder.relu(
      builder.convolution(
        0,
        Convolution(
          inputChannels: 2, outputChannels: 4, groups: 2,
          rows: .init(input: 4, output: 2, kernel: 3, stride: 2, padding: 1),
          columns: .init(input: 5, output: 3, kernel: 2, stride: 2, padding: 1),
          weights: builder.numbers.weights(24, scale: 0.7))))
    let second = builder.relu(
      builder.convolution(
        first,
        Convolution(
          inputChannels: 4, outputChannels: 2, groups: 1,
          rows: .init(input: 2, output: 2, kernel: 1),
          columns: .init(input: 3, output: 1, kernel: 2, dilation: 2),
          weights: builder.numbers.weights(16, scale: 0.7))))
    let output = builder.dense(builder.relu(builder.dense(second, 4)), 2)
    return builder.network(outputs: [output])
  }

  var inputSize: Int {
    switch self {
    case .perceptron, .residual, .concatenated, .twoNetworks, .sparseInput, .unfused: 3
    case .convolutional: 40
    case .deep: 4
    }
  }
}
