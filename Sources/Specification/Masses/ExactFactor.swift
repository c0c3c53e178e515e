internal import BigInt
internal import ExactArithmetic
internal import Probability

/// A covariance as `Σ_k variance_k · column_k · column_kᵀ`, in exact numbers: no root is taken, so that
/// every covariance of fractions has such a form, also a singular one.
struct ExactFactor {
  /// The most rows that are factorised: numbers grow with each.
  static let mostRows = 64
  /// The most bits of a numerator or denominator; a claim's numerals have at most 1,100 digits.
  static let mostBits = 3600

  /// Independent normal numbers with these variances, and what each contributes to every entry.
  private(set) var parts: [(variance: Rational, column: [Rational])] = []

  /// Factorises a covariance.
  ///
  /// Where it misses being positive semidefinite by rounding, what is left below n · 2⁻⁴⁸ of the
  /// variances is taken as zero, as in the law's definition.
  ///
  /// - Parameter gaussian: The law.
  /// - Throws: ``LawWithoutProof`` where the numbers become too long.
  init(of gaussian: Gaussian) throws(LawWithoutProof) {
    let size = gaussian.dimension
    guard size <= Self.mostRows else {
      throw LawWithoutProof(reason: "a full covariance of more than \(Self.mostRows) inputs")
    }
    let covariance = (0..<size).map { row in (0..<size).map { gaussian.covariance(row, $0) } }
    if try factorise(covariance, dropping: .zero) { return }
    parts = []
    _ = try factorise(covariance, dropping: Rational(size) * Rational(1, over: 1 << 48))
  }

  /// Takes one pivot after the other, the largest share of its variance first.
  ///
  /// - Returns: Whether nothing is left.
  private mutating func factorise(
    _ covariance: [[Rational]], dropping share: Rational
  ) throws(LawWithoutProof) -> Bool {
    var rest = covariance
    let scales = rest.indices.map { rest[$0][$0] }
    while true {
      let pivot = rest.indices.filter { rest[$0][$0] > share * scales[$0] }
        .max { rest[$0][$0] * scales[$1] < rest[$1][$1] * scales[$0] }
      guard let pivot else { break }
      let variance = rest[pivot][pivot]
      let column = rest.map { $0[pivot] / variance }
      let longest = (column + [variance]).map {
        max($0.numerator.bitWidth, $0.denominator.bitWidth)
      }
      guard longest.allSatisfy({ $0 <= Self.mostBits }) else {
        throw LawWithoutProof(reason: "a covariance whose exact factor has numbers this long")
      }
      for row in rest.indices where column[row] != .zero {
        for other in rest.indices where column[other] != .zero {
          rest[row][other] = rest[row][other] - variance * column[row] * column[other]
        }
      }
      parts.append((variance, column))
    }
    return rest.allSatisfy { $0.allSatisfy { $0 == .zero } }
  }
}
