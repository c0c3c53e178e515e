internal import Approximation
internal import ExactArithmetic
internal import Regions

/// An event as the components of a law see it.
struct EventReading {
  /// How far a prefix of a pattern decides the event.
  private enum Openness {
    case certain, impossible
    /// What is left is about the inputs alone, whose forms are known from the start.
    case inputs
    case open
  }

  /// Below this times what it was summed from, a number may be zero.
  private static let rounding = 1e-11

  let event: Event
  let networks: EventNetworks

  // MARK: Prefixes

  /// Whether the units that a prefix fixes leave nothing open that other units decide.
  func isClosed(_ prefix: BestFirstSearch.Prefix, under component: LatentComponent) -> Bool {
    switch openness(event, prefix, component) {
    case .certain, .impossible, .inputs: true
    case .open: false
    }
  }

  private func openness(
    _ event: Event, _ prefix: BestFirstSearch.Prefix, _ component: LatentComponent
  ) -> Openness {
    switch event {
    case .unit(let condition):
      let unit = place(of: condition, component)
      guard unit < prefix.fixed else { return .open }
      return prefix.pattern[unit] == condition.isActive ? .certain : .impossible
    case .norm: return .open
    case .comparison(let form, _):
      // Behind a clipping the inputs depend on units too.
      return form.isAboutInputs && component.clippingGroups == 0 ? .inputs : .open
    case .all(let parts):
      var worst = Openness.certain
      for part in parts {
        switch openness(part, prefix, component) {
        case .impossible: return .impossible
        case .certain: break
        case .inputs: if worst == .certain { worst = .inputs }
        case .open: worst = .open
        }
      }
      return worst
    case .any(let parts):
      var worst = Openness.impossible
      for part in parts {
        switch openness(part, prefix, component) {
        case .certain: return .certain
        case .impossible: break
        case .inputs: if worst == .impossible { worst = .inputs }
        case .open: worst = .open
        }
      }
      return worst
    }
  }

  private func place(of condition: UnitCondition, _ component: LatentComponent) -> Int {
    let rectifier =
      component.clippingGroups + networks.firstRectifier[condition.network] + condition.rectifier
    return component.network.firstUnit(of: rectifier) + condition.index
  }

  // MARK: Leaves

  /// The event where the units that a prefix fixes are as it says.
  func leaf(
    _ prefix: BestFirstSearch.Prefix, under component: LatentComponent
  ) throws(RegionsError) -> LeafEvent {
    var leaf = Leaf(prefix: prefix, component: component, networks: networks)
    return try leafEvent(event, &leaf)
  }

  private func leafEvent(_ event: Event, _ leaf: inout Leaf) throws(RegionsError) -> LeafEvent {
    switch event {
    case .unit(let condition):
      let unit = place(of: condition, leaf.component)
      guard unit < leaf.prefix.fixed else { preconditionFailure("leaves leave no unit open") }
      return leaf.prefix.pattern[unit] == condition.isActive ? .certain : .impossible
    case .norm(let condition): return try norm(condition, &leaf)
    case .comparison(let form, let relation): return try comparison(form, relation, &leaf)
    case .all(let parts):
      var events: [LeafEvent] = []
      for part in parts {
        let event = try leafEvent(part, &leaf)
        if case .impossible = event { return .impossible }
        events.append(event)
      }
      return .conjunction(events)
    case .any(let parts):
      var events: [LeafEvent] = []
      for part in parts {
        let event = try leafEvent(part, &leaf)
        if case .certain = event { return .certain }
        events.append(event)
      }
      return .disjunction(events)
    }
  }

  private func norm(_ condition: NormCondition, _ leaf: inout Leaf) throws(RegionsError)
    -> LeafEvent
  {
    let (map, magnitudes) = leaf.jacobian(of: condition.network)
    guard let size = JacobianSize(map), let possible = JacobianSize(magnitudes) else {
      throw .notFinite(node: "the Jacobian under \(leaf.prefix.pattern)")
    }
    let limit = condition.limit.nearestDouble
    let difference = size[condition.norm] - limit
    // Where every entry is zero, so is the norm.
    let slack = Self.rounding * (possible[.frobenius] + (possible[.frobenius] > 0 ? limit : 0))
    guard difference.magnitude > slack || slack == 0 else { return .hidden }
    let holds =
      switch condition.side {
      case .above: difference > 0
      case .atLeast: difference >= 0
      case .below: difference < 0
      case .atMost: difference <= 0
      }
    return holds ? .certain : .impossible
  }

