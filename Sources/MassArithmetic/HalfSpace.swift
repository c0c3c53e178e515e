public import ExactArithmetic

/// The points where `Σ coefficient_i z_i + constant > 0`.
public struct HalfSpace: Sendable {
  let coefficients: [Dyadic]
  let constant: Dyadic

  /// States a half-space.
  ///
  /// - Parameters:
  ///   - coefficients: A factor for each coordinate.
  ///   - constant: The number that is added.
  public init(coefficients: [Dyadic], constant: Dyadic) {
    (self.coefficients, self.constant) = (coefficients, constant)
  }

  /// A lower bound of the mass that it has in common with a product of slices.
  ///
  /// Up to two coordinates with densities are integrated; of others sums of slices are counted.
  ///
  /// - Parameters:
  ///   - cell: A slice of each coordinate.
  ///   - measures: The laws of the coordinates.
  ///   - stepBits: Into how many steps, as a power of two, the range of the sum is cut where slices are
  ///     counted; at most ``mostStepBits``.
  /// - Returns: A number not above the mass, and not negative.
  public func mass(
    in cell: [Slice], _ measures: inout [CoordinateMeasure], stepBits: Int
  ) -> Interval {
    // A coordinate that has one value only is a constant.
    let active = cell.indices.filter {
      coefficients[$0].signum != 0 && cell[$0].low < cell[$0].high
    }
    let rest = cell.indices.filter { !active.contains($0) }
    let constant = rest.reduce(constant) { $0 + coefficients[$1] * cell[$1].low }
    let others = rest.reduce(Interval.one) { $0 * cell[$1].mass }
    guard !active.isEmpty else { return constant.signum > 0 ? others : .zero }
    let supports = active.map { measures[$0].law.support(within: cell[$0]) }
    let part: WideDyadic
    if active.count <= 2, supports.allSatisfy({ $0 != nil }) {
      let sides = zip(active, supports).compactMap { entry, support in
        support.map {
          PlanePart.Side(
            coefficient: coefficients[entry], slice: cell[entry], support: $0,
            measure: measures[entry])
        }
      }
      part = PlanePart(sides, constant: constant).lowerMass
    } else {
      part = HalfSpace(coefficients: coefficients, constant: constant)
        .counted(active, cell, &measures, stepBits: stepBits)
    }
    return Interval(others.low.times(max(part, .zero)), others.low.times(max(part, .zero)))
  }
}
