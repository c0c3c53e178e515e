import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import Search
import TestSupport
import Testing

@Suite("Decisions")
struct DecisionTests {
  private func decide(_ question: Problem, threads: Int = 2) -> Verdict {
    Search.decide(question, options: SearchOptions(timeLimit: 20, threads: threads)).verdict
  }

  private func proof(_ question: Problem, threads: Int = 2) -> [UInt8]? {
    guard case .holds(let proof) = decide(question, threads: threads) else { return nil }
    return proof.bytes
  }

  private func witness(_ question: Problem) -> Witness? {
    guard case .refuted(let witness) = decide(question) else { return nil }
    return witness
  }

  /// Two inputs are split as boxes, fourteen as units.
  @Test("Thresholds on either side of the minimum are decided", arguments: 0..<12, [2, 14])
  func thresholds(seed: UInt64, inputs: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let network = randomNetwork([inputs, 8, 6, 1], using: &generator)
    let lower = [Double](repeating: -0.5, count: inputs)
    let upper = [Double](repeating: 0.5, count: inputs)
    let sampled =
      (0..<4000).map { _ in
        outputs(of: network, at: lower.map { _ in .random(in: -0.5...0.5, using: &generator) })[0]
      }.min() ?? 0
    let reachable = problem(
      network, lower: lower, upper: upper, disjuncts: [[outputRow([1], atMost: sampled + 0.01)]])
    let found = try #require(witness(reachable))
    #expect(found.holdsInBinary32)
    #expect(found.confirmed.isStrict)
    // Far below what the weights, at most one in magnitude, can reach.
    let unreachable = problem(
      network, lower: lower, upper: upper, disjuncts: [[outputRow([1], atMost: -200)]])
    let bytes = try #require(proof(unreachable))
    _ = try ProofChecker.check(bytes, of: unreachable)
  }

  @Test("Branch and bound closes the gap that bounds leave", arguments: 0..<8, [2, 14])
  func narrowGap(seed: UInt64, inputs: Int) throws {
    var generator = SeededGenerator(seed: 100 + seed)
    let network = randomNetwork([inputs, 6, 1], using: &generator)
    let lower = [Double](repeating: -0.3, count: inputs)
    let upper = [Double](repeating: 0.3, count: inputs)
    let minimum = self.minimum(of: network, lower: lower, upper: upper)
    let below = problem(
      network, lower: lower, upper: upper, disjuncts: [[outputRow([1], atMost: minimum - 0.001)]])
    #expect(proof(below) != nil)
    let above = problem(
      network, lower: lower, upper: upper, disjuncts: [[outputRow([1], atMost: minimum + 0.001)]])
    #expect(witness(above) != nil)
  }

  /// Outputs that are units: the larger one must be positive, which its own bounds do not show.
  @Test("A rectified output is compared with another one", arguments: 0..<3, [2, 14])
  func rectifiedOutputs(seed: UInt64, inputs: Int) throws {
    var generator = SeededGenerator(seed: 300 + seed)
    let weights = [(8, inputs), (2, 8)].map { rows, columns in
      (0..<rows).map { _ in
        (0..<columns).map { _ in Double(Int.random(in: -16...16, using: &generator)) / 16 }
      }
    }
    // relu(z0) − relu(z1), or z0 − relu(z1), with z0 raised.
    func compared(raisedBy raise: Double, rectified: Bool) -> Network {
      network(
        [
          (inputs, .input),
          (8, affine([(0, weights[0])], bias: [Double](repeating: 0.25, count: 8))),
          (8, .relu(NodeIndex(1))), (2, affine([(2, weights[1])], bias: [raise, 0.5])),
          (2, .relu(NodeIndex(3))),
          rectified
            ? (2, affine([(4, [[1, 0], [0, 1]])], bias: [0, 0]))
            : (1, affine([(3, [[1, 0]]), (4, [[0, -1]])], bias: [0])),
        ], output: rectified ? 4 : 5)
    }
    let lower = [Double](repeating: -0.25, count: inputs)
    let upper = [Double](repeating: 0.25, count: inputs)
    let least = minimum(of: compared(raisedBy: 0, rectified: false), lower: lower, upper: upper)
    for (margin, holds) in [(0.01, true), (-0.01, false)] {
      let question = problem(
        compared(raisedBy: margin - least, rectified: true), lower: lower, upper: upper,
        disjuncts: [[outputRow([1, -1], atMost: 0)]])
      #expect((proof(question) != nil) == holds)
      #expect((witness(question) == nil) == holds)
    }
  }

