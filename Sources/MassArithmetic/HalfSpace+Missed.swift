internal import ExactArithmetic

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
    var (least, variance) = (Interval(constant), Interval.zero)
    var (whole, others) = (Interval.one, Interval.one)
    for (entry, slice) in cell.enumerated() {
      whole = whole * slice.mass
      let factor = Interval(coefficients[entry])
      let isWhole = slice.isCut != (true, true) && coefficients[entry].signum != 0
      if isWhole, let shape = measures[entry].wholeShape {
        least = least + factor * Interval(shape.mean)
        let deviation = factor * shape.deviation
        variance = variance + deviation * deviation
      } else {
        least = least + factor * Interval(factor.low.signum < 0 ? slice.high : slice.low)
        others = others * slice.mass
      }
    }
    guard variance != .zero else { return least.low.signum > 0 ? .zero : whole }
    let place = (least / variance.squareRoot).low
    return (others * NormalTail.above(Interval(place, place))).atMost(whole)
  }
}
