internal import ExactArithmetic

extension Interval {
  /// How often a Gram matrix is squared: an enclosure misses the norm by `n^(2^-21)` at most, beside rounding.
  private static let squarings = 20

  /// Encloses the spectral norms of all matrices in an enclosure.
  ///
  /// With `G = MᵀM`, which is positive semidefinite with the largest eigenvalue `‖M‖²`, the trace of
  /// `G^p` lies between `‖M‖^2p` and n times that.
  ///
  /// - Parameter rows: The matrix: rows of one length, neither empty.
  /// - Returns: The enclosure.
  public static func spectralNorm(_ rows: [[Interval]]) -> Interval {
    let columns = rows[0].indices.map { entry in rows.map { $0[entry] } }
    let vectors = columns.count <= rows.count ? columns : rows
    var power = vectors.map { left in vectors.map { product(left, $0) } }
    let squarings = vectors.count == 1 ? 0 : squarings
    // Symmetric matrices: rows are columns.
    for _ in 0..<squarings { power = power.map { left in power.map { product(left, $0) } } }
    let trace = power.indices.reduce(zero) { $0 + power[$1][$1] }
    // A trace is not negative.
    var most = Interval(max(trace.low, .zero), max(trace.high, .zero))
    var least = most / Interval(vectors.count)
    for _ in 0...squarings { (least, most) = (least.squareRoot, most.squareRoot) }
    return Interval(least.lower, most.upper)
  }

  private static func product(_ left: [Interval], _ right: [Interval]) -> Interval {
    zip(left, right).reduce(zero) { $0 + $1.0 * $1.1 }
  }
}
