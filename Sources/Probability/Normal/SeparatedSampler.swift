internal import Foundation
internal import LinearAlgebra

/// Samples of the variables one after the other, each from a normal law cut to its interval, and their
/// weights under a mixture of two such laws.
///
/// Separation of variables: Genz, *J. Comput. Graph. Statist.* 1 (1992). One proposal looks ahead to
/// later limits through Gaussian factors: its weights hardly vary, but far out they may be unbounded.
/// The other one, tilted for the least largest weight, bounds those of the mixture. Many points are
/// worked on at once: products with earlier variables are those of matrices.
struct SeparatedSampler {
  /// How many points are worked on at once.
  static let batch = 256
  /// How many variables are between products of matrices.
  private static let block = 32
  /// The part of the mixture that looks ahead.
  static let share = 0.8

  /// Which proposal draws.
  enum Source { case lookAhead, bounded }

  /// What limits one variable, and how it is drawn.
  private struct Variable {
    /// The rows that limit it; the row behind them is the mean of the proposal that looks ahead.
    var rows: Range<Int>
    var lookAhead: (mean: Double, deviation: Double)
    var bounded: Double
    var hasUpper: Bool
    /// Whether points need a coordinate for it: all but the last do.
    var isSampled: Bool
    /// Whether its interval can be empty.
    var canBeEmpty: Bool
  }

  private let variables: [Variable]
  private let lower: [Double]
  private let upper: [Double]
  /// Coefficients of the rows and of the means, `[rowCount + variableCount][variableCount]`.
  private let coefficients: MatrixView
  private let sums: MatrixView
  private let values: MatrixView
  private let weights: Weights

  /// What one variable contributes to the weights: logarithms, and probabilities of its interval.
  private struct Step {
    var target: Lanes
    var ratio: Lanes
    var lookAheadMass: Lanes
    var boundedMass: Lanes

    @inline(__always)
    mutating func stop(where isOut: SIMDMask<SIMD8<Int64>>) {
      target.replace(with: 0, where: isOut)
      ratio.replace(with: 0, where: isOut)
      lookAheadMass.replace(with: 1, where: isOut)
      boundedMass.replace(with: 1, where: isOut)
    }
  }

  /// The logarithms of the weights of a batch, and products of probabilities that are not yet in them.
  private struct Weights {
    /// Of the target over the proposal that looks ahead.
    let target = MatrixView(rows: 1, columns: batch)
    /// Of the bounded proposal over the one that looks ahead.
    let ratio = MatrixView(rows: 1, columns: batch)
    let lookAheadProduct = MatrixView(rows: 1, columns: batch)
    let boundedProduct = MatrixView(rows: 1, columns: batch)
    /// One, or zero for points outside.
    let alive = MatrixView(rows: 1, columns: batch)

    /// Multiplies by what one variable contributes; points in `leaving` are outside from now on.
    @inline(__always)
    func multiply(by step: Step, at place: Int, leaving: SIMDMask<SIMD8<Int64>>?) {
      var step = step
      step.lookAheadMass = LaneMath.maximum(step.lookAheadMass, Lanes(repeating: 1e-70))
      step.boundedMass = LaneMath.maximum(step.boundedMass, Lanes(repeating: 1e-70))
      if let leaving {
        // A point is left where its interval is empty; the proposals' densities stop there.
        let now = unsafe load(alive.start + place).replacing(with: 0, where: leaving)
        unsafe store(now, alive.start + place)
        step.stop(where: now .== 0)
      }
      unsafe add(step.target, target.start + place)
      unsafe add(step.ratio, ratio.start + place)
      unsafe SeparatedSampler.multiply(step.lookAheadMass, lookAheadProduct.start + place)
      unsafe SeparatedSampler.multiply(step.boundedMass, boundedProduct.start + place)
    }

    func reset() {
      target.fill(0)
      ratio.fill(0)
      lookAheadProduct.fill(1)
      boundedProduct.fill(1)
      alive.fill(1)
    }
  }

  init(_ factor: OrderedFactor, lookAhead: Proposal, bounded: Proposal) {
    var (lower, upper, variables) = ([Double](), [Double](), [Variable]())
    let rowCount = factor.limits.reduce(0) { $0 + $1.count + 1 }
    coefficients = MatrixView(rows: rowCount, columns: factor.count)
    for (index, limits) in factor.limits.enumerated() {
      let first = lower.count
      for row in limits.map(\.coefficients) + [lookAhead.slopes[index]] {
        for (column, value) in row.enumerated() { coefficients[lower.count, column] = value }
        lower.append(-.infinity)
        upper.append(.infinity)
      }
      for (offset, limit) in limits.enumerated() {
        lower[first + offset] = limit.lower
        upper[first + offset] = limit.upper
      }
      variables.append(
        Variable(
          rows: first..<(first + limits.count),
          lookAhead: (lookAhead.means[index], lookAhead.deviations[index]),
          bounded: bounded.means[index], hasUpper: limits.contains { $0.upper < .infinity },
          isSampled: index < factor.count - 1, canBeEmpty: limits.count > 1))
    }
    (self.lower, self.upper, self.variables) = (lower, upper, variables)
    sums = MatrixView(rows: max(rowCount, 1), columns: Self.batch)
    values = MatrixView(rows: max(factor.count, 1), columns: Self.batch)
    weights = Weights()
  }

