internal import ExactArithmetic
internal import NetworkModel

/// An operation on two numbers, by the name of its operator.
enum Arithmetic: String {
  case add = "Add"
  case subtract = "Sub"
  case multiply = "Mul"
  case divide = "Div"
  case maximum = "Max"
  case minimum = "Min"

  /// The result when it is a binary64 number: a candidate, checked in exact arithmetic.
  func exactly(_ left: Double, _ right: Double) -> Double? {
    guard let a = Dyadic(exactly: left), let b = Dyadic(exactly: right) else { return nil }
    let (candidate, isExact): (Double, (Dyadic) -> Bool) =
      switch self {
      case .add: (left + right, { $0 == a + b })
      case .subtract: (left - right, { $0 == a - b })
      case .multiply: (left * right, { $0 == a * b })
      case .divide: (left / right, { $0 * b == a })
      case .maximum: (max(left, right), { $0 == max(a, b) })
      case .minimum: (min(left, right), { $0 == min(a, b) })
      }
    return Dyadic(exactly: candidate).map(isExact) == true ? candidate : nil
  }
}

extension Call {
  func places(_ layout: Layout) throws(ONNXError) -> [Int] {
    guard let places = layout.places else { throw tooLarge }
    return places
  }

  var tooLarge: ONNXError {
    refusal("its result or its work is empty or has more than \(Shape.largestSize) entries")
  }

  /// The shape to which two arguments are stretched, and the places of both in it.
  private func broadcast(
    _ left: Tensor, _ right: Tensor
  ) throws(ONNXError) -> (shape: [Int], left: [Int], right: [Int]) {
    guard left.type == right.type, let shape = Shape.broadcast(left.shape, right.shape) else {
      throw refusal("\(left.type)\(left.shape) and \(right.type)\(right.shape) do not fit")
    }
    let a = try places(Layout(left.shape, stretchedTo: shape))
    return (shape, a, try places(Layout(right.shape, stretchedTo: shape)))
  }

  /// The node of a tensor; a constant becomes one.
  mutating func source(_ tensor: Tensor) throws(ONNXError) -> NodeIndex {
    guard let node = network.node(of: tensor) else {
      throw refusal("it computes with \(tensor.type)\(tensor.shape), expected FLOAT or DOUBLE")
    }
    return node
  }

  mutating func computed(_ tensor: Tensor) throws(ONNXError) -> Tensor {
    Tensor(shape: tensor.shape, type: tensor.type, content: .node(try source(tensor)))
  }

  /// An operation on all arguments, of which only a maximum or minimum may have another number than
  /// two.
  mutating func combined(
    _ operation: Arithmetic, from first: Tensor
  ) throws(ONNXError) -> Tensor {
    try expect(
      arguments.count == 2 || [.maximum, .minimum].contains(operation),
      "it has \(arguments.count) arguments, expected 2")
    var result = first
    for position in arguments.indices.dropFirst() {
      result = try combine(operation, result, try argument(position))
    }
    return result
  }

