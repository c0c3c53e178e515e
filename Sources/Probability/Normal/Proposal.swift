internal import Foundation
internal import LinearAlgebra

/// For each variable, the normal law that it is drawn from before it is cut to its interval, given the
/// variables before: an affine mean and a standard deviation.
struct Proposal: Sendable {
  /// The coefficients of each mean on the variables before; empty where it does not depend on them.
  private(set) var slopes: [[Double]]
  private(set) var means: [Double]
  private(set) var deviations: [Double]

  /// Unit deviations around fixed means.
  init(means: [Double]) {
    self.means = means
    slopes = Array(repeating: [], count: means.count)
    deviations = Array(repeating: 1, count: means.count)
  }

  /// Looks ahead: each variable's law given those before and the Gaussian factors that stand for the
  /// limits of later variables; these are integrated out one by one from the last.
  init?(_ factor: OrderedFactor, _ sites: [[ExpectationPropagation.Site]]) {
    let count = factor.count
    self.init(means: Array(repeating: 0, count: count))
    // What the later factors, integrated, are as a function of the variables so far:
    // exp(−zᵀ precision z/2 + pullᵀ z).
    let precision = MatrixView(rows: count, columns: count)
    var pull = [Double](repeating: 0, count: count)
    for variable in (0..<count).reversed() {
      let own = 1 + precision[variable, variable]
      guard own >= 0.5, own.isFinite else { return nil }
      means[variable] = pull[variable] / own
      deviations[variable] = 1 / own.squareRoot()
      slopes[variable] = (0..<variable).map { -precision[variable, $0] / own }
      for (limit, site) in zip(factor.limits[variable], sites[variable]) {
        Self.add(limit, site, variable, to: precision, &pull)
      }
      Self.integrate(variable, precision, &pull)
    }
  }

  private static func add(
    _ limit: OrderedFactor.Limit, _ site: ExpectationPropagation.Site, _ variable: Int,
    to precision: MatrixView, _ pull: inout [Double]
  ) {
    let row = limit.coefficients + [1]
    for i in 0...variable {
      let scaled = site.precision * row[i]
      if scaled != 0 { for j in 0...i { precision[i, j] += scaled * row[j] } }
      pull[i] += site.pull * row[i]
    }
  }

  /// Integrates a variable out; only the lower triangle is kept.
  private static func integrate(
    _ variable: Int, _ precision: MatrixView, _ pull: inout [Double]
  ) {
    let total = 1 + precision[variable, variable]
    for i in 0..<variable {
      let factor = precision[variable, i] / total
      guard factor != 0 else { continue }
      for j in 0...i { precision[i, j] -= factor * precision[variable, j] }
      pull[i] -= factor * pull[variable]
    }
  }
}
