internal import ClaimLanguage
internal import ExactArithmetic
internal import Search
internal import Specification

/// A question for a number with its networks.
struct NumberQuestion {
  let claim: NumberClaim
  let networks: [String: NetworkLibrary.Entry]
  let meaning: Meaning
  /// The claims of all thresholds.
  let family: ClaimFamily

  init(
    _ claim: NumberClaim, networks: [String: NetworkLibrary.Entry]
  ) throws(FamilyError) {
    self.claim = claim
    self.networks = networks
    let files = networks.mapValues(\.network)
    let problem: @Sendable (Rational) throws(FamilyError) -> Problem = {
      threshold throws(FamilyError) in
      do { return try Problem(query: claim.text(at: threshold).query, networks: files) } catch {
        throw FamilyError("\(error)")
      }
    }
    let example = try problem(.one)
    meaning = example.meaning
    switch claim.number {
    case .maximum, .lipschitz:
      family = ClaimFamily(side: .above, threshold: .value, problem: problem)
    case .minimum: family = ClaimFamily(side: .below, threshold: .value, problem: problem)
    case .radius(let balls):
      family = ClaimFamily(
        side: .below, threshold: .radius(balls.map { $0.place(in: example) }), problem: problem)
    }
  }

  /// How wide the interval may be.
  var allowedWidth: AllowedWidth { { [claim] in claim.allowedWidth(from: $0, to: $1) } }

  /// Narrows the number's interval, with a line of progress where somebody watches.
  func narrow(_ options: SearchOptions, interrupt: Interrupt, label: String) -> Narrowing {
    let line = ProgressLine(label)
    defer { line.clear() }
    return Search.narrow(
      family, to: allowedWidth, options: options, interrupt: interrupt, progress: line.reporter)
  }

  /// The text of the claim of a threshold.
  func text(at threshold: Rational) throws(Failure) -> QueryText {
    do {
      let text = try claim.text(at: threshold)
      return QueryText(
        bytes: Array(text.text.utf8), question: try Question(text.query, networks: networks))
    } catch { throw .badInput("\(error)") }
  }
}

extension NumberClaim.Ball {
  /// Where the ball lies in a problem's joint input.
  fileprivate func place(in problem: Problem) -> ClaimFamily.BallPlace {
    for candidate in problem.variables where candidate.name == variable {
      guard case .input(let entries) = candidate.place else { continue }
      return ClaimFamily.BallPlace(entries: entries, centre: centre, norm: Norm(norm))
    }
    preconditionFailure("each variable of a claim is the input of a network")
  }
}

extension Norm {
  fileprivate init(_ norm: InputNorm) {
    switch norm {
    case .one: self = .one
    case .two: self = .two
    case .infinity: self = .infinity
    }
  }
}
