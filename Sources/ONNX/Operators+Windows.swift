internal import NetworkModel

extension Call {
  /// `Conv` over one or two spatial axes with constant weights.
  mutating func convolution(of image: Tensor) throws(ONNXError) -> Tensor {
    let kernel = try required(try constant("W", at: 1), "kernel")
    let groups = try integer("group", default: 1)
    try checkImage(image)
    let channels = image.shape[1]
    try expect(
      kernel.type == image.type && kernel.shape.count == image.shape.count && groups > 0
        && kernel.size > 0 && kernel.shape[0].isMultiple(of: groups)
        && kernel.shape[1].multipliedReportingOverflow(by: groups) == (channels, false),
      "the kernel's shape \(kernel.shape) in \(groups) groups does not fit \(image.shape)")
    let (map, shape) = try windows(over: image, kernel: kernel, groups: groups, roundsUp: false)
    let bias = try numbers("B", at: 2) ?? [Double](repeating: 0, count: map.outputChannels)
    try expect(
      bias.count == map.outputChannels,
      "its bias has \(bias.count) entries, expected \(map.outputChannels)")
    let count = map.rows.output * map.columns.output
    return network.affine(
      Affine(
        terms: [.init(source: try source(image), map: .convolution(map))],
        bias: bias.flatMap { [Double](repeating: $0, count: count) }),
      shape: shape, type: image.type)
  }

  /// Refuses what is not one image: `[1][channels][…]`.
  private func checkImage(_ image: Tensor) throws(ONNXError) {
    try expect(
      3...4 ~= image.shape.count && image.shape[0] == 1,
      "it has \(image.shape.count - 2) spatial axes and the shape \(image.shape), "
        + "expected one or two and a batch of one")
  }

  /// `AveragePool` and `MaxPool`.
  mutating func pool(_ image: Tensor, isMaximum: Bool) throws(ONNXError) -> Tensor {
    if isMaximum { ignore("storage_order") }
    try checkImage(image)
    let roundsUp = try integer("ceil_mode", default: 0) != 0
    let countsPadding = isMaximum ? false : try integer("count_include_pad", default: 0) != 0
    try expect(!countsPadding || !roundsUp, "it counts padding in windows that reach beyond it")
    let (taps, shape) = try windows(
      over: image, kernel: nil, groups: image.shape[1], roundsUp: roundsUp)
    let windows = (0..<taps.outputSize).map { entry in
      var places: [Int] = []
      taps.forEachTap(of: entry) { place, _ in places.append(place) }
      return places
    }
    try expect(!windows.contains([]), "one of its windows lies in the padding alone")
    if isMaximum { return try maximum(of: windows, in: image, shape: shape) }
    let size = taps.rows.kernel * taps.columns.kernel
    return try average(
      image, over: windows, counts: windows.map { countsPadding ? size : $0.count }, shape: shape)
  }

  /// Sums of chosen entries, each divided by a count.
  ///
  /// 1/n is exact when n is a power of two; rounded to nearest it is off by at most 2^-53 of itself
  /// otherwise. An execution may divide (one rounding) or multiply by the reciprocal (two).
  mutating func average(
    _ tensor: Tensor, over places: [[Int]], counts: [Int], shape: [Int]
  ) throws(ONNXError) -> Tensor {
    let map = SparseMatrix(rows: places.count, columns: tensor.size) { row in
      places[row].map { ($0, 1 / Double(counts[row])) }
    }
    return network.affine(
      Affine(
        terms: [.init(source: try source(tensor), map: .sparse(map))],
        relativeWeightError: counts.allSatisfy { $0.nonzeroBitCount == 1 } ? 0 : 0x1p-52,
        execution: .rounded(extraRoundings: counts.allSatisfy { $0 == 1 } ? 0 : 2)),
      shape: shape, type: tensor.type)
  }

