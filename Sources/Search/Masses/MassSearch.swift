internal import Approximation
internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofChecker

/// Cuts the cells with most undecided mass until enough is decided.
struct MassSearch {
  /// Of how many cuts on the way to a cell one is of a cell whose units the proof bounds, for all below.
  private static let cutsPerBounding = 3
  /// How many bounds of units are kept for that at most, about: 16 bytes each.
  private static let mostKept = 40_000_000
  /// Cells are cut together where their undecided mass is at least this part of the largest.
  static let together = 1.0 / 16
  /// What part of the undecided mass may be added to it for a shorter proof.
  private static let ignored = 1.0 / 64
  /// From how many normal coordinates on half-spaces are tried before cells.
  private static let leastTailCoordinates = 6
  /// What part of the time they may have.
  private static let tailShare = (few: 0.5, many: 0.9)
  /// What part of that goes to points of the event, or of its contrary: less where the claim asks for no lower end.
  private static let inscribedShare = (wanted: 0.4, else: 0.1)
  /// How many leaves they may have.
  private static let mostTailLeaves = 20_000
  /// From how many on most of it.
  private static let manyTailCoordinates = 8
  /// What part of the undecided mass counting may lose.
  private static let countingShare = 1.0 / 8

  /// What the checker says of a proof.
  enum Finding {
    /// What it finds of the cells of the event, in the order of the proof.
    case shown([CellMass])
    /// That it rejects a record, counted from the event's first one, which is 1.
    case rejected(record: Int)
    /// Nothing that concerns the event.
    case nothing
  }

  struct Component {
    let weight: Double
    let workers: Workers
    let bounding: CellBounding
    let round: Int
    let laws: [FloatLaw]
    let isGated: Bool
  }

  private let claimed: ClosedRange<Double>
  /// How far apart the bounds may be.
  var gap: Closeness
  /// By how much a claim must be decided, because the checker may find less.
  var slack = 0.0
  private let options: SearchOptions
  private let limits: Run
  private let progress: ((ProbabilityProgress) -> Void)?
  var components: [Component] = []
  /// By component.
  var gains: [CutGains] = []
  var tree = CellTree()
  private var roots: [Int] = []
  var queue = CellQueue()
  /// The other way, where there are many normal coordinates: the most of a component.
  private var tails: TailSearch?
  private let event: [ProbabilityProblem.Component]
  private let normalCount: Int
  var inside = 0.0
  /// What is left for good: of cells that binary64 cannot cut.
  var stuck = 0.0
  /// The cells that are decided by equal sides.
  private var tied: [(cell: OpenCell, isInside: Bool)] = []
  /// The cells that are decided by bounds where there are gates: at a sign's end of zero these jump.
  private var gated: [(cell: OpenCell, isInside: Bool)] = []
  private var lastReport = 0.0
  /// What the checker takes.
  private var foresight = CheckForesight()

  init(
    _ event: [ProbabilityProblem.Component], claimed: ClosedRange<Double>, gap: Closeness,
    _ options: SearchOptions, _ run: Run, _ progress: ((ProbabilityProgress) -> Void)?
  ) throws(BoundPropagationError) {
    self.claimed = claimed
    self.event = event
    normalCount = Self.normalCount(of: event)
    self.gap = gap
    self.options = options
    limits = run
    self.progress = progress
    for (index, item) in event.enumerated() {
      let network = try FloatNetwork(item.problem.network)
      let floats = FloatProblem(item.problem)
      let box = floats.cases[0]
      let round = 4 * Workload(item.problem.network, network).boxesPerRound
      let laws = item.laws.enumerated().map {
        FloatLaw($1, lower: box.lower[$0], upper: box.upper[$0])
      }
      components.append(
        Component(
          weight: item.weight.nearestDouble,
          workers: Workers(network, threads: options.threads, batchSize: round / Workers.parts),
          bounding: CellBounding(floats, of: item.problem, laws: laws), round: round,
          laws: laws, isGated: network.hasGates))
      gains.append(CutGains(coordinates: laws.count))
      let root = tree.addRoot()
      roots.append(root)
      if box.disjuncts.isEmpty {
        tree.decide(root, by: [])
      } else {
        openRoot(root, index, box, tails: max(gap.absolute, 1e-12) / Double(16 * item.laws.count))
      }
    }
  }

