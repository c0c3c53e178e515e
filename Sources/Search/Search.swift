internal import BoundPropagation
public import ClaimLanguage
internal import ProofChecker

/// Decides problems: attack, bounds, branch and bound; and has the checker confirm what it found.
public enum Search {
  /// Decides whether a problem's cases are all empty.
  ///
  /// Blocks the calling thread; works on `options.threads` of its own.
  ///
  /// - Parameters:
  ///   - problem: The problem.
  ///   - options: Limits and the seed.
  ///   - interrupt: Ends the search early.
  ///   - progress: Told how far the search is, from any thread.
  /// - Returns: The decision: `holds` only with a proof that the checker accepted, `refuted` only
  ///   with a witness that it confirmed.
  public static func decide(
    _ problem: Problem, options: SearchOptions, interrupt: Interrupt = Interrupt(),
    progress: (@Sendable (Progress) -> Void)? = nil
  ) -> Decision {
    let run = Run(options, interrupt, progress)
    let verdict: Verdict
    do throws(BoundPropagationError) {
      let network = try FloatNetwork(problem.network)
      verdict = Portfolio(problem, network, options, run).decide()
    } catch {
      verdict = .undecided(.unsupported(error.description))
    }
    return Decision(verdict: verdict, nodes: run.nodes, seconds: run.seconds)
  }
}