  /// An operation with the broadcasting of ONNX: max(a, b) is b + relu(a − b), min(a, b) is
  /// b − relu(b − a).
  mutating func combine(
    _ operation: Arithmetic, _ left: Tensor, _ right: Tensor
  ) throws(ONNXError) -> Tensor {
    let (shape, a, b) = try broadcast(left, right)
    var left = left
    if let x = left.numbers, let y = right.numbers {
      let results = zip(a, b).compactMap { operation.exactly(x[$0], y[$1]) }
      if results.count == a.count, results.allSatisfy(left.type.holds) {
        return Tensor(shape: shape, type: left.type, content: .numbers(results))
      }
      // What no stored number equals is left to a node, and its rounding with it.
      left = try computed(left)
    }
    let rounded = Execution.rounded(extraRoundings: 0)
    switch (operation, left.numbers, right.numbers) {
    case (.add, _, _), (.subtract, _, _):
      let addend = NetworkBuilder.Addend(right, at: b, times: operation == .add ? 1 : -1)
      return network.sum([.init(left, at: a), addend], shape: shape, execution: rounded)
    case (.multiply, _, let factors?):
      return network.sum(
        [.init(left, at: a, factors: b.map { factors[$0] })], shape: shape, execution: rounded)
    case (.multiply, _?, nil): return try combine(.multiply, right, left)
    case (.multiply, nil, nil):
      throw refusal("it multiplies two computed values, expected a constant factor")
    case (.divide, _, let divisors?):
      return try divide(left, at: a, by: b.map { divisors[$0] }, shape: shape)
    case (.divide, _, nil):
      throw refusal("it divides by a computed value, expected a constant divisor")
    // A constant is best on the right, where a zero costs nothing.
    case (.maximum, _?, _), (.minimum, _?, _): return try combine(operation, right, left)
    case (.maximum, nil, _):
      let excess = try excess(of: left, at: a, over: right, at: b, shape: shape)
      return network.sum([.init(right, at: b), .init(excess)], shape: shape)
    case (.minimum, nil, _):
      let excess = try excess(of: right, at: b, over: left, at: a, shape: shape)
      return network.sum([.init(right, at: b), .init(excess, times: -1)], shape: shape)
    }
  }

  /// A quotient by constants, as a product with their reciprocals.
  ///
  /// A reciprocal is exact when the divisor is a power of two; rounded to nearest it is off by at
  /// most 2^-53 of itself otherwise. An execution may divide (one rounding) or multiply by the
  /// reciprocal (two).
  private mutating func divide(
    _ dividend: Tensor, at places: [Int], by divisors: [Double], shape: [Int]
  ) throws(ONNXError) -> Tensor {
    let reciprocals = divisors.map { 1 / $0 }
    try expect(reciprocals.allSatisfy(\.isNormal), "a divisor is zero or too far from 1 to invert")
    return network.sum(
      [.init(dividend, at: places, factors: reciprocals)], shape: shape,
      relativeWeightError: divisors.allSatisfy { $0.significand == 1 } ? 0 : 0x1p-52,
      execution: .rounded(extraRoundings: 1))
  }
}

/// Operators with kinks.
extension Call {
  /// max(0, ·).
  mutating func rectified(_ tensor: Tensor) throws(ONNXError) -> Tensor {
    let node = network.append(.relu(try source(tensor)), size: tensor.size)
    return Tensor(shape: tensor.shape, type: tensor.type, content: .node(node))
  }

  /// relu(a − b), entry by entry, on the way to a maximum: an execution only compares.
  mutating func excess(
    of a: Tensor, at placesA: [Int], over b: Tensor, at placesB: [Int], shape: [Int]
  ) throws(ONNXError) -> Tensor {
    try rectified(
      network.sum([.init(a, at: placesA), .init(b, at: placesB, times: -1)], shape: shape))
  }

  /// `LeakyRelu` and `Abs`: g x + (1 − g) relu(x).
  mutating func leaky(_ argument: Tensor, slope: Double) throws(ONNXError) -> Tensor {
    let argument = try computed(argument)
    let positive = try rectified(argument)
    // Rounded to nearest, 1 − g is off by at most 2^-53 of itself.
    let isExact = Arithmetic.subtract.exactly(1, slope) != nil
    return network.sum(
      [.init(argument, times: slope), .init(positive, times: 1 - slope)], shape: argument.shape,
      relativeWeightError: isExact ? 0 : 0x1p-52,
      execution: slope == -1 ? .exact : .rounded(extraRoundings: 0))
  }

  /// `Clip`, with its bounds as attributes or as arguments.
  mutating func clip(_ argument: Tensor) throws(ONNXError) -> Tensor {
    var result = argument
    // The type's largest finite numbers are written where no bound is meant.
    let unbounded =
      result.type == .float32 ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    for (position, name, sign) in [(1, "min", -1.0), (2, "max", 1)] {
      let bound = try number(name, at: position, default: sign * .infinity)
      guard sign * bound < unbounded else { continue }
      let limit = Tensor(shape: [], type: result.type, content: .numbers([bound]))
      result = try combine(sign < 0 ? .maximum : .minimum, result, limit)
    }
    return result
  }
}
