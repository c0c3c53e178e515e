internal import Approximation
internal import ExactArithmetic
internal import Glibc
internal import MassArithmetic

/// The law of one coordinate in binary64: masses to choose by, and places to cut at.
struct FloatLaw: Sendable {
  private indirect enum Form: Sendable {
    case normal(mean: Double, deviation: Double)
    case truncated(Form, lower: Double, upper: Double)
    case uniform(lower: Double, upper: Double)
    case points([(value: Double, probability: Double)])
    case clipped(Form, lower: Double, upper: Double)

    init(_ law: CoordinateLaw) {
      switch law {
      case .normal(let mean, let variance):
        self = .normal(
          mean: mean.nearestDouble, deviation: variance.nearestDouble.squareRoot())
      case .truncatedNormal(let mean, let variance, let lower, let upper):
        self = .truncated(
          Form(.normal(mean: mean, variance: variance)),
          lower: lower?.nearestDouble ?? -.infinity, upper: upper?.nearestDouble ?? .infinity)
      case .uniform(let lower, let upper):
        self = .uniform(lower: lower.nearestDouble, upper: upper.nearestDouble)
      case .points(let points):
        self = .points(points.map { ($0.value.nearestDouble, $0.probability.nearestDouble) })
      case .clipped(let law, let lower, let upper):
        self = .clipped(Form(law), lower: lower.nearestDouble, upper: upper.nearestDouble)
      }
    }

    /// The mass between two values, the lower one not counted; both are where there are single values only.
    func mass(_ low: Double, _ high: Double) -> Double {
      guard low <= high else { return 0 }
      switch self {
      case .normal(let mean, let deviation):
        let (first, last) = ((low - mean) / deviation, (high - mean) / deviation)
        let tail = { (place: Double) in erfc(place / 2.0.squareRoot()) / 2 }
        return first > 0
          ? tail(first) - tail(last)
          : last < 0 ? tail(-last) - tail(-first) : 1 - tail(-first) - tail(last)
      case .truncated(let form, let lower, let upper):
        return min(1, form.mass(max(low, lower), min(high, upper)) / form.mass(lower, upper))
      case .uniform(let lower, let upper):
        return max(0, min(high, upper) - max(low, lower)) / (upper - lower)
      case .points(let points):
        return points.reduce(0) { low <= $1.value && $1.value <= high ? $0 + $1.probability : $0 }
      case .clipped(let form, let lower, let upper):
        return form.mass(low < lower ? -.infinity : low, high >= upper ? .infinity : high)
      }
    }

    /// The density; nil where there is none.
    func density(_ value: Double) -> Double? {
      switch self {
      case .normal(let mean, let deviation):
        let place = (value - mean) / deviation
        return exp(-place * place / 2) / (deviation * (2 * Double.pi).squareRoot())
      case .truncated(let form, let lower, let upper):
        return form.density(value).map { $0 / form.mass(lower, upper) }
      case .uniform(let lower, let upper): return 1 / (upper - lower)
      case .clipped(let form, _, _): return form.density(value)
      case .points: return nil
      }
    }
  }

  private let law: CoordinateLaw
  private let form: Form
  private let range: (lower: Dyadic, upper: Dyadic, isBounded: (below: Bool, above: Bool))
  private let ends: (lower: Double, upper: Double)

  init(_ law: CoordinateLaw, lower: Double, upper: Double) {
    self.law = law
    form = Form(law)
    range = law.range
    ends = (lower, upper)
  }

  /// The mass between two cuts or ends of the range.
  func mass(_ low: Double, _ high: Double) -> Double {
    form.mass(
      low == ends.lower && range.isBounded.below ? -.infinity : low,
      high == ends.upper && range.isBounded.above ? .infinity : high)
  }

  /// The density; nil where the law has single values only.
  func density(_ value: Double) -> Double? { form.density(value) }

