/// Lends a fresh problem to `body` and frees it when `body` returns.
///
/// `body` is synchronous, so the problem stays on one thread: GLPK keeps its memory per thread,
/// and ends the program when a problem made on one is freed on another.
///
/// - Parameter body: Builds and solves the problem.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withProblem<Result: ~Copyable, Failure: Error>(
  _ body: (inout Problem) throws(Failure) -> Result
) throws(Failure) -> Result {
  var problem = Problem()
  return try body(&problem)
}
