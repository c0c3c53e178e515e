internal import LinearAlgebra

/// About where the spectral norm of a matrix lies whose entries lie in ranges.
struct NormRange {
  let lower: Double
  let upper: Double

  /// By the norm of the middle, and the size of what the entries may differ from it.
  ///
  /// - Parameter ranges: Rows of one length.
  init(_ ranges: [[(lower: Double, upper: Double)]]) {
    let entries = ranges.flatMap(\.self)
    let middle = entries.map { $0.lower / 2 + $0.upper / 2 }
    let spread = entries.reduce(0.0) {
      let half = $1.upper / 2 - $1.lower / 2
      return $0 + half * half
    }.squareRoot()
    let values = SingularValues.of(middle, rows: ranges.count, columns: ranges[0].count)
    guard let norm = values?.first, spread.isFinite else {
      (lower, upper) = (0, .infinity)
      return
    }
    (lower, upper) = (max(0, norm - spread), norm + spread)
  }
}
