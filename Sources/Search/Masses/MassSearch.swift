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
  /// Bounds a probability, or a number made of several, from both sides.
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
    _ problem: ProbabilityProblem, gap: Double, options: SearchOptions,
    interrupt: Interrupt = Interrupt(),
    progress: ((ProbabilityProgress) -> Void)? = nil
  ) -> Result<ProbabilityBounds, StopReason> {
    // The checker's turn comes after the search's.
    var limits = options
    limits.timeLimit = options.timeLimit.map { $0 * MassSearch.share }
    let run = Run(limits, interrupt, nil)
    do throws(BoundPropagationError) {
      var search = try QuantitySearch(problem, gap: gap, limits, run, progress)
      let stop = search.search()
      guard search.hasBounds else {
        let zero = StopReason.unsupported("the chance of a condition, or a divisor, may be 0")
        return .failure(stop == .resolution ? zero : stop ?? zero)
      }
      let proof = search.proof
      let deadline = options.timeLimit
      do throws(Rejection) {
        let verified = try ProofChecker.enclose(problem, by: proof) {
          deadline.map { run.seconds > $0 } ?? false
        }
        return .success(
          ProbabilityBounds(
            proof: proof, verified: verified, stop: stop, cells: run.nodes, seconds: run.seconds))
      } catch .cancelled {
        return .failure(.timeLimit)
      } catch {
        return .failure(.proofRejected(error.description))
      }
    } catch {
      return .failure(.unsupported(error.description))
    }
  }
}

/// Cuts the heaviest undecided cells until enough is decided.
struct MassSearch {
  /// The search's share of the time; the rest is the checker's.
  static let share = 0.4

  private struct Component {
    let weight: Double
    let inputs: Int
    let workers: Workers
    let bounding: CellBounding
    let round: Int
    var laws: [FloatLaw]
  }

  private let claimed: ClosedRange<Double>
  /// How far apart the bounds may be.
  var gap: Double
  private let options: SearchOptions
  private let limits: Run
  private let progress: ((ProbabilityProgress) -> Void)?
  private var components: [Component] = []
  private var tree = CellTree()
  private var roots: [Int] = []
  private var queue = CellQueue()
  private var inside = 0.0
  /// What is left for good: cells that binary64 cannot cut.
  private var stuck = 0.0
  private var lastReport = 0.0

  init(
    _ event: [ProbabilityProblem.Component], claimed: ClosedRange<Double>, gap: Double,
    _ options: SearchOptions, _ run: Run, _ progress: ((ProbabilityProgress) -> Void)?
  ) throws(BoundPropagationError) {
    self.claimed = claimed
    self.gap = gap
    self.options = options
    limits = run
    self.progress = progress
    for (index, item) in event.enumerated() {
      let network = try FloatNetwork(item.problem.network)
      let floats = FloatProblem(item.problem)
      let box = floats.cases[0]
      let round = 4 * Workload(item.problem.network, network).boxesPerRound
      components.append(
        Component(
          weight: item.weight.nearestDouble, inputs: item.laws.count,
          workers: Workers(network, threads: options.threads, batchSize: round / Workers.parts),
          bounding: CellBounding(floats), round: round,
          laws: item.laws.enumerated().map {
            FloatLaw($1, lower: box.lower[$0], upper: box.upper[$0])
          }))
      let root = tree.addRoot()
      roots.append(root)
      if box.disjuncts.isEmpty {
        tree.decide(root, by: [])
      } else {
        openRoot(root, index, box, tails: max(gap, 1e-12) / Double(16 * item.laws.count))
      }
    }
  }

  /// Opens a component's box, its normal tails cut off.
  private mutating func openRoot(
    _ root: Int, _ component: Int, _ box: FloatProblem.Case, tails mass: Double
  ) {
    var cell = OpenCell(
      component: component, node: root, lower: box.lower, upper: box.upper, mass: 1)
    for entry in components[component].laws.indices {
      for value in components[component].laws[entry].tailCuts(weighing: mass) {
        guard let (low, high) = children(of: cell, entry, at: value) else { continue }
        let isLowTail = low.mass < high.mass
        queue.insert(isLowTail ? low : high)
        cell = isLowTail ? high : low
      }
    }
    weigh(&cell)
    queue.insert(cell)
  }

