import Approximation
import ExactArithmetic
import MassArithmetic
import Testing

@Suite struct SpectralNormTests {
  private func interval(_ lower: Double, _ upper: Double) throws -> Interval {
    Interval(
      try #require(Dyadic(exactly: lower)), try #require(Dyadic(exactly: upper)))
  }

  private func matrix(_ rows: [[Double]]) throws -> [[Interval]] {
    try rows.map { try $0.map { try interval($0, $0) } }
  }

  private func expect(
    _ norm: Interval, encloses value: Double, within width: Double = 2e-6,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let value = Rational(try #require(Dyadic(exactly: value)))
    let slack = value * Rational(try #require(Dyadic(exactly: width)))
    #expect(
      Rational(norm.lower) <= value && value <= Rational(norm.upper), "\(norm)",
      sourceLocation: location)
    #expect(
      Rational(norm.upper) - Rational(norm.lower) <= slack, "\(norm)", sourceLocation: location)
  }

  @Test func vectorsHaveTheirLength() throws {
    for rows in [[[3.0, 4]], [[3], [4]], [[-3, 4, 0]], [[0], [-5]]] {
      try expect(.spectralNorm(matrix(rows)), encloses: 5, within: 0x1p-100)
    }
    // Of enclosures the least and the greatest length: 0 to 5, and 3 to 5.
    let ranges = [try interval(0, 3), try interval(-1, 4)]
    for rows in [[ranges], ranges.map { [$0] }] {
      let norm = Interval.spectralNorm(rows)
      #expect(norm.lower == .zero && norm.upper == Dyadic(5))
    }
    let close = Interval.spectralNorm([[try interval(3, 3), try interval(0, 4)]])
    #expect(close.lower == Dyadic(3) && close.upper == Dyadic(5))
    let zero = try Interval.spectralNorm(matrix([[0, 0], [0, 0]]))
    #expect(zero.lower == .zero && zero.upper == .zero)
  }

  /// `[a b; b a]` has the singular values |a + b| and |a − b|.
  @Test(arguments: [(3.0, 4.0), (3, -4), (0.125, 0), (-0x1p-30, 0x1p-29), (1e12, 1e-12), (1, 1)])
  func symmetricMatrices(a: Double, b: Double) throws {
    try expect(.spectralNorm(matrix([[a, b], [b, a]])), encloses: a.magnitude + b.magnitude)
  }

  /// A diagonal in a matrix that is not square; the largest of equal values, and of nearly equal ones.
  @Test(arguments: [[2.0, 5.0, 3.0], [5, 5, 5], [5, 5 - 0x1p-40, 0]])
  func diagonalMatrices(values: [Double]) throws {
    let rows = values.indices.map { row in
      (0..<5).map { $0 == row ? (row % 2 == 0 ? values[row] : -values[row]) : 0 }
    }
    try expect(.spectralNorm(matrix(rows)), encloses: values.max() ?? 0)
    let columns = (0..<5).map { column in rows.map { $0[column] } }
    try expect(.spectralNorm(matrix(columns)), encloses: values.max() ?? 0)
  }

  /// All matrices in an enclosure have norms in the result, also where entries may have either sign.
  @Test(arguments: [0x1p-30, 0x1p-10, 0.5, 3.0]) func enclosures(radius: Double) throws {
    for (a, b) in [(3.0, 4.0), (-0.25, 0.5), (0, 0)] {
      let norm = Interval.spectralNorm([
        [try interval(a - radius, a + radius), try interval(b - radius, b + radius)],
        [try interval(b - radius, b + radius), try interval(a - radius, a + radius)],
      ])
      for (da, db) in [(0.0, 0.0), (radius, radius), (-radius, radius), (radius, -radius)] {
        let value = (a + da).magnitude + (b + db).magnitude
        let exact = Rational(try #require(Dyadic(exactly: value)))
        #expect(Rational(norm.lower) <= exact && exact <= Rational(norm.upper))
      }
      #expect(norm.lower.signum >= 0)
      // Twice the radius is the length of the radii.
      let width = Rational(norm.upper) - Rational(norm.lower)
      #expect(width.nearestDouble <= 4 * radius + 1e-5)
    }
  }
}