  /// The logarithms of the target's density over that of the proposal that looks ahead, at its own
  /// points; `-infinity` outside.
  func logWeights(_ lattice: Lattice, shift: [Double]) -> [Double] {
    var result: [Double] = []
    for start in stride(from: 0, to: lattice.count, by: Self.batch) {
      weigh(from: start, lattice, shift, .lookAhead)
      for point in 0..<min(Self.batch, lattice.count - start) {
        result.append(weights.alive[0, point] > 0 ? weights.target[0, point] : -.infinity)
      }
    }
    return result
  }

  /// The mean, over a lattice's points, of the target less `exp(scale)` times the proposal that looks
  /// ahead, over `exp(scale)` times the mixture.
  ///
  /// The share-weighted sum for both sources, plus one, times `exp(scale)`, has the probability as its
  /// expectation: a control variate whose weight is known beforehand.
  func meanExcess(
    _ lattice: Lattice, shift: [Double], source: Source, scale: Double
  ) -> Double {
    var total = 0.0
    for start in stride(from: 0, to: lattice.count, by: Self.batch) {
      weigh(from: start, lattice, shift, source)
      let count = min(Self.batch, lattice.count - start)
      for place in stride(from: 0, to: count, by: 8) {
        let excess = excess(at: place, scale: scale)
        if place + 8 <= count {
          total += excess.sum()
        } else {
          for lane in 0..<(count - place) { total += excess[lane] }
        }
      }
    }
    return total / Double(lattice.count)
  }

  private func excess(at place: Int, scale: Double) -> Lanes {
    let target = unsafe Self.load(weights.target.start + place)
    let ratio = unsafe Self.load(weights.ratio.start + place)
    let alive = unsafe Self.load(weights.alive.start + place)
    // Over the larger of the two proposals, so that nothing overflows.
    let larger = ratio.replacing(with: 0, where: ratio .< 0)
    let lookAhead = LaneMath.exp(-larger)
    let mixture = Self.share * lookAhead + (1 - Self.share) * LaneMath.exp(ratio - larger)
    return (LaneMath.exp(target - scale - larger) * alive - lookAhead) / mixture
  }

  /// Draws a batch of points and computes the logarithms of their weights.
  private func weigh(from start: Int, _ lattice: Lattice, _ shift: [Double], _ source: Source) {
    weights.reset()
    for first in stride(from: 0, to: variables.count, by: Self.block) {
      let last = min(first + Self.block, variables.count)
      let rows = variables[first].rows.lowerBound..<(variables[last - 1].rows.upperBound + 1)
      let part = sums.rows(rows)
      if first > 0 {
        part.setProduct(
          coefficients.rows(rows).columns(0..<first), values.rows(0..<first), accumulating: false)
      } else {
        part.fill(0)
      }
      for index in first..<last {
        let uniform =
          variables[index].isSampled
          ? UniformLine(
            start: start, step: lattice.generator[index], count: lattice.count,
            shift: shift[index]) : UniformLine(start: 0, step: 0, count: 1, shift: 0.5)
        draw(index, uniform, source)
        if index % 4 == 3 || index == variables.count - 1 { takeLogarithms() }
        addValues(of: index, toRows: (variables[index].rows.upperBound + 1)..<rows.upperBound)
      }
    }
  }

