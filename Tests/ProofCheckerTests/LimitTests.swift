import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// Expects that the problem itself is refused, for a reason that contains a text.
private func expectUnsupported(
  _ question: Problem, _ text: String, at location: SourceLocation = #_sourceLocation
) {
  guard case .unsupported(let reason)? = rejection([leaf], of: question) else {
    Issue.record("\(String(describing: rejection([leaf], of: question)))", sourceLocation: location)
    return
  }
  #expect(reason.contains(text), sourceLocation: location)
}

/// y = relu(x) with changed numbers.
private func question(
  weight: Double = 1, bias: Double = 0, relativeWeightError: Double = 0,
  execution: Execution = .rounded(extraRoundings: 0), meaning: Meaning = .real,
  inputRows: [Row] = []
) -> Problem {
  let map = LinearMap.dense(DenseMatrix(rows: 1, columns: 1, weights: [weight]))
  let affine = Affine(
    terms: [.init(source: NodeIndex(0), map: map)], bias: [bias],
    relativeWeightError: relativeWeightError, execution: execution)
  return problem(
    network([(1, .input), (1, .affine(affine)), (1, .relu(NodeIndex(1)))]), lower: [-1],
    upper: [1], inputRows: inputRows, disjuncts: [[outputRow([1], atMost: -1)]], meaning: meaning)
}

@Suite("Limits of the arithmetic")
struct LimitTests {
  @Test(
    "Weights and biases are finite", arguments: [Double.nan, Double.infinity, -Double.infinity])
  func finite(value: Double) {
    expectUnsupported(question(weight: value), "no finite number")
    expectUnsupported(question(bias: value), "no finite number")
    let sparse = SparseMatrix(
      rows: 1, columns: 1, rowStarts: [0, 1], columnIndices: [0], weights: [value])
    let affine = Affine(
      terms: [.init(source: NodeIndex(0), map: .sparse(sparse))], bias: [0])
    expectUnsupported(
      problem(
        network([(1, .input), (1, .affine(affine))]), lower: [0], upper: [1],
        disjuncts: [[outputRow([1], atMost: -1)]]), "no finite number")
  }

  @Test("Weight errors are fractions", arguments: [-0.5, 1, 2, Double.nan, Double.infinity])
  func weightErrors(value: Double) {
    expectUnsupported(question(relativeWeightError: value), "relative weight error")
  }

  @Test("Extra roundings are few and not negative", arguments: [-1, 65_537, Int.min, Int.max])
  func extraRoundings(value: Int) {
    let execution = Execution.rounded(extraRoundings: value)
    expectUnsupported(question(execution: execution, meaning: .float32), "extra roundings")
    #expect(rejection([leaf], of: question(execution: execution)) == nil)
  }

  @Test("Curves are convex", arguments: [0, -1])
  func curves(coefficient: Int) {
    for curve in [
      Row.Curve.square(index: 0, centre: .zero, coefficient: Rational(coefficient)),
      .absolute(index: 0, centre: .zero, coefficient: Rational(coefficient)),
    ] {
      expectUnsupported(
        question(inputRows: [inputRow([], curves: [curve], atMost: 1)]), "not positive")
    }
  }

  @Test("Binary32 does not overflow, whatever the order")
  func overflow() {
    // 3e38 · x · 2 − …: the sum of magnitudes counts, not the sum.
    let wide = { (weight: Double) in
      problem(
        denseNetwork([([[weight, -weight]], [0])]), lower: [1, 1], upper: [1, 1],
        disjuncts: [[outputRow([1], atMost: -1e37)]], meaning: .float32)
    }
    #expect(rejection([leaf], of: wide(1e37)) == nil)
    expectUnsupported(wide(3e38), "range of binary32")
  }

  @Test("An output has at most 2^16 addends, a node at most 2^24 entries")
  func sizes() {
    let columns = 1 << 16 + 1
    let wide = SparseMatrix(
      rows: 1, columns: columns, rowStarts: [0, columns], columnIndices: Array(0..<columns),
      weights: [Double](repeating: 1, count: columns))
    let row = outputRow([1], atMost: -1)
    let fan = problem(
      network([
        (columns, .input),
        (1, .affine(Affine(terms: [.init(source: NodeIndex(0), map: .sparse(wide))], bias: [0]))),
      ]), lower: [Double](repeating: 0, count: columns),
      upper: [Double](repeating: 1, count: columns), disjuncts: [[row]])
    expectUnsupported(fan, "addends")
    let large = problem(
      network([(1, .input), (1 << 24 + 1, .input)], output: 0),
      lower: [0], upper: [1], disjuncts: [[row]])
    expectUnsupported(large, "entries")
  }

