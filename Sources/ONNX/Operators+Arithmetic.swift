internal import NetworkModel

extension NetworkBuilder {
  /// `Add`, `Sub`, `Mul` and `Div`, with the broadcasting of ONNX.
  mutating func arithmetic(_ operation: Arithmetic, _ call: Call) throws(ONNXError) -> Value {
    try combine(operation, try call.argument(0), try call.argument(1), call)
  }

  /// `Sum` of any number of arguments.
  mutating func sumOfAll(_ call: Call) throws(ONNXError) -> Value {
    var result = try call.argument(0)
    for position in 1..<max(1, call.arguments.count) {
      result = try combine(.add, result, try call.argument(position), call)
    }
    return result
  }

  mutating func combine(
    _ operation: Arithmetic, _ left: Value, _ right: Value, _ call: Call
  ) throws(ONNXError) -> Value {
    let shape = try call.broadcast(left, right)
    let a = try call.stretching(left.shape, to: shape)
    let b = try call.stretching(right.shape, to: shape)
    var left = left
    if let first = left.constant, let second = right.constant {
      let folded = try operation.fold(first.rearranged(a), second.rearranged(b), call)
      if let folded { return .constant(folded) }
      // What no stored number equals is left to a node, and its rounding with it.
      left = .activation(try activation(left, of: call))
    }
    guard let type = left.type.elementType else {
      throw call.unsupported("it computes with \(left.type) numbers, expected FLOAT or DOUBLE")
    }
    let minus = [Double](repeating: -1, count: b.sources.count)
    let addends: [Addend]
    switch operation {
    case .add: addends = [Addend(left, a), Addend(right, b)]
    case .subtract: addends = [Addend(left, a), Addend(negated(right), b, factors: minus)]
    case .multiply:
      if let factors = right.constant?.rearranged(b).numbers {
        addends = [Addend(left, a, factors: factors)]
      } else if let factors = left.constant?.rearranged(a).numbers {
        addends = [Addend(right, b, factors: factors)]
      } else {
        throw call.unsupported("it multiplies two computed values, expected a constant factor")
      }
    case .divide:
      guard let divisors = right.constant?.rearranged(b).numbers else {
        throw call.unsupported("it divides by a computed value, expected a constant divisor")
      }
      return .activation(
        try divide(Addend(left, a), by: divisors, shape: shape, type: type, call))
    }
    return .activation(
      sum(addends, shape: shape, type: type, execution: .rounded(extraRoundings: 0)))
  }

  /// A quotient by constants, as a product with their reciprocals.
  ///
  /// A reciprocal is exact when the divisor is a power of two; rounded to nearest it is off by at
  /// most 2^-53 of itself otherwise. An execution may divide (one rounding) or multiply by the
  /// reciprocal (two).
  private mutating func divide(
    _ dividend: Addend, by divisors: [Double], shape: [Int], type: ElementType, _ call: Call
  ) throws(ONNXError) -> Activation {
    let reciprocals = divisors.map { 1 / $0 }
    guard reciprocals.allSatisfy(\.isNormal) else {
      throw call.unsupported("one of its divisors is zero or too far from 1 to be inverted")
    }
    let isExact = divisors.allSatisfy { $0.significand == 1 }
    return sum(
      [Addend(dividend.value, dividend.arrangement, factors: reciprocals)], shape: shape,
      type: type, relativeWeightError: isExact ? 0 : 0x1p-52,
      execution: .rounded(extraRoundings: 1))
  }

  /// `Neg`.
  mutating func negate(_ call: Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    if let integers = value.constant?.integers {
      guard !integers.contains(.min) else { throw call.malformed("an integer is too large") }
      return .constant(
        Tensor(
          shape: value.shape, type: value.type, elements: .integers(integers.map { 0 - $0 })))
    }
    if case .constant = value { return negated(value) }
    let argument = try activation(value, of: call)
    let minus = [Double](repeating: -1, count: argument.size)
    return .activation(
      sum(
        [Addend(argument, factors: minus)], shape: argument.shape, type: argument.type,
        execution: .exact))
  }
}

extension NetworkBuilder {
  /// `Max` and `Min` of any number of arguments.
  mutating func extremum(isMaximum: Bool, _ call: Call) throws(ONNXError) -> Value {
    var result = try call.argument(0)
    for position in 1..<max(1, call.arguments.count) {
      let next = try call.argument(position)
      result = try extremum(result, next, isMaximum: isMaximum, call)
    }
    return result
  }

