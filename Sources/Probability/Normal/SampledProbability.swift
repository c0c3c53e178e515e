internal import Dispatch
internal import Foundation
internal import Synchronization

/// The probability of a rectangle by randomly shifted lattices of weighted samples.
///
/// Each shift gives an independent unbiased estimate; their spread gives the error, by Student's law at
/// a confidence of 99.9 %. The number of points grows until the error is as small as asked for, or the
/// budget is spent.
struct SampledProbability {
  /// How many shifts there are, and the quantile 0.9995 of Student's law with one less degrees of
  /// freedom.
  private static let shifts = 12
  private static let quantile = 4.437

  private let factor: OrderedFactor
  private let lookAhead: Proposal
  private let bounded: Proposal
  private let accuracy: Double
  private let seed: UInt64
  private let threads: Int

  /// Prepares to sample.
  init(
    _ rows: GaussianRows, _ correlations: SymmetricMatrix, accuracy: Double, seed: UInt64,
    threads: Int
  ) {
    let factor = OrderedFactor(rows, correlations)
    let fixed = Proposal(
      means: Tilting(factor)?.shifts ?? Array(repeating: 0, count: factor.count))
    self.factor = factor
    bounded = fixed
    lookAhead =
      ExpectationPropagation(factor).flatMap { Proposal(factor, $0.sites) } ?? fixed
    self.accuracy = accuracy
    self.seed = seed
    self.threads = threads
  }

  /// The estimate.
  func probability() -> Answer {
    guard let scale = pilot() else {
      if factor.isSurelyEmpty() { return Answer(mass: .zero, relativeError: 0, status: .exact) }
      return Answer(mass: .zero, relativeError: .infinity, status: .estimate)
    }
    var index = firstStage
    var best: (mean: Double, error: Double) = (0, .infinity)
    while true {
      let count = Lattice.counts[index]
      let estimate = estimate(stage: index, scale: scale)
      if estimate.error < best.error { best = estimate }
      if best.error <= accuracy || index == Lattice.counts.count - 1 { break }
      // The error falls about as one over the number of points.
      let wanted = Double(count) * min(max(estimate.error / accuracy, 2), 8)
      let next = Lattice.counts.firstIndex { Double($0) >= 0.9 * wanted }
      let allowed = Lattice.counts.lastIndex { cost(ofPoints: $0) <= budget } ?? 0
      let chosen = min(next ?? Lattice.counts.count - 1, allowed)
      guard chosen > index else { break }
      index = chosen
    }
    return Answer(
      mass: Mass.exp(scale) * max(best.mean, 0), relativeError: best.error + 1e-12,
      status: .estimate)
  }

  /// Rough answers begin with few points, fine ones with what a twentieth of a second allows.
  private var firstStage: Int {
    guard accuracy <= 1e-4 else { return accuracy < 5e-3 ? 4 : 2 }
    let allowed = Lattice.counts.lastIndex { cost(ofPoints: $0) <= 0.05 } ?? 0
    return min(max(4, allowed), 8)
  }

  /// The logarithm of a first, rough estimate; nothing where no sample lies inside.
  private func pilot() -> Double? {
    for index in [3, 6, 8] {
      let count = Lattice.counts[index]
      let lattice = Lattice(count: count, dimensions: max(factor.count - 1, 0))
      let logWeights = SeparatedSampler(factor, lookAhead: lookAhead, bounded: bounded)
        .logWeights(lattice, shift: shift(number: 1 << 20 + index))
      let largest = logWeights.max() ?? -.infinity
      guard largest > -.infinity else { continue }
      let sum = logWeights.reduce(0) { $0 + exp($1 - largest) }
      return largest + log(sum / Double(count))
    }
    return nil
  }

  /// Processor seconds that a lattice takes with all its shifts, roughly.
  private func cost(ofPoints count: Int) -> Double {
    let variables = Double(factor.count)
    let rows = variables + Double(factor.limits.reduce(0) { $0 + $1.count })
    return Double(Self.shifts * count) * (variables * 3e-8 + rows * variables * 2e-11)
  }

  /// Processor seconds to spend at most on the last lattice.
  private var budget: Double {
    max(0.8, Double(factor.count) / 125) * min(max(1e-4 / accuracy, 0.1), 30)
  }

  private func shift(number: Int) -> [Double] {
    var random = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
    return (0..<max(factor.count - 1, 0)).map { _ in random.uniform() }
  }

  private func estimate(stage: Int, scale: Double) -> (mean: Double, error: Double) {
    let dimensions = max(factor.count - 1, 0)
    let lattice = Lattice(count: Lattice.counts[stage], dimensions: dimensions)
    let smaller = Lattice(count: Lattice.counts[stage - 2], dimensions: dimensions)
    let means = Mutex([Double](repeating: 0, count: Self.shifts))
    let work = { @Sendable (index: Int) in
      let sampler = SeparatedSampler(factor, lookAhead: lookAhead, bounded: bounded)
      let number = 2 * (stage * Self.shifts + index)
      let excess = sampler.meanExcess(
        lattice, shift: shift(number: number), source: .lookAhead, scale: scale)
      let rest = sampler.meanExcess(
        smaller, shift: shift(number: number + 1), source: .bounded, scale: scale)
      means.withLock {
        $0[index] = 1 + SeparatedSampler.share * excess + (1 - SeparatedSampler.share) * rest
      }
    }
    if threads > 1 {
      DispatchQueue.concurrentPerform(iterations: Self.shifts, execute: work)
    } else {
      for index in 0..<Self.shifts { work(index) }
    }
    let values = means.withLock { $0 }
    let mean = values.reduce(0, +) / Double(Self.shifts)
    let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (spread / Double(Self.shifts * (Self.shifts - 1))).squareRoot()
    return (mean, mean > 0 ? Self.quantile * error / mean : .infinity)
  }
}
