public import ClaimLanguage
public import ExactArithmetic
public import Probability

/// A claim about how probable an event is under a law of the input.
public struct ProbabilityClaim: Sendable {
  /// What is claimed of the probability.
  public enum Demand: Hashable, Sendable {
    /// It is not greater than this number.
    case atMost(Rational)
    /// It is not less than this number.
    case atLeast(Rational)
    /// It lies between these numbers, both included.
    case between(Rational, Rational)
    /// Nothing: it is asked for, in an interval not wider than this.
    case precision(Rational)
  }

  /// What an interval for a probability says of a claim.
  public enum Answer: Hashable, Sendable {
    /// The claim is true.
    case holds
    /// It is false.
    case refuted
    /// It may be either.
    case undecided
  }

  /// The event; its networks are numbered as in ``eventNetworks``.
  public let event: Event
  /// The names of the networks that the event is about, each once.
  public let eventNetworks: [String]
  /// The law of the input, with as many entries as the networks have inputs.
  public let law: Distribution
  /// The law as the file names or describes it.
  public let lawSentence: String
  /// What is claimed.
  public let demand: Demand
  /// Which function the networks are.
  public let arithmetic: Meaning
  /// Where the event is about inputs and outputs alone, the query whose answers are its points; nothing
  /// where it is about Jacobians or activation patterns.
  public let text: ClaimText?

  /// What an interval says of the claim.
  ///
  /// - Parameters:
  ///   - lower: The lower end.
  ///   - upper: The upper end.
  /// - Returns: The answer, as true as the interval is.
  public func answer(lower: Rational, upper: Rational) -> Answer {
    switch demand {
    case .atMost(let limit): upper <= limit ? .holds : lower > limit ? .refuted : .undecided
    case .atLeast(let limit): lower >= limit ? .holds : upper < limit ? .refuted : .undecided
    case .between(let least, let greatest):
      lower >= least && upper <= greatest
        ? .holds : upper < least || lower > greatest ? .refuted : .undecided
    case .precision(let width): upper - lower <= width ? .holds : .undecided
    }
  }
}
