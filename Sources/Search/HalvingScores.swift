internal import BoundPropagation

/// What halving each input of a box does to its unstable units, as their affine functions predict it.
///
/// The *area* between the lines that enclose a unit, −l u / (u − l), is what the unit costs every bound
/// behind it. The score of an input is the share of its area that each unit loses, in both halves
/// together. Nothing is bounded anew for it.
struct HalvingScores {
  /// By input entry; larger is better.
  private(set) var scores: [Double]

  init(_ functions: UnitFunctions, on subproblem: Subproblem) {
    let inputs = subproblem.lower.count
    scores = [Double](repeating: 0, count: inputs)
    let halves = zip(subproblem.lower, subproblem.upper).map { ($1 - $0) / 2 }
    let pairs = Self.paired(functions, units: subproblem.unitLower.count)
    for (unit, pair) in pairs.enumerated() where subproblem.isUnstable(unit) {
      let known = (subproblem.unitLower[unit], subproblem.unitUpper[unit])
      let area = Self.area(known.0, known.1)
      guard area > 0 else { continue }
      let minima = (
        functions.minimum(pair.below, on: subproblem), functions.minimum(pair.above, on: subproblem)
      )
      for entry in 0..<inputs where halves[entry] > 0 {
        let slopes = (
          functions.coefficient(pair.below, entry), functions.coefficient(pair.above, entry)
        )
        for isHigh in [false, true] {
          // Halving moves the end where the function is least, or does not.
          let raised = (
            (slopes.0 > 0) == isHigh ? slopes.0.magnitude * halves[entry] : 0,
            (slopes.1 > 0) == isHigh ? slopes.1.magnitude * halves[entry] : 0
          )
          let low = max(known.0, minima.0 + raised.0)
          let high = min(known.1, -(minima.1 + raised.1))
          scores[entry] += 1 - Self.area(low, high) / area
        }
      }
    }
  }

  /// The area between a unit's lines; zero where it is stable.
  private static func area(_ low: Double, _ high: Double) -> Double {
    low < 0 && high > 0 ? -low / (high - low) * high : 0
  }

  /// By unit, the places of its functions below its argument and below the negative.
  private static func paired(_ functions: UnitFunctions, units: Int) -> [(below: Int?, above: Int?)]
  {
    var pairs = [(below: Int?, above: Int?)](repeating: (nil, nil), count: units)
    for (place, unit) in functions.units.enumerated() {
      if functions.areNegated[place] {
        pairs[unit].above = place
      } else {
        pairs[unit].below = place
      }
    }
    return pairs
  }
}

extension UnitFunctions {
  /// A coefficient of a function; zero where there is none.
  func coefficient(_ place: Int?, _ entry: Int) -> Double {
    guard let place else { return 0 }
    return coefficients[place * (coefficients.count / constants.count) + entry]
  }

  /// The minimum of a function over a box; `-infinity` where there is none.
  func minimum(_ place: Int?, on subproblem: Subproblem) -> Double {
    guard let place else { return -.infinity }
    let inputs = subproblem.lower.count
    var sum = constants[place]
    for entry in 0..<inputs {
      let slope = coefficients[place * inputs + entry]
      sum += slope * (slope > 0 ? subproblem.lower[entry] : subproblem.upper[entry])
    }
    return sum
  }
}