  /// Draws a variable for all points of the batch, and weighs the choice.
  private func draw(_ index: Int, _ uniform: UniformLine, _ source: Source) {
    let variable = variables[index]
    var uniform = uniform
    let inverse = 1 / variable.lookAhead.deviation
    let logDeviation = log(variable.lookAhead.deviation)
    let meanRow = unsafe sums.pointer(toRow: variable.rows.upperBound)
    for place in stride(from: 0, to: Self.batch, by: 8) {
      let (low, high) = window(variable, place)
      let mean = unsafe variable.lookAhead.mean + Self.load(meanRow + place)
      let ahead = Interval(
        low: (low - mean) * inverse, high: (high - mean) * inverse, hasUpper: variable.hasUpper)
      let bounded = Interval(
        low: low - variable.bounded, high: high - variable.bounded, hasUpper: variable.hasUpper)
      let value: Lanes
      let aheadMass: (scaled: Lanes, nearest: Lanes)
      let boundedMass: (scaled: Lanes, nearest: Lanes)
      switch source {
      case .lookAhead:
        let draw = ahead.draw(uniform.next())
        value = mean + variable.lookAhead.deviation * draw.value
        aheadMass = (draw.scaled, draw.nearest)
        boundedMass = bounded.mass
      case .bounded:
        let draw = bounded.draw(uniform.next())
        value = variable.bounded + draw.value
        boundedMass = (draw.scaled, draw.nearest)
        aheadMass = ahead.mass
      }
      unsafe Self.store(value, values.pointer(toRow: index) + place)
      let (nearMean, nearBound) = ((value - mean) * inverse, value - variable.bounded)
      let common =
        (nearMean * nearMean - aheadMass.nearest * aheadMass.nearest) * 0.5 + logDeviation
      let step = Step(
        target: common - value * value * 0.5,
        ratio: common - (nearBound * nearBound - boundedMass.nearest * boundedMass.nearest) * 0.5,
        lookAheadMass: aheadMass.scaled, boundedMass: boundedMass.scaled)
      weights.multiply(by: step, at: place, leaving: variable.canBeEmpty ? low .>= high : nil)
    }
  }

  /// The interval that the rows leave to a variable.
  @inline(__always)
  private func window(_ variable: Variable, _ place: Int) -> (low: Lanes, high: Lanes) {
    var low = Lanes(repeating: -.infinity)
    var high = Lanes(repeating: .infinity)
    for row in variable.rows {
      let sum = unsafe Self.load(sums.pointer(toRow: row) + place)
      low = LaneMath.maximum(low, lower[row] - sum)
      if variable.hasUpper { high = LaneMath.minimum(high, upper[row] - sum) }
    }
    return (low, high)
  }

  private func takeLogarithms() {
    for place in stride(from: 0, to: Self.batch, by: 8) {
      let ahead = unsafe LaneMath.log(Self.load(weights.lookAheadProduct.start + place))
      let bounded = unsafe LaneMath.log(Self.load(weights.boundedProduct.start + place))
      unsafe Self.add(ahead, weights.target.start + place)
      unsafe Self.add(ahead - bounded, weights.ratio.start + place)
    }
    weights.lookAheadProduct.fill(1)
    weights.boundedProduct.fill(1)
  }

  /// Adds what a variable contributes to the rows of later ones in the block.
  private func addValues(of index: Int, toRows rows: Range<Int>) {
    let value = unsafe values.pointer(toRow: index)
    for row in rows {
      let coefficient = coefficients[row, index]
      guard coefficient != 0 else { continue }
      let sum = unsafe sums.pointer(toRow: row)
      for place in stride(from: 0, to: Self.batch, by: 8) {
        unsafe Self.add(coefficient * Self.load(value + place), sum + place)
      }
    }
  }

  @inline(__always)
  private static func load(_ place: UnsafeMutablePointer<Double>) -> Lanes {
    unsafe UnsafeRawPointer(place).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private static func store(_ lanes: Lanes, _ place: UnsafeMutablePointer<Double>) {
    unsafe UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: Lanes.self)
  }

  @inline(__always)
  private static func add(_ lanes: Lanes, _ place: UnsafeMutablePointer<Double>) {
    unsafe store(load(place) + lanes, place)
  }

  @inline(__always)
  private static func multiply(_ lanes: Lanes, _ place: UnsafeMutablePointer<Double>) {
    unsafe store(load(place) * lanes, place)
  }
}

/// Intervals of a standard normal number, with or without upper ends.
private struct Interval {
  var low: Lanes
  var high: Lanes
  var hasUpper: Bool

  @inline(__always)
  func draw(_ uniform: Lanes) -> LaneNormal.Draw {
    hasUpper
      ? LaneNormal.draw(uniform, between: low, high) : LaneNormal.draw(uniform, above: low)
  }

  @inline(__always)
  var mass: (scaled: Lanes, nearest: Lanes) {
    hasUpper ? LaneNormal.scaledProbability(low, high) : LaneNormal.scaledUpperTail(low)
  }
}

/// One coordinate of the points of a lattice, moved by a shift and folded at the middle.
///
/// Folding (the baker's transformation) makes the integrand periodic, which lattices reward.
private struct UniformLine {
  private var places: Lanes
  private let step: Double

  init(start: Int, step: Int, count: Int, shift: Double) {
    places = .zero
    for lane in 0..<8 {
      let place = Double((start + lane) * step % count) / Double(count) + shift
      places[lane] = place - place.rounded(.down)
    }
    self.step = Double(8 * step % count) / Double(count)
  }

  @inline(__always)
  mutating func next() -> Lanes {
    let folded = LaneMath.magnitude(2 * places - 1)
    places += step
    places.replace(with: places - 1, where: places .>= 1)
    return folded
  }
}
