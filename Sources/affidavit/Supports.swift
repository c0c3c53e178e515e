internal import ArgumentParser

/// Says what queries and networks `verify` takes, for programs that drive solvers.
struct Supports: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supports",
    abstract: "Say which networks and queries `verify` takes (VNN-LIB 2.0, chapter 5).",
    discussion: "Prints one word or number a line.")

  enum Capability: String, EnumerableFlag {
    case onnxOpsetVersions, onnxElementTypes, onnxOperators, vnnlibVersions, hiddenNodeTheories
    case multipleInputOutputTheories, multipleNetworkTheories, multipleNodeComparisonTheories
    case arithmeticComplexityTheories, optimisedDisjunctiveReasoning, serialiseAssignments

    var answer: [String] {
      switch self {
      case .onnxOpsetVersions:
        ["7", "25"]
      case .onnxElementTypes: ["real", "float32"]
      case .onnxOperators: Supports.operators
      case .vnnlibVersions: ["1.0", "2.1"]
      case .hiddenNodeTheories: ["NH"]
      case .multipleInputOutputTheories: ["SIO", "MIO"]
      case .multipleNetworkTheories: ["SNET", "MENET", "MINET", "MNET"]
      case .multipleNodeComparisonTheories: ["SNC", "MNC"]
      case .arithmeticComplexityTheories: ["BND", "OUTC", "LIN"]
      case .optimisedDisjunctiveReasoning, .serialiseAssignments: ["true"]
      }
    }
  }

  /// What the reader of networks lowers, but for those that it reads between constants alone.
  fileprivate static let operators = [
    "Abs", "Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant",
    "ConstantOfShape", "Conv", "Div", "Dropout", "Expand", "Flatten", "Gather", "Gemm",
    "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "Identity", "LeakyRelu", "MatMul", "Max",
    "MaxPool", "Min", "Mul", "Neg", "PRelu", "Pad", "ReduceMean", "ReduceSum", "Relu", "Reshape",
    "Slice", "Split", "Squeeze", "Sub", "Sum", "Transpose", "Unsqueeze",
  ]

  @Flag(help: "What to ask for.")
  var capability: Capability

  func run() {
    for line in capability.answer { print(line) }
  }
}
