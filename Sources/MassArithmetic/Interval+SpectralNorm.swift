internal import ExactArithmetic

extension Interval {
  /// How often a Gram matrix is squared: an enclosure misses the norm by `n^(2^-21)` at most, beside rounding.
  private static let squarings = 20

  /// Encloses the spectral norms of all matrices in an enclosure: of vectors their lengths, else that of the middle, give
  /// or take the root of the sum of the squares of all radii.
  ///
  /// - Parameter rows: The matrix: rows of one length, neither empty.
  /// - Returns: The enclosure.
  public static func spectralNorm(_ rows: [[Interval]]) -> Interval {
    guard rows.count > 1, rows[0].count > 1 else { return spectralNorm(ofOne: rows) }
    let middle = rows.map { $0.map(\.middle) }
    let radii = zip(rows.joined(), middle.joined()).map { ($0 - $1).magnitude }
    let spread = radii.reduce(zero) { $0 + Interval($1, $1) * Interval($1, $1) }.squareRoot
    let norm = spectralNorm(ofOne: middle)
    return Interval(max((norm - spread).low, .zero), (norm + spread).high)
  }

  /// Encloses the spectral norm of a matrix: closely that of a vector, else where its enclosures are next to exact.
  ///
  /// With `G = MᵀM`, which is positive semidefinite with the largest eigenvalue `‖M‖²`, the trace of
  /// `G^p` lies between `‖M‖^2p` and n times that.
  private static func spectralNorm(ofOne rows: [[Interval]]) -> Interval {
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

  /// A number about in the middle.
  private var middle: Interval {
    let sum = low.plus(high)
    return Interval(sum, sum).halved
  }

  private static func product(_ left: [Interval], _ right: [Interval]) -> Interval {
    zip(left, right).reduce(zero) { $0 + $1.0 * $1.1 }
  }
}
