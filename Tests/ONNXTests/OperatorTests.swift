import Approximation
import ExactArithmetic
import Inspection
import NetworkModel
import ONNX
import Testing

/// Every operator with odd attributes, against onnxruntime.
@Suite struct OperatorTests {
  @Test(arguments: OperatorCase.all.filter { $0.points != nil })
  func computesWhatTheRuntimeComputes(_ item: OperatorCase) throws {
    let network = try ONNXReader.read(item.bytes)
    for point in try #require(item.points) {
      let doubles = network.evaluate(point.inputs)
      let floats = network.evaluate(point.inputs.map { $0.map { Float($0) } })
      try #require(doubles.map(\.count) == point.outputs.map(\.count))
      for (output, expected) in point.outputs.enumerated() {
        for (place, expected) in expected.enumerated() {
          let tolerance = 1e-5 * max(1, expected.magnitude)
          #expect(abs(doubles[output][place] - expected) <= tolerance)
          #expect(abs(Double(floats[output][place]) - expected) <= tolerance)
        }
      }
    }
  }

  @Test(arguments: OperatorCase.all.filter { $0.refused != nil })
  func refusesWithOneClearSentence(_ item: OperatorCase) throws {
    let words = try #require(item.refused)
    let error = #expect(throws: ONNXError.self) { try ONNXReader.read(item.bytes) }
    let sentence = try #require(error).description
    #expect(sentence.contains(words), "the reason was: \(sentence)")
    #expect(!sentence.contains("\n"))
  }

  @Test func keepsExactWeightsExact() throws {
    // All weights of these are multiples of 1/16, so the runtime rounds nothing either.
    for name in ["Gemm", "Conv odd", "Max of three", "MaxPool pads", "Abs", "Concat", "Pad value"] {
      let item = try OperatorCase.named(name)
      let network = try ONNXReader.read(item.bytes)
      for point in try #require(item.points) {
        let inputs = try point.inputs.map { try $0.map { try #require(Dyadic(exactly: $0)) } }
        let expected = try point.outputs.map { try $0.map { try #require(Dyadic(exactly: $0)) } }
        let values = try #require(network.values(of: inputs))
        #expect(network.outputs.map { values[$0.node.position] } == expected)
      }
    }
  }
}

/// What the networks look like that come out.
@Suite struct LoweringTests {
  private func model(_ name: String) throws -> Model {
    try Model(try OperatorCase.named(name).bytes)
  }

  private func affine(_ node: Node) throws -> Affine {
    let affine: Affine? =
      if case .affine(let affine) = node.operation { affine } else { nil }
    return try #require(affine)
  }

  @Test func aProductAndItsBiasAreOneNode() throws {
    let model = try model("layers")
    #expect(model.network.nodes.map(\.name) == ["x", "a", "r", "y"])
    #expect(model.network.inputs.map(\.shape) == [[1, 4]])
    #expect(model.irVersion == 3)
    #expect(model.opset == 8)
    #expect(model.producer == "make-test-networks")
    #expect(model.parameterCount == 20 + 5 + 10 + 2)
    #expect(model.operators.map(\.type) == ["MatMul", "Add", "Relu", "Gemm"])
    #expect(
      model.operators.map { $0.outputs.map(\.shape) } == [
        [[1, 5]], [[1, 5]], [[1, 5]], [[1, 2]],
      ])
    #expect(
      model.operators.map { $0.outputs.map(\.node) }
        == [[nil], [NodeIndex(1)], [NodeIndex(2)], [NodeIndex(3)]])
    let layer = try affine(model.network.nodes[1])
    #expect(layer.execution == .rounded(extraRoundings: 0))
    #expect(layer.relativeWeightError == 0)
    #expect(layer.bias.count == 5)
  }

  /// A product whose bias is added next has no node of its own, and so no name.
  @Test func valuesHaveTheNamesOfTheFile() throws {
    let network = try model("layers").network
    #expect(network.values.mapValues(\.node.position) == ["x": 0, "a": 1, "r": 2, "y": 3])
    #expect(network.values["a"]?.shape == [1, 5])
    // The first of several results gives its name to the nodes of all, and must not to their values.
    let split = try ONNXReader.read(OperatorCase.named("Split uneven").bytes)
    #expect(split.values["y"]?.node == split.outputs.first { $0.name == "y" }?.node)
    #expect(split.values["z"]?.node == split.outputs.first { $0.name == "z" }?.node)
    #expect(split.values["y"]?.node != split.values["z"]?.node)
  }

  @Test(arguments: [
    "Flatten", "Reshape", "Squeeze", "Unsqueeze argument", "Pad nothing", "Clip default",
    "Dropout and Identity", "ReduceSum nothing", "Cast to double",
  ])
  func shapesAloneAddNoNode(_ name: String) throws {
    #expect(try model(name).network.nodes.count == 1)
  }

  @Test(arguments: ["Max of three", "Clip both", "Abs", "MaxPool", "Concat", "Slice", "Neg"])
  func movingAndComparingRoundNothing(_ name: String) throws {
    for node in try model(name).network.nodes {
      guard case .affine(let affine) = node.operation else { continue }
      #expect(affine.execution == .exact)
      #expect(affine.relativeWeightError == 0)
    }
  }

  @Test func quotientsStateTheirError() throws {
    for (name, error) in [
      ("Div", 0x1p-52), ("Div by powers of two", 0), ("BatchNormalization", 0x1p-49),
      ("BatchNormalization exact", 0x1p-49),
      ("BatchNormalization almost one", 0x1p-49),
      ("AveragePool", 0x1p-52), ("MaxPool", 0), ("ReduceMean", 0x1p-52), ("ReduceSum", 0),
      ("LeakyRelu", 0), ("Gemm alpha beta", 0),
    ] {
      let errors = try model(name).network.nodes.map { node in
        if case .affine(let affine) = node.operation { affine.relativeWeightError } else { 0.0 }
      }
      #expect(errors.max() == error, "\(name)")
    }
  }

  @Test func roundingsBeyondProductsAndSumsAreCounted() throws {
    for (name, extra) in [
      ("Gemm", [0]), ("Gemm alpha beta", [1, 0]), ("Div", [1]), ("AveragePool", [2]),
      ("BatchNormalization", [6, 6]), ("LeakyRelu", [0]),
    ] {
      let found: [Int] = try model(name).network.nodes.compactMap { node in
        guard case .affine(let affine) = node.operation,
          case .rounded(let extraRoundings) = affine.execution
        else { return nil }
        return extraRoundings
      }
      #expect(found.starts(with: extra), "\(name): \(found)")
    }
  }

  @Test func prunedMatricesAreSparse() throws {
    let network = try model("MatMul pruned").network
    let affine = try affine(network.nodes[1])
    guard case .sparse(let matrix) = affine.terms[0].map else {
      Issue.record("the matrix is not sparse")
      return
    }
    #expect(matrix.weights.count < 80 * 80 / 5)
    #expect(!matrix.weights.contains(0))
  }

  @Test func constantsThatCannotBeFoldedStayNodes() throws {
    // 1/3 is no binary32 number: the runtime rounds it, and the quotient keeps its error.
    let nodes = try model("rounded constants").network.nodes
    #expect(nodes.count == 4)
    #expect(try affine(nodes[2]).relativeWeightError == 0x1p-52)
    // These are sums and products of multiples of 1/16.
    #expect(try model("folded constants").network.nodes.count == 2)
  }
}