  /// Whether half-spaces are tried before cells.
  static func triesHalfSpaces(for event: [ProbabilityProblem.Component]) -> Bool {
    normalCount(of: event) >= leastTailCoordinates
  }

  private static func normalCount(of event: [ProbabilityProblem.Component]) -> Int {
    event.map { $0.laws.count(where: \.isNormal) }.max() ?? 0
  }

  /// Opens a component's box, its normal tails cut off.
  private mutating func openRoot(
    _ root: Int, _ component: Int, _ box: FloatProblem.Case, tails mass: Double
  ) {
    var cell = OpenCell(
      component: component, weight: components[component].weight, node: root, lower: box.lower,
      upper: box.upper, mass: 1)
    for entry in components[component].laws.indices {
      for (value, isBelow) in components[component].laws[entry].tailCuts(weighing: mass) {
        guard var (low, high) = cut(cell, entry, at: value) else { continue }
        (low.depth, high.depth) = (0, 0)
        queue.insert(isBelow ? low : high)
        cell = isBelow ? high : low
      }
    }
    weigh(&cell)
    queue.insert(cell)
  }

  /// The bytes of the proof, as far as it has come; what decides next to nothing stays out of it.
  var proof: [UInt8] {
    if let tails, givesTails { return tails.proof }
    return tree.bytes(roots: roots, leaving: leftOut)
  }

  /// The charged cells that the proof leaves.
  private var leftOut: Set<Int> { queue.leastCharged(weighing: Self.ignored * openMass) }

  /// Takes what the checker found in the ``proof`` of charged cells instead of what binary64 expects.
  ///
  /// - Parameter found: Of all cells of the components, in the order of the proof.
  mutating func learn(from found: some Collection<CellMass>) {
    guard !givesTails else { return }
    let cells = tree.cells(roots: roots, leaving: leftOut)
    var shown: [Int: CellMass] = [:]
    for (node, mass) in zip(cells, found) {
      if let node { shown[node] = mass }
    }
    queue.revise { cell in
      guard let mass = shown[cell.node], var bounded = cell.bounded else { return }
      bounded.charged.inside = cell.weight * mass.inside.lower.nearestDouble
      bounded.charged.outside = cell.weight * mass.outside.lower.nearestDouble
      cell.bounded = bounded
    }
  }

  /// How much the checker has to do for it: cells that end with records, or linear combinations.
  var proofSize: Int {
    if let tails, givesTails { return tails.proofSize }
    return tree.decided
  }

  /// The bounds so far, in floating point.
  var bounds: (lower: Double, upper: Double) {
    if let tails, givesTails { return tails.bounds }
    return cellBounds
  }

  private var cellBounds: (lower: Double, upper: Double) {
    let known = inside + queue.inside
    return (max(0, min(1, known)), max(0, min(1, known + openMass)))
  }

  /// Whether half-spaces decide more than cells.
  private var givesTails: Bool {
    guard let bounds = tails?.bounds else { return false }
    return bounds.upper - bounds.lower < openMass
  }

  /// The mass that is not decided.
  var undecided: Double {
    guard givesTails, let bounds = tails?.bounds else { return openMass }
    return bounds.upper - bounds.lower
  }

  /// The mass of cells that is not decided.
  private var openMass: Double { stuck + queue.open }

