public import NetworkModel
public import Regions

/// The law of a network's Jacobian: of its singular values and norms, over the regions with mass.
///
/// The Jacobian of almost every input is the linear part of its region's map. Source: Chaudhari and
/// Moura, section 5.3, as a law and not as the singular values of an expected map.
public struct JacobianLaw: Sendable {
  /// A Jacobian's size with the probability of the regions that have it.
  public struct Atom: Sendable {
    /// Singular values and norms.
    public let size: JacobianSize
    /// How probable.
    public let mass: UncertainMass
  }

  /// The sizes, not merged; as the mass function has its patterns.
  public let atoms: [Atom]
  /// The probability of all inputs whose Jacobian is not known.
  public let missing: Double

  /// Measures the maps of a mass function.
  ///
  /// - Parameters:
  ///   - masses: The patterns with their probabilities.
  ///   - network: Their network.
  /// - Throws: ``RegionsError`` for a network that is none of one input, and for maps that overflow.
  public init(_ masses: MassFunction, of network: Network) throws(RegionsError) {
    let prepared = try RegionNetwork(network)
    var atoms: [Atom] = []
    for entry in masses.entries {
      guard let size = JacobianSize(prepared.map(under: entry.pattern)) else {
        throw .notFinite(node: "the Jacobian of \(entry.pattern)")
      }
      atoms.append(Atom(size: size, mass: entry.mass))
    }
    self.atoms = atoms
    missing = masses.missing
  }

  /// The probability that a norm exceeds a number.
  ///
  /// - Parameters:
  ///   - norm: Which.
  ///   - limit: The number.
  /// - Returns: The probability of the known part, and between which numbers the whole lies.
  public func probability(
    of norm: MatrixNorm, above limit: Double
  ) -> (known: UncertainMass, whole: OutputProbability) {
    let known = UncertainMass.sum(
      atoms.filter { $0.size[norm] > limit }.map(\.mass).reversed())
    let whole = OutputProbability(
      value: min(1, known.value), lower: known.lower, upper: min(1, known.upper + missing),
      // What is missing was sampled if the masses were.
      status: UncertainMass.Status.exact.weaker(missing > 0 ? covered.status : known.status))
    return (known, whole)
  }

  /// The probability of all that is known.
  private var covered: UncertainMass { .sum(atoms.map(\.mass)) }

  /// The values of a norm at which its distribution function passes some levels.
  ///
  /// - Parameters:
  ///   - norm: Which.
  ///   - levels: Between 0 and 1.
  /// - Returns: For each level the least value that can be the quantile and the greatest one, with
  ///   the missing mass put below everything or above everything (infinite), and what is not known
  ///   of the masses with it.
  public func quantiles(
    of norm: MatrixNorm, at levels: [Double]
  ) -> [(lower: Double, upper: Double)] {
    let sorted = atoms.map { (value: $0.size[norm], mass: $0.mass.value) }
      .sorted { $0.value < $1.value }
    func quantile(_ level: Double, startingAt start: Double, beyond: Double) -> Double {
      var sum = start
      if sum >= level { return 0 }
      for atom in sorted {
        sum += atom.mass
        if sum >= level { return atom.value }
      }
      return beyond
    }
    let covered = self.covered
    let unsure = covered.error + covered.spread
    let greatest = missing > 1e-9 ? Double.infinity : sorted.last?.value ?? 0
    return levels.map { level in
      (
        quantile(level, startingAt: missing, beyond: sorted.last?.value ?? 0),
        quantile(level, startingAt: -unsure, beyond: greatest)
      )
    }
  }
}
