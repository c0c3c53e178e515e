import TestSupport
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Testing

private let tightened: [Record] = [.tightenAll, leaf]

@Suite("Shapes of networks")
struct GraphTests {
  /// Expects that what is proved is the minimum, from below.
  private func expectMinimum(
    _ minimum: Double, of network: Network, lower: [Double], upper: [Double],
    coefficients: [Int] = [1], by records: [Record] = tightened,
    at location: SourceLocation = #_sourceLocation
  ) {
    let proven = provenMinimum(
      records, of: network, lower: lower, upper: upper, coefficients: coefficients)
    #expect(proven <= minimum && proven > minimum - 1e-9, sourceLocation: location)
  }

  @Test("The output may be the input, a rectifier of it, or a rectifier of a rectifier")
  func chains() {
    let nodes: [(size: Int, operation: NetworkModel.Operation)] = [
      (1, .input), (1, .relu(NodeIndex(0))), (1, .relu(NodeIndex(1))),
      (1, affine([(2, [[-1]]), (0, [[1]])], bias: [0])),
    ]
    expectMinimum(-2, of: network(nodes, output: 0), lower: [-2], upper: [3])
    for output in [1, 2] {
      expectMinimum(0, of: network(nodes, output: output), lower: [-3], upper: [2])
      expectMinimum(
        -2, of: network(nodes, output: output), lower: [-3], upper: [2], coefficients: [-1])
    }
    // y = x − relu(relu(x)): at least −2, at most 0.
    expectMinimum(-2, of: network(nodes), lower: [-2], upper: [3])
    expectMinimum(0, of: network(nodes), lower: [0], upper: [3])
    let first = Unit(rectifier: 0, index: 0)
    let second = Unit(rectifier: 1, index: 0)
    // Where x ≤ 0, y = x; where x ≥ 0, y = 0.
    for unit in [first, second] {
      expectMinimum(
        -0.5, of: network(nodes), lower: [-0.5], upper: [3], by: [.splitUnit(unit), leaf, leaf])
    }
    // Where the rectified x is not positive, x is at most zero.
    let close = Record.close(disjunct: 0, Derivation(units: [Term(second, .one)]))
    expectMinimum(
      -3, of: network(nodes, output: 0), lower: [-1], upper: [3], coefficients: [-1],
      by: [.splitUnit(second), close, leaf])
  }

  @Test("A constant is what it is")
  func constants() {
    let nodes: [(size: Int, operation: NetworkModel.Operation)] = [
      (1, .input), (2, affine([], bias: [-0.1, 3])), (2, .relu(NodeIndex(1))),
      (1, affine([(2, [[5, 7]]), (1, [[1, 0]])], bias: [0.5])),
    ]
    expectMinimum(21.4, of: network(nodes), lower: [0], upper: [1])
    expectMinimum(-21.4, of: network(nodes), lower: [0], upper: [1], coefficients: [-1])
    expectMinimum(
      -0.1, of: network(nodes, output: 1), lower: [0], upper: [1], coefficients: [1, 0])
    let zero = network([(1, .input), (1, affine([], bias: [0]))])
    for (strict, accepted) in [(true, true), (false, false)] {
      let question = problem(
        zero, lower: [0], upper: [1],
        disjuncts: [[outputRow([1], atMost: .zero, strict: strict)]], meaning: .float32)
      #expect((rejection([leaf], of: question) == nil) == accepted)
    }
  }

  @Test("Nodes may be empty")
  func empty() {
    let nodes: [(size: Int, operation: NetworkModel.Operation)] = [
      (1, .input), (0, affine([], bias: [])), (0, .relu(NodeIndex(1))),
      (1, affine([(0, [[2]])], bias: [1])),
    ]
    expectMinimum(-1, of: network(nodes), lower: [-1], upper: [1])
    let none = network([(0, .input), (1, affine([], bias: [2]))])
    expectMinimum(2, of: none, lower: [], upper: [])
    // Where all are, 0 ≤ −1 is false and 0 ≤ 0 is not.
    let nothing = network([(0, .input), (0, .relu(NodeIndex(0)))])
    for (bound, accepted) in [(-1.0, true), (0, false)] {
      let question = problem(
        nothing, lower: [], upper: [], disjuncts: [[outputRow([], atMost: bound)]])
      #expect((rejection(tightened, of: question) == nil) == accepted)
    }
  }

