public import ClaimLanguage
public import ExactArithmetic

/// How the length of a vector is measured.
public enum Norm: String, Hashable, Sendable, CaseIterable {
  /// The sum of magnitudes.
  case one = "1"
  /// The Euclidean length.
  case two = "2"
  /// The largest magnitude.
  case infinity = "inf"
}

/// Why there is no problem for a threshold.
public struct FamilyError: Error, Hashable {
  /// One sentence.
  public let message: String

  /// Creates an error of its message.
  ///
  /// - Parameter message: One sentence.
  public init(_ message: String) { self.message = message }
}

/// Claims that differ in one number, the threshold: they hold on one side of the number that is asked
/// for, and fail on the other.
///
/// A maximum is the family of the claims `y ≤ t`, which hold for large t; a robust radius is that of
/// a claim on balls, which holds for small ones.
public struct ClaimFamily: Sendable {
  /// On which side of the number the claims hold.
  public enum Side: Sendable {
    /// For large thresholds: the number is the least that works.
    case above
    /// For small thresholds: the number is the greatest that works.
    case below
  }

  /// What the threshold is, which tells how far a witness against one claim reaches.
  public enum Threshold: Sendable {
    /// A number that outputs are compared with: of any size and sign.
    case value
    /// The radius of balls around these centres: not negative.
    case radius([BallPlace])
  }

  /// Where a ball of the threshold's radius lies in the joint input.
  public struct BallPlace: Sendable {
    /// The joint input entries, in the order of the centre's.
    public let entries: [Int]
    /// The centre.
    public let centre: [Rational]
    /// The norm.
    public let norm: Norm

    /// Places a ball.
    ///
    /// - Parameters:
    ///   - entries: The joint input entries, in the order of the centre's.
    ///   - centre: The centre.
    ///   - norm: The norm.
    public init(entries: [Int], centre: [Rational], norm: Norm) {
      precondition(entries.count == centre.count, "one entry per number of the centre")
      self.entries = entries
      self.centre = centre
      self.norm = norm
    }
  }

  /// On which side of the number the claims hold.
  public let side: Side
  /// What the threshold is.
  public let threshold: Threshold
  /// What the claim of a threshold denies.
  public let problem: @Sendable (Rational) throws(FamilyError) -> Problem

  /// Creates a family of its parts.
  ///
  /// - Parameters:
  ///   - side: On which side of the number the claims hold.
  ///   - threshold: What the threshold is.
  ///   - problem: What the claim of a threshold denies; defined for every number with a finite
  ///     decimal numeral, not negative where it is a radius.
  public init(
    side: Side, threshold: Threshold,
    problem: @escaping @Sendable (Rational) throws(FamilyError) -> Problem
  ) {
    self.side = side
    self.threshold = threshold
    self.problem = problem
  }

  /// A threshold whose claim is weaker.
  func easier(_ threshold: Rational, by step: Rational) -> Rational {
    side == .above ? threshold + step : threshold - step
  }

  /// Whether the claim of one threshold is stronger than that of another.
  func isHarder(_ threshold: Rational, than other: Rational) -> Bool {
    side == .above ? threshold < other : threshold > other
  }

  /// A short threshold whose claim is at least as strong, so that what refutes one refutes the other.
  func roundedHarder(_ threshold: Rational, places: Int) -> Rational {
    side == .above
      ? threshold.roundedDown(toDecimalPlaces: places)
      : threshold.roundedUp(toDecimalPlaces: places)
  }

  /// A short threshold whose claim is at most as strong.
  func roundedEasier(_ threshold: Rational, places: Int) -> Rational {
    side == .above
      ? threshold.roundedUp(toDecimalPlaces: places)
      : threshold.roundedDown(toDecimalPlaces: places)
  }
}

extension Rational {
  /// A power of two.
  static func power(ofTwo exponent: Int) -> Rational {
    let size = Double(sign: .plus, exponent: exponent, significand: 1)
    return Dyadic(exactly: size).map { Rational($0) } ?? .zero
  }

  /// The largest number with so many decimal places that is not above this one.
  func roundedDown(toDecimalPlaces places: Int) -> Rational {
    guard let unit = Rational(decimal: "1e\(places)") else { return self }
    return Rational((self * unit).roundedDown(toFractionalBits: 0)) / unit
  }

  /// The smallest number with so many decimal places that is not below this one.
  func roundedUp(toDecimalPlaces places: Int) -> Rational {
    -(-self).roundedDown(toDecimalPlaces: places)
  }

  /// How many decimal places it takes to tell apart numbers that are this far from each other.
  var decimalPlaces: Int {
    var (places, rest) = (0, self)
    while rest < .one, places < 300 {
      rest = rest * Rational(10)
      places += 1
    }
    return places
  }
}
