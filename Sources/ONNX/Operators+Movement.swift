internal import NetworkModel

extension NetworkBuilder {
  /// `Transpose`.
  mutating func transpose(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let rank = value.shape.count
    let order = try call.integers("perm") ?? (0..<rank).reversed()
    guard order.sorted() == Array(0..<rank) else {
      throw call.malformed("its order of axes \(order) does not fit the shape \(value.shape)")
    }
    let axes = Shape.offsets(value.shape)
    return move(value, try call.arrangement(order.map { axes[$0] }))
  }

  /// `Slice`, with its bounds as attributes or as arguments.
  mutating func slice(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    guard let starts = try call.list("starts", orArgument: 1),
      let ends = try call.list("ends", orArgument: 2)
    else { throw call.malformed("its starts or ends are missing") }
    let listed = try call.list("axes", orArgument: 3) ?? Array(starts.indices)
    let chosen = try call.axes(listed, rank: value.shape.count)
    let steps = try call.optional(4).map { (_) throws(ONNXError) in
      try call.integers(4, "list of steps")
    }
    let counts = [starts.count, ends.count, steps?.count ?? chosen.count]
    guard counts.allSatisfy({ $0 == chosen.count }), steps?.contains(0) != true else {
      throw call.malformed("its starts, ends, axes and steps do not fit each other")
    }
    var axes = Shape.offsets(value.shape)
    for (position, axis) in chosen.enumerated() {
      let coordinates = sliced(
        axes[axis].count, from: starts[position], to: ends[position], by: steps?[position] ?? 1)
      axes[axis] = coordinates.map { axes[axis][$0] }
    }
    return try moveNonempty(value, axes, call)
  }

  /// The coordinates of a slice; bounds count from the end where negative, and are clamped.
  private func sliced(_ extent: Int, from start: Int, to end: Int, by step: Int) -> [Int] {
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? extent : extent - 1
    let clamp = { (bound: Int) in min(max(bound < 0 ? bound + extent : bound, lowest), highest) }
    // A start before the first entry counting down is the first entry.
    let first = step > 0 ? clamp(start) : max(clamp(start), 0)
    guard extent > 0 else { return [] }
    // Longer steps than the extent all take one entry.
    return Array(stride(from: first, to: clamp(end), by: min(max(step, -extent), extent)))
  }

  private mutating func moveNonempty(
    _ value: Value, _ axes: [[Int]], _ call: Call
  ) throws(ONNXError) -> Value {
    guard value.constant != nil || axes.allSatisfy({ !$0.isEmpty }) else {
      throw call.unsupported("its result has no entries")
    }
    return move(value, try call.arrangement(axes))
  }

  /// `Split` into one value per output.
  mutating func split(_ call: inout Call) throws(ONNXError) -> [Value] {
    let value = try call.argument(0)
    let parts = call.node.outputs.count
    let axis = try call.axis(
      try call.integer("axis", default: 0), rank: value.shape.count)
    guard try call.integer("num_outputs", default: parts) == parts, parts > 0 else {
      throw call.malformed("it names \(parts) outputs, which is not its number of outputs")
    }
    let extent = value.shape[axis]
    let part = (extent + parts - 1) / parts
    let even = (0..<parts).map { min(part, max(0, extent - $0 * part)) }
    let sizes = try call.list("split", orArgument: 1) ?? even
    guard sizes.count == parts, sizes.allSatisfy({ $0 >= 0 && $0 <= extent }),
      sizes.reduce(0, +) == extent
    else { throw call.malformed("its parts \(sizes) do not add up to \(extent)") }
    var start = 0
    var results: [Value] = []
    for (name, size) in zip(call.node.outputs, sizes) {
      currentName = name
      var axes = Shape.offsets(value.shape)
      axes[axis] = Array(axes[axis][start..<start + size])
      results.append(try moveNonempty(value, axes, call))
      start += size
    }
    return results
  }

  /// `Gather` with constant indices.
  mutating func gather(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let axis = try call.axis(
      try call.integer("axis", default: 0), rank: value.shape.count)
    let indices = try call.constant(1, "list of indices")
    var axes = Shape.offsets(value.shape)
    let extent = value.shape[axis]
    axes[axis] = try call.integers(1, "list of indices").map { (index) throws(ONNXError) in
      guard index >= -extent, index < extent else {
        throw call.malformed("its index \(index) is outside an axis of \(extent)")
      }
      return axes[axis][index < 0 ? index + extent : index]
    }
    let shape = value.shape[..<axis] + indices.shape + value.shape[(axis + 1)...]
    return try moveNonempty(value, axes, call).reshaped(Array(shape))
  }

  /// `Concat`.
  mutating func concatenate(_ call: inout Call) throws(ONNXError) -> Value {
    let values = try call.arguments.indices.map { (position) throws(ONNXError) in
      try call.argument(position)
    }
    guard let first = values.first else { throw call.malformed("it has no arguments") }
    let axis = try call.axis(try call.integer("axis", default: 1), rank: first.shape.count)
    var extents: [Int] = []
    for value in values {
      var shape = value.shape
      guard shape.count == first.shape.count, value.type == first.type else {
        throw call.malformed("its arguments differ in rank or type")
      }
      extents.append(shape[axis])
      shape[axis] = first.shape[axis]
      guard shape == first.shape else {
        throw call.malformed("its arguments differ outside of axis \(axis)")
      }
    }
    let total = extents.reduce(0, +)
    guard Shape.size(first.shape[..<axis] + [total] + first.shape[(axis + 1)...]) != nil else {
      throw call.tooLarge
    }
    var start = 0
    var addends: [Addend] = []
    for (value, extent) in zip(values, extents) {
      var axes = Shape.offsets(value.shape)
      axes[axis] =
        [Int](repeating: -1, count: start) + axes[axis]
        + [Int](repeating: -1, count: total - start - extent)
      addends.append(Addend(value, try call.arrangement(axes)))
      start += extent
    }
    return try union(addends, shape: addends[0].arrangement.shape, call)
  }