  @Test("A node may have many users")
  func sharing() {
    // z = x + 1/2 goes into two rectifiers, a sum and the output: y = relu(z) + relu(z) − 2 z + x − x.
    let nodes: [(size: Int, operation: NetworkModel.Operation)] = [
      (1, .input), (1, affine([(0, [[1]])], bias: [0.5])), (1, .relu(NodeIndex(1))),
      (1, .relu(NodeIndex(1))),
      (1, affine([(2, [[1]]), (3, [[1]]), (1, [[-2]]), (0, [[1]]), (0, [[-1]])], bias: [0])),
    ]
    expectMinimum(0, of: network(nodes), lower: [0], upper: [1])
    expectMinimum(1, of: network(nodes), lower: [-2], upper: [-1])
    let unit = Unit(rectifier: 1, index: 0)
    let close = Record.close(disjunct: 0, Derivation(units: [Term(unit, Dyadic(2))]))
    expectMinimum(
      0, of: network(nodes), lower: [-2], upper: [1], by: [.splitUnit(unit), close, leaf])
    // Both rectifiers know the split.
    #expect(
      rejection(
        [.splitUnit(unit), .close(disjunct: 0, Derivation(slopes: .codes([]))), leaf],
        of: problem(
          network(nodes), lower: [-2], upper: [1], disjuncts: [[outputRow([1], atMost: -9)]]))
        == nil)
  }

  @Test("A rectifier at zero, from either side and at both ends")
  func ties() {
    let rectified = network([(1, .input), (1, .relu(NodeIndex(0)))])
    for (lower, upper, least, greatest) in [
      (-1.0, 0.0, 0.0, 0.0), (0, 1, 0, 1), (0, 0, 0, 0), (-1, 1, 0, 1),
    ] {
      expectMinimum(least, of: rectified, lower: [lower], upper: [upper])
      expectMinimum(-greatest, of: rectified, lower: [lower], upper: [upper], coefficients: [-1])
      let strict = problem(
        rectified, lower: [lower], upper: [upper],
        disjuncts: [
          [outputRow([1], atMost: exact(least), strict: true)],
          [outputRow([-1], atMost: exact(-greatest), strict: true)],
        ])
      #expect(rejection([leaf, .close(disjunct: 1, .standard)], of: strict) == nil)
      for row in [outputRow([1], atMost: least), outputRow([-1], atMost: -greatest)] {
        let reached = problem(rectified, lower: [lower], upper: [upper], disjuncts: [[row]])
        #expect(rejection([leaf], of: reached) != nil)
      }
    }
  }

  @Test("Rows may combine inputs with the outputs of several ports, one named twice")
  func rows() {
    let joint = Network(
      nodes: [
        Node(name: "x", size: 1, operation: .input),
        Node(name: "y", size: 1, operation: affine([(0, [[3]])], bias: [1])),
      ],
      inputs: [Port(name: "x", shape: [1], elementType: .float32, node: NodeIndex(0))],
      outputs: [0, 1].map { _ in
        Port(name: "y", shape: [1], elementType: .float32, node: NodeIndex(1))
      })
    // y + y − 6 x = 2 for every x.
    for (bound, accepted) in [(1.999999, true), (2, false)] {
      let row = Row(
        inputs: [.init(index: 0, coefficient: Rational(-6))],
        outputs: [0, 1].map { .init(index: $0, coefficient: .one) }, bound: exact(bound),
        isStrict: false)
      let question = problem(joint, lower: [-1], upper: [1], disjuncts: [[row]])
      #expect((rejection([leaf], of: question) == nil) == accepted)
    }
  }

  @Test("Coefficients that no binary number equals are rounded on the safe side")
  func thirds() {
    // x / 3 ≤ 1/3 · 10 has no point in [10 + ε, 11], has one in [10, 11].
    let third = Rational(1) / Rational(3)
    for sign in [1, -1] {
      for (least, accepted) in [(10 + 1e-9, true), (10, false), (10 - 1e-9, false)] {
        let ends = [Double(sign) * least, Double(sign) * 11].sorted()
        let row = Row(
          inputs: [.init(index: 0, coefficient: third * Rational(sign))], outputs: [],
          bound: Rational(10) / Rational(3), isStrict: false)
        let question = problem(
          network([(1, .input)]), lower: [ends[0]], upper: [ends[1]], disjuncts: [[row]])
        #expect((rejection([leaf], of: question) == nil) == accepted)
      }
    }
  }

  /// Expects that what is reached is not refuted, and that a little beyond is.
  private func expectReached(
    _ minimum: Rational, of network: Network, lower: [Rational], upper: [Rational],
    coefficients: [Int] = [1], slack: Double, at location: SourceLocation = #_sourceLocation
  ) {
    for (bound, accepted) in [(minimum, false), (minimum - exact(slack), true)] {
      let question = Problem(
        network: network, inputNames: [], variables: [],
        cases: [
          Case(
            lower: lower, upper: upper, inputRows: [],
            disjuncts: [[outputRow(coefficients, atMost: bound)]])
        ], meaning: .real)
      for records in [[leaf], tightened] {
        #expect((rejection(records, of: question) == nil) == accepted, sourceLocation: location)
      }
    }
  }

  @Test("Box ends that no binary number equals are rounded outward")
  func tenths() {
    let tenth = Rational(1) / Rational(10)
    let copied = network([(1, .input)])
    for end in [tenth, -tenth] {
      let (below, above) = (end - .one, end + .one)
      expectReached(end, of: copied, lower: [end], upper: [above], slack: 1e-12)
      expectReached(
        -end, of: copied, lower: [below], upper: [end], coefficients: [-1], slack: 1e-12)
    }
  }

  @Test("Coefficients longer than the grid are rounded at the input's expense")
  func longCoefficients() {
    // Three weights of 24 bits make one of 72.
    let weight = 1 + 0x1p-23
    let chain = denseNetwork([([[weight]], [0]), ([[1]], [0])])
    let linear = network([
      (1, .input), (1, affine([(0, [[weight]])], bias: [0])),
      (1, affine([(1, [[weight]])], bias: [0])), (1, affine([(2, [[weight]])], bias: [0])),
    ])
    let product = exact(weight) * exact(weight) * exact(weight)
    expectReached(-product, of: linear, lower: [-.one], upper: [.one], slack: 1e-12)
    expectReached(
      -product, of: linear, lower: [-.one], upper: [.one], coefficients: [-1], slack: 1e-12)
    expectReached(
      -exact(weight), of: chain, lower: [-.one], upper: [.one], coefficients: [-1], slack: 1e-12)
  }

  @Test("A unit that is barely positive, or barely negative, counts as unstable")
  func barely() {
    // z = x0 ∓ 1 ± 2^-58 x1 over [−1, 1] × [0, 1] ends 2^-58 beyond zero.
    for sign in [1.0, -1] {
      let nodes: [(size: Int, operation: NetworkModel.Operation)] = [
        (2, .input),
        (1, affine([(0, [[1, 0]]), (0, [[0, sign * 0x1p-58]])], bias: [-sign])),
        (1, .relu(NodeIndex(1))),
        (1, affine([(2, [[-0x1p60]]), (1, [[sign > 0 ? 0 : 0x1p60]])], bias: [0])),
      ]
      // −2^60 relu(z) where z is at most 2^-58; 2^60 min(z, 0) where it is at least −2^-58.
      let ends = [[-Rational.one, .zero], [.one, .one]]
      expectReached(
        Rational(-4), of: network(nodes), lower: ends[0], upper: ends[1], slack: 100_000)
    }
  }

  @Test("Biases longer than the grid are rounded, and paid for")
  func longBiases() {
    let constant = network([(1, .input), (2, affine([], bias: [1, 0x1p-60]))])
    for sign in [1, -1] {
      expectReached(
        Rational(sign) * exact(0x1p-60), of: constant, lower: [.zero], upper: [.one],
        coefficients: [0, sign], slack: 0x1p-50)
    }
  }

  @Test("Weights longer than the grid are rounded, and paid for")
  func longWeights() {
    for sign in [1.0, -1] {
      let mixed = denseNetwork([([[1, sign * 0x1p-60]], [0])])
      expectReached(
        -exact(0x1p-60), of: mixed, lower: [.zero, -.one], upper: [.zero, .one], slack: 0x1p-45)
      expectReached(
        -exact(0x1p-60), of: mixed, lower: [.zero, -.one], upper: [.zero, .one],
        coefficients: [-1], slack: 0x1p-45)
    }
  }

  @Test("A relative weight error is paid for")
  func weightErrors() {
    // y = w x with w within 2^-20 of 1, x ∈ [−1, 2].
    for (coefficient, least) in [(1, -1 - 0x1p-20), (-1, -2 - 0x1p-19)] {
      let inexact = denseNetwork([([[1]], [0])], relativeWeightError: 0x1p-20)
      let proven = provenMinimum(
        [leaf], of: inexact, lower: [-1], upper: [2], coefficients: [coefficient])
      #expect(proven <= least && proven > least - 0x1p-18)
    }
  }
}

