import Foundation
import ExactArithmetic
package import NetworkModel

/// A random law of one coordinate: its text, and its masses in binary64.
struct PlanarCoordinate {
  struct Density {
    /// Beyond these ends the mass is zero, or below 1e-30.
    let lower: Rational
    let upper: Rational
    /// Over such a distance it changes little.
    let scale: Double
    let value: (Double) -> Double
    /// The mass between two values.
    let mass: (Double, Double) -> Double
  }

  let text: String
  let atoms: [(value: Rational, mass: Double)]
  let density: Density?

  private static func normal(_ mean: Rational, _ deviation: Rational, _ total: Double = 1)
    -> Density
  {
    let (centre, scale) = (number(mean), number(deviation))
    return Density(
      lower: mean - Rational(12) * deviation, upper: mean + Rational(12) * deviation, scale: scale,
      value: { normalDensity(($0 - centre) / scale) / scale / total },
      mass: { normalMass(($0 - centre) / scale, ($1 - centre) / scale) / total })
  }

  /// One of the kinds that a claim can have.
  init(using generator: inout some RandomNumberGenerator, onlyNormal: Bool = false) {
    func eighths(_ range: ClosedRange<Int>) -> Rational {
      Rational(Int.random(in: range, using: &generator)) / Rational(8)
    }
    let (mean, deviation) = (eighths(-8...8), eighths(2...12))
    let variance = deviation * deviation
    let whole = Self.normal(mean, deviation)
    let lower = eighths(-16...4)
    let upper = lower + eighths(4...20)
    let normal = "normal \(mean.fraction) \(variance.fraction)"
    switch onlyNormal ? 0 : Int.random(in: 0..<6, using: &generator) {
    case 0: (text, atoms, density) = ("(\(normal))", [], whole)
    case 1:
      let width = number(upper - lower)
      text = "(uniform \(lower.fraction) \(upper.fraction))"
      atoms = []
      density = Density(
        lower: lower, upper: upper, scale: .infinity, value: { _ in 1 / width },
        mass: { ($1 - $0) / width })
    case 2:
      let (isBelow, isAbove) =
        [(true, true), (true, false), (false, true)]
        .randomElement(using: &generator) ?? (true, true)
      let ends = (isBelow ? lower : whole.lower, isAbove ? upper : whole.upper)
      let total = whole.mass(number(ends.0), number(ends.1))
      let kept = Self.normal(mean, deviation, total)
      text =
        "(truncated-\(normal) \(isBelow ? lower.fraction : "-inf") "
        + "\(isAbove ? upper.fraction : "inf"))"
      atoms = []
      density = Density(
        lower: ends.0, upper: ends.1, scale: kept.scale, value: kept.value, mass: kept.mass)
    case 3:
      atoms = [
        (lower, whole.mass(number(whole.lower), number(lower))),
        (upper, whole.mass(number(upper), number(whole.upper))),
      ]
      text = "(clipped (\(normal)) \(lower.fraction) \(upper.fraction))"
      density = Density(
        lower: lower, upper: upper, scale: whole.scale, value: whole.value, mass: whole.mass)
    default:
      let values = Set(
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in eighths(-12...12) }
      )
      .sorted()
      let share = Rational.one / Rational(values.count)
      text =
        "(points \(values.map { "(\($0.fraction) \(share.fraction))" }.joined(separator: " ")))"
      atoms = values.map { ($0, number(share)) }
      density = nil
    }
  }
}

