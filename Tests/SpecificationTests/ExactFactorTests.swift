import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import Specification
import TestSupport
import Testing

/// The law that is proved has exactly the covariance of the file; where there is no such law, the nearest.
@Suite("Exact factors of covariances") struct ExactFactorTests {
  /// The components of a normal law of two or three inputs.
  private func component(_ covariance: [[Rational]]) throws -> ProbabilityQuery.Component {
    let rows = covariance.map { row in
      "[\(row.map { $0.decimalNumeral ?? "\($0.numerator)/\($0.denominator)" }.joined(separator: ", "))]"
    }
    let mean = covariance.map { _ in "0" }.joined(separator: ", ")
    let network = covariance.count == 3 ? "wide" : "f"
    let text = """
      affidavit: 1
      networks: {f: f.onnx, wide: wide.onnx}
      distributions: {law: {gaussian: {mean: [\(mean)], covariance: [\(rows.joined(separator: ", "))]}}}
      claims:
        - {id: one, probability: "\(network)(x)[0] > 0", under: law, at-most: 1}
      """
    let claim = try #require(SmallNetworks.read(text).claims.first)
    guard case .probability(let probability) = claim.form else { throw SmallNetworks.Missing() }
    let query = try ProbabilityQuery(
      parsing: Array(probability.provedText(from: "0", to: "1").utf8))
    try #require(query.components.count == 1)
    return query.components[0]
  }

  /// The covariance of a component's inputs, and how many normal coordinates it has.
  private func covariance(
    of component: ProbabilityQuery.Component, size: Int
  ) throws -> (matrix: [[Rational]], rank: Int) {
    let variances = try component.laws.map { law in
      switch law {
      case .normal(let mean, let variance):
        #expect(mean == .zero)
        return variance
      case .points(let points):
        #expect(points.count == 1)
        return .zero
      case .truncatedNormal, .uniform, .clipped: throw SmallNetworks.Missing()
      }
    }
    let map =
      component.map
      ?? variances.indices.map { row in
        [.zero] + variances.indices.map { $0 == row ? Rational.one : .zero }
      }
    let matrix = (0..<size).map { row in
      (0..<size).map { column in
        variances.indices.reduce(Rational.zero) {
          $0 + map[row][$1 + 1] * map[column][$1 + 1] * variances[$1]
        }
      }
    }
    return (matrix, variances.count { $0.signum > 0 })
  }

  @Test("Random covariances of any rank are met exactly", arguments: 0..<20)
  func random(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let (size, rank) = (2 + seed % 2, 1 + seed / 2 % 3)
    let factor = (0..<size).map { _ in
      (0..<rank).map { _ in ratio(Int.random(in: -9...9, using: &generator), 8) }
    }
    let given = factor.map { row in
      factor.map { other in zip(row, other).reduce(Rational.zero) { $0 + $1.0 * $1.1 } }
    }
    let found = try covariance(of: component(given), size: size)
    #expect(found.matrix == given)
    #expect(found.rank <= min(size, rank))
  }

  /// No exponent is too far apart for fractions.
  @Test func variancesOfAnySize() throws {
    let (tiny, huge) = (try #require(Rational(decimal: "1e-30")), Rational(1 << 60))
    let given = [
      [tiny, tiny * Rational(3), .zero], [tiny * Rational(3), tiny * Rational(10), .zero],
      [.zero, .zero, huge],
    ]
    let found = try covariance(of: component(given), size: 3)
    #expect(found.matrix == given && found.rank == 3)
  }

  /// 1 + 2^-50 is no correlation: the matrix has a negative eigenvalue of about −2^-50.
  @Test("Where rounding has left no covariance, the law's is as close as the rounding")
  func rounded() throws {
    let over = Rational.one + Rational(1, over: 1 << 50)
    for given in [
      [[Rational.one, over], [over, .one]],
      [[Rational.one, over, over], [over, .one, over], [over, over, .one]],
      [[Rational(4), over + over, .zero], [over + over, .one, .zero], [.zero, .zero, .one]],
    ] {
      let size = given.count
      let found = try covariance(of: component(given), size: size)
      #expect(found.matrix != given)
      #expect(found.rank < size)
      // Off by no more than n · 2^-48 of the variances.
      let share = Rational(size) * Rational(1, over: 1 << 48)
      for row in 0..<size {
        for column in 0..<size {
          let distance = found.matrix[row][column] - given[row][column]
          #expect(
            distance * distance <= share * share * given[row][row] * given[column][column],
            "\(row), \(column): \(distance)")
        }
      }
    }
  }

  @Test("What misses more than rounding is no covariance") func indefinite() {
    let over = Rational.one + Rational(1, over: 1 << 20)
    #expect(throws: SpecificationError.self) { try component([[.one, over], [over, .one]]) }
  }
}