@Suite("Forms of linear maps")
struct MapTests {
  private func numbers(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
    (0..<count).map { _ in Double(Float.random(in: -1...1, using: &generator)) }
  }

  /// Convolutions with padding, stride, dilation and groups, a pruned layer, a residual sum.
  private func mixedNetwork(_ generator: inout SeededGenerator) -> Network {
    let first = Convolution(
      inputChannels: 1, outputChannels: 2, groups: 1,
      rows: .init(input: 4, output: 2, kernel: 3, stride: 2, padding: 1),
      columns: .init(input: 3, output: 3, kernel: 2, padding: 1, dilation: 2),
      weights: numbers(12, &generator))
    let second = Convolution(
      inputChannels: 2, outputChannels: 2, groups: 2,
      rows: .init(input: 2, output: 2, kernel: 3, padding: 1),
      columns: .init(input: 3, output: 3, kernel: 3, padding: 1), weights: numbers(18, &generator))
    let pruned = SparseMatrix(
      rows: 4, columns: 12, rowStarts: [0, 3, 3, 5, 9],
      columnIndices: [0, 5, 11, 2, 7, 1, 3, 4, 10], weights: numbers(9, &generator))
    let selection = SparseMatrix(selecting: [3, -1, 0], of: 4)
    let sum = Affine(
      terms: [
        .init(source: NodeIndex(3), map: .convolution(second)),
        .init(source: NodeIndex(2), map: .identity(12)),
      ], bias: numbers(12, &generator))
    return network([
      (12, .input),
      (
        12,
        .affine(
          Affine(
            terms: [.init(source: NodeIndex(0), map: .convolution(first))],
            bias: numbers(12, &generator)))
      ),
      (12, .relu(NodeIndex(1))), (12, .relu(NodeIndex(2))), (12, .affine(sum)),
      (12, .relu(NodeIndex(4))),
      (
        4,
        .affine(
          Affine(
            terms: [.init(source: NodeIndex(5), map: .sparse(pruned))],
            bias: numbers(4, &generator)))
      ),
      (4, .relu(NodeIndex(6))),
      (
        3,
        .affine(
          Affine(
            terms: [.init(source: NodeIndex(7), map: .sparse(selection))],
            bias: numbers(3, &generator)))
      ),
    ])
  }

