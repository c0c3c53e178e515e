extension Call {
  /// Lowers the operator to affine maps and rectifiers.
  ///
  /// - Returns: The values of its outputs; of optional outputs perhaps only the first.
  mutating func lower() throws(ONNXError) -> [Tensor] {
    let results = try type == "Split" ? split(argument(0)) : [lowered()]
    if let attribute = attributes.keys.min() {
      throw refusal("its attribute \(attribute.quoted) is not known")
    }
    return results
  }

  private mutating func lowered() throws(ONNXError) -> Tensor {
    if type == "Constant" { return try constant() }
    let first = try argument(0)
    if let operation = Arithmetic(rawValue: type) { return try combined(operation, from: first) }
    return switch type {
    case "Abs": try leaky(first, slope: -1)
    case "AveragePool", "MaxPool": try pool(first, isMaximum: type == "MaxPool")
    case "BatchNormalization": try batchNormalization(first)
    case "Cast": try cast(first)
    case "Clip": try clip(first)
    case "Concat": try concatenate(first)
    case "ConstantOfShape": try constantOfShape()
    case "Conv": try convolution(of: first)
    case "Dropout": try dropout(first)
    case "Expand": try expand(first)
    case "Flatten": try flatten(first)
    case "Gather": try gather(first)
    case "Gemm": try generalProduct(first)
    case "Identity": first
    case "LeakyRelu": try leaky(first, slope: try number("alpha", default: Double(Float(0.01))))
    case "MatMul": try product(first, try argument(1))
    case "Neg": network.sum([.init(first, times: -1)], shape: first.shape)
    case "Pad": try pad(first)
    case "ReduceMean", "ReduceSum": try reduce(first, dividing: type == "ReduceMean")
    case "Relu": try rectified(first)
    case "Reshape": try reshape(first)
    case "Shape": try shape(of: first)
    case "Slice": try slice(first)
    case "Squeeze": try squeeze(first)
    case "Transpose": try transpose(first)
    case "Unsqueeze": try unsqueeze(first)
    default:
      throw refusal("the operator \(type.quoted) is not known to be piecewise linear")
    }
  }
}
