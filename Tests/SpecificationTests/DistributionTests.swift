import ExactArithmetic
import Probability
import Specification
import Testing

/// A distribution's text and the error that it must give.
struct DistributionMistake: CustomTestStringConvertible, Sendable {
  let text: String
  let error: String
  var testDescription: String { error }

  init(_ text: String, _ error: String) {
    self.text = text
    self.error = error
  }
}

struct DistributionTests {
  static func read(_ text: String) throws(SpecificationError) -> NamedDistribution {
    try NamedDistribution.read(text: text, path: "d.yaml") { path in
      switch path {
      case "points.csv": try DataTable.read(Array("x,y\n0.1,2\n3,4\n".utf8))
      case "ragged.csv": try DataTable.read(Array("1,2\n3\n".utf8))
      default: throw SmallNetworks.Missing()
      }
    }
  }

  static let mistakes: [DistributionMistake] = [
    .init(
      "{gauss: {mean: [0]}}",
      "1:2: found the key `gauss`, expected one of gaussian, mixture, uniform, product, discrete, "
        + "one-hot, kernel, law, truncated-to, clipped-to"),
    .init(
      "{clipped-to: {lower: 0}}",
      "1:1: found no form of a distribution, expected one of gaussian, mixture, uniform, product, "
        + "discrete, one-hot, kernel, law"),
    .init(
      "{one-hot: [1], product: []}",
      "1:1: found product and one-hot of a distribution, expected one of gaussian, mixture, uniform, "
        + "product, discrete, one-hot, kernel, law"),
    .init("gaussian: {variance: 1}", "1:11: expected the key mean"),
    .init(
      "gaussian: {mean: [0, 1]}",
      "1:11: found none, expected one of variance, standard-deviation and covariance"),
    .init(
      "gaussian: {mean: 0, variance: 1, standard-deviation: 1}",
      "1:11: found variance and standard-deviation, expected one of variance, standard-deviation "
        + "and covariance"),
    .init(
      "gaussian:\n  mean: [0, 0]\n  variance: [1, -0.5]",
      "3:17: found the variance -0.5, expected none below zero"),
    .init(
      "gaussian:\n  mean: [0, 0]\n  standard-deviation: [1, 1, 1]",
      "3:23: found a spread of 3 entries, expected 2, as the mean has"),
    .init(
      "gaussian:\n  mean: [0, 0]\n  covariance: [[1, 0.5], [0.4, 1]]",
      "3:27: found 0.4 in row 1, column 0, expected 0.5 as in row 0, column 1: a covariance is "
        + "symmetric"),
    .init(
      "gaussian:\n  mean: [0, 0]\n  covariance: [[1, 2], [2, 1]]",
      "3:15: found a covariance that is not positive semidefinite, which it must be"),
    .init(
      "gaussian:\n  mean: [0, 0]\n  covariance: [[1, 0], [0, -2]]",
      "3:28: found the variance -2, expected none below zero"),
    .init(
      "gaussian: {mean: [0, 0], covariance: [[1, 0], [0]]}",
      "1:47: found a row of 1 numbers, expected 2, as above"),
    .init(
      "gaussian: {mean: [0, 0], covariance: {factor: [[1], [1]], diagonal: [0, -1]}}",
      "1:73: found the variance -1, expected none below zero"),
    .init(
      "gaussian: {mean: [1e400], variance: 1}",
      "1:19: found `1e400`, expected a number within the range of binary64"),
    .init(
      "gaussian: {mean: [0], variance: 1e-400}",
      "1:33: found `1e-400`, expected a number within the range of binary64"),
    .init(
      "gaussian: {mean: [.nan], variance: 1}",
      "1:19: found `.nan`, expected a finite decimal number or a fraction"),
    .init(
      "gaussian: {mean: [1/0], variance: 1}",
      "1:19: found `1/0`, expected a finite decimal number or a fraction"),
    .init("gaussian: {mean: [], variance: 1}", "1:18: found an empty list, expected numbers"),
    .init("mixture: []", "1:10: found no laws, expected a mixture of some"),
    .init(
      "mixture: [{gaussian: {mean: 0, variance: 1}}]",
      "1:11: expected the key weight beside a distribution"),
    .init(
      "mixture:\n  - {weight: 0.5, one-hot: [1]}\n  - {weight: 0.4, one-hot: [1]}",
      "2:3: found weights that sum to 0.9, expected 1 exactly"),
    .init(
      "mixture:\n  - {weight: 1, one-hot: [1]}\n  - {weight: 0, one-hot: [1]}",
      "3:14: found the weight 0, expected a positive number"),
    .init(
      "mixture:\n  - {weight: 1/2, one-hot: [1]}\n  - {weight: 1/2, one-hot: [0.5, 0.5]}",
      "3:5: found a law of 2 entries, expected 1, as the first one has"),
    .init(
      "uniform: {lower: [0, 2], upper: [1, 1.5]}",
      "1:37: found the upper end 1.5, expected at least 2, the lower end"),
    .init("uniform: {lower: [0, 2]}", "1:10: expected a box {lower, upper}"),
    .init(
      "uniform: unit",
      "1:10: found no set `unit`, expected one with that name or {lower, upper}"),
    .init(
      "uniform: {lower: -inf, upper: 0}",
      "1:18: found `-inf`, expected a finite decimal number or a fraction"),
    .init("one-hot: [0.3, 0.6]", "1:10: found probabilities that sum to 0.9, expected 1 exactly"),
    .init("one-hot: [1.5, -0.5]", "1:16: found the number -0.5, expected none below zero"),
    .init(
      "discrete: {values: [1, 2], probabilities: [1]}",
      "1:43: found 1 numbers, expected 2, one for each point"),
    .init(
      "discrete: {values: [1, 2], weights: [0, 0]}",
      "1:37: found weights that are all zero, expected a positive one"),
    .init("discrete: {values: none.csv}", "1:20: cannot read `none.csv`: no such file"),
    .init(
      "discrete: {values: ragged.csv}",
      "1:20: cannot read `ragged.csv`: line 2: found 1 fields, expected 2, as above"),
    .init(
      "kernel: {values: points.csv, variance: [1, 1, 1]}",
      "1:40: found a spread of 3 entries, expected 2, as the values have"),
    .init("law: benign", "1:6: found no distribution `benign` above, expected one with that name"),
    .init(
      "{one-hot: [0.5, 0.5], clipped-to: {lower: [0, 0, 0]}}",
      "1:43: found 3 numbers, expected 2"),
    .init(
      "{one-hot: [1], clipped-to: {lower: 0}, truncated-to: {upper: 1}}",
      "1:1: found truncated-to and clipped-to, expected one of them; `law: {...}` holds the other"),
  ]