  @Test(
    "Every form proves what the full matrix proves, and no sample is below",
    arguments: 0..<(isSoak ? 20 : 2))
  func twin(seed: UInt64) {
    var generator = SeededGenerator(seed: 300 + seed)
    let mixed = mixedNetwork(&generator)
    let lower = (0..<12).map { _ in Double.random(in: -1...0.5, using: &generator) }
    let upper = lower.map { $0 + Double.random(in: 0...1, using: &generator) }
    let sampled = (0..<200).map { _ in
      outputs(
        of: mixed, at: zip(lower, upper).map { Double.random(in: $0...$1, using: &generator) })
    }
    for coefficients in [[1, 0, 0], [-1, 0, 2]] {
      for records in [[leaf], tightened] {
        for meaning in [Meaning.real, .float32] {
          let proven = [mixed, densified(mixed)].map {
            provenMinimum(
              records, of: $0, lower: lower, upper: upper, coefficients: coefficients,
              meaning: meaning, within: 64, steps: 38)
          }
          #expect(abs(proven[0] - proven[1]) <= 1e-9)
          let least = sampled.map { zip(coefficients, $0).reduce(0) { $0 + Double($1.0) * $1.1 } }
          #expect(proven[0] <= least.min() ?? 0)
        }
      }
    }
  }
}
