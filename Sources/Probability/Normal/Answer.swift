/// What a method says about a rectangle.
struct Answer: Sendable {
  var mass: Mass
  /// What the error is at most, as a part of the mass.
  var relativeError: Double
  var status: NormalProbability.Status

  /// Zero by comparisons of numbers that were rounded before.
  static let impossible = Answer(mass: .zero, relativeError: 0, status: .exact)
  /// Zero by comparisons of the numbers as they were given.
  static let provedImpossible = Answer(mass: .zero, relativeError: 0, status: .proved)
  static let certain = Answer(mass: .one, relativeError: 0, status: .proved)

  /// The answer for both of two independent events.
  static func * (left: Answer, right: Answer) -> Answer {
    let product = left.mass * right.mass
    guard product.significand > 0 else {
      // Nothing follows from a zero that is not proved but that the product is small.
      let zero = left.mass.significand == 0 ? left : right
      return zero
    }
    let status: NormalProbability.Status =
      switch (left.status, right.status) {
      case (.estimate, _), (_, .estimate): .estimate
      case (.exact, _), (_, .exact): .exact
      case (.proved, .proved): .proved
      }
    return Answer(
      mass: product,
      relativeError: left.relativeError + right.relativeError
        + left.relativeError * right.relativeError,
      status: status)
  }
}
