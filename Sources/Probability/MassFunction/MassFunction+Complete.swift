internal import LinearProgramming
public import NetworkModel
public import Regions

/// Why masses could not be computed.
public enum MassError: Error, Sendable, CustomStringConvertible {
  /// Regions could not be found.
  case regions(RegionsError)
  /// Numbers are out of range.
  case normal(NormalError)
  /// The law cannot be taken apart.
  case distribution(DistributionError)
  /// It was cancelled.
  case cancelled

  /// One sentence.
  public var description: String {
    switch self {
    case .regions(let error): error.description
    case .normal(let error): error.description
    case .distribution(let error): error.description
    case .cancelled: "it was cancelled"
    }
  }
}

/// A component of a law restricted to one region of a network: on it the network is one affine map.
public struct RegionPiece: Sendable {
  /// The component.
  public let component: LatentComponent
  /// The pattern of the network.
  public let pattern: ActivationPattern
  /// The pattern of the component's network, with the units of its clipping.
  public let clippedPattern: ActivationPattern
  /// The region as half-spaces of the component's coordinates; its own ones left out.
  public let halfSpaces: [HalfSpace]
  /// The outputs as functions of the component's coordinates.
  public let map: AffineMap
}

extension LatentComponent {
  /// Takes a law apart as a network sees it.
  ///
  /// - Parameters:
  ///   - distribution: The law of the network's input.
  ///   - network: With one input.
  /// - Returns: One a component.
  /// - Throws: ``MassError``.
  public static func components(
    of distribution: Distribution, seenBy network: Network
  ) throws(MassError) -> [LatentComponent] {
    let components: [Component]
    do {
      components = try distribution.components { component in
        Self.boxProbability(of: component)
      }
    } catch { throw .distribution(error) }
    var latent: [LatentComponent] = []
    for component in components {
      do { latent.append(try LatentComponent(component, of: network)) } catch {
        throw .regions(error)
      }
    }
    return latent
  }

  /// The probability of a component's truncation box.
  private static func boxProbability(of component: Component) -> Double {
    var plain = component
    plain.clipping = nil
    plain.weight = 1
    // The identity tells all entries apart.
    let size = component.dimension
    let port = { (node: Int) in
      Port(name: "x", shape: [size], elementType: .float64, node: NodeIndex(node))
    }
    let identity = Network(
      nodes: [Node(name: "x", size: size, operation: .input)], inputs: [port(0)],
      outputs: [port(0)])
    guard let latent = try? LatentComponent(plain, of: identity),
      let mass = try? latent.mass(of: [])
    else { return 0 }
    return mass.value
  }
}

extension RegionPiece {
  /// Calls a closure with every piece that components and regions make.
  ///
  /// Pieces without interior are left out. Meant for few coordinates: all regions are enumerated.
  ///
  /// - Parameters:
  ///   - components: The law as the network sees it.
  ///   - isCancelled: Asked now and then; `true` ends the walk.
  ///   - visit: Gets each piece once.
  /// - Throws: ``MassError``, and what `visit` throws.
  public static func forEach(
    of components: [LatentComponent], isCancelled: () -> Bool = { false },
    _ visit: (RegionPiece) throws(MassError) -> Void
  ) throws(MassError) {
    // In at most two dimensions components with a density share the regions of the inputs.
    let shared = components.filter(\.seesTheInputsThemselves)
    if shared.count > 1, let network = shared.first?.network {
      try walk(network, { () throws(RegionsError) in try Scope(allInputsOf: network) }, isCancelled)
      {
        region throws(MassError) in
        let spaces = region.facets.finite.map(HalfSpace.init)
        for component in shared {
          try visit(
            RegionPiece(
              component: component, pattern: region.pattern, clippedPattern: region.pattern,
              halfSpaces: component.pulledBack(spaces),
              map: region.map.after(component.scope.chart)))
        }
      }
    }
    for component in components where shared.count < 2 || !component.seesTheInputsThemselves {
      try walk(component.network, { () throws(RegionsError) in component.scope }, isCancelled) {
        region throws(MassError) in
        let units = region.facets.finite.filter { $0.origin != .scope }
        try visit(
          RegionPiece(
            component: component, pattern: component.withoutClipping(region.pattern),
            clippedPattern: region.pattern, halfSpaces: units.map(HalfSpace.init), map: region.map))
      }
    }
  }

  private static func walk(
    _ network: RegionNetwork, _ scope: () throws(RegionsError) -> Scope,
    _ isCancelled: () -> Bool, _ visit: (Region) throws(MassError) -> Void
  ) throws(MassError) {
    var failure: MassError?
    do {
      try network.forEachRegion(meeting: scope(), isCancelled: isCancelled) {
        region throws(RegionsError) in
        do throws(MassError) { try visit(region) } catch {
          failure = error
          throw .cancelled
        }
      }
    } catch { throw failure ?? .regions(error) }
  }
}

extension LatentComponent {
  /// Whether the coordinates are those of the inputs but for an invertible map, in few dimensions.
  fileprivate var seesTheInputsThemselves: Bool {
    clippingGroups == 0 && dimension == network.inputSize && dimension <= 2
      && RowSpace(rows: scope.chart.basis, dimension: dimension).directions.count == dimension
  }
}

extension [Region.Facet] {
  /// The facets that are not at infinity.
  fileprivate var finite: [Region.Facet] { filter { $0.origin != .infinity } }
}

extension AffineMap {
  /// The map of a chart's coordinates instead of the inputs.
  fileprivate func after(_ chart: Chart) -> AffineMap {
    var product: [Double] = []
    for row in 0..<rows {
      for coordinate in 0..<chart.dimension {
        product.append(
          zip(self.row(row), chart.origin.indices).reduce(0) {
            $0 + $1.0 * chart.basis[$1.1 * chart.dimension + coordinate]
          })
      }
    }
    return AffineMap(
      rows: rows, columns: chart.dimension, matrix: product, offset: image(of: chart.origin))
  }
}

extension MassFunction {
  /// The law of the pattern by enumerating all regions.
  ///
  /// - Parameters:
  ///   - components: The law as the network sees it; see ``LatentComponent/components(of:seenBy:)``.
  ///   - options: Of sampled answers.
  ///   - isCancelled: Asked now and then; `true` ends the walk.
  /// - Returns: All patterns with mass; exact up to two coordinates.
  /// - Throws: ``MassError``.
  public static func complete(
    _ components: [LatentComponent], options: MassOptions = MassOptions(),
    isCancelled: () -> Bool = { false }
  ) throws(MassError) -> MassFunction {
    var masses: [ActivationPattern: [UncertainMass]] = [:]
    try RegionPiece.forEach(of: components, isCancelled: isCancelled) { piece throws(MassError) in
      do throws(NormalError) {
        let mass = try piece.component.mass(of: piece.halfSpaces, options: options)
        masses[piece.pattern, default: []].append(piece.component.weight * mass)
      } catch { throw .normal(error) }
    }
    return MassFunction(masses, coverage: .complete)
  }
}
