internal import Approximation
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic

/// When the bounds of a number suffice: where they are close, or decide what is claimed.
struct QuantityGoal {
  let quantity: ProbabilityQuantity
  /// What decides the claim: the number within these ends, or outside them.
  let claimed: (lower: Double, upper: Double)
  /// How far apart the bounds may be.
  var gap: Closeness
  /// How often bounds were found to lack something when they were checked.
  var attempts = 0

  /// Whether any number that may come out is at least, or at most, what is claimed.
  private var isFree: (below: Bool, above: Bool) {
    let range = quantity.range
    return (
      claimed.lower <= range.lowerBound,
      claimed.upper >= 1e300 || range.upperBound <= claimed.upper
    )
  }

  /// Whether nothing is claimed of the number.
  var claimsNothing: Bool { isFree.below && isFree.above }

  /// Whether the number has bounds that suffice.
  func isReached(by probabilities: [Interval]) -> Bool {
    guard let bounds = quantity.enclosed(probabilities) else { return false }
    let (lower, upper) = (bounds.lower.nearestDouble, bounds.upper.nearestDouble)
    // The checker's bounds differ by rounding, and by what it found to lack before.
    let slack =
      1e-9 * max(lower.magnitude, upper.magnitude)
      + (attempts > 0 ? Double(attempts) / 64 * (upper - lower) : 0)
    if (upper - lower) * (1 + 2e-9) <= gap.width(from: lower, to: upper) { return true }
    if claimsNothing { return false }
    let isFree = isFree
    return (isFree.below || claimed.lower <= lower - slack)
      && (isFree.above || upper + slack <= claimed.upper)
      || upper + slack < claimed.lower || claimed.upper < lower - slack
  }

  /// What part of the gain the bound has that does not decide the claim, if the number is where it seems.
  private static let otherShare = 0.25

  /// By how much bounds would come closer to a decision.
  ///
  /// - Parameters:
  ///   - bounds: The bounds as they are.
  ///   - better: The bounds as they would be.
  ///   - value: Where the number seems to be.
  /// - Returns: The gain at both ends; of a claim with one end, most of it where that is decided.
  func gain(from bounds: Interval, to better: Interval, at value: Double) -> Double {
    let (raised, lowered) = (
      (better.lower - bounds.lower).nearestDouble, (bounds.upper - better.upper).nearestDouble
    )
    let isFree = isFree
    guard isFree.below != isFree.above else { return raised + lowered }
    let isAbove = value > (isFree.above ? claimed.lower : claimed.upper)
    return isAbove
      ? raised + Self.otherShare * lowered : lowered + Self.otherShare * raised
  }
}

extension ProbabilityQuantity {
  /// The numbers that it may be, whatever the probabilities are.
  var range: ClosedRange<Double> {
    switch self {
    case .probability, .conditional: return 0...1
    case .ratio(let first, let second):
      let isPositive = first.range.lowerBound >= 0 && second.range.lowerBound >= 0
      return (isPositive ? 0 : -Double.infinity)...Double.infinity
    case .difference(let first, let second):
      let (first, second) = (first.range, second.range)
      guard first.lowerBound.isFinite, first.upperBound.isFinite, second.upperBound.isFinite,
        second.lowerBound.isFinite
      else { return -Double.infinity...Double.infinity }
      return (first.lowerBound - second.upperBound)...(first.upperBound - second.lowerBound)
    case .complement(let other): return (1 - other.range.upperBound)...(1 - other.range.lowerBound)
    }
  }
}
