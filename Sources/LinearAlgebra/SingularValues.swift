/// Singular values of small dense matrices.
public enum SingularValues {
  /// The singular values of a matrix, the largest first, by one-sided Jacobi rotations.
  ///
  /// Rounding: each is accurate to a few unit roundoffs times the size; small ones as well where rows
  /// only differ in scale.
  ///
  /// - Parameters:
  ///   - entries: Row-major `[rows][columns]`.
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  /// - Returns: As many as the smaller of the two sizes; `nil` for entries or squares that are not
  ///   finite, and where the rotations do not settle.
  public static func of(_ entries: [Double], rows: Int, columns: Int) -> [Double]? {
    precondition(entries.count == rows * columns, "a matrix has rows × columns entries")
    guard rows > 0, columns > 0 else { return [] }
    let largest = entries.reduce(0) { max($0, $1.magnitude) }
    guard largest.isFinite, !entries.contains(where: \.isNaN) else { return nil }
    guard largest > 0 else { return Array(repeating: 0, count: min(rows, columns)) }
    // The vectors of the shorter side, scaled against overflow.
    var vectors: [[Double]] = (0..<min(rows, columns)).map { index in
      rows <= columns
        ? entries[index * columns..<(index + 1) * columns].map { $0 / largest }
        : (0..<rows).map { entries[$0 * columns + index] / largest }
    }
    for _ in 0..<60 {
      if sweep(&vectors) {
        return vectors.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() * largest }.sorted(by: >)
      }
    }
    return nil
  }

  /// Makes every pair of vectors orthogonal once; whether all were so already.
  private static func sweep(_ vectors: inout [[Double]]) -> Bool {
    var isSettled = true
    for first in vectors.indices {
      for second in vectors.indices where second > first {
        var (own, other, mixed) = (0.0, 0.0, 0.0)
        for (x, y) in zip(vectors[first], vectors[second]) {
          own += x * x
          other += y * y
          mixed += x * y
        }
        let scale = (own * other).squareRoot()
        guard mixed.magnitude > 4 * .ulpOfOne * scale, mixed.magnitude > 1e-300 else { continue }
        isSettled = false
        let ratio = (other - own) / (2 * mixed)
        let tangent = (ratio >= 0 ? 1 : -1) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        let sine = tangent * cosine
        for place in vectors[first].indices {
          let (x, y) = (vectors[first][place], vectors[second][place])
          vectors[first][place] = cosine * x - sine * y
          vectors[second][place] = sine * x + cosine * y
        }
      }
    }
    return isSettled
  }
}