/// A random law of two inputs: a mixture of products, perhaps behind linear maps.
package struct PlanarLaw {
  /// A part of it, on which its mass is spread.
  struct Part {
    let weight: Double
    let patch: PlanarPatch
    /// Of a part of the patch.
    let mass: (PlanarPatch) -> Double
  }

  /// The components of the claim.
  package let components: [String]
  private let parts: [Part]

  package init(using generator: inout some RandomNumberGenerator) {
    let counts = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      Int.random(in: 1...3, using: &generator)
    }
    let total = counts.reduce(0, +)
    var components: [String] = []
    var parts: [Part] = []
    for count in counts {
      let weight = Double(count) / Double(total)
      let (text, own): (String, [Part]) =
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: Self.line(weight, using: &generator)
        case 1, 2: Self.correlated(weight, using: &generator)
        default: Self.product(weight, using: &generator)
        }
      components.append("(component \(count)/\(total) \(text))")
      parts += own
    }
    (self.components, self.parts) = (components, parts)
  }

  /// The probability of an event, to within 1e-10.
  package func probability(of event: PlanarEvent, _ network: Network) -> Double {
    parts.reduce(0) { sum, part in
      sum
        + part.weight
        * part.patch.parts(where: event, of: network).reduce(0) { $0 + part.mass($1) }
    }
  }

  private static func form(_ coefficients: [Rational], _ constant: Rational) -> ExactForm {
    ExactForm(coefficients: coefficients, constant: constant)
  }

  /// Numbers of a map, in quarters.
  private static func quarters(using generator: inout some RandomNumberGenerator) -> Rational {
    Rational(Int.random(in: -6...6, using: &generator)) / Rational(4)
  }

  /// One normal coordinate behind a map: a degenerate law.
  private static func line(
    _ weight: Double, using generator: inout some RandomNumberGenerator
  ) -> (String, [Part]) {
    let coordinate = PlanarCoordinate(using: &generator, onlyNormal: true)
    let rows = (0..<2).map { _ in
      (quarters(using: &generator), quarters(using: &generator))
    }
    let text =
      "\(coordinate.text) (map \(rows.map { "(\($0.0.fraction) \($0.1.fraction))" }.joined()))"
    guard let density = coordinate.density else { return (text, []) }
    let patch = PlanarPatch(
      corners: [[density.lower], [density.upper]], inputs: rows.map { form([$0.1], $0.0) })
    return (text, [Part(weight: weight, patch: patch) { intervalMass($0, density) }])
  }

  /// Two normal coordinates behind an invertible map; the masses by the inputs' covariance.
  private static func correlated(
    _ weight: Double, using generator: inout some RandomNumberGenerator
  ) -> (String, [Part]) {
    let deviations = (0..<2).map { _ in
      Rational(Int.random(in: 2...8, using: &generator)) / Rational(8)
    }
    let offsets = (0..<2).map { _ in quarters(using: &generator) }
    var factors: [[Rational]] = []
    repeat {
      factors = (0..<2).map { _ in (0..<2).map { _ in quarters(using: &generator) } }
    } while factors[0][0] * factors[1][1] == factors[0][1] * factors[1][0]
    let laws = deviations.map { "(normal 0 \(($0 * $0).fraction))" }.joined(separator: " ")
    let rows = zip(offsets, factors).map { offset, row in
      "(\(([offset] + row).map(\.fraction).joined(separator: " ")))"
    }
    func covariance(_ row: Int, _ column: Int) -> Double {
      number(
        (0..<2).reduce(Rational.zero) {
          $0 + factors[row][$1] * factors[column][$1] * deviations[$1] * deviations[$1]
        })
    }
    let normal = PlanarNormal(
      mean: offsets.map(number), variance: covariance(0, 0),
      slope: covariance(0, 1) / covariance(0, 0),
      rest: covariance(1, 1) - covariance(0, 1) * covariance(0, 1) / covariance(0, 0))
    // Twelve deviations and more.
    let reaches = [0, 1].map { Rational(12 * Int(covariance($0, $0).squareRoot() + 1)) }
    let corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)].map { x, y in
      [offsets[0] + Rational(x) * reaches[0], offsets[1] + Rational(y) * reaches[1]]
    }
    let patch = PlanarPatch(
      corners: corners, inputs: [form([.one, .zero], .zero), form([.zero, .one], .zero)])
    return (
      "\(laws) (map \(rows.joined()))", [Part(weight: weight, patch: patch, mass: normal.mass)]
    )
  }

  /// Two independent coordinates, perhaps behind a map.
  private static func product(
    _ weight: Double, using generator: inout some RandomNumberGenerator
  ) -> (String, [Part]) {
    let coordinates = (0..<2).map { _ in PlanarCoordinate(using: &generator) }
    let isMapped = Int.random(in: 0..<4, using: &generator) == 0
    let rows = (0..<2).map { row in
      isMapped
        ? (0..<3).map { _ in quarters(using: &generator) }
        : [.zero, row == 0 ? .one : .zero, row == 1 ? .one : .zero]
    }
    let laws = coordinates.map(\.text).joined(separator: " ")
    let map = rows.map { "(\($0.map(\.fraction).joined(separator: " ")))" }.joined()
    // Each coordinate is at an atom, or spread.
    func cases(_ coordinate: PlanarCoordinate) -> [(atom: Rational?, mass: Double)] {
      coordinate.atoms.map { ($0.value, $0.mass) } + (coordinate.density == nil ? [] : [(nil, 1)])
    }
    var parts: [Part] = []
    for first in cases(coordinates[0]) {
      for second in cases(coordinates[1]) {
        let atoms = [first.atom, second.atom]
        let free = [0, 1].filter { atoms[$0] == nil }
        let inputs = rows.map { row in
          form(
            free.map { row[$0 + 1] },
            [0, 1].reduce(row[0]) { $0 + (atoms[$1] ?? .zero) * row[$1 + 1] })
        }
        let densities = free.compactMap { coordinates[$0].density }
        parts.append(
          part(weight * first.mass * second.mass, densities, inputs))
      }
    }
    return (isMapped ? "\(laws) (map \(map))" : laws, parts)
  }

  private static func part(
    _ weight: Double, _ densities: [PlanarCoordinate.Density], _ inputs: [ExactForm]
  ) -> Part {
    switch densities.count {
    case 0:
      return Part(weight: weight, patch: PlanarPatch(corners: [[]], inputs: inputs)) { _ in 1 }
    case 1:
      let patch = PlanarPatch(
        corners: [[densities[0].lower], [densities[0].upper]], inputs: inputs)
      return Part(weight: weight, patch: patch) { intervalMass($0, densities[0]) }
    default:
      let (x, y) = (densities[0], densities[1])
      let corners = [
        [x.lower, y.lower], [x.upper, y.lower], [x.upper, y.upper], [x.lower, y.upper],
      ]
      return Part(weight: weight, patch: PlanarPatch(corners: corners, inputs: inputs)) {
        sweep($0, scale: x.scale, spread: y.scale, slope: 0, density: x.value) { _, low, high in
          y.mass(low, high)
        }
      }
    }
  }
}