  /// The minimum by descent from many corners, coordinate by coordinate; a piecewise-linear function
  /// of one hidden layer this small has few local minima.
  private func minimum(of network: Network, lower: [Double], upper: [Double]) -> Double {
    var generator = SeededGenerator(seed: 7)
    var best = Double.infinity
    for _ in 0..<60 {
      var point = zip(lower, upper).map { Double.random(in: $0...$1, using: &generator) }
      var step = 0.3
      while step > 1e-7 {
        let before = outputs(of: network, at: point)[0]
        var after = before
        for entry in point.indices {
          for moved in [point[entry] - step, point[entry] + step] {
            var candidate = point
            candidate[entry] = min(upper[entry], max(lower[entry], moved))
            let value = outputs(of: network, at: candidate)[0]
            if value < after { (after, point) = (value, candidate) }
          }
        }
        if after >= before { step /= 2 }
      }
      best = min(best, outputs(of: network, at: point)[0])
    }
    return best
  }

  @Test("The same seed gives the same proof on one thread and on two", arguments: [2, 14])
  func deterministic(inputs: Int) throws {
    var generator = SeededGenerator(seed: 5)
    let network = randomNetwork([inputs, 12, 8, 2], using: &generator)
    let lower = [Double](repeating: -0.4, count: inputs)
    let upper = [Double](repeating: 0.4, count: inputs)
    let question = problem(
      network, lower: lower, upper: upper,
      disjuncts: [[outputRow([1, 0], atMost: -6)], [outputRow([0, -1], atMost: -9)]])
    let one = try #require(proof(question, threads: 1))
    #expect(proof(question, threads: 2) == one)
  }

  /// y = relu(x) + relu(−x) = |x|.
  private let magnitude = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])

  @Test("Ties at zero go the way of the comparison")
  func ties() throws {
    let strict = problem(
      magnitude, lower: [-1], upper: [1], disjuncts: [[outputRow([1], atMost: 0, strict: true)]])
    #expect(witness(strict) == nil)
    let met = problem(
      magnitude, lower: [-1], upper: [1], disjuncts: [[outputRow([1], atMost: 0)]])
    #expect(try #require(witness(met)).point == [.zero])
    let far = problem(
      magnitude, lower: [-1], upper: [1], disjuncts: [[outputRow([1], atMost: -0.001)]])
    #expect(proof(far) != nil)
  }

  @Test("Empty boxes and cases without disjuncts hold; a disjunct without rows is met by any point")
  func emptiness() {
    let rows = [[outputRow([1], atMost: 5)]]
    #expect(proof(problem(magnitude, lower: [1], upper: [-1], disjuncts: rows)) != nil)
    #expect(proof(problem(magnitude, lower: [-1], upper: [1], disjuncts: [])) != nil)
    #expect(witness(problem(magnitude, lower: [-1], upper: [1], disjuncts: [[]])) != nil)
    #expect(witness(problem(magnitude, lower: [0.25], upper: [0.25], disjuncts: rows)) != nil)
  }

  @Test("Input rows that contradict the box close it, and those that do not restrict it")
  func inputRows() {
    let network = denseNetwork([([[1, -1]], [0])])
    let apart = Row(
      inputs: [
        .init(index: 0, coefficient: Rational(-1)), .init(index: 1, coefficient: .one),
      ], outputs: [], bound: Rational(-1) / Rational(4), isStrict: false)
    // x0 ≥ x1 + 1/4, so that y = x0 − x1 is at least 1/4.
    let rows = [[outputRow([1], atMost: 0.2)]]
    #expect(
      proof(
        problem(network, lower: [-1, -1], upper: [1, 1], inputRows: [apart], disjuncts: rows))
        != nil)
    #expect(
      witness(
        problem(
          network, lower: [-1, -1], upper: [1, 1], inputRows: [apart],
          disjuncts: [[outputRow([1], atMost: 0.3)]])) != nil)
    #expect(
      proof(
        problem(network, lower: [-1, 0], upper: [0, 1], inputRows: [apart], disjuncts: rows))
        != nil)
  }

  /// Found by random search: the sum of the lower functions of a row and of split units was positive,
  /// the lower function of the sum, which the checker takes, was not.
  @Test("Rows and split units are added up before lines are chosen")
  func splitsInCombinations() {
    let network = denseNetwork([
      ([[-1.25, -1.5], [0.625, -1], [-0.625, -0.75]], [-0.5, 0, -0.25]),
      ([[-0.625, 1.125, -1], [1, -1, 1], [1, -0.75, 0.125]], [-0.125, 0.625, -0.5]),
      (
        [[-1.125, -0.875, -0.125], [1.125, -0.5, -1.25], [-1.125, 1.25, 0.25]],
        [0.75, -0.625, -0.125]
      ),
      ([[1.5, 0.25, 0.125], [1.5, -0.375, 0.75]], [-0.375, 0.5]),
    ])
    let rows = [outputRow([1, 0], atMost: -0.109375), outputRow([0, 1], atMost: -0.109375)]
    let question = problem(network, lower: [-1, -1], upper: [1, 1], disjuncts: [rows])
    #expect(proof(question) != nil)
  }

  @Test("Balls of the norms 1 and 2 are not mistaken for their boxes", arguments: [2, 14])
  func balls(inputs: Int) {
    let network = denseNetwork([
      ((0..<2).map { row in (0..<inputs).map { _ in row == 0 ? 1 : -1 } }, [0, 0]),
      ([[1, -1]], [0]),
    ])
    // y = Σ x, at least −√n on the ball of norm 2, −1 on that of norm 1, −n on the box.
    let size = Double(inputs)
    for (isSquare, minimum) in [(true, -size.squareRoot()), (false, -1)] {
      let curves = (0..<inputs).map { index in
        isSquare
          ? Row.Curve.square(index: index, centre: .zero, coefficient: .one)
          : Row.Curve.absolute(index: index, centre: .zero, coefficient: .one)
      }
      let ball = Row(inputs: [], outputs: [], curves: curves, bound: .one, isStrict: false)
      let question = { (bound: Double) in
        problem(
          network, lower: [Double](repeating: -1, count: inputs),
          upper: [Double](repeating: 1, count: inputs), inputRows: [ball],
          disjuncts: [[outputRow([1], atMost: bound)]])
      }
      #expect(proof(question(minimum - 0.1)) != nil)
      #expect(witness(question(minimum + 0.2)) != nil)
    }
  }
}