  /// The largest entry of each window, by a tournament: each round halves the windows with
  /// b + relu(a − b) for all pairs of all windows at once.
  private mutating func maximum(
    of windows: [[Int]], in image: Tensor, shape: [Int]
  ) throws(ONNXError) -> Tensor {
    var (windows, current) = (windows, image)
    while windows.contains(where: { $0.count > 1 }) {
      // The pairs; per entry of the next round where b stands and which pair's excess is added.
      var (first, second, bases, excesses) = ([Int](), [Int](), [Int](), [Int]())
      windows = windows.map { window in
        let start = bases.count
        for place in stride(from: 1, to: window.count, by: 2) {
          excesses.append(first.count)
          first.append(window[place - 1])
          second.append(window[place])
          bases.append(window[place])
        }
        if !window.count.isMultiple(of: 2) {
          excesses.append(-1)
          bases.append(window[window.count - 1])
        }
        return Array(start..<bases.count)
      }
      let excess = try excess(
        of: current, at: first, over: current, at: second, shape: [first.count])
      current = network.sum(
        [.init(current, at: bases), .init(excess, at: excesses)], shape: [bases.count])
    }
    return network.sum([.init(current, at: windows.map { $0[0] })], shape: shape)
  }

  /// Reads the attributes that convolutions and poolings share.
  ///
  /// - Returns: A convolution, for a pooling with unused weights; its first axis is of extent 1
  ///   where the image has only one. And the shape of its result.
  private mutating func windows(
    over image: Tensor, kernel: Tensor?, groups: Int, roundsUp: Bool
  ) throws(ONNXError) -> (Convolution, shape: [Int]) {
    let spatial = Array(image.shape[2...])
    let rank = spatial.count
    let stated = try sizes("kernel_shape", count: rank, from: 1)
    let extents = try required((kernel?.shape[2...]).map(Array.init) ?? stated, "kernel's shape")
    try expect(stated ?? extents == extents, "its kernel_shape \(extents) contradicts its weights")
    let ones = [Int](repeating: 1, count: rank)
    let strides = try sizes("strides", count: rank, from: 1) ?? ones
    let dilations = try sizes("dilations", count: rank, from: 1) ?? ones
    let pads = try sizes("pads", count: 2 * rank, from: 0) ?? [Int](repeating: 0, count: 2 * rank)
    let automatic = try text("auto_pad", default: "NOTSET")
    var axes: [Convolution.Axis] = []
    for (axis, size) in spatial.enumerated() {
      let (stride, reach) = (strides[axis], (extents[axis] - 1) * dilations[axis] + 1)
      // SAME makes as many windows as strides fit.
      let needed = ((size + stride - 1) / stride - 1) * stride + reach - size
      let total = max(0, needed)
      // Runtimes differ where taps are apart, and a pooling's windows do not meet.
      try expect(
        !automatic.hasPrefix("SAME") || dilations[axis] == 1 && (kernel != nil || needed >= 0),
        "its auto_pad is \(automatic) with dilations or strides that give it no one meaning")
      let (before, after) =
        switch automatic {
        case "NOTSET": (pads[axis], pads[rank + axis])
        case "VALID": (0, 0)
        case "SAME_UPPER": (total / 2, total - total / 2)
        case "SAME_LOWER": (total - total / 2, total / 2)
        default: throw refusal("its auto_pad is \(automatic.quoted)")
        }
      let room = size + before + after - reach
      try expect(room >= 0, "its kernel is larger than the axis of \(size) with its padding")
      let count = room / stride + 1
      let isPartial = roundsUp && room % stride != 0
      // Runtimes and versions of the format differ in whether such a window counts.
      try expect(
        !isPartial || count * stride < size + before,
        "its last window would start behind the last entry")
      axes.append(
        Convolution.Axis(
          input: size, output: isPartial ? count + 1 : count, kernel: extents[axis],
          stride: stride, padding: before, dilation: dilations[axis]))
    }
    let channels = image.shape[1]
    let shape = [1, kernel?.shape[0] ?? channels] + axes.map(\.output)
    // The taps of a pooling are written out.
    guard Shape.size(kernel == nil ? shape + extents : shape) != nil else { throw tooLarge }
    let convolution = Convolution(
      inputChannels: channels, outputChannels: shape[1], groups: groups,
      rows: rank == 2 ? axes[0] : Convolution.Axis(), columns: axes[rank - 1],
      weights: kernel?.numbers ?? [Double](repeating: 0, count: extents.reduce(channels, *)))
    return (convolution, shape)
  }

  private mutating func sizes(
    _ name: String, count: Int, from smallest: Int
  ) throws(ONNXError) -> [Int]? {
    guard let sizes = try integers(name) else { return nil }
    // The upper end keeps products of two of them within an Int.
    try expect(
      sizes.count == count && sizes.allSatisfy((smallest..<1 << 30).contains),
      "its \(name) are \(sizes), expected \(count) from \(smallest) on")
    return sizes
  }
}