  private func comparison(
    _ form: EventForm, _ relation: Event.Relation, _ leaf: inout Leaf
  ) throws(RegionsError) -> LeafEvent {
    var sum = MeasuredForm(form.constant.nearestDouble, dimension: leaf.component.dimension)
    for (quantity, coefficient) in form.coefficients {
      leaf.add(quantity, times: coefficient.nearestDouble, to: &sum)
    }
    guard sum.isFinite else { throw .notFinite(node: "an event under \(leaf.prefix.pattern)") }
    guard sum.isConstant(within: Self.rounding) else {
      // Zero on a plane, which has no mass.
      guard relation != .equal else { return .impossible }
      return .within(HalfSpace(normal: sum.normal.map { -$0 }, offset: -sum.offset))
    }
    guard sum.offset.magnitude > Self.rounding * sum.size || sum.size == 0 else { return .hidden }
    let holds =
      switch relation {
      case .atMost: sum.offset <= 0
      case .below: sum.offset < 0
      case .equal: sum.offset == 0
      }
    return holds ? .certain : .impossible
  }
}

/// A form of the coordinates with what it was summed from.
private struct MeasuredForm {
  var normal: [Double]
  var offset: Double
  /// The magnitudes of all addends, of normal and offset.
  var normalSize = 0.0
  var size: Double

  init(_ constant: Double, dimension: Int) {
    normal = Array(repeating: 0, count: dimension)
    offset = constant
    size = constant.magnitude
  }

  var isFinite: Bool { offset.isFinite && size.isFinite && normal.allSatisfy(\.isFinite) }

  func isConstant(within rounding: Double) -> Bool {
    normal.allSatisfy { $0.magnitude <= rounding * normalSize }
  }

  mutating func add(
    _ factor: Double, _ row: ArraySlice<Double>, _ constant: Double, sizes: ArraySlice<Double>,
    _ constantSize: Double
  ) {
    for (place, value) in row.enumerated() { normal[place] += factor * value }
    offset += factor * constant
    let lengths = sizes.reduce(0, +)
    normalSize += factor.magnitude * lengths
    size += factor.magnitude * (constantSize + lengths)
  }

  mutating func add(_ value: Double, size: Double) {
    offset += value
    self.size += size
  }
}

/// The quantities at a leaf, computed when asked for.
private struct Leaf {
  let prefix: BestFirstSearch.Prefix
  let component: LatentComponent
  let networks: EventNetworks
  private var outputs: (map: AffineMap, magnitudes: AffineMap)?
  private var jacobians: [Int: (AffineMap, AffineMap)] = [:]

  init(prefix: BestFirstSearch.Prefix, component: LatentComponent, networks: EventNetworks) {
    self.prefix = prefix
    self.component = component
    self.networks = networks
  }

  /// The map of one network, whose linear part is its Jacobian, with the magnitudes it is summed from.
  mutating func jacobian(of network: Int) -> (AffineMap, AffineMap) {
    if let known = jacobians[network] { return known }
    let pattern = networks.pattern(
      of: network, in: prefix.pattern, skipping: component.clippingGroups)
    let maps = (
      networks.single[network].network.map(under: pattern),
      networks.single[network].magnitudes.map(under: pattern)
    )
    jacobians[network] = maps
    return maps
  }

  mutating func add(_ quantity: EventQuantity, times factor: Double, to sum: inout MeasuredForm) {
    switch quantity {
    case .jacobian(let network, let entry, let input):
      let (map, magnitudes) = jacobian(of: network)
      let place = entry * map.columns + input
      sum.add(factor * map.matrix[place], size: factor.magnitude * magnitudes.matrix[place])
    case .input(let entry) where component.clippingGroups == 0:
      let chart = component.scope.chart
      let row = chart.basis[entry * chart.dimension..<(entry + 1) * chart.dimension]
      sum.add(
        factor, row, chart.origin[entry], sizes: row.map(\.magnitude)[...],
        chart.origin[entry].magnitude)
    case .input, .output:
      guard let place = networks.output(of: quantity) else {
        preconditionFailure("quantities of an event are outputs of its networks")
      }
      let (map, magnitudes) = allOutputs()
      sum.add(
        factor, map.row(place), map.offset[place], sizes: magnitudes.row(place),
        magnitudes.offset[place])
    }
  }

  private mutating func allOutputs() -> (map: AffineMap, magnitudes: AffineMap) {
    if let outputs { return outputs }
    var walk = PatternPrefix(component.network, on: component.scope.chart, tracksMagnitudes: true)
    while let ordinal = walk.ordinal { walk = walk.fixing(prefix.pattern.group(ordinal)) }
    guard let magnitudes = walk.outputMagnitudes else {
      preconditionFailure("magnitudes were asked for")
    }
    let found = (walk.outputs, magnitudes)
    outputs = found
    return found
  }
}

extension EventForm {
  fileprivate var isAboutInputs: Bool {
    coefficients.keys.allSatisfy { if case .input = $0 { true } else { false } }
  }
}
