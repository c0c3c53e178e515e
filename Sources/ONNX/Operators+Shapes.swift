/// Operators that only change the shape or the type: no node is added.
extension Call {
  mutating func flatten(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let rank = argument.shape.count
    let axis = try integer("axis", default: 1)
    try expect(-rank...rank ~= axis, "its axis \(axis) is outside a tensor of rank \(rank)")
    let rows = argument.shape.prefix(axis < 0 ? axis + rank : axis)
    let columns = argument.shape.dropFirst(rows.count)
    return argument.reshaped([rows.reduce(1, *), columns.reduce(1, *)])
  }

  /// `Reshape`, where 0 keeps an extent and −1 stands for what is left.
  mutating func reshape(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let countsZeros = try integer("allowzero", default: 0) != 0
    let wanted = try required(try integers("shape", at: 1), "shape")
    var shape = wanted
    for axis in shape.indices where shape[axis] == 0 && !countsZeros {
      shape[axis] = axis < argument.shape.count ? argument.shape[axis] : -2
    }
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      shape[open] = argument.size / max(Shape.size(shape, limit: .max) ?? 1, 1)
    }
    try expect(
      Shape.size(shape, limit: max(argument.size, Shape.largestSize)) == argument.size,
      "the shape \(argument.shape) does not reshape to \(wanted)")
    return argument.reshaped(shape)
  }

  mutating func squeeze(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let shape = argument.shape
    let ones = shape.indices.filter { shape[$0] == 1 }
    let axes = try axes(try integers("axes", at: 1) ?? ones, rank: shape.count)
    try expect(
      axes.allSatisfy(ones.contains), "it removes axes \(axes) of the shape \(shape) that are not 1"
    )
    return argument.reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  mutating func unsqueeze(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let listed = try required(try integers("axes", at: 1), "axes")
    let rank = argument.shape.count + listed.count
    let axes = try axes(listed, rank: rank)
    var rest = argument.shape[...]
    return argument.reshaped((0..<rank).map { axes.contains($0) ? 1 : rest.removeFirst() })
  }

  /// `Dropout`, which does nothing in inference.
  mutating func dropout(_ argument: Tensor) throws(ONNXError) -> Tensor {
    ignore("ratio", "seed")
    let isTraining = try integers("training_mode", at: 2) ?? [0] != [0]
    try expect(!isTraining, "it is in training mode, expected inference")
    return argument
  }

  /// `Cast`, where it changes no number.
  mutating func cast(_ argument: Tensor) throws(ONNXError) -> Tensor {
    ignore("saturate", "round_mode")
    let target = try Tensor.ScalarType(code: try integer("to", default: 0), of: place)
    let isExact =
      argument.numbers?.allSatisfy(target.holds) ?? [.float64, argument.type].contains(target)
    try expect(isExact, "it turns a \(argument.type) value into \(target), which rounds it")
    return Tensor(shape: argument.shape, type: target, content: argument.content)
  }

  /// `Shape`, of all or of some axes.
  mutating func shape(of argument: Tensor) throws(ONNXError) -> Tensor {
    let shape = argument.shape
    let clamp = { (axis: Int) in min(max(axis < 0 ? axis + shape.count : axis, 0), shape.count) }
    let start = clamp(try integer("start", default: 0))
    let end = clamp(try integer("end", default: shape.count))
    return Tensor(Array(shape[start..<max(start, end)]))
  }

  mutating func constantOfShape() throws(ONNXError) -> Tensor {
    let shape = try required(try integers("input", at: 0), "shape")
    let entry = try constant("value") ?? Tensor(shape: [1], type: .float32, content: .numbers([0]))
    guard let size = Shape.size(shape), let number = entry.numbers?.first, entry.size == 1 else {
      throw refusal("its shape is \(shape) of a value of \(entry.size) entries")
    }
    return Tensor(
      shape: shape, type: entry.type, content: .numbers([Double](repeating: number, count: size)))
  }

  mutating func constant() throws(ONNXError) -> Tensor {
    for name in ["value", "value_float", "value_floats", "value_int", "value_ints"] {
      if let tensor = try constant(name) { return tensor }
    }
    throw refusal("it holds neither a tensor nor numbers")
  }
}