  /// The entrywise larger one, b + relu(a − b), or smaller one, b − relu(b − a).
  ///
  /// An execution only compares, so none of these nodes rounds.
  private mutating func extremum(
    _ first: Value, _ second: Value, isMaximum: Bool, _ call: Call
  ) throws(ONNXError) -> Value {
    let shape = try call.broadcast(first, second)
    // A constant is best as b, where a zero costs nothing.
    var (a, b) = first.constant == nil ? (first, second) : (second, first)
    let moveA = try call.stretching(a.shape, to: shape)
    let moveB = try call.stretching(b.shape, to: shape)
    if let one = a.constant?.rearranged(moveA).numbers,
      let other = b.constant?.rearranged(moveB).numbers, case let type = a.type
    {
      let chosen = zip(one, other).map { isMaximum ? max($0, $1) : min($0, $1) }
      return .constant(Tensor(shape: shape, type: type, elements: .numbers(chosen)))
    }
    a = .activation(try activation(a, of: call))
    guard let type = a.type.elementType else { throw call.unsupported("it compares integers") }
    let minus = [Double](repeating: -1, count: moveA.sources.count)
    let difference =
      isMaximum
      ? [Addend(a, moveA), Addend(negated(b), moveB, factors: minus)]
      : [Addend(b, moveB), Addend(a, moveA, factors: minus)]
    let excess = rectified(sum(difference, shape: shape, type: type, execution: .exact))
    return .activation(
      sum(
        [Addend(b, moveB), Addend(excess, factors: isMaximum ? nil : minus)], shape: shape,
        type: type, execution: .exact))
  }

  /// `Clip`, with its bounds as attributes or as arguments.
  mutating func clip(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let attributes = [
      try call.float("min", default: -.infinity), try call.float("max", default: .infinity),
    ]
    // The type's largest finite numbers are written where no bound is meant.
    let unbounded =
      value.type == .float32
      ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
    var result = value
    for (position, isLower) in [(1, true), (2, false)] {
      var bound = attributes[position - 1]
      if call.optional(position) != nil {
        let numbers = try call.numbers(position, "bound")
        guard numbers.count == 1 else { throw call.malformed("its bound is not a single number") }
        bound = numbers[0]
      }
      guard bound.magnitude < unbounded else { continue }
      let limit = Tensor(shape: [], type: value.type, elements: .numbers([bound]))
      result = try extremum(result, .constant(limit), isMaximum: isLower, call)
    }
    return result
  }

  /// `HardSigmoid`: max(0, min(1, α x + β)).
  mutating func hardSigmoid(_ call: inout Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let number = { (number: Double) in
      Value.constant(Tensor(shape: [], type: value.type, elements: .numbers([number])))
    }
    let slope = try call.float("alpha", default: Double(Float(0.2)))
    let offset = try call.float("beta", default: 0.5)
    let product = try combine(.multiply, value, number(slope), call)
    let line = try combine(.add, product, number(offset), call)
    let capped = try extremum(line, number(1), isMaximum: false, call)
    return try extremum(capped, number(0), isMaximum: true, call)
  }

  /// `Relu`.
  mutating func relu(_ call: Call) throws(ONNXError) -> Value {
    .activation(rectified(try activation(try call.argument(0), of: call)))
  }

  /// `Abs`: 2 relu(x) − x.
  mutating func absolute(_ call: Call) throws(ONNXError) -> Value {
    let argument = try activation(try call.argument(0), of: call)
    let positive = rectified(argument)
    let two = [Double](repeating: 2, count: argument.size)
    let minus = [Double](repeating: -1, count: argument.size)
    return .activation(
      sum(
        [Addend(positive, factors: two), Addend(argument, factors: minus)],
        shape: argument.shape, type: argument.type, execution: .exact))
  }

  /// `LeakyRelu`.
  mutating func leakyRelu(_ call: inout Call) throws(ONNXError) -> Value {
    let slope = try call.float("alpha", default: Double(Float(0.01)))
    let argument = try activation(try call.argument(0), of: call)
    return .activation(
      leaky(argument, slopes: [Double](repeating: slope, count: argument.size)))
  }

  /// `PRelu` with constant slopes.
  mutating func parametricRelu(_ call: Call) throws(ONNXError) -> Value {
    let value = try call.argument(0)
    let slopes = try call.constant(1, "slope")
    guard try call.broadcast(value, .constant(slopes)) == value.shape else {
      throw call.malformed("the slopes' shape \(slopes.shape) does not fit \(value.shape)")
    }
    let stretched = slopes.rearranged(try call.stretching(slopes.shape, to: value.shape))
    return .activation(
      leaky(try activation(value, of: call), slopes: stretched.numbers ?? []))
  }

  /// g x + (1 − g) relu(x).
  private mutating func leaky(_ argument: Activation, slopes: [Double]) -> Activation {
    let rest = slopes.map { 1 - $0 }
    // Rounded to nearest, 1 − g is off by at most 2^-53 of itself.
    let isExact = Set(slopes).allSatisfy { Arithmetic.subtract.exactly(1, $0) != nil }
    let positive = rectified(argument)
    return sum(
      [Addend(argument, factors: slopes), Addend(positive, factors: rest)],
      shape: argument.shape, type: argument.type, relativeWeightError: isExact ? 0 : 0x1p-52,
      execution: .rounded(extraRoundings: 0))
  }
}
