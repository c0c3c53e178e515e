internal import Foundation

/// The probability of a few rows without structure: an integral over one variable after the other, the
/// innermost in closed form.
///
/// Given those before, a variable's integrand is its normal density times a function whose logarithm is
/// concave: it falls at least as fast as the density from its peak, which the proposal that looks ahead
/// foretells. So each line is one Gauss-Legendre rule on a stretch around the peak. The whole is
/// repeated with finer rules on longer stretches until two agree.
struct NestedQuadrature {
  /// How fine the rules are.
  private struct Resolution {
    /// How many nodes a short stretch has, and how many more a unit of length.
    var least: Double
    var density: Double
    /// How far from its peak a density is followed.
    var reach: Double
  }

  private static let resolutions = [
    Resolution(least: 6, density: 0.8, reach: 7), Resolution(least: 10, density: 1.2, reach: 8.2),
    Resolution(least: 16, density: 1.8, reach: 9), Resolution(least: 24, density: 2.6, reach: 10),
    Resolution(least: 34, density: 3.6, reach: 11),
  ]
  /// The largest rule.
  private static let mostNodes = 120
  private static let seconds = 1.5e-8

  /// What limits one variable, and where its peak is expected; coefficients on the variables before.
  private struct Variable {
    var coefficients: [Double]
    var lower: Double
    var upper: Double
    var slopes: [Double]
    var mean: Double
    var deviation: Double
  }

  /// The stretch of a line that counts.
  private struct Stretch {
    var low: Double
    var high: Double
    var nodes: Int
  }

  private let variables: [Variable]
  private var resolution = resolutions[0]
  /// What the variables before add to a limit and to a mean, `[variable][variable]`.
  private var limitSums: [Double]
  private var meanSums: [Double]
  private var isTooFine = false

  private var count: Int { variables.count }

  /// Prepares to integrate; nothing where there are too many variables, or several rows limit one.
  init?(_ factor: OrderedFactor) {
    guard (2...8).contains(factor.count), factor.limits.allSatisfy({ $0.count == 1 }),
      let propagation = ExpectationPropagation(factor),
      let proposal = Proposal(factor, propagation.sites)
    else { return nil }
    variables = factor.limits.enumerated().map { index, limits in
      Variable(
        coefficients: limits[0].coefficients, lower: limits[0].lower, upper: limits[0].upper,
        slopes: proposal.slopes[index], mean: proposal.means[index],
        deviation: proposal.deviations[index])
    }
    limitSums = Array(repeating: 0, count: variables.count * variables.count)
    meanSums = limitSums
  }

  /// The probability; nothing where the time that an accuracy is worth does not suffice.
  mutating func probability(accuracy: Double) -> Answer? {
    let budget = 0.3 * min(1, 1e-4 / accuracy)
    var last: Double?
    var best: Answer?
    for resolution in Self.resolutions {
      self.resolution = resolution
      let (logScale, points) = centre()
      guard logScale > -.infinity, points * Self.seconds <= budget else { break }
      let value = integral(over: 0, logWeight: -logScale)
      guard !isTooFine, value > 0, value.isFinite else { break }
      if let last {
        let change = abs(value - last) / value
        // The error falls faster than with the square root of its cube.
        let error = min(change, 30 * change * change.squareRoot())
        let mass =
          Mass.exp(logScale) * value * pow(StandardNormal.inverseRootTwoPi, Double(count - 1))
        best = Answer(mass: mass, relativeError: error + rounding(logScale), status: .exact)
        if error <= 1e-14 { break }
      }
      last = value
    }
    return best
  }

  /// What rounding may cost, relative: rows that hardly differ from combinations of others lose digits.
  private func rounding(_ logScale: Double) -> Double {
    variables.reduce(1e-14) { sum, variable in
      let square = variable.coefficients.reduce(1) { $0 + $1 * $1 }
      return sum + 4e-16 * square * (1 + abs(logScale))
    }
  }

  /// The logarithm of the integrand where each variable is at its expected place, and how many points
  /// the integral takes, roughly.
  private mutating func centre() -> (logScale: Double, points: Double) {
    var (logScale, points) = (0.0, 1.0)
    for index in variables.indices {
      let (low, high) = limits(of: index)
      guard low < high else { return (-.infinity, 0) }
      guard index < count - 1 else {
        return (logScale + StandardNormal.logProbability(low, high), points)
      }
      let (mean, deviation) = (self.mean(of: index), variables[index].deviation)
      points *= Double(stretch(of: index)?.nodes ?? 1)
      let cut = TruncatedNormal((low - mean) / deviation, (high - mean) / deviation)
      let place = min(max(mean + deviation * cut.mean, low), high)
      logScale -= place * place / 2
      set(index, to: place)
    }
    return (logScale, points)
  }

