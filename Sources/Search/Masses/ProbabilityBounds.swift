internal import Approximation
internal import BoundPropagation
public import ClaimLanguage
internal import ExactArithmetic
public import ProofChecker

/// Bounds of a probability, which the checker has found in a proof.
public struct ProbabilityBounds: Sendable {
  /// The proof's bytes, in the format of `specs/format/probability.md`.
  public let proof: [UInt8]
  /// The checker's evidence.
  public let verified: VerifiedProbability
  /// Why the search did not go on; nil where it came as far as it was asked to.
  public let stop: StopReason?
  /// How many cells were bounded.
  public let cells: Int
  /// Wall-clock seconds, the check among them.
  public let seconds: Double
}

/// How far a search for bounds of a probability has come, in floating point.
public struct ProbabilityProgress: Sendable {
  /// Wall-clock seconds so far.
  public let seconds: Double
  /// How many cells were bounded.
  public let cells: Int
  /// The mass where the event is certain, so far.
  public let lower: Double
  /// One less the mass where it is excluded, so far.
  public let upper: Double
}

extension Search {
  /// Bounds a probability from both sides.
  ///
  /// Ends where the bounds are no further apart than asked for, or where they decide what the
  /// problem claims. Blocks the calling thread; works on `options.threads` of its own.
  ///
  /// - Parameters:
  ///   - problem: The problem; its claim plays a part only where it is not "between 0 and 1".
  ///   - gap: How far apart the bounds may be.
  ///   - options: Limits.
  ///   - interrupt: Ends the search early.
  ///   - progress: Told how far the search is.
  /// - Returns: Bounds that the checker found in the proof, or why there are none.
  public static func bound(
    _ problem: ProbabilityProblem, gap: Closeness, options: SearchOptions,
    interrupt: Interrupt = Interrupt(),
    progress: ((ProbabilityProgress) -> Void)? = nil
  ) -> Result<ProbabilityBounds, StopReason> {
    let run = Run(options, interrupt, nil)
    do throws(BoundPropagationError) {
      var search = try QuantitySearch(problem, gap: gap, options, run, progress)
      func found(_ result: QuantitySearch.Checked, _ stop: StopReason?) -> ProbabilityBounds {
        ProbabilityBounds(
          proof: result.proof, verified: result.verified, stop: stop, cells: run.nodes,
          seconds: run.seconds)
      }
      do throws(Rejection) {
        var stop = search.search()
        guard search.hasBounds else {
          let zero = StopReason.unsupported("the chance of a condition, or a divisor, may be 0")
          return .failure(stop == .resolution ? zero : stop ?? zero)
        }
        var result = try search.checked()
        // What the checker finds may be a little wider than what floating point expects.
        while stop == nil,
          !result.verified.suffices(for: search.claimsNothing ? nil : problem, gap: gap),
          search.aimCloser(than: result.verified)
        {
          stop = search.search()
          result = try search.checked()
        }
        return .success(found(result, stop))
      } catch .cancelled {
        // The last proof took longer to check than was left: an earlier one stands.
        guard let earlier = search.lastChecked else { return .failure(.timeLimit) }
        return .success(found(earlier, .timeLimit))
      } catch {
        return .failure(.proofRejected(error.description))
      }
    } catch {
      return .failure(.unsupported(error.description))
    }
  }
}

extension VerifiedProbability {
  /// Whether the bounds are close enough, or decide what is claimed; nil stands for nothing.
  fileprivate func suffices(for problem: ProbabilityProblem?, gap: Closeness) -> Bool {
    if (upper - lower).nearestDouble
      <= gap.width(from: lower.nearestDouble, to: upper.nearestDouble)
    {
      return true
    }
    guard let problem else { return false }
    let (low, high) = (Rational(lower), Rational(upper))
    return problem.lower <= low && high <= problem.upper || high < problem.lower
      || problem.upper < low
  }
}
