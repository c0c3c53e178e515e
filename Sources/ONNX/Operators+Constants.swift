internal import NetworkModel

extension NetworkBuilder {
  /// `Constant`.
  func constant(_ call: inout Call) throws(ONNXError) -> Value {
    let names = ["value", "value_float", "value_floats", "value_int", "value_ints"]
    guard let tensor = try call.anyTensor(names) else {
      throw call.unsupported("it holds neither a tensor nor numbers")
    }
    return .constant(tensor)
  }

  /// `ConstantOfShape`.
  func constantOfShape(_ call: inout Call) throws(ONNXError) -> Value {
    let shape = try call.integers(0, "shape")
    let zero = Tensor(shape: [1], type: .float32, elements: .numbers([0]))
    let entry = try call.anyTensor(["value"]) ?? zero
    guard let size = Shape.size(shape), entry.count == 1 else {
      throw call.unsupported("its shape is \(shape) of a value of \(entry.count) entries")
    }
    let places = Rearrangement(shape: shape, sources: [Int](repeating: 0, count: size))
    return .constant(entry.rearranged(places))
  }

  /// `Shape`, of all or of some axes.
  func shape(_ call: inout Call) throws(ONNXError) -> Value {
    let shape = try call.argument(0).shape
    let clamp = { (axis: Int) in min(max(axis < 0 ? axis + shape.count : axis, 0), shape.count) }
    let start = clamp(try call.integer("start", default: 0))
    let end = clamp(try call.integer("end", default: shape.count))
    return .constant(Tensor(start < end ? Array(shape[start..<end]) : []))
  }

  /// `Equal` of constants.
  func equal(_ call: Call) throws(ONNXError) -> Value {
    let (left, right) = (try call.constant(0, "argument"), try call.constant(1, "argument"))
    let shape = try call.broadcast(.constant(left), .constant(right))
    let a = left.rearranged(try call.stretching(left.shape, to: shape))
    let b = right.rearranged(try call.stretching(right.shape, to: shape))
    let results =
      switch (a.elements, b.elements) {
      case (.numbers(let a), .numbers(let b)): zip(a, b).map { $0 == $1 ? 1 : 0 }
      case (.integers(let a), .integers(let b)): zip(a, b).map { $0 == $1 ? 1 : 0 }
      case (.numbers, .integers), (.integers, .numbers): [Int]()
      }
    return .constant(Tensor(shape: shape, type: .bool, elements: .integers(results)))
  }

  /// `Cast`, where it changes no number.
  func cast(_ call: inout Call) throws(ONNXError) -> Value {
    call.ignore("saturate", "round_mode")
    let value = try call.argument(0)
    let target = try Tensor.ScalarType(
      code: try call.integer("to", default: 0), of: call.node.place)
    switch value {
    case .activation(let activation):
      switch (activation.type, target.elementType) {
      case (let type, .some(let wanted)) where type == wanted: return value
      case (.float32, .float64?):
        return .activation(
          Activation(node: activation.node, shape: activation.shape, type: .float64))
      default:
        throw call.unsupported(
          "it turns a computed \(activation.type) value into \(target), which rounds it")
      }
    case .constant(let tensor):
      return .constant(
        Tensor(
          shape: tensor.shape, type: target, elements: try convert(tensor, to: target, call)))
    }
  }

  private func convert(
    _ tensor: Tensor, to target: Tensor.ScalarType, _ call: Call
  ) throws(ONNXError) -> Tensor.Elements {
    let inexact = call.unsupported("it turns a constant into \(target), which changes it")
    switch (tensor.elements, target) {
    case (.numbers(let numbers), .float32), (.numbers(let numbers), .float64):
      guard target == .float64 || numbers.allSatisfy({ Double(Float($0)) == $0 }) else {
        throw inexact
      }
      return .numbers(numbers)
    case (.integers(let integers), .float32), (.integers(let integers), .float64):
      let numbers = integers.compactMap {
        target == .float32 ? Float(exactly: $0).map(Double.init) : Double(exactly: $0)
      }
      guard numbers.count == integers.count else { throw inexact }
      return .numbers(numbers)
    case (.numbers(let numbers), .int32), (.numbers(let numbers), .int64),
      (.numbers(let numbers), .bool):
      return .integers(
        try fitted(numbers.compactMap(Int.init(exactly:)), numbers.count, target, inexact))
    case (.integers(let integers), .int32), (.integers(let integers), .int64),
      (.integers(let integers), .bool):
      return .integers(try fitted(integers, integers.count, target, inexact))
    }
  }

  private func fitted(
    _ integers: [Int], _ count: Int, _ target: Tensor.ScalarType, _ inexact: ONNXError
  ) throws(ONNXError) -> [Int] {
    let range =
      switch target {
      case .bool: 0...1
      case .int32: Int(Int32.min)...Int(Int32.max)
      case .int64, .float32, .float64: Int.min...Int.max
      }
    guard integers.count == count, integers.allSatisfy(range.contains) else { throw inexact }
    return integers
  }
}

/// Operators that only change the shape: no node is added.
extension NetworkBuilder {
  /// `Flatten`.
  func flatten(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let rank = value.shape.count
    let axis = try call.integer("axis", default: 1)
    guard axis >= -rank, axis <= rank else {
      throw call.malformed("its axis \(axis) is outside a tensor of rank \(rank)")
    }
    let split = axis < 0 ? axis + rank : axis
    return value.reshaped([
      value.shape[..<split].reduce(1, *), value.shape[split...].reduce(1, *),
    ])
  }

  /// `Reshape`, where 0 keeps an extent and −1 stands for what is left.
  func reshape(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let zeroCounts = try call.integer("allowzero", default: 0) != 0
    let wanted = try call.integers(1, "shape")
    let misfit = call.malformed("the shape \(value.shape) does not reshape to \(wanted)")
    var shape: [Int] = []
    for (axis, extent) in wanted.enumerated() {
      guard extent == 0, !zeroCounts else {
        shape.append(extent)
        continue
      }
      guard axis < value.shape.count else { throw misfit }
      shape.append(value.shape[axis])
    }
    let size = value.shape.reduce(1, *)
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      guard let known = Shape.size(shape, limit: .max), known > 0, size.isMultiple(of: known) else {
        throw misfit
      }
      shape[open] = size / known
    }
    guard Shape.size(shape, limit: .max) == size else { throw misfit }
    return value.reshaped(shape)
  }

  /// `Squeeze`.
  func squeeze(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let shape = value.shape
    let ones = shape.indices.filter { shape[$0] == 1 }
    let axes = try call.axes(try call.list("axes", orArgument: 1) ?? ones, rank: shape.count)
    guard axes.allSatisfy(ones.contains) else {
      throw call.malformed("it removes the axes \(axes) of the shape \(shape), which are not all 1")
    }
    return value.reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  /// `Unsqueeze`.
  func unsqueeze(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    guard let listed = try call.list("axes", orArgument: 1) else {
      throw call.malformed("its axes are missing")
    }
    let rank = value.shape.count + listed.count
    let axes = try call.axes(listed, rank: rank)
    var rest = value.shape[...]
    return value.reshaped((0..<rank).map { axes.contains($0) ? 1 : rest.removeFirst() })
  }

  /// `Dropout`, which does nothing in inference.
  func dropout(_ call: inout Call) throws(ONNXError) -> Value {
    call.ignore("ratio", "seed")
    if call.optional(2) != nil, try call.integers(2, "training mode") != [0] {
      throw call.unsupported("it is in training mode, expected inference")
    }
    return try call.argument(0)
  }
}
