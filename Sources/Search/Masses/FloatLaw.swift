internal import Approximation
internal import ExactArithmetic
internal import MassArithmetic

/// The law of one coordinate in binary64: masses to choose by, and places to cut at.
struct FloatLaw {
  private struct Tails {
    let below: Double
    let above: Double
  }

  private let law: CoordinateLaw
  private let range: (lower: Dyadic, upper: Dyadic, isBounded: (below: Bool, above: Bool))
  private let ends: (lower: Double, upper: Double)
  private var known: [Double: Tails] = [:]

  init(_ law: CoordinateLaw, lower: Double, upper: Double) {
    self.law = law
    range = law.range
    ends = (lower, upper)
  }

  /// The mass between two cuts or ends of the range.
  mutating func mass(_ low: Double, _ high: Double) -> Double {
    let low =
      low == ends.lower && range.isBounded.below ? Tails(below: 0, above: 1) : tails(at: low)
    let high =
      high == ends.upper && range.isBounded.above ? Tails(below: 1, above: 0) : tails(at: high)
    if low.above <= 0.5 { return max(0, low.above - high.above) }
    if high.below <= 0.5 { return max(0, high.below - low.below) }
    return max(0, 1 - low.below - high.above)
  }

  private mutating func tails(at cut: Double) -> Tails {
    if let tails = known[cut] { return tails }
    guard let place = Dyadic(exactly: cut) else { return Tails(below: 1, above: 0) }
    let exact = law.tails(at: place)
    let tails = Tails(
      below: exact.below.lower.nearestDouble, above: exact.above.lower.nearestDouble)
    known[cut] = tails
    return tails
  }

  /// Where the tails of a normal law are cut off, so that boxes of ordinary size are left.
  ///
  /// - Parameter mass: What each tail may weigh.
  /// - Returns: The cuts, the lower one first.
  func tailCuts(weighing mass: Double) -> [Double] {
    let (mean, variance): (Rational, Rational)
    switch law {
    case .normal(let first, let second), .truncatedNormal(let first, let second, _, _):
      (mean, variance) = (first, second)
    case .uniform, .points, .clipped: return []
    }
    // Q(t) ≤ e^(−t² / 2).
    let distance =
      (variance.nearestDouble * 2 * -Self.logarithm(min(0.25, max(mass, 1e-300))))
      .squareRoot()
    return [
      range.isBounded.below ? nil : mean.nearestDouble - distance,
      range.isBounded.above ? nil : mean.nearestDouble + distance,
    ].compactMap(\.self).filter { isWithin($0, ends.lower, ends.upper) }
  }

  /// The natural logarithm to a digit or two, by the binary exponent.
  private static func logarithm(_ value: Double) -> Double {
    0.693 * (Double(value.exponent) + value.significand - 1)
  }

  /// Where to cut between two ends; nil where there is nothing to cut.
  func cut(_ low: Double, _ high: Double) -> Double? {
    let candidates: [Double]
    if case .points(let points) = law {
      // At a value, or close to one on either side.
      let values = points.map(\.value.nearestDouble).filter {
        (low < $0 || $0 == ends.lower) && low <= $0 && $0 <= high
      }
      let step = (ends.upper - ends.lower) * 0x1p-40
      let middle = values.isEmpty ? nil : values[(values.count - 1) / 2]
      candidates = middle.map { [$0, $0 + step, $0 - step, $0.nextUp, $0.nextDown] } ?? []
    } else {
      candidates = [low / 2 + high / 2]
    }
    return candidates.first { isWithin($0, low, high) }
  }

  private func isWithin(_ value: Double, _ low: Double, _ high: Double) -> Bool {
    guard low < value, value < high, let exact = Dyadic(exactly: value) else { return false }
    return range.lower < exact && exact < range.upper
  }
}
