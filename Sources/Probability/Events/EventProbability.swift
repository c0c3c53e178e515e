internal import LinearProgramming
public import NetworkModel
internal import Regions

/// How probable an event is, as far as the parts of the inputs are known that were looked at.
public struct EventInterval: Sendable {
  /// The probability that the event happens on a part that was looked at.
  public internal(set) var happens = UncertainMass.zero
  /// The probability of all parts that were looked at.
  public internal(set) var covered = UncertainMass.zero
  /// Of these, what rounding does not decide.
  public internal(set) var hidden = UncertainMass.zero
  /// How many parts were looked at.
  public internal(set) var parts = 0

  /// Where nobody has looked yet: from 0 to 1.
  public init() {}

  /// What the probability is at least.
  public var lower: Double { happens.lower }

  /// What it is at most: as if the event happened wherever nobody looked.
  public var upper: Double {
    max(lower, min(1, happens.upper + hidden.upper + max(0, 1 - covered.lower)))
  }

  /// How far the ends can be trusted: `exact` up to stated rounding, or `estimate` where some masses are
  /// sampled and hold with a confidence of 99.9 %.
  public var status: UncertainMass.Status {
    switch happens.status.weaker(covered.status).weaker(hidden.status) {
    // No end has a proof.
    case .proved, .exact: .exact
    case .estimate: .estimate
    }
  }
}

/// The question how probable an event is.
public struct EventQuestion: Sendable {
  private let event: Event
  private let networks: EventNetworks
  private let components: [LatentComponent]

  /// Asks.
  ///
  /// - Parameters:
  ///   - event: What may happen.
  ///   - networks: The networks that it speaks of, each with one input of the law's size.
  ///   - law: The law of the input.
  /// - Throws: ``MassError``.
  public init(
    _ event: Event, of networks: [Network], under law: Distribution
  ) throws(MassError) {
    self.event = event
    do { self.networks = try EventNetworks(networks, of: event) } catch { throw .regions(error) }
    components = try LatentComponent.components(of: law, seenBy: self.networks.joint)
  }

  /// Finds the probability, in an interval that narrows.
  ///
  /// Where up to two coordinates tell all inputs of a component apart, all of its regions are
  /// enumerated. Elsewhere prefixes of patterns are continued, the most probable one first, until their
  /// units decide the event or all are fixed.
  ///
  /// Rounding: there, linear programs drop half-spaces that would cut off no more than a slab of 1e-9;
  /// what that costs is not in the stated error.
  ///
  /// - Parameters:
  ///   - options: Of sampled masses.
  ///   - isEnough: Gets the interval after each part; `true` ends the search, as it does before the first.
  /// - Returns: The last interval.
  /// - Throws: ``MassError``.
  public func narrow(
    options: MassOptions = MassOptions(), until isEnough: (EventInterval) -> Bool
  ) throws(MassError) -> EventInterval {
    var sum = IntervalSum()
    var isDone = isEnough(sum.interval)
    let reading = EventReading(event: event, networks: networks)
    func look(_ prefix: BestFirstSearch.Prefix, _ spaces: [HalfSpace]) throws(MassError) {
      let component = components[prefix.component]
      let measure = LeafMeasure(component: component, options: options)
      let event: LeafEvent
      do { event = try reading.leaf(prefix, under: component) } catch { throw .regions(error) }
      sum.add(try measure.masses(of: event, within: spaces))
      isDone = isEnough(sum.interval)
    }
    let isSmall = components.map { $0.dimension <= 2 }
    for (index, component) in components.enumerated() where isSmall[index] && !isDone {
      do throws(MassError) {
        try RegionPiece.forEach(of: [component], isCancelled: { isDone }) {
          piece throws(MassError) in
          let prefix = BestFirstSearch.Prefix(
            component: index, pattern: piece.clippedPattern, fixed: piece.clippedPattern.unitCount)
          try look(prefix, piece.halfSpaces)
          if isDone { throw .regions(.cancelled) }
        }
      } catch {
        guard isDone, case .regions(.cancelled) = error else { throw error }
      }
    }
    var search = BestFirstSearch(
      components, among: components.indices.filter { !isSmall[$0] }, leastMass: 0
    ) { reading.isClosed($0, under: components[$0.component]) }
    while !isDone, let prefix = search.next() {
      let component = components[prefix.component]
      let facets: [Region.Facet]?
      do {
        facets = try component.network.facets(
          ofFirst: prefix.fixed, of: prefix.pattern, within: component.scope)
      } catch { throw .regions(error) }
      if let facets {
        try look(prefix, facets.filter { $0.origin != .scope }.map(HalfSpace.init))
      } else {
        isDone = isEnough(sum.interval)
      }
    }
    return sum.interval
  }
}

