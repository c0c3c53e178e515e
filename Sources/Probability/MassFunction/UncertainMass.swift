/// A probability with what is known about its error.
public struct UncertainMass: Hashable, Sendable {
  /// How far the number can be trusted.
  public typealias Status = NormalProbability.Status

  /// The probability.
  public var value: Double
  /// What rounding and quadrature may have cost at most.
  public var error: Double
  /// Half the width of an interval that holds the sampled part with a confidence of 99.9 %; zero where
  /// nothing was sampled.
  public var spread: Double
  /// How far the number can be trusted.
  public var status: Status

  /// Creates a probability.
  ///
  /// - Parameters:
  ///   - value: The probability.
  ///   - error: What rounding and quadrature may have cost at most.
  ///   - spread: Half the width of the confidence interval of what was sampled.
  ///   - status: How far it can be trusted.
  public init(_ value: Double, error: Double = 0, spread: Double = 0, status: Status) {
    self.value = value
    self.error = error
    self.spread = spread
    self.status = status
  }

  init(_ probability: NormalProbability) {
    switch probability.status {
    case .exact, .proved:
      self.init(
        probability.probability, error: probability.absoluteError, status: probability.status)
    case .estimate:
      self.init(probability.probability, spread: probability.absoluteError, status: .estimate)
    }
  }

  /// No probability at all.
  public static let zero = UncertainMass(0, status: .proved)

  /// The lower end.
  public var lower: Double { max(0, value - error - spread) }
  /// The upper end.
  public var upper: Double { min(1, value + error + spread) }

  /// The sum; errors add up, independent spreads add in squares.
  ///
  /// - Parameters:
  ///   - left: One probability.
  ///   - right: Of a disjoint event.
  /// - Returns: The probability of either.
  public static func + (left: UncertainMass, right: UncertainMass) -> UncertainMass {
    UncertainMass(
      left.value + right.value,
      error: left.error + right.error + .ulpOfOne * (left.value + right.value),
      spread: (left.spread * left.spread + right.spread * right.spread).squareRoot(),
      status: left.status.weaker(right.status))
  }

  /// A part of the probability.
  ///
  /// - Parameters:
  ///   - factor: Not negative.
  ///   - mass: The probability.
  /// - Returns: The product.
  public static func * (factor: Double, mass: UncertainMass) -> UncertainMass {
    UncertainMass(
      factor * mass.value, error: factor * mass.error + .ulpOfOne * factor * mass.value,
      spread: factor * mass.spread, status: mass.status)
  }

  /// The sum of many; more exact than one after the other.
  ///
  /// - Parameter masses: Of disjoint events.
  /// - Returns: The probability of any.
  public static func sum(_ masses: some Sequence<UncertainMass>) -> UncertainMass {
    var sum = MassSum()
    for mass in masses { sum.add(mass) }
    return sum.total
  }
}

/// A sum of the probabilities of disjoint events that goes on (Kahan's).
struct MassSum {
  private var value = 0.0
  private var (lost, error, squares) = (0.0, 0.0, 0.0)
  private var status = UncertainMass.Status.proved

  mutating func add(_ mass: UncertainMass) {
    let addend = mass.value - lost
    let sum = value + addend
    lost = (sum - value) - addend
    value = sum
    error += mass.error
    squares += mass.spread * mass.spread
    status = status.weaker(mass.status)
  }

  var total: UncertainMass {
    UncertainMass(
      value, error: error + 2 * .ulpOfOne * value, spread: squares.squareRoot(), status: status)
  }
}

extension NormalProbability.Status {
  /// What can be said of a number made from two.
  func weaker(_ other: Self) -> Self {
    switch (self, other) {
    case (.estimate, _), (_, .estimate): .estimate
    case (.exact, _), (_, .exact): .exact
    case (.proved, .proved): .proved
    }
  }
}
