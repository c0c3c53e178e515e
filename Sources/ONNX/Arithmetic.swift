internal import ExactArithmetic

/// An operation on two numbers.
enum Arithmetic {
  case add
  case subtract
  case multiply
  case divide

  /// The result on two constants of one shape and type.
  ///
  /// - Returns: The constant, or nil when an entry is not exactly a number of the constants' type:
  ///   an execution would round it.
  func fold(_ left: Tensor, _ right: Tensor, _ call: Call) throws(ONNXError) -> Tensor? {
    switch (left.elements, right.elements) {
    case (.numbers(let a), .numbers(let b)):
      var results: [Double] = []
      for (a, b) in zip(a, b) {
        guard let result = exactly(a, b), left.type != .float32 || Double(Float(result)) == result
        else { return nil }
        results.append(result)
      }
      return Tensor(shape: left.shape, type: left.type, elements: .numbers(results))
    case (.integers(let a), .integers(let b)) where left.type == .int64:
      let results = try zip(a, b).map { (pair) throws(ONNXError) in
        try integer(pair.0, pair.1, call)
      }
      return Tensor(shape: left.shape, type: left.type, elements: .integers(results))
    default: throw call.unsupported("it computes with \(left.type) numbers")
    }
  }

  /// The result when it is a binary64 number: a candidate, checked in exact arithmetic.
  func exactly(_ left: Double, _ right: Double) -> Double? {
    let candidate =
      switch self {
      case .add: left + right
      case .subtract: left - right
      case .multiply: left * right
      case .divide: left / right
      }
    guard let a = Dyadic(exactly: left), let b = Dyadic(exactly: right),
      let result = Dyadic(exactly: candidate)
    else { return nil }
    let isExact =
      switch self {
      case .add: result == a + b
      case .subtract: result == a - b
      case .multiply: result == a * b
      case .divide: result * b == a
      }
    return isExact ? candidate : nil
  }

  private func integer(_ left: Int, _ right: Int, _ call: Call) throws(ONNXError) -> Int {
    guard self != .divide || right != 0 else { throw call.malformed("it divides by zero") }
    let (result, overflow) =
      switch self {
      case .add: left.addingReportingOverflow(right)
      case .subtract: left.subtractingReportingOverflow(right)
      case .multiply: left.multipliedReportingOverflow(by: right)
      case .divide: left.dividedReportingOverflow(by: right)
      }
    guard !overflow else { throw call.malformed("an integer it computes is too large") }
    return result
  }
}
