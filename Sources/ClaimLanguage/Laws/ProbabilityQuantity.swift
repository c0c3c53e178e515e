internal import ExactArithmetic
public import MassArithmetic

/// A number that is made of the probabilities of events, each known by its place in a list.
public indirect enum ProbabilityQuantity: Hashable, Sendable {
  /// That of an event.
  case probability(Int)
  /// That of the first event, a part of the second, given the second.
  case conditional(Int, given: Int)
  /// The first number divided by the second.
  case ratio(ProbabilityQuantity, ProbabilityQuantity)
  /// The first number less the second.
  case difference(ProbabilityQuantity, ProbabilityQuantity)
  /// One less the number.
  case complement(ProbabilityQuantity)

  /// Encloses the number; rounding: outward.
  ///
  /// - Parameter probabilities: Enclosures of the events' probabilities.
  /// - Returns: The enclosure; nil where it is not shown that every divisor is above zero.
  public func enclosed(_ probabilities: [Interval]) -> Interval? {
    switch self {
    case .probability(let event): return probabilities[event]
    case .conditional(let event, let condition):
      return Self.ratio(.probability(event), .probability(condition))
        .enclosed(probabilities)?.probability
    case .ratio(let first, let second):
      guard let first = first.enclosed(probabilities), let second = second.enclosed(probabilities),
        second.lower.signum > 0
      else { return nil }
      return first / second
    case .difference(let first, let second):
      guard let first = first.enclosed(probabilities), let second = second.enclosed(probabilities)
      else { return nil }
      return first - second
    case .complement(let other): return other.enclosed(probabilities).map { .one - $0 }
    }
  }
}