/// Sums the masses of parts.
private struct IntervalSum {
  private(set) var interval = EventInterval()
  private var (happens, covered, hidden) = (MassSum(), MassSum(), MassSum())

  mutating func add(_ masses: LeafMeasure.Masses) {
    happens.add(masses.happens)
    covered.add(masses.whole)
    hidden.add(masses.hidden)
    interval.happens = happens.total
    interval.covered = covered.total
    interval.hidden = hidden.total
    interval.parts += 1
  }
}

/// Measures what a leaf's event has of the leaf.
private struct LeafMeasure {
  /// The masses of a leaf.
  struct Masses {
    var whole: UncertainMass
    var happens = UncertainMass.zero
    var hidden = UncertainMass.zero
  }

  let component: LatentComponent
  let options: MassOptions

  func masses(
    of event: LeafEvent, within spaces: [HalfSpace]
  ) throws(MassError) -> Masses {
    var masses = Masses(whole: try mass(of: spaces))
    try add(event, within: spaces, to: &masses)
    return masses
  }

  /// Adds what an event has of some half-spaces, cut by its conditions one after the other, so that the
  /// pieces are disjoint.
  private func add(
    _ event: LeafEvent, within spaces: [HalfSpace], to masses: inout Masses, isWhole: Bool = true
  ) throws(MassError) {
    switch event {
    case .impossible: return
    case .certain:
      masses.happens = masses.happens + (isWhole ? masses.whole : try mass(of: spaces))
    case .hidden:
      masses.hidden = masses.hidden + (isWhole ? masses.whole : try mass(of: spaces))
    case .within, .all, .any:
      guard let condition = event.condition else {
        // Conjunctions and disjunctions of nothing but what is hidden.
        return try add(.hidden, within: spaces, to: &masses, isWhole: isWhole)
      }
      for side in [condition, condition.opposite] {
        let rest = event.assuming(side)
        let cut = spaces + [side]
        switch rest.isOpen ? try extent(of: cut) : .full {
        case .full: try add(rest, within: cut, to: &masses, isWhole: false)
        case .flat: masses.hidden = masses.hidden + (try mass(of: cut))
        case .empty: break
        }
      }
    }
  }

  private func mass(of spaces: [HalfSpace]) throws(MassError) -> UncertainMass {
    do throws(NormalError) {
      return component.weight * (try component.mass(of: spaces, options: options))
    } catch { throw .normal(error) }
  }

  private enum Extent {
    case full, flat, empty
  }

  /// What half-spaces have in common, as far as a linear program sees.
  private func extent(of spaces: [HalfSpace]) throws(MassError) -> Extent {
    do throws(ProblemError) {
      var polytope = component.scope.polytope
      for space in spaces {
        try polytope.add(space.normal.map { -$0 }, atMost: space.offset)
      }
      switch try polytope.largestBall() {
      case .ball: return .full
      case .flat: return .flat
      case .reportedEmpty: return .empty
      // Without an answer nothing is left out.
      case .stopped: return .full
      }
    } catch { throw .regions(.unusableSet("\(error)")) }
  }
}
