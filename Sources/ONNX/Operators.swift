extension NetworkBuilder {
  /// Lowers one operator to affine maps and rectifiers.
  ///
  /// - Returns: The values of its outputs; of optional outputs perhaps only the first.
  mutating func lower(_ call: inout Call) throws(ONNXError) -> [Value] {
    let results = try lowerKnown(&call)
    if let attribute = call.unreadAttributes.min() {
      throw call.unsupported("its attribute \(attribute.quoted) is not known")
    }
    return results
  }

  private mutating func lowerKnown(_ call: inout Call) throws(ONNXError) -> [Value] {
    switch call.node.type {
    case "Abs": [try absolute(call)]
    case "Add": [try arithmetic(.add, call)]
    case "AveragePool": [try averagePool(&call)]
    case "BatchNormalization": [try batchNormalization(&call)]
    case "Cast": [try cast(&call)]
    case "Clip": [try clip(&call)]
    case "Concat": [try concatenate(&call)]
    case "Constant": [try constant(&call)]
    case "ConstantOfShape": [try constantOfShape(&call)]
    case "Conv": [try convolution(&call)]
    case "Div": [try arithmetic(.divide, call)]
    case "Dropout": [try dropout(&call)]
    case "Equal": [try equal(call)]
    case "Expand": [try expand(call)]
    case "Flatten": [try flatten(&call)]
    case "Gather": [try gather(&call)]
    case "Gemm": [try generalProduct(&call)]
    case "GlobalAveragePool": [try globalPool(isMaximum: false, call)]
    case "GlobalMaxPool": [try globalPool(isMaximum: true, call)]
    case "HardSigmoid": [try hardSigmoid(&call)]
    case "Identity": [try call.argument(0)]
    case "LeakyRelu": [try leakyRelu(&call)]
    case "MatMul": [try matrixProduct(call)]
    case "Max": [try extremum(isMaximum: true, call)]
    case "MaxPool": [try maxPool(&call)]
    case "Min": [try extremum(isMaximum: false, call)]
    case "Mul": [try arithmetic(.multiply, call)]
    case "Neg": [try negate(call)]
    case "PRelu": [try parametricRelu(call)]
    case "Pad": [try pad(&call)]
    case "ReduceMean": [try reduce(dividing: true, &call)]
    case "ReduceSum": [try reduce(dividing: false, &call)]
    case "Relu": [try relu(call)]
    case "Reshape": [try reshape(&call)]
    case "Shape": [try shape(&call)]
    case "Slice": [try slice(&call)]
    case "Split": try split(&call)
    case "Squeeze": [try squeeze(&call)]
    case "Sub": [try arithmetic(.subtract, call)]
    case "Sum": [try sumOfAll(call)]
    case "Transpose": [try transpose(&call)]
    case "Unsqueeze": [try unsqueeze(&call)]
    case "Where": [try choose(call)]
    default:
      throw call.unsupported(
        "the operator \(call.node.type.quoted) is not known to be piecewise linear")
    }
  }
}
