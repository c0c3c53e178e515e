internal import NetworkModel

extension NetworkBuilder {
  /// `Conv` over one or two spatial axes with constant weights.
  mutating func convolution(_ call: inout Call) throws(ONNXError) -> Value {
    let argument = try image(call)
    let weights = try call.constant(1, "kernel")
    let groups = try call.integer("group", default: 1)
    let channels = argument.shape[1]
    guard weights.shape.count == argument.shape.count, groups > 0, weights.shape[0] > 0,
      weights.shape[0].isMultiple(of: groups), channels.isMultiple(of: groups),
      weights.shape[1] == channels / groups, let numbers = weights.numbers, !numbers.isEmpty
    else {
      throw call.malformed(
        "the kernel's shape \(weights.shape) in \(groups) groups does not fit \(argument.shape)")
    }
    let windows = try Windows(
      over: Array(argument.shape[2...]), kernel: Array(weights.shape[2...]), &call)
    let shape = [1, weights.shape[0]] + windows.outputShape
    guard Shape.size(shape) != nil else { throw call.tooLarge }
    let map = Convolution(
      inputChannels: channels, input: windows.extent(\.input), outputChannels: weights.shape[0],
      output: windows.extent(\.output), kernel: windows.extent(\.kernel),
      stride: windows.extent(\.stride), padding: windows.extent(\.padding),
      dilation: windows.extent(\.dilation), groups: groups, weights: numbers)
    return .activation(
      affine(
        [Affine.Term(source: argument.node, map: .convolution(map))],
        bias: try channelBias(call, channels: shape[1], size: map.output.height * map.output.width),
        shape: shape, type: argument.type, execution: .rounded(extraRoundings: 0)))
  }

  private func channelBias(_ call: Call, channels: Int, size: Int) throws(ONNXError) -> [Double] {
    guard call.optional(2) != nil else { return [Double](repeating: 0, count: channels * size) }
    let numbers = try call.numbers(2, "bias")
    guard numbers.count == channels else {
      throw call.malformed("its bias has \(numbers.count) entries, expected \(channels)")
    }
    return numbers.flatMap { [Double](repeating: $0, count: size) }
  }

  /// The first argument, which must be one image: `[1][channels][…]`.
  private mutating func image(_ call: Call) throws(ONNXError) -> Activation {
    let argument = try activation(try call.argument(0), of: call)
    guard argument.shape.count >= 3, argument.shape[0] == 1 else {
      throw call.unsupported(
        "its argument has the shape \(argument.shape), expected a batch of one image")
    }
    return argument
  }

  /// `AveragePool`.
  mutating func averagePool(_ call: inout Call) throws(ONNXError) -> Value {
    let argument = try image(call)
    let countsPadding = try call.integer("count_include_pad", default: 0) != 0
    if countsPadding, try call.integer("ceil_mode", default: 0) != 0 {
      throw call.unsupported("it counts padding in windows that reach beyond it")
    }
    let windows = try Windows(over: Array(argument.shape[2...]), kernel: nil, &call)
    let places = try windows.places(channels: argument.shape[1], call)
    let kernelSize = windows.axes.map(\.kernel).reduce(1, *)
    return .activation(
      average(
        argument, over: places, counts: places.map { countsPadding ? kernelSize : $0.count },
        shape: [1, argument.shape[1]] + windows.outputShape))
  }

  /// `MaxPool`.
  mutating func maxPool(_ call: inout Call) throws(ONNXError) -> Value {
    call.ignore("storage_order")
    let argument = try image(call)
    let windows = try Windows(over: Array(argument.shape[2...]), kernel: nil, &call)
    return .activation(
      maximum(
        of: try windows.places(channels: argument.shape[1], call), in: argument,
        shape: [1, argument.shape[1]] + windows.outputShape))
  }

  /// `GlobalAveragePool` and `GlobalMaxPool`.
  mutating func globalPool(isMaximum: Bool, _ call: Call) throws(ONNXError) -> Value {
    let argument = try image(call)
    let channels = argument.shape[1]
    let size = argument.size / channels
    let places = (0..<channels).map { Array($0 * size..<($0 + 1) * size) }
    let shape = [1, channels] + argument.shape[2...].map { _ in 1 }
    return .activation(
      isMaximum
        ? maximum(of: places, in: argument, shape: shape)
        : average(argument, over: places, counts: places.map(\.count), shape: shape))
  }

  /// Sums of chosen entries, each divided by a count.
  ///
  /// 1/n is exact when n is a power of two; rounded to nearest it is off by at most 2^-53 of itself
  /// otherwise. An execution may divide (one rounding) or multiply by the reciprocal (two).
  mutating func average(
    _ argument: Activation, over places: [[Int]], counts: [Int], shape: [Int]
  ) -> Activation {
    var rows = SparseRows()
    for (places, count) in zip(places, counts) {
      for place in places { rows.append(1 / Double(count), at: place) }
      rows.endRow()
    }
    let isExact = counts.allSatisfy { $0.nonzeroBitCount == 1 }
    let divides = counts.contains { $0 != 1 }
    return affine(
      [Affine.Term(source: argument.node, map: .sparse(rows.matrix(columns: argument.size)))],
      shape: shape, type: argument.type, relativeWeightError: isExact ? 0 : 0x1p-52,
      execution: .rounded(extraRoundings: divides ? 2 : 0))
  }

  /// The largest entry of each window, by a tournament: each round halves the windows with
  /// b + relu(a − b) for all pairs of all windows at once.
  private mutating func maximum(
    of windows: [[Int]], in argument: Activation, shape: [Int]
  ) -> Activation {
    var windows = windows
    var current = argument
    while windows.contains(where: { $0.count > 1 }) {
      var differences = SparseRows()
      var pairs = 0
      // Per entry of the next round: where b stands, and which pair's excess is added.
      var bases: [Int] = []
      var excesses: [Int] = []
      var next: [[Int]] = []
      for window in windows {
        let start = bases.count
        for first in stride(from: 0, to: window.count - 1, by: 2) {
          differences.append(1, at: window[first])
          differences.append(-1, at: window[first + 1])
          differences.endRow()
          bases.append(window[first + 1])
          excesses.append(pairs)
          pairs += 1
        }
        if !window.count.isMultiple(of: 2), let last = window.last {
          bases.append(last)
          excesses.append(-1)
        }
        next.append(Array(start..<bases.count))
      }
      let difference = affine(
        [
          Affine.Term(source: current.node, map: .sparse(differences.matrix(columns: current.size)))
        ],
        shape: [pairs], type: current.type, execution: .exact)
      let addends = [
        Addend(.activation(current), Rearrangement(shape: [bases.count], sources: bases)),
        Addend(
          .activation(rectified(difference)),
          Rearrangement(shape: [bases.count], sources: excesses)),
      ]
      current = sum(addends, shape: [bases.count], type: current.type, execution: .exact)
      windows = next
    }
    let winners = Rearrangement(shape: shape, sources: windows.map { $0[0] })
    return sum(
      [Addend(.activation(current), winners)], shape: shape, type: current.type, execution: .exact)
  }
}
