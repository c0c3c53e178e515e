import TestSupport
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Testing

@Suite("Soundness on random networks")
struct SoundnessTests {
  @Test(
    "No point lies below a proved bound, and the bound is not far off",
    arguments: 0..<(isSoak ? 400 : 16))
  func randomNetworks(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let network = randomNetwork([3, 6, 5, 1], using: &generator)
    let centre = (0..<3).map { _ in Double.random(in: -1...1, using: &generator) }
    let radius = Double.random(in: 0.01...1, using: &generator)
    let lower = centre.map { $0 - radius }
    let upper = centre.map { $0 + radius }
    let sampled =
      (0..<2000).map { _ in
        outputs(
          of: network,
          at: zip(lower, upper).map { Double.random(in: $0...$1, using: &generator) })[0]
      }.min() ?? 0
    let interval = provenMinimum(
      [.close(disjunct: 0, .standard)], of: network, lower: lower, upper: upper)
    let tightened = provenMinimum(
      [.tightenAll, .close(disjunct: 0, .standard)], of: network, lower: lower, upper: upper)
    #expect(interval <= sampled)
    #expect(tightened <= sampled)
    #expect(tightened > sampled - 30 * radius)
  }

  @Test("Any slopes are sound", arguments: 0..<(isSoak ? 400 : 20))
  func randomSlopes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: 1000 + seed)
    let network = randomNetwork([2, 4, 1], using: &generator)
    let lower = [-1.0, -1.0]
    let upper = [1.0, 1.0]
    let sampled =
      (0..<2000).map { _ in
        outputs(of: network, at: (0..<2).map { _ in Double.random(in: -1...1, using: &generator) })[
          0]
      }.min() ?? 0
    // The number of unstable units is not known here: more slopes are refused, fewer are not.
    let proven = (0...5).map { count in
      let codes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      return provenMinimum(
        [.close(disjunct: 0, Derivation(slopes: .codes(codes)))], of: network, lower: lower,
        upper: upper)
    }
    let accepted = proven.prefix(while: \.isFinite).count
    #expect(accepted > 0 && !proven[accepted...].contains(where: \.isFinite) && accepted < 6)
    #expect((proven.max() ?? 0) <= sampled)
  }

  @Test("An affine network is bounded exactly")
  func affine() throws {
    let network = denseNetwork([([[1, -2]], [0.5])])
    let tight = problem(
      network, lower: [-1, 0], upper: [1, 3],
      disjuncts: [[outputRow([1], atMost: -6.5, strict: true)]])
    _ = try ProofChecker.check(proof(.close(disjunct: 0, .standard)), of: tight)
    let touching = problem(
      network, lower: [-1, 0], upper: [1, 3], disjuncts: [[outputRow([1], atMost: -6.5)]])
    #expect(throws: Rejection.self) {
      try ProofChecker.check(proof(.close(disjunct: 0, .standard)), of: touching)
    }
  }

  @Test("Splits on inputs and units reach the minimum of |x|")
  func splits() throws {
    // y = relu(x) + relu(−x) = |x| over [−1, 1]; y ≤ −0.001 is impossible, as is y < 0.
    let network = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    for bound in [(-0.001, false), (0.0, true)] {
      let question = problem(
        network, lower: [-1], upper: [1],
        disjuncts: [[outputRow([1], atMost: bound.0, strict: bound.1)]])
      let leaf = Record.close(disjunct: 0, .standard)
      let byInput = proof(
        .splitInput(entry: 0, value: .zero), .tightenAll, leaf, .tightenAll, leaf)
      #expect(try ProofChecker.check(byInput, of: question).nodes == 3)
      // Where x ≥ 0, y = x + relu(−x) ≥ x, and only the split says that x is not negative.
      let unit = Unit(rectifier: 0, index: 0)
      let positive = Record.close(disjunct: 0, Derivation(units: [Term(unit, .one)]))
      let byUnit = proof(.splitUnit(unit), leaf, positive)
      #expect(throws: Rejection.self) {
        try ProofChecker.check(proof(.splitUnit(unit), leaf, leaf), of: question)
      }
      #expect(try ProofChecker.check(byUnit, of: question).nodes == 3)
    }
  }

  @Test("The worked example of the format's description, byte by byte")
  func workedExample() throws {
    let network = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    let question = problem(
      network, lower: [-1], upper: [1],
      disjuncts: [
        [outputRow([1], atMost: try #require(Rational(decimal: "-0.001")))]
      ])
    let bytes: [UInt8] =
      Array("affidavit-proof/1\n".utf8) + [
        0x02, 0x00, 0x00, 0x21, 0x00, 0x20, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x02, 0x00, 0x00,
      ]
    let verified = try ProofChecker.check(bytes, of: question)
    #expect(verified.nodes == 3 && verified.records == 3)
  }

  @Test("Multipliers of input rows prove what slopes alone cannot")
  func multipliers() throws {
    // y = x0 where x0 ≥ 0.5 by the row: the box alone allows −1.
    let network = denseNetwork([([[1, 0]], [0])])
    let question = problem(
      network, lower: [-1, -1], upper: [1, 1],
      inputRows: [
        Row(
          inputs: [
            .init(index: 0, coefficient: Rational(-1)), .init(index: 1, coefficient: Rational(-1)),
          ], outputs: [], bound: Rational(-3) / Rational(2), isStrict: false)
      ], disjuncts: [[outputRow([1], atMost: 0.25)]])
    let derivation = Derivation(inputRows: [Term(0, .one)])
    _ = try ProofChecker.check(proof(.close(disjunct: 0, derivation)), of: question)
    #expect(throws: Rejection.self) {
      try ProofChecker.check(proof(.close(disjunct: 0, .standard)), of: question)
    }
  }

  @Test("Balls of the norms 1 and 2 are tighter than their boxes")
  func balls() throws {
    let network = denseNetwork([([[1, 1]], [0])])
    let square = (0..<2).map {
      Row.Curve.square(index: $0, centre: .zero, coefficient: .one)
    }
    let absolute = (0..<2).map {
      Row.Curve.absolute(index: $0, centre: .zero, coefficient: .one)
    }
    // min x0 + x1 is −√2 on the disc, −1 on the diamond, −2 on the square.
    for (curves, bound, multiplier) in [
      (square, -1.4143, Dyadic(exactly: 0.70703125)), (absolute, -1.0001, Dyadic.one),
    ] {
      let question = problem(
        network, lower: [-1, -1], upper: [1, 1],
        inputRows: [
          Row(inputs: [], outputs: [], curves: curves, bound: .one, isStrict: false)
        ], disjuncts: [[outputRow([1], atMost: bound)]])
      let term = Term(0, try #require(multiplier))
      _ = try ProofChecker.check(
        proof(.close(disjunct: 0, Derivation(inputRows: [term]))), of: question)
      #expect(throws: Rejection.self) {
        try ProofChecker.check(proof(.close(disjunct: 0, .standard)), of: question)
      }
    }
  }
}
