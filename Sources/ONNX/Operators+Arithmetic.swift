internal import ExactArithmetic
internal import NetworkModel

/// An operation on two numbers, by the name of its operator.
enum Arithmetic: String {
  case add = "Add"
  case subtract = "Sub"
  case multiply = "Mul"
  case divide = "Div"

  /// The result when it is a binary64 number: a candidate, checked in exact arithmetic.
  func exactly(_ left: Double, _ right: Double) -> Double? {
    guard let a = Dyadic(exactly: left), let b = Dyadic(exactly: right) else { return nil }
    let (candidate, isExact): (Double, (Dyadic) -> Bool) =
      switch self {
      case .add: (left + right, { $0 == a + b })
      case .subtract: (left - right, { $0 == a - b })
      case .multiply: (left * right, { $0 == a * b })
      case .divide: (left / right, { $0 * b == a })
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
    Tensor(shape: tensor.shape, type: tensor.type, .node(try source(tensor)))
  }

  /// `Add`, `Sub`, `Mul` and `Div`, with the broadcasting of ONNX.
  mutating func combine(
    _ operation: Arithmetic, _ left: Tensor, _ right: Tensor
  ) throws(ONNXError) -> Tensor {
    let (shape, a, b) = try broadcast(left, right)
    var left = left
    if let x = left.numbers, let y = right.numbers {
      let results = zip(a, b).compactMap { operation.exactly(x[$0], y[$1]) }
      if results.count == a.count, results.allSatisfy(left.type.holds) {
        return Tensor(shape: shape, type: left.type, .numbers(results))
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

  mutating func negate() throws(ONNXError) -> Tensor {
    let argument = try argument(0)
    return network.sum([.init(argument, times: -1)], shape: argument.shape)
  }
}

/// Operators with kinks.
extension Call {
  /// max(0, ·).
  mutating func rectified(_ tensor: Tensor) throws(ONNXError) -> Tensor {
    let node = network.append(.relu(try source(tensor)), size: tensor.size)
    return Tensor(shape: tensor.shape, type: tensor.type, .node(node))
  }

  /// relu(a − b), entry by entry, on the way to a maximum: an execution only compares.
  mutating func excess(
    of a: Tensor, at placesA: [Int], over b: Tensor, at placesB: [Int], shape: [Int]
  ) throws(ONNXError) -> Tensor {
    try rectified(
      network.sum([.init(a, at: placesA), .init(b, at: placesB, times: -1)], shape: shape))
  }

  /// `LeakyRelu` and `Abs`: g x + (1 − g) relu(x).
  mutating func leaky(slope: Double) throws(ONNXError) -> Tensor {
    let argument = try computed(try argument(0))
    let positive = try rectified(argument)
    // Rounded to nearest, 1 − g is off by at most 2^-53 of itself.
    let isExact = Arithmetic.subtract.exactly(1, slope) != nil
    return network.sum(
      [.init(argument, times: slope), .init(positive, times: 1 - slope)], shape: argument.shape,
      relativeWeightError: isExact ? 0 : 0x1p-52,
      execution: slope == -1 ? .exact : .rounded(extraRoundings: 0))
  }

  /// `Max` and `Min` of any number of arguments.
  mutating func extremum(isMaximum: Bool) throws(ONNXError) -> Tensor {
    var result = try argument(0)
    for position in arguments.indices.dropFirst() {
      result = try extremum(result, try argument(position), isMaximum: isMaximum)
    }
    return result
  }

  /// `Clip`, with its bounds as attributes or as arguments.
  mutating func clip() throws(ONNXError) -> Tensor {
    var result = try argument(0)
    // The type's largest finite numbers are written where no bound is meant.
    let unbounded =
      result.type == .float32 ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    for (position, name, sign) in [(1, "min", -1.0), (2, "max", 1)] {
      let bound = try number(name, at: position, default: sign * .infinity)
      guard sign * bound < unbounded else { continue }
      let limit = Tensor(shape: [], type: result.type, .numbers([bound]))
      result = try extremum(result, limit, isMaximum: sign < 0)
    }
    return result
  }

  /// The entrywise larger one, b + relu(a − b), or smaller one, b − relu(b − a).
  private mutating func extremum(
    _ first: Tensor, _ second: Tensor, isMaximum: Bool
  ) throws(ONNXError) -> Tensor {
    // A constant is best as b, where a zero costs nothing.
    let (a, b) = first.node == nil ? (second, first) : (first, second)
    let (shape, placesA, placesB) = try broadcast(a, b)
    if let x = a.numbers, let y = b.numbers {
      let chosen = zip(placesA, placesB).map { (isMaximum ? max : min)(x[$0], y[$1]) }
      return Tensor(shape: shape, type: a.type, .numbers(chosen))
    }
    let excess =
      isMaximum
      ? try excess(of: a, at: placesA, over: b, at: placesB, shape: shape)
      : try excess(of: b, at: placesB, over: a, at: placesA, shape: shape)
    return network.sum(
      [.init(b, at: placesB), .init(excess, times: isMaximum ? 1 : -1)], shape: shape)
  }
}