@Suite("Limits and numbers")
struct SearchLimitTests {
  @Test("A time limit of zero, too little memory and a raised interrupt end the search undecided")
  func stops() {
    var generator = SeededGenerator(seed: 3)
    let network = randomNetwork([3, 20, 20, 1], using: &generator)
    let question = problem(
      network, lower: [-1, -1, -1], upper: [1, 1, 1], disjuncts: [[outputRow([1], atMost: -3)]])
    let limited = Search.decide(question, options: SearchOptions(timeLimit: 0))
    guard case .undecided(.timeLimit) = limited.verdict else {
      Issue.record("found \(limited.verdict)")
      return
    }
    let small = Search.decide(question, options: SearchOptions(memoryLimit: 1 << 10))
    guard case .undecided(.memoryLimit(1024)) = small.verdict else {
      Issue.record("found \(small.verdict)")
      return
    }
    let interrupt = Interrupt()
    interrupt.raise()
    let stopped = Search.decide(question, options: SearchOptions(), interrupt: interrupt)
    guard case .undecided(.interrupted) = stopped.verdict else {
      Issue.record("found \(stopped.verdict)")
      return
    }
  }

  @Test("Numbers that overflow binary64 are never called proved", arguments: [2, 14])
  func overflow(inputs: Int) {
    let huge = (0..<3).map { _ in (0..<inputs).map { _ in 1e300 } }
    let network = denseNetwork([
      (huge, [0, 0, 0]), ([[1e300, -1e300, 1e300]], [0]),
    ])
    let question = problem(
      network, lower: [Double](repeating: -1, count: inputs),
      upper: [Double](repeating: 1, count: inputs),
      disjuncts: [[outputRow([1], atMost: 1)]])
    let verdict = Search.decide(question, options: SearchOptions(timeLimit: 2)).verdict
    if case .holds = verdict { Issue.record("x = 0 gives y = 0") }
  }

  /// A network whose output is zero but for rounding: its units cancel.
  @Test("What cancels to rounding noise is not offered to the checker as a proof")
  func noise() {
    let network = denseNetwork([
      ([[0.1, 0.7], [0.3, -0.9]], [1.3, 2.1]), ([[1, 0], [0, 1], [1, 1]], [0, 0, 0]),
      ([[1, 1, -1]], [0]),
    ])
    let question = problem(
      network, lower: [-0.1, -0.1], upper: [0.1, 0.1], disjuncts: [[outputRow([1], atMost: 0)]])
    let verdict = Search.decide(question, options: SearchOptions(timeLimit: 5)).verdict
    guard case .refuted = verdict else {
      Issue.record("found \(verdict)")
      return
    }
  }

  /// Bounds of −1 and 1 made the standard slope hang on the last bit.
  @Test("Symmetric bounds give the prover and the checker the same slopes")
  func symmetricBounds() {
    let third = 1.0 / 3
    let network = denseNetwork([
      ([[third, third, third], [third, -third, third]], [0, 0]), ([[1, 1], [-1, 1]], [0, 0]),
      ([[1, 0.9]], [0.05]),
    ])
    let question = problem(
      network, lower: [-1, -1, -1], upper: [1, 1, 1],
      disjuncts: [[outputRow([1], atMost: 0.04)]])
    let verdict = Search.decide(question, options: SearchOptions(timeLimit: 10)).verdict
    guard case .holds = verdict else {
      Issue.record("found \(verdict)")
      return
    }
  }
}