/// A normal law of two inputs: the first, and the second given the first.
private struct PlanarNormal {
  let mean: [Double]
  let variance: Double
  let slope: Double
  let rest: Double

  func mass(_ patch: PlanarPatch) -> Double {
    let (scale, spread) = (variance.squareRoot(), rest.squareRoot())
    return sweep(
      patch, scale: scale, spread: spread, slope: slope,
      density: { normalDensity(($0 - mean[0]) / scale) / scale }
    ) { x, low, high in
      let centre = mean[1] + slope * (x - mean[0])
      return normalMass((low - centre) / spread, (high - centre) / spread)
    }
  }
}

private func intervalMass(_ patch: PlanarPatch, _ density: PlanarCoordinate.Density) -> Double {
  let ends = patch.corners.map { number($0[0]) }
  return density.mass(ends.min() ?? 0, ends.max() ?? 0)
}

/// `∫ density(x) · mass(x, low(x), high(x)) dx` over a convex polygon, by Gauss and Legendre in narrow strips.
///
/// - Parameters:
///   - patch: The polygon.
///   - scale: Over which the density changes little.
///   - spread: Over which the mass does, when its ends move.
///   - slope: How the law of y moves with x.
///   - density: Of x.
///   - mass: Of y between two ends, at an x.
/// - Returns: The integral.
private func sweep(
  _ patch: PlanarPatch, scale: Double, spread: Double, slope: Double,
  density: (Double) -> Double, mass: (Double, Double, Double) -> Double
) -> Double {
  let corners = patch.corners.map { $0.map(number) }
  let sides = zip(corners, corners.dropFirst() + [corners[0]])
  let places = Set(corners.map { $0[0] }).sorted()
  var sum = 0.0
  for (first, last) in zip(places, places.dropFirst()) {
    let middle = (first + last) / 2
    // The two sides over this strip, as height in the middle and slope.
    let lines = sides.filter { min($0[0], $1[0]) < middle && middle < max($0[0], $1[0]) }
      .map { start, end in
        let slope = (end[1] - start[1]) / (end[0] - start[0])
        return (height: start[1] + slope * (middle - start[0]), slope: slope)
      }
      .sorted { $0.height < $1.height }
    guard let low = lines.first, let high = lines.last, lines.count == 2 else { continue }
    let steepest = max((low.slope - slope).magnitude, (high.slope - slope).magnitude)
    let pieces = min(
      4096, max(1, (2 * (last - first) * max(1 / scale, steepest / spread)).rounded(.up)))
    let reach = (last - first) / (2 * pieces)
    for piece in 0..<Int(pieces) {
      let centre = first + (2 * Double(piece) + 1) * reach
      for (node, weight) in gaussNodes {
        let x = centre + reach * node
        sum +=
          weight * reach * density(x)
          * mass(x, low.height + low.slope * (x - middle), high.height + high.slope * (x - middle))
      }
    }
  }
  return sum
}

private let gaussNodes: [(Double, Double)] = [
  (0.1488743389816312, 0.2955242247147529), (0.4333953941292472, 0.2692667193099963),
  (0.6794095682990244, 0.2190863625159820), (0.8650633666889845, 0.1494513491505806),
  (0.9739065285171717, 0.0666713443086881),
].flatMap { [($0.0, $0.1), (-$0.0, $0.1)] }

private func number(_ value: Rational) -> Double {
  // Short fractions, so that one division rounds.
  Double("\(value.numerator)").map { $0 / (Double("\(value.denominator)") ?? 1) } ?? .nan
}

private func normalDensity(_ place: Double) -> Double {
  exp(-place * place / 2) / (2 * Double.pi).squareRoot()
}

private func normalMass(_ low: Double, _ high: Double) -> Double {
  let tail = { (place: Double) in erfc(place / 2.0.squareRoot()) / 2 }
  return low > 0 ? tail(low) - tail(high) : tail(-high) - tail(-low)
}

extension Rational {
  fileprivate var fraction: String { "\(numerator)/\(denominator)" }
}
