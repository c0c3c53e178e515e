internal import BigInt
public import ExactArithmetic

/// The points where `Σ coefficient_i z_i + constant > 0`.
public struct HalfSpace: Sendable {
  /// A term whose range is a smaller part of that of the sum, as a power of two, counts with its least value.
  static let constantBits = 40

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
  /// Of uniform coordinates it is computed, up to four others with densities are integrated; else sums
  /// of slices are counted.
  ///
  /// - Parameters:
  ///   - cell: A slice of each coordinate.
  ///   - measures: The laws of the coordinates.
  ///   - stepBits: Into how many steps, as a power of two, the range of the sum is cut where slices are
  ///     counted, at most ``mostStepBits``; of densities the square of a step is left out.
  /// - Returns: A number not above the mass, and not negative.
  public func mass(
    in cell: [Slice], _ measures: inout [CoordinateMeasure], stepBits: Int
  ) -> Interval {
    let spreads = cell.indices.map { coefficients[$0].magnitude * (cell[$0].high - cell[$0].low) }
    let grain = spreads.reduce(.zero, +) * Dyadic(1, exponent: -Self.constantBits)
    let active = cell.indices.filter { spreads[$0] > grain }
    let rest = cell.indices.filter { spreads[$0] <= grain }
    let halfSpace = HalfSpace(
      coefficients: coefficients,
      constant: rest.reduce(constant) {
        $0 + min(coefficients[$1] * cell[$1].low, coefficients[$1] * cell[$1].high)
      })
    let others = rest.reduce(Interval.one) { $0 * cell[$1].mass }
    guard !active.isEmpty else { return halfSpace.constant.signum > 0 ? others : .zero }
    let part = halfSpace.mass(of: active, in: cell, &measures, stepBits: stepBits)
    return Interval(others.low.times(max(part, .zero)), others.low.times(max(part, .zero)))
  }

  /// The mass that slices of some coordinates have in common with it, the others left out.
  private func mass(
    of active: [Int], in cell: [Slice], _ measures: inout [CoordinateMeasure], stepBits: Int
  ) -> WideDyadic {
    let supports = active.compactMap { measures[$0].support(within: cell[$0]) }
    guard supports.count == active.count else {
      return counted(active, cell, &measures, stepBits: stepBits)
    }
    if active.count <= Self.mostUniform, active.allSatisfy({ measures[$0].isUniform }) {
      return zip(active, supports).reduce(share(of: active, supports)) {
        $0.times(measures[$1.0].mass(of: $1.1, within: cell[$1.0]).low)
      }
    }
    guard active.count <= 2 else {
      return integrated(active, cell, &measures, stepBits: stepBits)
        ?? counted(active, cell, &measures, stepBits: stepBits)
    }
    let sides = zip(active, supports).map {
      PlanePart.Side(
        coefficient: coefficients[$0], slice: cell[$0], support: $1, measure: measures[$0])
    }
    return PlanePart(sides, constant: constant).lowerMass
  }

  /// A lower bound of the mass that several of them have in common with a cell; zero of none.
  ///
  /// The one with the least mass is moved into some of the others, those first that it need not be
  /// moved far for; of the rest what they leave out of the cell is subtracted.
  ///
  /// - Parameters:
  ///   - halfSpaces: The half-spaces.
  ///   - cell: A slice of each coordinate.
  ///   - measures: The laws of the coordinates.
  ///   - stepBits: As of ``mass(in:_:stepBits:)``.
  /// - Returns: A number not above the mass, and not negative.
  public static func commonMass(
    of halfSpaces: [HalfSpace], in cell: [Slice], _ measures: inout [CoordinateMeasure],
    stepBits: Int
  ) -> Interval {
    let whole = cell.reduce(Interval.one) { $0 * $1.mass }
    let cutting = halfSpaces.filter { !$0.contains(cell) }
    let masses = cutting.map { $0.mass(in: cell, &measures, stepBits: stepBits) }
    guard let least = masses.indices.min(by: { masses[$0].low < masses[$1].low }) else {
      return halfSpaces.isEmpty ? .zero : whole
    }
    let others = masses.indices.filter { $0 != least }.map { place in
      (moved: cutting[least].moved(into: cutting[place], in: cell), mass: masses[place])
    }.sorted { $0.moved.constant < $1.moved.constant }
    var (best, lost) = (Interval.zero, Interval.zero)
    for (moved, mass) in others {
      let found = moved.mass(in: cell, &measures, stepBits: stepBits) - lost
      best = best.low < found.low ? found : best
      lost = lost + whole - mass
    }
    return best.low < (masses[least] - lost).low ? masses[least] - lost : best
  }

  private func contains(_ cell: [Slice]) -> Bool {
    cell.indices.reduce(constant) {
      $0 + coefficients[$1] * (coefficients[$1].signum > 0 ? cell[$1].low : cell[$1].high)
    }.signum > 0
  }

  /// Moved inward until it lies, as far as a cell goes, in another one.
  private func moved(into other: HalfSpace, in cell: [Slice]) -> HalfSpace {
    let excess = cell.indices.reduce(constant - other.constant) {
      let slope = coefficients[$1] - other.coefficients[$1]
      return $0 + slope * (slope.signum > 0 ? cell[$1].high : cell[$1].low)
    }
    return HalfSpace(coefficients: coefficients, constant: constant - max(excess, Dyadic.zero))
  }
}
