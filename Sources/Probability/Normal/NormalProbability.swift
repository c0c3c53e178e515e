/// A probability under a normal law, with what is known about its error.
public struct NormalProbability: Hashable, Sendable {
  /// How far a number can be trusted.
  public enum Status: String, Hashable, Sendable {
    /// A closed form or a quadrature with an error bound, in floating point.
    case exact
    /// Zero or one, by an argument that holds without rounding.
    case proved
    /// Sampled; the error is that of a confidence of 99.9 %.
    case estimate
  }

  /// The probability; zero where it lies below the range of `Double`.
  public let probability: Double
  /// Its natural logarithm, `-infinity` for an impossible event; it does not underflow.
  public let logProbability: Double
  /// What the error is at most, as a part of the probability; infinite where a probability may be zero.
  public let relativeError: Double
  /// What the error is at most.
  public let absoluteError: Double
  /// How far the error can be trusted.
  public let status: Status

  init(_ mass: Mass, relativeError: Double, status: Status) {
    probability = min(mass.value, 1)
    logProbability = min(mass.logarithm, 0)
    self.relativeError = relativeError
    absoluteError = relativeError * probability
    self.status = status
  }

  /// The probability of an event that cannot happen.
  static let impossible = NormalProbability(.zero, relativeError: 0, status: .proved)

  /// The probability of an event that must happen.
  static let certain = NormalProbability(.one, relativeError: 0, status: .proved)
}