  // MARK: Lines

  private func limits(of index: Int) -> (low: Double, high: Double) {
    let sum = limitSums[index * count + index]
    return (variables[index].lower - sum, variables[index].upper - sum)
  }

  private func mean(of index: Int) -> Double {
    variables[index].mean + meanSums[index * count + index]
  }

  /// Adds a variable's value to what limits and moves the later ones.
  private mutating func set(_ index: Int, to value: Double) {
    let (from, to) = (index * count, (index + 1) * count)
    for later in (index + 1)..<count {
      limitSums[to + later] =
        limitSums[from + later] + variables[later].coefficients[index] * value
      meanSums[to + later] = meanSums[from + later] + variables[later].slopes[index] * value
    }
  }

  private func stretch(of index: Int) -> Stretch? {
    let (low, high) = limits(of: index)
    guard low < high else { return nil }
    let mean = mean(of: index)
    // Cut on the side of its peak, a density falls the faster the farther out the cut is.
    func reach(_ rate: Double) -> Double {
      let square = resolution.reach * resolution.reach
      return square / (rate + (rate * rate + square).squareRoot())
    }
    let top = min(high, max(mean, low) + reach(max(low - mean, 0)))
    let bottom = max(low, min(mean, high) - reach(max(mean - high, 0)))
    let units = (top - bottom) / variables[index].deviation.squareRoot()
    let nodes = resolution.least + resolution.density * units
    return Stretch(low: bottom, high: top, nodes: Int(min(nodes, 1e6).rounded(.up)))
  }

  /// The integral over a variable and those behind it, the ones before being set.
  private mutating func integral(over index: Int, logWeight: Double) -> Double {
    guard let stretch = stretch(of: index) else { return 0 }
    guard stretch.nodes <= Self.mostNodes else {
      isTooFine = true
      return 0
    }
    if index == count - 2 { return innermost(stretch, logWeight) }
    let rule = GaussLegendre.tabulated[(stretch.nodes + 3) / 4]
    let half = (stretch.high - stretch.low) / 2
    var sum = 0.0
    for node in rule.nodes.indices {
      let place = stretch.low + half + half * rule.nodes[node]
      set(index, to: place)
      sum +=
        rule.weights[node] * integral(over: index + 1, logWeight: logWeight - place * place / 2)
    }
    return sum * half
  }

  /// The integral over the last but one variable of the last one's interval probability.
  private func innermost(_ stretch: Stretch, _ logWeight: Double) -> Double {
    let rule = GaussLegendre.tabulated[2 * ((stretch.nodes + 7) / 8)]
    let half = (stretch.high - stretch.low) / 2
    let (low, high) = limits(of: count - 1, before: count - 2)
    let slope = variables[count - 1].coefficients[count - 2]
    var sum = Lanes.zero
    for start in stride(from: 0, to: rule.nodes.count, by: 8) {
      let nodes = Lanes(rule.nodes[start..<(start + 8)])
      let weights = Lanes(rule.weights[start..<(start + 8)])
      let places = stretch.low + half + half * nodes
      let mass: (scaled: Lanes, nearest: Lanes)
      if high == .infinity {
        mass = LaneNormal.scaledUpperTail(low - slope * places)
      } else if high - low < 0.05 {
        mass = LaneNormal.scaledNarrow(
          around: (low + (high - low) / 2) - slope * places, half: (high - low) / 2)
      } else {
        mass = LaneNormal.scaledProbability(low - slope * places, high - slope * places)
      }
      let exponent = logWeight - (places * places + mass.nearest * mass.nearest) * 0.5
      sum += weights * mass.scaled * LaneMath.exp(exponent)
    }
    return sum.sum() * half
  }

  /// The limits of a variable less what those before an earlier one add.
  private func limits(of index: Int, before earlier: Int) -> (low: Double, high: Double) {
    let sum = limitSums[earlier * count + index]
    return (variables[index].lower - sum, variables[index].upper - sum)
  }
}
