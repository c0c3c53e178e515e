public import ExactArithmetic

extension HalfSpace {
  /// An upper bound of the mass that a product of slices has outside of it, in any dimension.
  ///
  /// What coordinates with a normal law add up to is normal too: of all of them whose slices are not cut on
  /// both sides, taken whole, one tail counts. Others count with their least value and as a factor.
  ///
  /// - Parameters:
  ///   - cell: A slice of each coordinate.
  ///   - measures: The laws of the coordinates.
  /// - Returns: A number not below the mass where the sum is zero or less, and not above that of the cell.
  public func missed(in cell: [Slice], _ measures: [CoordinateMeasure]) -> Interval {
    let sums = NormalSums([self], in: cell, measures)
    guard sums.deviations[0].contains(where: { $0 != .zero }) else {
      return sums.least[0].low.signum > 0 ? .zero : sums.cell
    }
    return sums.missed(tiltedAt: []) ?? sums.cell
  }

  /// An upper bound of the mass that a product of slices has outside of all of several half-spaces.
  ///
  /// - Parameters:
  ///   - halfSpaces: The half-spaces, one at least.
  ///   - cell: A slice of each coordinate.
  ///   - measures: The laws of the coordinates.
  ///   - place: Where their sums are tilted, ``NormalOrthant/upperMass(tiltedAt:)``.
  /// - Returns: A number not below the mass where all sums are zero or less, and not above that of the
  ///   cell; nil where one sum may depend on those before it.
  public static func missed(
    byAll halfSpaces: [HalfSpace], in cell: [Slice], _ measures: [CoordinateMeasure],
    tiltedAt place: [Dyadic]
  ) -> Interval? {
    NormalSums(halfSpaces, in: cell, measures).missed(tiltedAt: place)
  }

  /// A lower bound of the mass that a product of slices has in common with all of several half-spaces.
  ///
  /// - Parameters:
  ///   - halfSpaces: The half-spaces, one at least.
  ///   - cell: A slice of each coordinate.
  ///   - measures: The laws of the coordinates.
  ///   - means: Of laws that stand in for the negatives of the sums, less their means,
  ///     ``NormalOrthant/lowerMass(means:)``.
  /// - Returns: A number not above the mass where all sums are positive; nil where one sum may depend on those
  ///   before it.
  public static func mass(
    inAll halfSpaces: [HalfSpace], in cell: [Slice], _ measures: [CoordinateMeasure],
    means: [Dyadic]
  ) -> Interval? {
    NormalSums(halfSpaces, in: cell, measures).mass(means: means)
  }

  /// The points where the sum is negative.
  public var opposite: HalfSpace {
    HalfSpace(coefficients: coefficients.map { -$0 }, constant: -constant)
  }
}

/// Sums over a cell, each of a normal number and of others that count with their least values.
private struct NormalSums {
  /// The least that the mean of each sum may be.
  private(set) var least: [Interval]
  /// By how much each coordinate spreads each sum.
  private(set) var deviations: [[Interval]]
  /// The cell's mass, and that of its slices that do not spread.
  private(set) var (cell, others) = (Interval.one, Interval.one)
  /// What coordinates that are taken whole have beyond their slices.
  private var beyond = Interval.zero

  init(_ halfSpaces: [HalfSpace], in slices: [Slice], _ measures: [CoordinateMeasure]) {
    least = halfSpaces.map { Interval($0.constant) }
    deviations = halfSpaces.map { _ in [] }
    for (entry, slice) in slices.enumerated() {
      cell = cell * slice.mass
      let shape = slice.isCut == (true, true) ? nil : measures[entry].wholeShape
      let isCounted = halfSpaces.contains { $0.coefficients[entry].signum != 0 }
      if shape == nil || !isCounted {
        others = others * slice.mass
      } else {
        beyond = beyond + (slice.lowTails?.below ?? .zero) + (slice.highTails?.above ?? .zero)
      }
      for (row, halfSpace) in halfSpaces.enumerated() where isCounted {
        let factor = halfSpace.coefficients[entry]
        let value = shape.map { Interval($0.mean) }
        let end = Interval(factor.signum < 0 ? slice.high : slice.low)
        least[row] = least[row] + Interval(factor) * (value ?? end)
        if let shape { deviations[row].append(Interval(factor) * shape.deviation) }
      }
    }
  }

  /// An upper bound of the mass where no sum is positive; nil where one may depend on others.
  func missed(tiltedAt place: [Dyadic]) -> Interval? {
    orthant(limits: least.map { -$0 }).map {
      (others * $0.upperMass(tiltedAt: place)).atMost(cell)
    }
  }

  /// A lower bound of the mass where all sums are positive; nil where one may depend on others.
  ///
  /// Centred sums are as likely below a limit as above its negative.
  func mass(means: [Dyadic]) -> Interval? {
    orthant(limits: least).map {
      let mass = others * $0.lowerMass(means: means) - beyond
      return Interval(mass.lower, mass.lower).probability
    }
  }

  private func orthant(limits: [Interval]) -> NormalOrthant? {
    let covariance = deviations.enumerated().map { row, own in
      deviations[...row].map { other in
        zip(own, other).reduce(Interval.zero) { $0 + $1.0 * $1.1 }
      }
    }
    return NormalOrthant(covariance: covariance, limits: limits)
  }
}
