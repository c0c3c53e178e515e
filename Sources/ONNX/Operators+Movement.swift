/// Operators that choose entries: of a constant now, of a node by a selection.
extension Call {
  private mutating func move(_ tensor: Tensor, _ layout: Layout) throws(ONNXError) -> Tensor {
    network.sum([.init(tensor, at: try places(layout))], shape: layout.shape)
  }

  mutating func transpose(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let order = try integers("perm") ?? argument.shape.indices.reversed()
    try expect(
      order.sorted() == Array(argument.shape.indices),
      "its order of axes \(order) does not fit the shape \(argument.shape)")
    return try permuted(argument, order)
  }

  mutating func permuted(_ tensor: Tensor, _ order: [Int]) throws(ONNXError) -> Tensor {
    var layout = Layout(tensor.shape)
    layout.axes = order.map { layout.axes[$0] }
    return try move(tensor, layout)
  }

  mutating func slice(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let starts = try required(try integers("starts", at: 1), "starts")
    let ends = try required(try integers("ends", at: 2), "ends")
    let axes = try axes(
      try integers("axes", at: 3) ?? Array(starts.indices), rank: argument.shape.count)
    let steps = try integers("steps", at: 4) ?? axes.map { _ in 1 }
    try expect(
      [starts, ends, steps].allSatisfy { $0.count == axes.count } && !steps.contains(0),
      "its starts, ends, axes and steps do not fit each other")
    var layout = Layout(argument.shape)
    for (position, axis) in axes.enumerated() where argument.shape[axis] > 0 {
      let chosen = sliced(
        argument.shape[axis], from: starts[position], to: ends[position], by: steps[position])
      layout.choose(chosen, on: axis)
    }
    return try move(argument, layout)
  }

  /// The coordinates of a slice; bounds count from the end where negative, and are clamped.
  private func sliced(_ extent: Int, from start: Int, to end: Int, by step: Int) -> [Int] {
    let (lowest, highest) = step > 0 ? (0, extent) : (-1, extent - 1)
    let clamp = { (bound: Int) in min(max(bound < 0 ? bound + extent : bound, lowest), highest) }
    // A start before the first entry counting down is the first entry.
    let first = max(clamp(start), 0)
    // Longer steps than the extent all take one entry.
    return Array(stride(from: first, to: clamp(end), by: min(max(step, -extent), extent)))
  }

  mutating func split(_ argument: Tensor) throws(ONNXError) -> [Tensor] {
    let axis = try axis(default: 0, of: argument)
    let (extent, parts) = (argument.shape[axis], outputs.count)
    try expect(
      try integer("num_outputs", default: parts) == parts && parts > 0,
      "its number of outputs is not \(parts)")
    let part = (extent + parts - 1) / parts
    let even = (0..<parts).map { min(part, max(0, extent - $0 * part)) }
    let sizes = try integers("split", at: 1) ?? even
    try expect(
      sizes.count == parts && sizes.allSatisfy((0...extent).contains)
        && sizes.reduce(0, +) == extent, "its parts \(sizes) do not add up to \(extent)")
    var start = 0
    return try zip(outputs, sizes).map { (name, size) throws(ONNXError) in
      network.currentName = name
      var layout = Layout(argument.shape)
      layout.choose(start..<start + size, on: axis)
      start += size
      return try move(argument, layout)
    }
  }

  mutating func gather(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let axis = try axis(default: 0, of: argument)
    let indices = try required(try integers("indices", at: 1), "list of indices")
    let extent = argument.shape[axis]
    for index in indices where index < -extent || index >= extent {
      throw refusal("its index \(index) is outside an axis of \(extent)")
    }
    var layout = Layout(argument.shape)
    layout.choose(indices.map { $0 < 0 ? $0 + extent : $0 }, on: axis)
    var shape = argument.shape
    shape.replaceSubrange(axis...axis, with: try self.argument(1).shape)
    return try move(argument, layout).reshaped(shape)
  }

  mutating func expand(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let target = try required(try integers("shape", at: 1), "shape")
    guard let shape = Shape.broadcast(argument.shape, target), Shape.size(shape) != nil else {
      throw refusal("the shape \(argument.shape) does not stretch to \(target)")
    }
    return try move(argument, Layout(argument.shape, stretchedTo: shape))
  }

  mutating func concatenate(_ first: Tensor) throws(ONNXError) -> Tensor {
    let axis = try axis(default: 1, of: first)
    var (total, starts) = (first.shape, [0])
    for position in arguments.indices {
      let tensor = try argument(position)
      total[axis] = tensor.shape.dropFirst(axis).first ?? 0
      try expect(
        tensor.shape == total && tensor.type == first.type,
        "its arguments differ in type or outside of axis \(axis)")
      starts.append(starts[position] + total[axis])
    }
    total[axis] = starts[arguments.count]
    guard Shape.size(total) != nil else { throw tooLarge }
    let tensors = zip(arguments.compactMap(\.self), starts)
    let addends = try tensors.map { (tensor, start) throws(ONNXError) in
      var layout = Layout(tensor.shape)
      layout.choose(-start..<total[axis] - start, on: axis)
      return NetworkBuilder.Addend(tensor, at: try places(layout))
    }
    return network.sum(addends, shape: total)
  }

  mutating func pad(_ argument: Tensor) throws(ONNXError) -> Tensor {
    let (shape, type) = (argument.shape, argument.type)
    let mode = try text("mode", default: "constant")
    try expect(mode == "constant", "its mode is \(mode.quoted), expected 'constant'")
    let filler = try number("value", at: 2, default: 0)
    let pads = try required(try integers("pads", at: 1), "list of pads")
    let axes = try axes(try integers("axes", at: 3) ?? Array(shape.indices), rank: shape.count)
    let bound = 1 << 20
    try expect(
      pads.count == 2 * axes.count && pads.allSatisfy((-bound...bound).contains)
        && type.elementType != nil,
      "its pads \(pads) do not fit the shape \(shape) of \(type) numbers")
    var layout = Layout(shape)
    for (position, axis) in axes.enumerated() {
      let end = shape[axis] + pads[axes.count + position]
      layout.choose(stride(from: -pads[position], to: end, by: 1), on: axis)
    }
    let places = try places(layout)
    let padding = Tensor(shape: [], type: type, content: .numbers([filler]))
    return network.sum(
      [.init(argument, at: places), .init(padding, at: places.map { $0 < 0 ? 0 : -1 })],
      shape: layout.shape)
  }
}
