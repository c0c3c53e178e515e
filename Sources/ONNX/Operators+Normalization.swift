internal import NetworkModel

extension NetworkBuilder {
  /// `BatchNormalization` with fixed statistics: (x − mean) · scale / √(variance + ε) + bias.
  ///
  /// The factor is computed in binary64 from numbers that are exact there: the sum, the square root
  /// and the quotient are each off by at most 2^-53 of themselves, together by less than 2^-51; the
  /// stated 2^-49 leaves room. An execution in binary32 rounds six times at most, also when it folds
  /// the mean into the bias first; both nodes are charged with all six.
  mutating func batchNormalization(_ call: inout Call) throws(ONNXError) -> Value {
    call.ignore("momentum")
    guard try call.integer("training_mode", default: 0) == 0,
      try call.integer("spatial", default: 1) == 1,
      call.node.outputs.dropFirst().allSatisfy(\.isEmpty)
    else { throw call.unsupported("it is in training mode, expected inference") }
    let epsilon = try call.float("epsilon", default: Double(Float(1e-5)))
    let argument = try activation(try call.argument(0), of: call)
    guard argument.shape.count >= 2 else {
      throw call.malformed("its argument has the shape \(argument.shape), expected channels")
    }
    let channels = argument.shape[1]
    let scales = try channelNumbers(1, "scale", channels, call)
    let biases = try channelNumbers(2, "bias", channels, call)
    let means = try channelNumbers(3, "mean", channels, call)
    let variances = try channelNumbers(4, "variance", channels, call)
    var factors: [Double] = []
    for (scale, variance) in zip(scales, variances) {
      let factor = scale / (variance + epsilon).squareRoot()
      guard factor.isNormal || (scale == 0 && variance + epsilon > 0) else {
        throw call.unsupported("its scale divided by its deviation is out of range")
      }
      factors.append(factor)
    }
    let isExact = zip(scales, variances).allSatisfy { hasExactFactor($0, $1, epsilon) }
    let centred = sum(
      [Addend(argument), channelwise(means.map(-), like: argument)], shape: argument.shape,
      type: argument.type, execution: .rounded(extraRoundings: 6))
    let scaled = Addend(centred, factors: spread(factors, over: argument.shape))
    return .activation(
      sum(
        [scaled, channelwise(biases, like: argument)], shape: argument.shape,
        type: argument.type, relativeWeightError: isExact ? 0 : 0x1p-49,
        execution: .rounded(extraRoundings: 6)))
  }

  private func channelNumbers(
    _ position: Int, _ meaning: String, _ channels: Int, _ call: Call
  ) throws(ONNXError) -> [Double] {
    let numbers = try call.numbers(position, meaning)
    guard numbers.count == channels else {
      throw call.malformed("its \(meaning) has \(numbers.count) entries, expected \(channels)")
    }
    return numbers
  }

  /// Whether a channel's factor was computed without rounding.
  private func hasExactFactor(_ scale: Double, _ variance: Double, _ epsilon: Double) -> Bool {
    guard let sum = Arithmetic.add.exactly(variance, epsilon) else { return false }
    let deviation = sum.squareRoot()
    return Arithmetic.multiply.exactly(deviation, deviation) == sum
      && Arithmetic.divide.exactly(scale, deviation) != nil
  }

  /// One number per channel, repeated for all its entries: the second axis counts channels.
  private func spread(_ numbers: [Double], over shape: [Int]) -> [Double] {
    let inner = shape[2...].reduce(1, *)
    let once = numbers.flatMap { [Double](repeating: $0, count: inner) }
    return (0..<shape[0]).flatMap { _ in once }
  }

  private func channelwise(_ numbers: [Double], like argument: Activation) -> Addend {
    let tensor = Tensor(
      shape: argument.shape, type: Tensor.ScalarType(argument.type),
      elements: .numbers(spread(numbers, over: argument.shape)))
    return Addend(.constant(tensor), .identity(argument.shape))
  }

  /// `ReduceSum` and `ReduceMean` over constant axes.
  mutating func reduce(dividing: Bool, _ call: inout Call) throws(ONNXError) -> Value {
    let keeps = try call.integer("keepdims", default: 1) != 0
    let doesNothing = try call.integer("noop_with_empty_axes", default: 0) != 0
    let listed = try call.list("axes", orArgument: 1) ?? []
    let argument = try activation(try call.argument(0), of: call)
    let rank = argument.shape.count
    if listed.isEmpty, doesNothing { return .activation(argument) }
    let axes = listed.isEmpty ? Array(0..<rank) : try call.axes(listed, rank: rank)
    let kept = argument.shape.indices.map { axes.contains($0) ? 1 : argument.shape[$0] }
    // Stretching the result back over the argument tells where each entry goes.
    let targets = try call.stretching(kept, to: argument.shape).sources
    var places = [[Int]](repeating: [], count: kept.reduce(1, *))
    for (place, target) in targets.enumerated() { places[target].append(place) }
    let shape = keeps ? kept : kept.indices.filter { !axes.contains($0) }.map { kept[$0] }
    return .activation(
      average(
        argument, over: places, counts: places.map { dividing ? $0.count : 1 }, shape: shape))
  }
}
