internal import Approximation
public import ExactArithmetic

/// A box of inputs, exactly as it is written; ends may be infinite.
public struct Box: Sendable {
  /// The lower ends; `nil` where there is none.
  public let lower: [Rational?]
  /// The upper ends; `nil` where there is none.
  public let upper: [Rational?]
  /// The nearest doubles of the lower ends, -∞ where there is none.
  public let lowerEnds: [Double]
  /// The nearest doubles of the upper ends, ∞ where there is none.
  public let upperEnds: [Double]

  /// Creates a box.
  ///
  /// - Parameters:
  ///   - lower: The lower ends.
  ///   - upper: The upper ends, as many.
  /// - Throws: ``DistributionError`` for other shapes, an empty box, and ends that no double is near.
  public init(lower: [Rational?], upper: [Rational?]) throws(DistributionError) {
    guard !lower.isEmpty, lower.count == upper.count else {
      throw DistributionError(
        .upper,
        "found \(upper.count) upper ends, expected \(max(1, lower.count)), one for each "
          + "lower end")
    }
    for (entry, ends) in zip(lower, upper).enumerated() {
      if let low = ends.0, let high = ends.1, low > high {
        throw DistributionError(
          .upper, entry: entry,
          "found the upper end \(high.shortText), expected at least \(low.shortText), the lower end"
        )
      }
    }
    for (part, ends) in [(DistributionError.Part.lower, lower), (.upper, upper)] {
      for (entry, end) in ends.enumerated() {
        guard let end, ExactNumbers.firstOutOfRange([end]) != nil else { continue }
        throw DistributionError(
          part, entry: entry, "found a number that no binary64 number is near, expected another")
      }
    }
    self.lower = lower
    self.upper = upper
    lowerEnds = lower.map { $0?.nearestDouble ?? -.infinity }
    upperEnds = upper.map { $0?.nearestDouble ?? .infinity }
  }

  /// How many entries a point has.
  public var dimension: Int { lower.count }

  /// Whether all ends are binary numbers.
  var isBinary: Bool { (lower + upper).allSatisfy { $0?.isBinary ?? true } }

  /// The first entry that is not bounded on both sides.
  var firstUnbounded: Int? {
    zip(lower, upper).enumerated().first { $0.element.0 == nil || $0.element.1 == nil }?.offset
  }
}
