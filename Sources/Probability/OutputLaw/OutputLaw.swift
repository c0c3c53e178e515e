internal import Approximation
public import ExactArithmetic
public import NetworkModel
internal import Regions

/// The law of a network's outputs.
///
/// On each region the outputs are affine in the noise, so that every event of linear conditions is a
/// sum of masses of polytopes, one for each region and component.
///
/// Source: Chaudhari and Moura, *ReLU Networks as Random Functions*, Proposition 3. Their Proposition 2,
/// a mixture of truncated normal laws, holds only where the maps are injective: on other regions the
/// law is a selection law, which the sum of masses gives as it is.
public struct OutputLaw: Sendable {
  /// One region of one component.
  struct Piece: Sendable {
    let region: RegionPiece
    /// With the component's weight.
    let mass: UncertainMass
  }

  /// How many outputs there are.
  public let outputSize: Int
  /// The pieces with mass, the heaviest one first.
  let pieces: [Piece]
  /// The probability of all pieces together.
  public let covered: UncertainMass
  /// What all that is not looked at can have at most.
  public let missing: Double
  let options: MassOptions

  /// What can be said of numbers that the missing mass goes into: it was sampled if the masses were.
  var missingStatus: UncertainMass.Status {
    missing > 0 ? UncertainMass.Status.exact.weaker(covered.status) : .exact
  }

  /// Finds the law by enumerating all regions.
  ///
  /// - Parameters:
  ///   - network: With one input.
  ///   - distribution: The law of its input.
  ///   - options: How masses are sampled in more than two dimensions.
  ///   - isCancelled: Asked now and then; `true` ends the walk.
  /// - Throws: ``MassError``.
  public init(
    of network: Network, under distribution: Distribution, options: MassOptions = MassOptions(),
    isCancelled: () -> Bool = { false }
  ) throws(MassError) {
    let components = try LatentComponent.components(of: distribution, seenBy: network)
    try self.init(of: components, options: options, isCancelled: isCancelled)
  }

  /// Finds the law by enumerating all regions.
  ///
  /// - Parameters:
  ///   - components: The law of the input as the network sees it, at least one.
  ///   - options: How masses are sampled in more than two dimensions.
  ///   - isCancelled: Asked now and then; `true` ends the walk.
  /// - Throws: ``MassError``.
  public init(
    of components: [LatentComponent], options: MassOptions = MassOptions(),
    isCancelled: () -> Bool = { false }
  ) throws(MassError) {
    var pieces: [Piece] = []
    try RegionPiece.forEach(of: components, isCancelled: isCancelled) { region throws(MassError) in
      pieces.append(try Self.piece(region, options))
    }
    self.init(
      pieces, outputSize: components.first?.network.outputSize ?? 0, missing: 0, options)
  }

  init(_ pieces: [Piece], outputSize: Int, missing: Double, _ options: MassOptions) {
    self.pieces = pieces.filter { $0.mass.upper > 0 }.sorted { $0.mass.value > $1.mass.value }
    self.outputSize = outputSize
    covered = .sum(self.pieces.map(\.mass))
    self.missing = missing
    self.options = options
  }

  static func piece(
    _ region: RegionPiece, _ options: MassOptions
  ) throws(MassError) -> Piece {
    do throws(NormalError) {
      let mass = try region.component.mass(of: region.halfSpaces, options: options)
      return Piece(region: region, mass: region.component.weight * mass)
    } catch { throw .normal(error) }
  }

  /// The probability that some linear conditions hold together.
  ///
  /// Edge cases: where a region's outputs do not depend on the noise, `<` and `<=` are told apart.
  ///
  /// - Parameter conditions: On the outputs.
  /// - Returns: The probability.
  /// - Throws: ``MassError`` for numbers that are out of range.
  public func probability(
    of conditions: [OutputCondition]
  ) throws(MassError) -> OutputProbability {
    let marginals = conditions.map { marginal(of: $0.weights) }
    var sum = ProbabilitySum()
    for (place, piece) in pieces.enumerated() {
      var spaces = piece.region.halfSpaces
      var (isPossible, isTie, isCut) = (true, false, false)
      for (condition, marginal) in zip(conditions, marginals) {
        switch marginal.rows[place] {
        case .varies(let row):
          spaces.append(row.halfSpace(atMost: condition.limit.nearestDouble))
          isCut = true
        case .constant(let constant):
          switch constant.compare(with: condition.limit) {
          case .below: break
          case .equal where !condition.isStrict: break
          case .equal, .above: isPossible = false
          case .tie: isTie = true
          }
        }
      }
      guard isPossible else { continue }
      sum.add(isCut ? try mass(of: piece, within: spaces) : piece.mass, isTie: isTie)
    }
    return sum.probability(of: self)
  }

  func mass(of piece: Piece, within spaces: [HalfSpace]) throws(MassError) -> UncertainMass {
    do throws(NormalError) {
      let component = piece.region.component
      return component.weight * (try component.mass(of: spaces, options: options))
    } catch { throw .normal(error) }
  }
}

/// `weights · y <= limit`, or `<`.
public struct OutputCondition: Sendable {
  /// One for each output.
  public let weights: [Rational]
  /// What the combination may be at most.
  public let limit: Rational
  /// Whether the limit itself does not count.
  public let isStrict: Bool

  /// Creates a condition.
  ///
  /// - Parameters:
  ///   - weights: One for each output.
  ///   - limit: What the combination may be at most.
  ///   - isStrict: Whether the limit itself does not count.
  public init(weights: [Rational], limit: Rational, isStrict: Bool = false) {
    self.weights = weights
    self.limit = limit
    self.isStrict = isStrict
  }
}

/// A probability of an output event, with the interval that it is in.
public struct OutputProbability: Hashable, Sendable {
  /// The most plausible number.
  public let value: Double
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double
  /// How far the interval can be trusted.
  public let status: UncertainMass.Status

  /// Creates a probability.
  ///
  /// - Parameters:
  ///   - value: The most plausible number.
  ///   - lower: The lower end.
  ///   - upper: The upper end.
  ///   - status: How far the interval can be trusted.
  public init(value: Double, lower: Double, upper: Double, status: UncertainMass.Status) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.status = status
  }
}

/// Sums masses; those that rounding leaves open only count above.
struct ProbabilitySum {
  private var certain: [UncertainMass] = []
  private var open: [UncertainMass] = []

  mutating func add(_ mass: UncertainMass, isTie: Bool) {
    if isTie { open.append(mass) } else { certain.append(mass) }
  }

  func probability(of law: OutputLaw) -> OutputProbability {
    // The smallest first, so that they are not lost.
    let low = UncertainMass.sum(certain.reversed())
    let high = UncertainMass.sum((certain + open).sorted { $0.value < $1.value })
    return OutputProbability(
      value: min(1, open.isEmpty ? low.value : (low.value + high.value) / 2), lower: low.lower,
      upper: min(1, high.upper + law.missing),
      // Never more than exact: which pieces count is decided in doubles.
      status: law.missingStatus.weaker(low.status).weaker(high.status))
  }
}