  @Test("The box has an entry for each input, and node 0 is the input")
  func boxes() {
    let two = denseNetwork([([[1, 1]], [0])])
    let row = outputRow([1], atMost: -3)
    expectUnsupported(
      problem(two, lower: [0], upper: [1], disjuncts: [[row]]), "one entry for each")
    expectUnsupported(
      problem(two, lower: [0, 0], upper: [1], disjuncts: [[row]]), "one entry for each")
    expectUnsupported(
      problem(
        network([(1, affine([], bias: [7]))]), lower: [0], upper: [0], disjuncts: [[row]]),
      "one entry for each")
    expectUnsupported(
      problem(
        network([(1, .input), (1, .input)]), lower: [0], upper: [0], disjuncts: [[row]]),
      "more than one")
  }

  @Test("Sums of very many terms of full width fit", arguments: [Meaning.real, .float32])
  func manyTerms(meaning: Meaning) {
    // 2,000 terms whose integers fill all bits, on grids far apart.
    let terms = (0..<2000).map { place in
      let weight = place == 0 ? 0x1p-200 : (2 - 0x1p-51) * 0x1p20
      return (source: 0, rows: [[weight]])
    }
    let question = problem(
      network([(1, .input), (1, affine(terms, bias: [0])), (1, .relu(NodeIndex(1)))]),
      lower: [1 - 0x1p-53], upper: [1], disjuncts: [[outputRow([1], atMost: 1999 * 0x1p20)]],
      meaning: meaning)
    #expect(rejection([leaf], of: question) == nil)
  }

  @Test("Sums over very many entries of full width fit", .enabled(if: isSoak))
  func manyEntries() {
    // 2^22.6 products of a coefficient and a bias that fill all bits: together more than 2^127.
    let size = 6 << 20
    let weight = 2 - 0x1p-51
    let spread = SparseMatrix(
      rows: size, columns: 1, rowStarts: Array(0...size),
      columnIndices: [Int](repeating: 0, count: size),
      weights: [Double](repeating: weight, count: size))
    let wide = network([
      (1, .input),
      (
        size,
        .affine(
          Affine(
            terms: [.init(source: NodeIndex(0), map: .sparse(spread))],
            bias: [Double](repeating: -weight, count: size)))
      ),
      (size, .relu(NodeIndex(1))),
    ])
    let coefficient = Rational(-((1 << 49) - 1))
    let row = Row(
      inputs: [], outputs: (0..<size).map { .init(index: $0, coefficient: coefficient) },
      bound: Rational(Int.min), isStrict: false)
    let question = problem(
      wide, lower: [1], upper: [2 - 0x1p-51], disjuncts: [[row]], meaning: .real)
    guard case .notProved? = rejection([leaf], of: question) else {
      Issue.record("the sum is not small")
      return
    }
  }

  @Test(
    "Numbers of any magnitude are held",
    arguments: [0x1p-1070, 0x1.8p-1000, 0x1.8p-100, 0x1.8p100, 0x1.8p1000])
  func magnitudes(scale: Double) {
    // y = scale · relu(scale · x), x ∈ [−1, 1]: 0 ≤ y ≤ scale².
    let scaled = denseNetwork([([[scale]], [0]), ([[scale]], [0])])
    for (row, accepted) in [
      (outputRow([1], atMost: .zero), false), (outputRow([1], atMost: .zero, strict: true), true),
      (outputRow([-1], atMost: -(exact(scale) * exact(scale))), false),
      (
        outputRow([-1], atMost: -(exact(scale) * exact(scale)) * (.one + exact(1e-12))), true
      ),
    ] {
      let question = problem(scaled, lower: [-1], upper: [1], disjuncts: [[row]])
      #expect((rejection([leaf], of: question) == nil) == accepted)
      #expect((rejection([.tightenAll, leaf], of: question) == nil) == accepted)
    }
  }

  @Test("Claims of any magnitude are held")
  func claimMagnitudes() throws {
    let huge = try #require(Rational(decimal: "1e600"))
    let tiny = try #require(Rational(decimal: "1e-600"))
    let double = denseNetwork([([[2]], [0])])
    for size in [huge, tiny] {
      for (factor, accepted) in [(2.0000001, true), (2, false)] {
        let row = Row(
          inputs: [], outputs: [.init(index: 0, coefficient: -size)],
          bound: -(size * size * exact(factor)), isStrict: false)
        let question = Problem(
          network: double, inputNames: ["x"], variables: [],
          cases: [Case(lower: [-size], upper: [size], inputRows: [], disjuncts: [[row]])],
          meaning: .real)
        #expect((rejection([leaf], of: question) == nil) == accepted)
      }
    }
  }

