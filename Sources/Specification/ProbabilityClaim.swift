public import ClaimLanguage
public import ExactArithmetic
public import Probability

/// A claim about how probable an event is under a law of the input, or how two such probabilities compare.
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
    /// Nothing: it is asked for, in an interval not wider than this part of its ends' larger magnitude.
    case relativePrecision(Rational)
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

  /// The events; their networks are numbered as in ``eventNetworks``.
  public let events: [Event]
  /// The number that is claimed of, made of the probabilities of ``events``.
  public let quantity: ProbabilityQuantity
  /// The names of the networks that the events are about, each once.
  public let eventNetworks: [String]
  /// The law of the input, with as many entries as the networks have inputs.
  public let law: Distribution
  /// The law as the file names or describes it.
  public let lawSentence: String
  /// What is claimed.
  public let demand: Demand
  /// Which function the networks are.
  public let arithmetic: Meaning
  /// Where there is one event, and linear conditions say what it is, the query whose answers are its points.
  public let text: ClaimText?
  /// The query without the events' assertions.
  let head: String
  /// The events' assertions, where linear conditions say what they are.
  let sides: ProbabilitySides
  /// Assertions that say that the input lies in the box of a truncated law, where proofs are about the law that was
  /// truncated, given these; else none.
  let truncation: [String]
  /// What the query's inputs beside the law's are: directions of derivatives.
  let directions: [Rational]

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
    case .relativePrecision(let share):
      upper - lower <= share * max(upper.magnitude, lower.magnitude) ? .holds : .undecided
    }
  }
}
