internal import NetworkModel

extension Call {
  /// `BatchNormalization` with fixed statistics: (x − mean) · scale / √(variance + ε) + bias.
  ///
  /// The factor is computed in binary64 from numbers that are exact there: the sum, the square root
  /// and the quotient are each off by at most 2^-53 of themselves, together by less than 2^-51; the
  /// stated 2^-49 leaves room. An execution in binary32 rounds six times at most, also when it folds
  /// the mean into the bias first; both nodes are charged with all six.
  mutating func batchNormalization(_ argument: Tensor) throws(ONNXError) -> Tensor {
    ignore("momentum")
    let isTraining =
      try integer("training_mode", default: 0) != 0 || outputs.dropFirst().contains { !$0.isEmpty }
    try expect(!isTraining, "it is in training mode, expected inference")
    try expect(try integer("spatial", default: 1) == 1, "it is not spatial")
    let epsilon = try number("epsilon", default: Double(Float(1e-5)))
    let argument = try computed(argument)
    var statistics: [[Double]] = []
    for (position, name) in ["scale", "bias", "mean", "variance"].enumerated() {
      statistics.append(try required(try numbers(name, at: position + 1), name))
    }
    let channels = argument.shape.dropFirst().first
    try expect(
      statistics.allSatisfy { $0.count == channels },
      "its statistics do not fit the shape \(argument.shape)")
    let (scales, biases, means) = (statistics[0], statistics[1], statistics[2])
    let factors = zip(scales, statistics[3]).map { $0 / ($1 + epsilon).squareRoot() }
    try expect(
      zip(factors, scales).allSatisfy { $0.isNormal || $1 == 0 && !$0.isNaN },
      "its scale divided by its deviation is out of range")
    // The second axis counts channels.
    let inner = argument.shape[2...].reduce(1, *)
    let places = (0..<argument.size).map { $0 / inner % scales.count }
    let channelwise = { (numbers: [Double]) in
      Tensor(shape: [numbers.count], type: argument.type, content: .numbers(numbers))
    }
    let rounded = Execution.rounded(extraRoundings: 6)
    let centred = network.sum(
      [.init(argument), .init(channelwise(means), at: places, times: -1)],
      shape: argument.shape, execution: rounded)
    let scaled = NetworkBuilder.Addend(centred, factors: places.map { factors[$0] })
    return network.sum(
      [scaled, .init(channelwise(biases), at: places)], shape: argument.shape,
      relativeWeightError: 0x1p-49, execution: rounded)
  }

  /// `ReduceSum` and `ReduceMean` over constant axes.
  mutating func reduce(_ argument: Tensor, dividing: Bool) throws(ONNXError) -> Tensor {
    let keeps = try integer("keepdims", default: 1) != 0
    let doesNothing = try integer("noop_with_empty_axes", default: 0) != 0
    let listed = try integers("axes", at: 1) ?? []
    let shape = argument.shape
    if listed.isEmpty, doesNothing { return argument }
    let axes = listed.isEmpty ? Array(shape.indices) : try axes(listed, rank: shape.count)
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    // Stretching the result back over the argument tells where each entry goes.
    var places = [[Int]](repeating: [], count: kept.reduce(1, *))
    for (place, target) in try self.places(Layout(kept, stretchedTo: shape)).enumerated() {
      places[target].append(place)
    }
    return try average(
      argument, over: places, counts: places.map { dividing ? $0.count : 1 },
      shape: keeps ? kept : kept.indices.filter { !axes.contains($0) }.map { kept[$0] })
  }
}