  /// Searches until the bounds suffice.
  ///
  /// - Parameters:
  ///   - others: How much the checker is to check besides.
  ///   - isEnough: Whether bounds suffice for what is made of them.
  ///   - check: Checks the proof of this event among those of others; what it says of this one.
  /// - Returns: Why it ended before; nil where it did not.
  mutating func run(
    others: Int, until isEnough: ((lower: Double, upper: Double)) -> Bool,
    check: ([UInt8]) -> Finding
  ) -> StopReason? {
    splitUnits(others: others, until: isEnough, check)
    while !suffices, !isEnough(bounds) {
      if let reason = limits.reasonToStop(open: queue.count) ?? timeToCheck(others, check) {
        return reason
      }
      let tolerance = max(gap.absolute, undecided * Self.countingShare, 1e-9)
      let cells = nextCells()
      guard !cells.isEmpty else { return .resolution }
      for component in components.indices {
        let items = cells.filter { $0.component == component }
        guard !items.isEmpty else { continue }
        let bounding = components[component].bounding
        let outcomes = components[component].workers.map(items) {
          bounding.process($0, with: $1, tolerance: tolerance)
        }
        for (cell, outcome) in zip(items, outcomes) { take(cell, outcome) }
      }
      limits.advance(nodes: cells.count, proved: 0, open: queue.count, lowestBound: 0)
      report()
    }
    return nil
  }

  /// Splits units while that helps, in a part of the time.
  private mutating func splitUnits(
    others: Int, until isEnough: ((lower: Double, upper: Double)) -> Bool,
    _ check: ([UInt8]) -> Finding
  ) {
    guard normalCount >= Self.leastTailCoordinates else { return }
    // Networks that cannot be bounded were refused before.
    if tails == nil {
      let limits = limits
      tails = (try? TailSearch(event, threads: options.threads) { limits.isOver }) ?? nil
    }
    let share =
      normalCount >= Self.manyTailCoordinates ? Self.tailShare.many : Self.tailShare.few
    let start = limits.seconds
    let isLowerWanted = claimed.lowerBound > 0 || claimed.upperBound >= 1
    let inscribedShare = isLowerWanted ? Self.inscribedShare.wanted : Self.inscribedShare.else
    var inscribing = 0.0
    while !suffices, !isEnough(bounds), limits.reasonToStop() == nil, let leaves = tails?.leaves {
      if let limit = options.timeLimit, limits.seconds > share * limit { return }
      if leaves > Self.mostTailLeaves || timeToCheck(others, check) != nil { return }
      let isBusy = tails?.advance() ?? false
      let elapsed = limits.seconds - start
      if !isBusy || inscribing < inscribedShare * elapsed {
        guard tails?.inscribe(seed: options.seed) ?? false || isBusy else { return }
        inscribing += limits.seconds - start - elapsed
      }
      let found = (tails?.leaves ?? leaves) - leaves
      limits.advance(
        nodes: max(0, found), proved: 0, open: 0, lowestBound: 0)
      report()
    }
  }

  /// Whether the checker needs the rest of the time.
  private mutating func timeToCheck(_ others: Int, _ check: ([UInt8]) -> Finding) -> StopReason? {
    let (start, size) = (limits.seconds, Double(others + proofSize))
    foresight.note(start)
    if foresight.isDue(size: size, at: start, of: options.timeLimit) {
      let found = check(proof)
      foresight.learn(size: size, seconds: limits.seconds - start)
      switch found {
      case .shown(let cells): learn(from: cells)
      case .rejected(let record): _ = reopenTie(at: record)
      case .nothing: break
      }
    }
    guard let limit = options.timeLimit else { return nil }
    return foresight.isTime(size: size, at: limits.seconds, of: limit) ? .timeLimit : nil
  }

  /// Whether the bounds are close enough, or decide the claim, by more than rounding.
  private var suffices: Bool {
    let bounds = bounds
    let ignored = givesTails ? 0 : Self.ignored * openMass
    let (low, high) = (bounds.lower * (1 - 1e-9), (bounds.upper + ignored) * (1 + 1e-9))
    if high - low <= gap.width(from: low, to: high) { return true }
    guard claimed != 0...1 else { return false }
    let (least, most) = (low - slack, high + slack)
    return (claimed.lowerBound <= least || claimed.lowerBound == 0)
      && (most <= claimed.upperBound || claimed.upperBound == 1)
      || most < claimed.lowerBound || claimed.upperBound < least
  }

