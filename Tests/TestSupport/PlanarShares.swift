package import ExactArithmetic
package import NetworkModel

/// The share of a rectangle on which forms of a network's outputs are at most zero, exactly.
///
/// - Parameters:
///   - network: A network of two inputs and at most 16 units.
///   - lower: The lower ends.
///   - upper: The upper ends.
///   - event: The forms, from those of the outputs in a region.
/// - Returns: The share.
package func areaShare(
  of network: Network, lower: [Rational], upper: [Rational],
  where event: ([ExactForm]) -> [ExactForm]
) -> Rational {
  let area = polygons(of: network, lower: lower, upper: upper, where: event).reduce(Rational.zero) {
    $0 + doubleArea(of: $1)
  }
  return area / ((upper[0] - lower[0]) * (upper[1] - lower[1]) * Rational(2))
}

/// The polygons of a rectangle where forms of a network's outputs are at most zero, by region; the
/// corners in order.
package func polygons(
  of network: Network, lower: [Rational], upper: [Rational],
  where event: ([ExactForm]) -> [ExactForm]
) -> [[[Rational]]] {
  let box = [0, 1].flatMap { entry in
    [(Rational(-1), lower[entry]), (Rational.one, -upper[entry])].map { sign, end in
      var coefficients = [Rational.zero, Rational.zero]
      coefficients[entry] = sign
      return ExactForm(coefficients: coefficients, constant: end)
    }
  }
  // A unit that is zero throughout a region makes the same region twice.
  let polygons = exactRegions(of: network).compactMap { region -> [[Rational]]? in
    let sides = (region.sides + box + event(region.outputs)).filter {
      $0.coefficients != [.zero, .zero] || $0.constant.signum > 0
    }
    // A form without coefficients that is positive admits no point.
    guard !sides.contains(where: { $0.coefficients == [.zero, .zero] }) else { return nil }
    let corners = ordered(Array(Set(corners(of: sides))))
    return corners.count > 2 ? corners : nil
  }
  return Array(Set(polygons))
}

/// Sorted around their mean, counter-clockwise.
private func ordered(_ corners: [[Rational]]) -> [[Rational]] {
  guard corners.count > 2 else { return corners }
  let count = Rational(corners.count)
  let middle = [0, 1].map { entry in corners.reduce(Rational.zero) { $0 + $1[entry] } / count }
  func isBelow(_ place: [Rational]) -> Bool {
    place[1].signum < 0 || place[1].signum == 0 && place[0].signum < 0
  }
  return corners.sorted { left, right in
    let (first, second) = (
      [left[0] - middle[0], left[1] - middle[1]], [right[0] - middle[0], right[1] - middle[1]]
    )
    if isBelow(first) != isBelow(second) { return isBelow(first) }
    return (first[0] * second[1] - first[1] * second[0]).signum > 0
  }
}

private func doubleArea(of corners: [[Rational]]) -> Rational {
  var sum = Rational.zero
  for (place, corner) in corners.enumerated() {
    let next = corners[(place + 1) % corners.count]
    sum = sum + corner[0] * next[1] - corner[1] * next[0]
  }
  return sum
}
