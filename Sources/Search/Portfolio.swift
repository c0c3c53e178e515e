internal import BoundPropagation
internal import ClaimLanguage
internal import ProofChecker

/// The order in which the methods are tried on a problem.
struct Portfolio {
  /// Up to this many units, linear programs are tried.
  static let mostUnitsToProgram = 600
  /// The same for inputs.
  static let mostInputsToProgram = 200
  /// Few, so that limits are honoured: a branch takes many solves.
  static let programsPerRound = 4

  private let problem: Problem
  private let numbers: FloatProblem
  private let network: FloatNetwork
  private let options: SearchOptions
  private let run: Run

  init(_ problem: Problem, _ network: FloatNetwork, _ options: SearchOptions, _ run: Run) {
    self.problem = problem
    self.network = network
    self.options = options
    self.run = run
    numbers = FloatProblem(problem)
  }

  /// Decides the problem.
  func decide() -> Verdict {
    let maker = WitnessMaker(problem: problem)
    let attack = Attack(problem: numbers, network: network, seed: options.seed)
    let found = attack.run(until: { run.isOver }) { suspect in
      maker.witness(near: suspect.point, caseIndex: suspect.caseIndex)
    }
    if let found { return .refuted(found) }
    let context = SearchContext(
      problem: numbers, network: network, options: options, run: run, maker: maker,
      workload: Workload(problem.network, network))
    var verdict = Verdict.undecided(.resolution)
    for method in methods {
      guard let result = method(context) else { continue }
      verdict = self.verdict(result)
      guard case .undecided(let reason) = verdict, reason.isOfOneMethod, !run.isOver else { break }
    }
    return verdict
  }

  /// What is tried in turn until something decides or time is over; a method without a result promised
  /// nothing.
  private var methods: [(SearchContext) -> SearchResult?] {
    if network.hasGates { return [{ DerivativeSplittingDriver($0).search() }] }
    let units = { UnitSplittingDriver($0).search() }
    return numbers.isNarrow
      ? [{ InputSplittingDriver($0).search() }, solvePrograms, units]
      : [{ contract($0, for: 0.3) }, solvePrograms, units]
  }

  private func verdict(_ result: SearchResult) -> Verdict {
    switch result {
    case .closed(let bytes): checked(bytes)
    case .refuted(let witness): .refuted(witness)
    case .stopped(let reason): .undecided(reason)
    }
  }

  /// Tries contracted boxes for a moment, and longer where they promise an end.
  ///
  /// - Returns: nil where they promise nothing.
  private func contract(_ context: SearchContext, for seconds: Double) -> SearchResult? {
    guard context.problem.cases.allSatisfy({ $0.disjuncts.count <= 1 }) else { return nil }
    let trial = Trial(run, granted: seconds, most: 15 * seconds)
    let driver = DisjunctDriver<ContractionSplitting>(
      context, roundSize: context.workload.boxesPerRound, while: trial.isWorthwhile)
    switch driver.search() {
    case .result(let result): return result
    case .abandoned: return nil
    }
  }

  /// Splits units with linear programs while they are small and promise an end.
  ///
  /// - Returns: nil where they promise nothing.
  private func solvePrograms(_ context: SearchContext) -> SearchResult? {
    guard context.network.unitCount <= Self.mostUnitsToProgram,
      context.problem.cases.allSatisfy({
        $0.ball == nil && $0.freeInputCount <= Self.mostInputsToProgram
      })
    else { return nil }
    let limit = options.timeLimit ?? 600
    let trial = Trial(run, granted: 0.25 * limit, most: limit)
    let driver = DisjunctDriver<ProgramSplitting>(
      context, roundSize: Self.programsPerRound, while: trial.isWorthwhile)
    switch driver.search() {
    case .result(let result): return result
    case .abandoned: return nil
    }
  }

  /// Has the checker replay a proof: nothing is called proved before.
  private func checked(_ bytes: [UInt8]) -> Verdict {
    do throws(Rejection) {
      let threads = options.threads
      let verified = try ProofChecker.check(
        bytes, of: problem, performer: { Workers.perform($0, threads: threads, $1) },
        isCancelled: { [run] in run.isOver })
      return .holds(Proof(bytes: bytes, verified: verified))
    } catch {
      if error == .cancelled, let reason = run.reasonToStop() { return .undecided(reason) }
      return .undecided(.proofRejected(error.description))
    }
  }
}

extension StopReason {
  /// Whether another method may go on where one ended for this reason.
  fileprivate var isOfOneMethod: Bool {
    switch self {
    case .resolution, .unconfirmedWitness, .proofRejected: true
    case .timeLimit, .interrupted, .nodeLimit, .memoryLimit, .unsupported: false
    }
  }
}

/// What every method works with.
struct SearchContext: Sendable {
  let problem: FloatProblem
  let network: FloatNetwork
  let options: SearchOptions
  let run: Run
  let maker: WitnessMaker
  let workload: Workload
}

/// How a method ended.
enum SearchResult {
  /// All cases are closed: the bytes of the proof.
  case closed([UInt8])
  /// A confirmed witness.
  case refuted(Witness)
  /// No answer.
  case stopped(StopReason)
}