  @Test(arguments: mistakes)
  func namesThePlaceAndTheFault(_ mistake: DistributionMistake) {
    #expect {
      _ = try Self.read(mistake.text)
    } throws: {
      "\($0)" == "d.yaml:" + mistake.error
    }
  }

  @Test func keepsNumbersAsTheyAreWritten() throws {
    let law = try Self.read("gaussian: {mean: [0.1, 1/3], standard-deviation: 0.2}").law
    guard case .gaussian(let gaussian) = law.form else {
      Issue.record("expected a normal law")
      return
    }
    #expect(gaussian.mean.fractions == [Rational(1) / Rational(10), Rational(1) / Rational(3)])
    #expect(gaussian.covariance(1, 1) == Rational(1) / Rational(25))
    #expect(gaussian.covariance(0, 1) == .zero)
  }

  @Test func readsDataFilesExactly() throws {
    let law = try Self.read("discrete: {values: points.csv, weights: [1, 2]}").law
    guard case .discrete(let points) = law.form else {
      Issue.record("expected a discrete law")
      return
    }
    #expect(points.point(0).fractions == [Rational(1) / Rational(10), Rational(2)])
    #expect(points.probability(1) == Rational(2) / Rational(3))
  }

  @Test func singleNumbersFitAnySize() throws {
    let noise = try Self.read(
      "{gaussian: {mean: 0, variance: 1}, clipped-to: {lower: -1, upper: 2}}")
    #expect(noise.fitsAnySize)
    #expect(try noise.law(size: 5).dimension == 5)
    let fixed = try Self.read("gaussian: {mean: [0, 1], variance: 1}")
    #expect(try fixed.law(size: 2).dimension == 2)
    #expect(
      throws: SpecificationError.self,
      "found a distribution of 2 entries, expected 3, one for each input"
    ) { try fixed.law(size: 3) }
    let mixed = try Self.read(
      """
      mixture:
        - {weight: 0.5, gaussian: {mean: 0, variance: 1}}
        - {weight: 0.5, gaussian: {mean: [1, 2, 3], variance: 1}}
      """)
    #expect(mixed.law.dimension == 3)
  }

  @Test func specificationsNameThem() throws {
    let specification = try SmallNetworks.read(
      """
      affidavit: 1
      networks: {f: f.onnx}
      sets:
        unit: {lower: 0, upper: 1}
      distributions:
        near: {gaussian: {mean: [0.5, 0.5], standard-deviation: 0.1}, clipped-to: unit}
        either: {mixture: [{weight: 0.5, law: near}, {weight: 0.5, uniform: unit}]}
      claims:
        - {id: a, for-all: {x: unit}, holds: "f(x)[0] <= 100"}
      """)
    #expect(specification.distributions.map(\.name) == ["near", "either"])
    #expect(specification.distributions[1].law.dimension == 2)
  }

  @Test(
    arguments: [
      "gaussian: {mean: [0.1, 1/3], covariance: [[1, 0.5], [0.5, 0.75]]}",
      "gaussian: {mean: [1, 2], covariance: {factor: [[0.3], [4]], diagonal: [0.25, 1e5]}}",
      """
      {kernel: {values: points.csv, weights: [1, 2], standard-deviation: 0.2},
      clipped-to: {upper: 3}}
      """,
      """
      {product: [{law: {uniform: {lower: [0, -1], upper: [0, 1]}, truncated-to: {lower: -0.5}},
      clipped-to: {upper: [5, 0.25]}}, {one-hot: [1/3, 2/3]}]}
      """,
      """
      mixture: [{weight: 1/3, gaussian: {mean: -1e-30, variance: 2}},
      {weight: 2/3, mixture: [{weight: 1, gaussian: {mean: 0, standard-deviation: 123456789.5}}]}]
      """,
    ])
  func theTextOfALawIsThatLaw(text: String) throws {
    let law = try Self.read(text).law
    let again = try Self.read(law.text).law
    #expect(again.text == law.text)
    #expect(again.dimension == law.dimension)
    var (first, second) = (SeededGenerator(seed: 1), SeededGenerator(seed: 1))
    for _ in 0..<20 {
      #expect(try law.sample(using: &first) == again.sample(using: &second))
    }
  }

  /// JSON is YAML: what `affidavit distribution fit` writes is read by the same reader.
  @Test func readsJSON() throws {
    let law = try Self.read(#"{"uniform": {"lower": [0, -1], "upper": [1, 1]}}"#).law
    #expect(law.moments?.mean == [0.5, 0])
  }
}
