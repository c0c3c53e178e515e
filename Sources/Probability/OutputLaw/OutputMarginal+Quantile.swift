internal import Approximation
internal import ExactArithmetic
internal import Foundation

extension OutputMarginal {
  /// The least number that the combination is at most with some probability.
  public struct Quantile: Hashable, Sendable {
    /// The lower end; `-infinity` where what is missing leaves it open.
    public let lower: Double
    /// The upper end; `infinity` where what is missing leaves it open.
    public let upper: Double
    /// Whether it is an atom.
    public let isAtom: Bool
  }

  /// The quantile of a probability: the infimum of the numbers t with P(combination ≤ t) ≥ `share`.
  ///
  /// - Parameter share: Between 0 and 1, neither of them.
  /// - Returns: An interval that holds it.
  /// - Throws: ``MassError`` for numbers that are out of range.
  public func quantile(_ share: Double) throws(MassError) -> Quantile {
    precondition(share > 0 && share < 1, "a share between 0 and 1")
    let range = self.range
    let lower = try crossing(range) { $0.upper >= share }
    let upper = try crossing(range) { $0.lower >= share }
    let atom = atoms.first { atom in
      let slack = 1e-12 * max(1, atom.value.magnitude)
      return lower >= atom.value - slack && upper <= atom.value + slack
    }
    if let atom { return Quantile(lower: atom.value, upper: atom.value, isAtom: true) }
    return Quantile(lower: lower, upper: upper, isAtom: false)
  }

  /// Numbers that hold all mass between them, as far as binary64 sees any.
  var range: (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for (piece, row) in zip(law.pieces, rows) {
      switch row {
      case .constant(let constant):
        low = min(low, constant.value.nearestDouble)
        high = max(high, constant.value.nearestDouble)
      case .varies(let varying):
        let reach = varying.reach(normalCount: piece.region.component.normalCount)
        low = min(low, varying.constant - reach)
        high = max(high, varying.constant + reach)
      }
    }
    return (low, high)
  }

  /// The number from which on the distribution function satisfies something.
  private func crossing(
    _ range: (low: Double, high: Double), _ isMet: (OutputProbability) -> Bool
  ) throws(MassError) -> Double {
    guard range.low <= range.high else { return .nan }
    guard isMet(try probability(atMost: exact(range.high))) else { return .infinity }
    guard !isMet(try probability(atMost: exact(range.low), isStrict: true)) else {
      return -.infinity
    }
    var (low, high) = range
    while true {
      let middle = low / 2 + high / 2
      let resolution = 1e-14 * max(low.magnitude, high.magnitude)
      guard low < middle, middle < high, high - low > resolution else { return high }
      if isMet(try probability(atMost: exact(middle))) { high = middle } else { low = middle }
    }
  }

  private func exact(_ number: Double) -> Rational {
    Rational(Dyadic(exactly: number) ?? .zero)
  }
}