  @Test("A wide range of weights in one map costs precision, not soundness")
  func range() {
    // 1e30 and −1e-30 do not share a grid: the small weight becomes an error.
    let mixed = denseNetwork([([[1e30, -1e-30]], [0])])
    let proven = provenMinimum([leaf], of: mixed, lower: [0, 1], upper: [0, 1], within: 0x1p60)
    #expect(proven <= -1e-30 && proven > -0x1p52)
  }
}

@Suite("Hostile proofs")
struct HostileTests {
  /// The ends of the format's numbers.
  private let extremes: [Dyadic] = {
    let mantissas: [Int] = [1, -1, 1 << 30 - 1, 1 << 62 - 1, 1 - 1 << 62]
    let exponents: [Int] = [-2048, -1100, -60, 0, 60, 1100, 2048]
    return exponents.flatMap { exponent in mantissas.map { Dyadic($0) * power(exponent) } }
  }()

  @Test(
    "No number of a record traps, and none proves what is false", arguments: 0..<(isSoak ? 100 : 4))
  func numbers(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let network = coarseNetwork([2, 3, 2, 1], using: &generator)
    let minimum = exactMinimum(of: network, lower: [-1, -1], upper: [1, 1]).value
    let falsehood = problem(
      network, lower: [-1, -1], upper: [1, 1], inputRows: [inputRow([1, 1], atMost: 2)],
      disjuncts: [[outputRow([1], atMost: minimum)]])
    let number = { (generator: inout SeededGenerator) in
      extremes.randomElement(using: &generator) ?? .one
    }
    let multiplier = { (generator: inout SeededGenerator) in
      Dyadic(Int.random(in: 1...(1 << 30) - 1, using: &generator))
        * power(Int.random(in: -2048...2018, using: &generator))
    }
    for _ in 0..<10 {
      let unit = Unit(rectifier: 0, index: Int.random(in: 0..<3, using: &generator))
      let splits: [Record] = [
        .splitInput(entry: 0, value: number(&generator)), .splitUnit(unit),
        .splitBound(unit, .lower, value: number(&generator)),
        .splitBound(unit, .upper, value: number(&generator)),
      ]
      let derivation = Derivation(
        units: [Term(unit, multiplier(&generator))], inputRows: [Term(0, multiplier(&generator))])
      let records: [Record] = [
        splits[1], splits.randomElement(using: &generator) ?? .tightenAll,
        .lemma(unit, .lower, derivation),
        .lemma(unit, .upper, derivation),
        .tightenAll, .closeEmpty(derivation),
        .close(disjunct: 0, Derivation(rows: [Term(0, multiplier(&generator))])),
      ]
      for start in records.indices {
        for end in start..<records.count {
          #expect(rejection(Array(records[start...end]), of: falsehood) != nil)
        }
      }
    }
  }

  @Test("The largest index is only an index that is not there")
  func indices() {
    let question = problem(
      denseNetwork([([[1]], [0]), ([[1]], [0])]), lower: [0], upper: [1],
      disjuncts: [[outputRow([1], atMost: -1)]])
    let last = 1 << 40 - 1
    let unit = Unit(rectifier: last, index: last)
    for record in [
      Record.splitInput(entry: last, value: .zero), .splitUnit(unit),
      .splitUnit(Unit(rectifier: 0, index: last)),
      .splitBound(unit, .lower, value: .zero),
      .separate(disjunct: last), .tighten(rectifier: last), .refresh(rectifier: last),
      .lemma(unit, .lower, .standard),
      .close(disjunct: last, .standard),
      .close(disjunct: 0, Derivation(rows: [Term(last, .one)])),
      .close(disjunct: 0, Derivation(units: [Term(unit, .one)])),
      .close(disjunct: 0, Derivation(inputRows: [Term(last, .one)])),
    ] {
      guard case .invalid(record: 1, _)? = rejection([record], of: question) else {
        Issue.record("\(record) is not invalid")
        continue
      }
    }
  }

  @Test("Very many records and terms are read")
  func length() {
    let question = problem(
      denseNetwork([([[1]], [0]), ([[1]], [0])]), lower: [0], upper: [1],
      disjuncts: [[outputRow([1], atMost: -1)]])
    let many = [Record](repeating: .refresh(rectifier: 0), count: 20_000)
    #expect(rejection(many + [leaf], of: question) == nil)
    let terms = (0..<10_000).map { Term($0, Dyadic.one) }
    #expect(
      rejection([.close(disjunct: 0, Derivation(inputRows: terms))], of: question) != nil)
  }
}