  /// Whether the law has a density between two cuts or ends of the range, and no atom.
  func isSpread(_ low: Double, _ high: Double) -> Bool {
    switch form {
    case .normal, .truncated, .uniform: true
    case .clipped(_, let lower, let upper): lower < low && high < upper
    case .points: false
    }
  }

  /// Whether the law is uniform.
  var isUniform: Bool { if case .uniform = form { true } else { false } }

  /// A distance over which the density changes little.
  var scale: Double {
    normal?.deviation ?? .infinity
  }

  /// Of a normal law, truncated or not; nil of others.
  var normal: (mean: Double, deviation: Double)? {
    switch form {
    case .normal(let mean, let deviation), .truncated(.normal(let mean, let deviation), _, _),
      .clipped(.normal(let mean, let deviation), _, _):
      (mean, deviation)
    case .uniform, .points, .clipped, .truncated: nil
    }
  }

  /// Where the tails of a normal law are cut off, so that boxes of ordinary size are left, and the atoms of a clipped one.
  ///
  /// - Parameter mass: What each tail may weigh.
  /// - Returns: The cuts, and whether what lies below is cut off.
  func tailCuts(weighing mass: Double) -> [(value: Double, isBelow: Bool)] {
    let (mean, variance): (Rational, Rational)
    switch law {
    case .normal(let first, let second), .truncatedNormal(let first, let second, _, _):
      (mean, variance) = (first, second)
    case .clipped:
      let step = (ends.upper - ends.lower) * 0x1p-44
      return [(ends.lower + step, true), (ends.upper - step, false)].filter {
        isWithin($0.0, ends.lower, ends.upper)
      }
    case .uniform, .points: return []
    }
    // Q(t) ≤ e^(−t² / 2).
    let distance =
      (variance.nearestDouble * 2 * -Self.logarithm(min(0.25, max(mass, 1e-300))))
      .squareRoot()
    // Short numbers, so that halves of halves are cut where the checker's fixed-width numbers are exact.
    let unit = distance.binade * 0x1p-12
    let cuts = [
      range.isBounded.below ? nil : (mean.nearestDouble - distance, true),
      range.isBounded.above ? nil : (mean.nearestDouble + distance, false),
    ]
    return cuts.compactMap(\.self).map { (($0.0 / unit).rounded() * unit, $0.1) }
      .filter { isWithin($0.0, ends.lower, ends.upper) }
  }

  /// The natural logarithm to a digit or two, by the binary exponent.
  private static func logarithm(_ value: Double) -> Double {
    0.693 * (Double(value.exponent) + value.significand - 1)
  }

  /// Where to cut between two ends; nil where there is nothing to cut.
  func cut(_ low: Double, _ high: Double) -> Double? {
    var value = low / 2 + high / 2
    if let values = values(low, high) {
      let middle = (values.count - 1) / 2
      guard middle >= 0, middle + 1 < values.count else { return nil }
      value = values[middle].value / 2 + values[middle + 1].value / 2
    }
    return isWithin(value, low, high) ? value : nil
  }

  /// The single values from one to another, with their probabilities; nil where the law has others.
  func values(_ low: Double, _ high: Double) -> [(value: Double, probability: Double)]? {
    guard case .points(let points) = form else { return nil }
    return points.filter { low <= $0.value && $0.value <= high }
  }

  /// The ends of both parts of what is cut: cells reach from value to value where there are single ones only.
  func ends(of low: Double, _ high: Double, cutAt value: Double) -> (last: Double, first: Double) {
    let values = values(low, high)?.map(\.value)
    return (values?.last { $0 <= value } ?? value, values?.first { $0 > value } ?? value)
  }

  private func isWithin(_ value: Double, _ low: Double, _ high: Double) -> Bool {
    guard low < value, value < high, let exact = Dyadic(exactly: value) else { return false }
    return range.lower < exact && exact < range.upper
  }
}

extension CoordinateLaw {
  /// Whether it is normal and not truncated.
  var isNormal: Bool {
    if case .normal = self { true } else { false }
  }
}