  /// Leaves the cells that are decided by equal sides; the checker may see them differently among others.
  ///
  /// - Returns: Whether there were any.
  mutating func leaveTies() -> Bool {
    for (cell, isInside) in tied {
      tree.leave(cell.node)
      stuck += cell.mass
      inside -= isInside ? cell.mass : 0
    }
    defer { tied = [] }
    return !tied.isEmpty
  }

  /// Opens a cell that is decided by equal sides, or by gates, again, so that it is cut.
  ///
  /// - Parameter record: A record of the ``proof`` that the checker rejects, counted from one.
  /// - Returns: Whether it belongs to such a cell.
  mutating func reopenTie(at record: Int) -> Bool {
    guard !givesTails, let node = tree.cell(of: record, roots: roots, leaving: leftOut) else {
      return false
    }
    var found: (cell: OpenCell, isInside: Bool)?
    if let place = tied.firstIndex(where: { $0.cell.node == node }) {
      found = tied.remove(at: place)
    } else if let place = gated.firstIndex(where: { $0.cell.node == node }) {
      found = gated.remove(at: place)
    }
    guard var cell = found?.cell, let isInside = found?.isInside else {
      return components.contains(where: \.isGated) && takeBackCharge(of: node)
    }
    tree.leave(node)
    inside -= isInside ? cell.mass : 0
    let widths = zip(cell.lower, cell.upper).map { $1 - $0 }
    cell.bounded = (CellBounding.Charged(), widths)
    queue.insert(cell)
    return true
  }

  /// Takes back what a cell is charged with, so that it is cut.
  private mutating func takeBackCharge(of node: Int) -> Bool {
    var isFound = false
    queue.revise { cell in
      guard cell.node == node, let bounded = cell.bounded, !bounded.charged.records.isEmpty else {
        return
      }
      isFound = true
      cell.bounded = (CellBounding.Charged(), bounded.scores)
    }
    if isFound { tree.leave(node) }
    return isFound
  }

  private mutating func report() {
    guard let progress, limits.seconds - lastReport > 0.1 else { return }
    lastReport = limits.seconds
    let bounds = bounds
    progress(
      ProbabilityProgress(
        seconds: lastReport, cells: limits.nodes, lower: bounds.lower, upper: bounds.upper))
  }

  private mutating func take(_ cell: OpenCell, _ outcome: CellBounding.Outcome) {
    if let origin = cell.origin {
      gains[cell.component].learn(from: origin, undecided: outcome.open(of: cell.mass) / cell.mass)
    }
    switch outcome {
    case .decided(let isInside, let records):
      tree.decide(cell.node, by: records)
      if components[cell.component].isGated { gated.append((cell, isInside)) }
      if isInside { inside += cell.mass }
    case .tied(let decision):
      tree.decide(cell.node, by: decision.records)
      tied.append((cell, decision.isInside))
      if decision.isInside { inside += cell.mass }
    case .open(let charged, let scores, let units):
      if !charged.records.isEmpty { tree.decide(cell.node, by: charged.records) }
      var cell = cell
      if cell.depth % Self.cutsPerBounding == 0,
        queue.count * units.lower.count < Self.mostKept
      {
        cell.units = units
        cell.isTightened = true
      }
      cell.bounded = (charged, scores)
      queue.insert(cell)
    }
  }

  func weigh(_ cell: inout OpenCell) {
    var mass = cell.weight
    for entry in cell.lower.indices {
      mass *= components[cell.component].laws[entry].mass(cell.lower[entry], cell.upper[entry])
    }
    cell.mass = mass
  }
}