  /// The bytes of the proof, as far as it has come.
  var proof: [UInt8] { tree.bytes(roots: roots) }

  /// Searches until the bounds suffice.
  ///
  /// - Returns: Why it ended before; nil where it did not.
  mutating func run() -> StopReason? {
    while !suffices {
      if let reason = limits.reasonToStop(open: queue.count) { return reason }
      var cells: [OpenCell] = []
      let round = components.map(\.round).min() ?? 1
      while cells.count < round, let cell = queue.popHeaviest() { cells.append(cell) }
      guard !cells.isEmpty else { return .resolution }
      for component in components.indices {
        let items = cells.filter { $0.component == component }
        guard !items.isEmpty else { continue }
        let bounding = components[component].bounding
        let outcomes = components[component].workers.map(items) { bounding.process($0, with: $1) }
        for (cell, outcome) in zip(items, outcomes) { take(cell, outcome) }
      }
      limits.advance(nodes: cells.count, proved: 0, open: queue.count, lowestBound: 0)
      report()
    }
    return nil
  }

  /// The bounds so far, in floating point.
  var bounds: (lower: Double, upper: Double) {
    (max(0, min(1, inside)), max(0, min(1, inside + stuck + queue.mass)))
  }

  /// Whether the bounds are close enough, or decide the claim, by more than rounding.
  private var suffices: Bool {
    let open = stuck + queue.mass
    let (low, high) = (inside * (1 - 1e-9), (inside + open) * (1 + 1e-9))
    if high - low <= gap { return true }
    guard claimed != 0...1 else { return false }
    return (claimed.lowerBound <= low || claimed.lowerBound == 0)
      && (high <= claimed.upperBound || claimed.upperBound == 1)
      || high < claimed.lowerBound || claimed.upperBound < low
  }

  private mutating func report() {
    guard let progress, limits.seconds - lastReport > 0.1 else { return }
    lastReport = limits.seconds
    progress(
      ProbabilityProgress(
        seconds: lastReport, cells: limits.nodes, lower: inside,
        upper: min(1, inside + stuck + queue.mass)))
  }

  private mutating func take(_ cell: OpenCell, _ outcome: CellBounding.Outcome) {
    switch outcome {
    case .decided(let isInside, let records):
      tree.decide(cell.node, by: records)
      if isInside { inside += cell.mass }
    case .open(let cuts):
      for entry in cuts {
        let law = components[cell.component].laws[entry]
        guard let value = law.cut(cell.lower[entry], cell.upper[entry]),
          let (low, high) = children(of: cell, entry, at: value)
        else { continue }
        for child in [low, high] where child.mass > 0 { queue.insert(child) }
        return
      }
      stuck += cell.mass
    }
  }

  private mutating func children(of cell: OpenCell, _ entry: Int, at value: Double) -> (
    low: OpenCell, high: OpenCell
  )? {
    guard let exact = Dyadic(exactly: value) else { return nil }
    let nodes = tree.split(cell.node, entry, at: exact)
    var low = OpenCell(
      component: cell.component, node: nodes.low, lower: cell.lower, upper: cell.upper, mass: 0)
    var high = OpenCell(
      component: cell.component, node: nodes.high, lower: cell.lower, upper: cell.upper, mass: 0)
    low.upper[entry] = value
    high.lower[entry] = value
    weigh(&low)
    weigh(&high)
    return (low, high)
  }

  private mutating func weigh(_ cell: inout OpenCell) {
    var mass = components[cell.component].weight
    for entry in cell.lower.indices {
      mass *= components[cell.component].laws[entry].mass(cell.lower[entry], cell.upper[entry])
    }
    cell.mass = mass
  }
}
