import ExactArithmetic
import MassArithmetic
import Testing

func dyadic(_ value: Double) throws -> Dyadic { try #require(Dyadic(exactly: value)) }

func rational(_ value: Double) throws -> Rational { Rational(try dyadic(value)) }

let standard = CoordinateLaw.normal(mean: .zero, variance: .one)

/// Slices of laws, cut at these ends; nil stands for no cut.
struct CutCell {
  var measures: [CoordinateMeasure]
  var slices: [Slice]

  init(_ laws: [CoordinateLaw], _ ends: [(low: Double?, high: Double?)] = []) throws {
    measures = laws.map { CoordinateMeasure($0) }
    slices = laws.map { Slice($0) }
    for (entry, end) in ends.enumerated() {
      if let low = try end.low.map(dyadic) {
        slices[entry] = slices[entry].split(at: low, measures[entry].tails(at: low)).high
      }
      if let high = try end.high.map(dyadic) {
        slices[entry] = slices[entry].split(at: high, measures[entry].tails(at: high)).low
      }
    }
  }

  var mass: Interval { slices.reduce(Interval.one) { $0 * $1.mass } }

  /// A lower bound of the mass where the sum is positive.
  mutating func part(_ coefficients: [Double], _ constant: Double, stepBits: Int = 10) throws
    -> Rational
  {
    let halfSpace = HalfSpace(
      coefficients: try coefficients.map(dyadic), constant: try dyadic(constant))
    return Rational(halfSpace.mass(in: slices, &measures, stepBits: stepBits).lower)
  }

  /// An upper bound of the mass where the sum is zero or less.
  func missed(_ coefficients: [Double], _ constant: Double) throws -> Rational {
    let halfSpace = HalfSpace(
      coefficients: try coefficients.map(dyadic), constant: try dyadic(constant))
    return Rational(halfSpace.missed(in: slices, measures).upper)
  }
}
