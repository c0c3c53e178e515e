internal import ClaimLanguage
public import ExactArithmetic

extension ClaimFamily {
  /// How often the first radius is doubled until no larger one is asked about.
  private static let doublings = 26

  /// Radii that double, for balls around centres of that size.
  static func radii(around balls: [BallPlace]) -> [Rational] {
    let largest = balls.flatMap(\.centre).map(\.magnitude).reduce(.one, max)
    let first = (largest / Rational(64)).roundedUp(toDecimalPlaces: 3)
    return (0..<doublings).map { first * Rational(1 << $0) }
  }

  /// A radius within which the whole set lies, where other sets bound it: from there on all claims say
  /// the same.
  ///
  /// - Returns: The radius, rounded up; nil where the threshold is none, or nothing but the balls
  ///   bounds the set.
  /// - Throws: What the family's problems throw.
  public func coveringRadius() throws(FamilyError) -> Rational? {
    guard case .radius(let balls) = threshold, let largest = Self.radii(around: balls).last
    else { return nil }
    let cases = try problem(largest).cases
    let farthest = cases.flatMap { item in
      balls.map { ball in
        let corner = zip(ball.entries, ball.centre).map { entry, centre in
          let (low, high) = (item.lower[entry], item.upper[entry])
          return (low - centre).magnitude < (high - centre).magnitude ? high : low
        }
        return ball.radius(from: corner, places: 6)
      }
    }.max()
    return farthest.flatMap { $0 < largest ? $0 : nil }
  }
}
