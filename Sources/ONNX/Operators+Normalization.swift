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
    var parameters: [[Double]] = []
    for (position, meaning) in ["scale", "bias", "mean", "variance"].enumerated() {
      let numbers = try call.numbers(position + 1, meaning)
      guard numbers.count == argument.shape[1] else {
        throw call.malformed("its \(meaning) has \(numbers.count) entries, not one per channel")
      }
      parameters.append(numbers)
    }
    var factors: [Double] = []
    var isExact = true
    for (scale, variance) in zip(parameters[0], parameters[3]) {
      let deviation = (variance + epsilon).squareRoot()
      let factor = scale / deviation
      guard factor.isNormal || (scale == 0 && deviation.isNormal) else {
        throw call.unsupported("its scale divided by its deviation is out of range")
      }
      isExact =
        isExact && Arithmetic.divide.exactly(scale, deviation) != nil
        && Arithmetic.add.exactly(variance, epsilon)
          == Arithmetic.multiply.exactly(deviation, deviation)
      factors.append(factor)
    }
    let inner = argument.shape[2...].reduce(1, *)
    let spread = { (numbers: [Double]) in
      let once = numbers.flatMap { [Double](repeating: $0, count: inner) }
      return (0..<argument.shape[0]).flatMap { _ in once }
    }
    let constant = { (numbers: [Double]) in
      Addend(
        .constant(
          Tensor(
            shape: argument.shape, type: Tensor.ScalarType(argument.type),
            elements: .numbers(spread(numbers)))), .identity(argument.shape))
    }
    let centred = sum(
      [Addend(argument), constant(parameters[2].map(-))], shape: argument.shape,
      type: argument.type, execution: .rounded(extraRoundings: 6))
    return .activation(
      sum(
        [Addend(centred, factors: spread(factors)), constant(parameters[1])],
        shape: argument.shape, type: argument.type, relativeWeightError: isExact ? 0 : 0x1p-49,
        execution: .rounded(extraRoundings: 6)))
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
