internal import Approximation
internal import Certificates
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofChecker
internal import Search
internal import Specification

/// A question for a probability with its networks.
struct ProbabilityQuestion {
  /// A text that is proved, and what it says.
  struct Text {
    let bytes: [UInt8]
    let problem: ProbabilityProblem

    var digest: Digest { Digest(of: bytes) }
  }

  let claim: ProbabilityClaim
  let networks: [String: NetworkLibrary.Entry]
  /// How it is worded for a proof.
  private(set) var wording = ProbabilityClaim.Wording.plain
  /// A contrary event with more disjuncts is no easier.
  private static let mostDisjuncts = 64

  init(claim: ProbabilityClaim, networks: [String: NetworkLibrary.Entry]) {
    (self.claim, self.networks) = (claim, networks)
  }

  /// Whether events, law and arithmetic are such that there can be a proof.
  var hasProofs: Bool { (try? claim.provedText(from: "0", to: "1")) != nil }

  /// The text with bounds of the probability; numerals without exponents.
  func text(from lower: String, to upper: String) throws(Failure) -> Text {
    let bytes: [UInt8]
    do {
      bytes = Array(try claim.provedText(from: lower, to: upper, wording: wording).utf8)
    } catch {
      throw .badInput("\(error.reason) has no proofs yet")
    }
    do {
      let query = try ProbabilityQuery(parsing: bytes)
      return Text(
        bytes: bytes,
        problem: try ProbabilityProblem(query: query, networks: networks.mapValues(\.network)))
    } catch { throw .badInput(error.message) }
  }

  /// The same question, worded by the contraries of likely events where their disjuncts, each alone, are
  /// easier to bound.
  ///
  /// - Parameter seed: Of the draws that say what is likely.
  /// - Returns: The question.
  func easier(seed: UInt64) -> ProbabilityQuestion {
    let (lower, upper) = claim.quantity.ends
    guard let problem = try? text(from: lower, to: upper).problem,
      let probabilities = Search.drawnProbabilities(of: problem, seed: seed)
    else { return self }
    var other = self
    other.wording = claim.wording(of: probabilities)
    guard let worded = try? other.text(from: lower, to: upper).problem,
      worded.events.joined().allSatisfy({
        $0.problem.cases[0].disjuncts.count <= Self.mostDisjuncts
      })
    else { return self }
    return other
  }

  /// The text that has a digest, of all that say the same; else the plain one.
  func text(from lower: String, to upper: String, with digest: Digest) throws(Failure) -> Text {
    for wording in claim.wordings {
      var other = self
      other.wording = wording
      if let text = try? other.text(from: lower, to: upper), text.digest == digest { return text }
    }
    return try text(from: lower, to: upper)
  }

  /// What bounds say of the claim.
  func answer(_ interval: Certification.Interval) -> ProbabilityClaim.Answer? {
    guard let lower = interval.lower.flatMap({ Rational(decimal: $0) }),
      let upper = interval.upper.flatMap({ Rational(decimal: $0) }), lower <= upper
    else { return nil }
    return claim.answer(lower: lower, upper: upper)
  }

  /// Bounds the number until that decides the claim, with a line of progress where somebody watches.
  ///
  /// - Parameters:
  ///   - options: Limits.
  ///   - width: How far apart the bounds may stay, whatever the claim is; nil for what decides it.
  ///   - interrupt: Ends the search early.
  ///   - label: Begins the line of progress.
  ///   - watch: Told how far the search is.
  /// - Returns: The bounds, or why there are none.
  /// - Throws: ``Failure`` where there can be no proof.
  func bound(
    _ options: SearchOptions, width: Closeness? = nil, interrupt: Interrupt, label: String,
    watch: @escaping (ProbabilityProgress) -> Void = { _ in }
  ) throws(Failure) -> Result<ProbabilityBounds, StopReason> {
    let (lower, upper) = width == nil ? claim.claimedEnds : claim.quantity.ends
    let problem = try text(from: lower, to: upper).problem
    let line = ProgressLine(label)
    defer { line.clear() }
    let show = line.massReporter
    return Search.bound(
      problem, gap: width ?? claim.demand.gap, options: options, interrupt: interrupt,
      progress: {
        watch($0)
        show?($0)
      })
  }
}

extension ProbabilityClaim {
  /// The ends to be shown; of a demand for precision, all that there may be.
  fileprivate var claimedEnds: (lower: String, upper: String) {
    switch demand {
    case .atMost(let limit): (quantity.ends.lower, limit.plainNumeral)
    case .atLeast(let limit): (limit.plainNumeral, quantity.ends.upper)
    case .between(let lower, let upper): (lower.plainNumeral, upper.plainNumeral)
    case .precision, .relativePrecision: quantity.ends
    }
  }
}

extension ProbabilityQuantity {
  /// Numbers between which it lies whatever the probabilities are, or nearly, as a claim has them.
  fileprivate var ends: (lower: String, upper: String) {
    switch self {
    case .probability, .conditional: ("0", "1")
    case .ratio: ("0", "1e300")
    case .difference: ("-1", "1")
    case .complement: ("-1e300", "1")
    }
  }
}

extension ProbabilityClaim.Demand {
  /// How far apart the bounds may stay.
  fileprivate var gap: Closeness {
    // The bounds are rounded to 12 digits.
    func rounded(_ width: Rational) -> Double { width.nearestDouble * (1 - 1e-9) }
    return switch self {
    case .atMost, .atLeast, .between: Closeness()
    case .precision(let width): Closeness(absolute: rounded(width))
    case .relativePrecision(let share): Closeness(relative: rounded(share))
    }
  }
}

extension Rational {
  fileprivate var plainNumeral: String { decimalNumeral ?? "\(numerator)/\(denominator)" }
}

extension VerifiedProbability {
  /// The bounds as a certificate writes them: rounded outward, without exponents.
  var interval: Certification.Interval {
    Certification.Interval(
      lower: Self.plain(lower.numeral(rounding: .down)),
      upper: Self.plain(upper.numeral(rounding: .up)))
  }

  private static func plain(_ numeral: String) -> String? {
    Rational(decimal: numeral)?.decimalNumeral
  }

  /// What was replayed.
  var words: String { "\(counted(nodes, "cell")), \(counted(records, "record"))" }
}
