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
  /// What the error is at most, as a part of the probability; infinite where nothing is known.
  public let relativeError: Double
  /// What the error is at most; infinite where nothing is known.
  public let absoluteError: Double
  /// How far the error can be trusted.
  public let status: Status

  init(_ answer: Answer) {
    probability = min(answer.mass.value, 1)
    logProbability = min(answer.mass.logarithm, 0)
    relativeError = answer.relativeError
    absoluteError =
      answer.relativeError.isFinite ? min(answer.relativeError * probability, 1) : .infinity
    status = answer.status
  }
}
