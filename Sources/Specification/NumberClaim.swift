public import ClaimLanguage
public import ExactArithmetic

/// A claim that asks for a number: the family of the claims of all thresholds.
///
/// The number lies between a threshold whose claim holds and one whose claim is refuted.
public struct NumberClaim: Sendable {
  /// What is asked for.
  public enum Number: Sendable {
    /// The least t such that `value <= t`; claims hold above it.
    case maximum
    /// The greatest t such that `value >= t`; claims hold below it.
    case minimum
    /// The least t such that no value changes by more than t for each unit of length; claims hold above
    /// it.
    case lipschitz
    /// The largest radius of these balls for which the sentence holds; claims hold below it.
    case radius([Ball])
  }

  /// A ball whose radius is asked for.
  public struct Ball: Sendable {
    /// The variable, which is the query's name of an input tensor.
    public let variable: String
    /// The centre, a number for each entry of the tensor.
    public let centre: [Rational]
    /// How distances are measured.
    public let norm: InputNorm
  }

  /// What is asked for.
  public let number: Number
  /// The width of interval that is asked for; nil for the usual one.
  public let gap: Rational?
  let lowering: ClaimLowering

  /// How wide the interval between two ends may be.
  ///
  /// Without a gap, a hundredth of a radius or a Lipschitz constant, and for extrema a thousandth of the
  /// largest of 1 and the ends' magnitudes.
  ///
  /// - Parameters:
  ///   - lower: The lower end.
  ///   - upper: The upper end.
  /// - Returns: The width; positive, but for radii that end at zero.
  public func allowedWidth(from lower: Rational, to upper: Rational) -> Rational {
    if let gap { return gap }
    switch number {
    case .maximum, .minimum:
      return max(.one, lower.magnitude, upper.magnitude) / Rational(1000)
    case .lipschitz: return max(.one / Rational(1_000_000), upper.magnitude / Rational(100))
    case .radius: return upper.magnitude / Rational(100)
    }
  }

  /// The claim of one threshold.
  ///
  /// - Parameter threshold: A number with a finite decimal numeral; not negative where it is a radius.
  /// - Returns: The text of what the claim denies.
  /// - Throws: ``SpecificationError`` where the claim becomes too long.
  public func text(at threshold: Rational) throws(SpecificationError) -> ClaimText {
    try lowering.text(at: threshold)
  }
}

/// The text of a claim, which alone is proved and checked.
public struct ClaimText: Sendable {
  /// What the claim denies, as VNN-LIB 2.0: the claim holds when the query has no answer.
  public let text: String
  /// The text, read back.
  public let query: Query
}