  /// Puts together values that each fill some of the entries; constants stay a constant.
  private mutating func union(
    _ addends: [Addend], shape: [Int], _ call: Call
  ) throws(ONNXError) -> Value {
    let type = addends[0].value.type
    if let constant = Tensor(merging: addends, shape: shape, type: type) {
      return .constant(constant)
    }
    guard let elementType = type.elementType, !shape.contains(0) else {
      throw call.unsupported("its result has no entries")
    }
    return .activation(sum(addends, shape: shape, type: elementType, execution: .exact))
  }

  /// `Where` under a constant condition.
  mutating func choose(_ call: Call) throws(ONNXError) -> Value {
    let condition = try call.constant(0, "condition")
    let (first, second) = (try call.argument(1), try call.argument(2))
    let both = try call.broadcast(first, second)
    guard condition.type == .bool, let shape = Shape.broadcast(both, condition.shape) else {
      throw call.malformed("its condition of shape \(condition.shape) does not fit \(both)")
    }
    let stretched = condition.rearranged(try call.stretching(condition.shape, to: shape))
    let keeps = (stretched.integers ?? []).map { $0 != 0 }
    let a = try call.stretching(first.shape, to: shape).masked(by: keeps)
    let b = try call.stretching(second.shape, to: shape).masked(by: keeps.map { !$0 })
    return try union([Addend(first, a), Addend(second, b)], shape: shape, call)
  }

  /// `Pad` with a constant.
  mutating func pad(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let mode = try call.text("mode", default: "constant")
    guard mode == "constant" else {
      throw call.unsupported("its mode is \(mode.quoted), expected 'constant'")
    }
    var fill = try call.float("value", default: 0)
    if call.optional(2) != nil {
      let numbers = try call.numbers(2, "padding")
      guard numbers.count == 1 else { throw call.malformed("its padding is not one number") }
      fill = numbers[0]
    }
    guard let pads = try call.list("pads", orArgument: 1) else {
      throw call.malformed("its list of pads is missing")
    }
    let rank = value.shape.count
    let listed = try call.optional(3).map { (_) throws(ONNXError) in try call.integers(3, "axes") }
    let chosen = try call.axes(listed ?? Array(0..<rank), rank: rank)
    let bound = Shape.largestSize
    guard pads.count == 2 * chosen.count, pads.allSatisfy({ $0 >= -bound && $0 <= bound }) else {
      throw call.malformed("its pads \(pads) do not fit the shape \(value.shape)")
    }
    var axes = Shape.offsets(value.shape)
    var shape = value.shape
    for (position, axis) in chosen.enumerated() {
      let (before, after) = (pads[position], pads[chosen.count + position])
      shape[axis] += before + after
      guard Shape.size(shape) != nil else {
        throw call.unsupported("it pads the shape \(value.shape) to \(shape)")
      }
      axes[axis] =
        [Int](repeating: -1, count: max(before, 0)) + axes[axis].dropFirst(max(-before, 0))
      axes[axis] =
        axes[axis].dropLast(max(-after, 0)) + [Int](repeating: -1, count: max(after, 0))
    }
    let inside = try call.arrangement(axes)
    let outside = Rearrangement(
      shape: inside.shape, sources: inside.sources.map { $0 < 0 ? 0 : -1 })
    let filler = Value.constant(
      Tensor(shape: [1], type: value.type, elements: .numbers([fill])))
    guard value.type.elementType != nil else {
      throw call.unsupported("it pads \(value.type) numbers, expected FLOAT or DOUBLE")
    }
    return try union([Addend(value, inside), Addend(filler, outside)], shape: inside.shape, call)
  }

  /// `Expand`.
  mutating func expand(_ call: Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let target = try call.integers(1, "shape")
    guard let shape = Shape.broadcast(value.shape, target), Shape.size(shape) != nil else {
      throw call.malformed("the shape \(value.shape) does not stretch to \(target)")
    }
    return try moveNonempty(value, Shape.offsets(value.shape, stretchedTo: shape), call)
  }
}

extension Tensor {
  /// Constants that each fill some of the entries; nil when some of them are not constants.
  fileprivate init?(merging addends: [NetworkBuilder.Addend], shape: [Int], type: ScalarType) {
    func merged<Number: Numeric>(_ numbers: (Tensor) -> [Number]?) -> [Number]? {
      var result = [Number](repeating: 0, count: shape.reduce(1, *))
      for addend in addends {
        guard let source = addend.value.constant.flatMap(numbers) else { return nil }
        for (place, index) in addend.arrangement.sources.enumerated() where index >= 0 {
          result[place] = source[index]
        }
      }
      return result
    }
    if let numbers = merged(\.numbers) {
      self.init(shape: shape, type: type, elements: .numbers(numbers))
    } else if let integers = merged(\.integers) {
      self.init(shape: shape, type: type, elements: .integers(integers))
    } else {
      return nil
    }
  }
}
