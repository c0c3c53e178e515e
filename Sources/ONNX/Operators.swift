extension Call {
  /// Lowers the operator to affine maps and rectifiers.
  ///
  /// - Returns: The values of its outputs; of optional outputs perhaps only the first.
  mutating func lower() throws(ONNXError) -> [Tensor] {
    let results = try type == "Split" ? split() : [lowered()]
    if let attribute = attributes.keys.min() {
      throw refusal("its attribute \(attribute.quoted) is not known")
    }
    return results
  }

  private mutating func lowered() throws(ONNXError) -> Tensor {
    if let operation = Arithmetic(rawValue: type) {
      return try combine(operation, try argument(0), try argument(1))
    }
    return switch type {
    case "Abs": try leaky(slope: -1)
    case "AveragePool", "MaxPool": try pool(isMaximum: type == "MaxPool")
    case "BatchNormalization": try batchNormalization()
    case "Cast": try cast()
    case "Clip": try clip()
    case "Concat": try concatenate()
    case "Constant": try constant()
    case "ConstantOfShape": try constantOfShape()
    case "Conv": try convolution()
    case "Dropout": try dropout()
    case "Expand": try expand()
    case "Flatten": try flatten()
    case "Gather": try gather()
    case "Gemm": try generalProduct()
    case "Identity": try argument(0)
    case "LeakyRelu": try leaky(slope: try number("alpha", default: Double(Float(0.01))))
    case "MatMul": try product(try argument(0), try argument(1))
    case "Max", "Min": try extremum(isMaximum: type == "Max")
    case "Neg": try negate()
    case "Pad": try pad()
    case "ReduceMean", "ReduceSum": try reduce(dividing: type == "ReduceMean")
    case "Relu": try rectified(try argument(0))
    case "Reshape": try reshape()
    case "Shape": try shape()
    case "Slice": try slice()
    case "Squeeze": try squeeze()
    case "Transpose": try transpose()
    case "Unsqueeze": try unsqueeze()
    default:
      throw refusal("the operator \(type.quoted) is not known to be piecewise linear")
    }
  }
}
