internal import Approximation
internal import NetworkModel
internal import Regions

/// Events at single inputs, in binary64.
struct EventEvaluation {
  private let networks: [(network: Network, regions: RegionNetwork)]

  init(_ networks: [Network]) throws(MassError) {
    var prepared: [(Network, RegionNetwork)] = []
    do {
      for network in networks { prepared.append((network, try RegionNetwork(network))) }
    } catch { throw .regions(error) }
    self.networks = prepared
  }

  /// How far an input is from an event.
  ///
  /// Not above zero where it happens, as far as rounding shows, and below zero where it happens with
  /// room. Of units and norms the distance is 1 or −1.
  func distance(of point: [Double], to event: Event) throws(MassError) -> Double {
    var values = Values(point: point, networks: networks)
    do { return try values.distance(to: event) } catch { throw .regions(error) }
  }

  /// Whether an event happens at an input.
  func happens(_ event: Event, at point: [Double]) throws(MassError) -> Bool {
    try distance(of: point, to: event) <= 0
  }
}

/// What networks are at one input, computed when asked for.
private struct Values {
  let point: [Double]
  let networks: [(network: Network, regions: RegionNetwork)]
  private var outputs: [Int: [Double]] = [:]
  private var patterns: [Int: ActivationPattern] = [:]
  private var maps: [Int: AffineMap] = [:]

  init(point: [Double], networks: [(network: Network, regions: RegionNetwork)]) {
    (self.point, self.networks) = (point, networks)
  }

  mutating func distance(to event: Event) throws(RegionsError) -> Double {
    switch event {
    case .comparison(let form, let relation):
      let value = try self.value(of: form)
      switch relation {
      case .atMost: return value
      case .below: return value == 0 ? .leastNonzeroMagnitude : value
      case .equal: return value.magnitude
      }
    case .norm(let condition):
      let map = try map(of: condition.network)
      guard let size = JacobianSize(map) else { throw .notFinite(node: "a Jacobian") }
      let (norm, limit) = (size[condition.norm], condition.limit.nearestDouble)
      let holds =
        switch condition.side {
        case .above: norm > limit
        case .atLeast: norm >= limit
        case .below: norm < limit
        case .atMost: norm <= limit
        }
      return holds ? -1 : 1
    case .unit(let condition):
      let pattern = try pattern(of: condition.network)
      let first = networks[condition.network].regions.firstUnit(of: condition.rectifier)
      return pattern[first + condition.index] == condition.isActive ? -1 : 1
    case .all(let parts):
      var worst = -Double.infinity
      for part in parts { worst = max(worst, try distance(to: part)) }
      return worst
    case .any(let parts):
      var best = Double.infinity
      for part in parts { best = min(best, try distance(to: part)) }
      return best
    }
  }

  private mutating func value(of form: EventForm) throws(RegionsError) -> Double {
    var sum = form.constant.nearestDouble
    for (quantity, coefficient) in form.coefficients {
      let value: Double
      switch quantity {
      case .input(let entry): value = point[entry]
      case .output(let network, let entry): value = output(of: network)[entry]
      case .jacobian(let network, let entry, let input):
        let map = try map(of: network)
        value = map.matrix[entry * map.columns + input]
      }
      sum += coefficient.nearestDouble * value
    }
    guard sum.isFinite else { throw .notFinite(node: "an event") }
    return sum
  }

  private mutating func output(of network: Int) -> [Double] {
    if let known = outputs[network] { return known }
    let found = networks[network].network.evaluate([point]).flatMap { $0 }
    outputs[network] = found
    return found
  }

  private mutating func pattern(of network: Int) throws(RegionsError) -> ActivationPattern {
    if let known = patterns[network] { return known }
    let found = try networks[network].regions.pattern(at: point)
    patterns[network] = found
    return found
  }

  private mutating func map(of network: Int) throws(RegionsError) -> AffineMap {
    if let known = maps[network] { return known }
    let found = networks[network].regions.map(under: try pattern(of: network))
    maps[network] = found
    return found
  }
}
