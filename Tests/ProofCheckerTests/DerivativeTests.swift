import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

/// A network `f` and its derivative `d` along `V`, with all points and directions in boxes.
private func derivativeQuery(
  inputs: Int, outputs: Int, lower: Double, upper: Double, _ assertion: String
) -> String {
  let bounds = (0..<inputs).map { entry in
    """
    (assert (and (>= X[\(entry)] \(lower)) (<= X[\(entry)] \(upper))))
    (assert (and (>= V[\(entry)] -1.0) (<= V[\(entry)] 1.0)))
    """
  }
  return """
    (vnnlib-version <2.0>)
    (declare-network f (declare-input X real [\(inputs)]) (declare-output Y real [\(outputs)]))
    (declare-network d (derivative-of f)
      (declare-input V real [\(inputs)]) (declare-output D real [\(outputs)]))
    \(bounds.joined(separator: "\n"))
    (assert \(assertion))
    """
}

/// What is denied: that the first output grows by at most `limit` a unit of the norm inf.
private func steepness(
  _ network: Network, lower: Double, upper: Double, above limit: Double
) throws -> Problem {
  let text = derivativeQuery(
    inputs: network.inputs[0].size, outputs: network.outputs[0].size, lower: lower, upper: upper,
    "(> D[0] \(exact(limit).decimalNumeral ?? "0.0"))")
  return try Problem(query: Query(parsing: text), networks: ["f": network])
}

/// The sum of the magnitudes of the first output's derivatives at a point, by the chain rule.
private func steepness(_ layers: [(weights: [[Double]], bias: [Double])], at point: [Double])
  -> Double
{
  var values = point
  var rows = point.indices.map { entry in point.indices.map { $0 == entry ? 1.0 : 0.0 } }
  for (depth, layer) in layers.enumerated() {
    let before = (values, rows)
    values = zip(layer.weights, layer.bias).map { weights, bias in
      zip(weights, before.0).reduce(bias) { $0 + $1.0 * $1.1 }
    }
    rows = layer.weights.map { weights in
      point.indices.map { entry in
        zip(weights, before.1).reduce(0) { $0 + $1.0 * $1.1[entry] }
      }
    }
    guard depth + 1 < layers.count else { break }
    for unit in values.indices where values[unit] <= 0 {
      values[unit] = 0
      rows[unit] = point.map { _ in 0 }
    }
  }
  return rows[0].reduce(0) { $0 + $1.magnitude }
}

private func randomLayers(_ sizes: [Int], _ generator: inout SeededGenerator)
  -> [(weights: [[Double]], bias: [Double])]
{
  zip(sizes, sizes.dropFirst()).map { columns, rows in
    (
      (0..<rows).map { _ in
        (0..<columns).map { _ in Double(Int.random(in: -12...12, using: &generator)) / 8 }
      }, (0..<rows).map { _ in Double(Int.random(in: -6...6, using: &generator)) / 8 }
    )
  }
}

@Suite("Derivatives")
struct DerivativeTests {
  /// y = relu(x).
  private let ramp = denseNetwork([([[1]], [0]), ([[1]], [0])])
  /// y = relu(x) − relu(−x), which is x.
  private let line = denseNetwork([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])

  @Test("A ramp is as steep as its steeper side, and no less")
  func gatesAreOpenOrShut() throws {
    let close = Record.close(disjunct: 0, .standard)
    let steep = try steepness(ramp, lower: -1, upper: 1, above: 1)
    #expect(rejection([.tightenAll, close], of: steep) == nil)
    let steeper = try steepness(ramp, lower: -1, upper: 1, above: 0.999)
    #expect(rejection([.tightenAll, close], of: steeper) != nil)
    // On either side alone the gate is as the box says, its boundary included.
    #expect(rejection([close], of: try steepness(ramp, lower: -1, upper: 0, above: 0)) == nil)
    #expect(rejection([close], of: try steepness(ramp, lower: 0, upper: 1, above: 0.999)) != nil)
  }

  @Test("Units that change sign together do so in a split")
  func splitsFixGates() throws {
    let question = try steepness(line, lower: -1, upper: 1, above: 1)
    let close = Record.close(disjunct: 0, .standard)
    #expect(rejection([.tightenAll, close], of: question) != nil)
    let split = Record.splitInput(entry: 0, value: .zero)
    #expect(rejection([split, .tightenAll, close, .tightenAll, close], of: question) == nil)
    // A unit's split fixes its own gate only; the box still leaves the other one open.
    let unit = Record.splitUnit(Unit(rectifier: 0, index: 0))
    #expect(rejection([unit, .tightenAll, close, .tightenAll, close], of: question) != nil)
  }

  @Test("At a kink nothing is refuted")
  func kinksAreNoWitnesses() throws {
    let question = try steepness(ramp, lower: -1, upper: 1, above: 0.5)
    #expect(throws: Rejection.self) { try ProofChecker.confirm([.zero, .one], of: question) }
    #expect(throws: Rejection.self) {
      try ProofChecker.confirm([-ratio(1, 1024), .one], of: question)
    }
    #expect(try ProofChecker.confirm([ratio(1, 1024), .one], of: question).isStrict)
  }

  @Test(
    "No point exceeds what is proved of derivatives, and searches come close", arguments: 0..<12)
  func proofsHoldAtPoints(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let layers = randomLayers(seed.isMultiple(of: 2) ? [2, 5, 2] : [2, 4, 3, 1], &generator)
    let network = denseNetwork(layers)
    var sampled = 0.0
    for _ in 0..<2000 {
      let point = (0..<2).map { _ in Double.random(in: -1...1, using: &generator) }
      sampled = max(sampled, steepness(layers, at: point))
    }
    let family = ClaimFamily(side: .above, threshold: .value) { threshold throws(FamilyError) in
      do {
        let text = derivativeQuery(
          inputs: 2, outputs: layers[layers.count - 1].bias.count, lower: -1, upper: 1,
          "(> D[0] \(threshold.decimalNumeral ?? "0.0"))")
        return try Problem(query: Query(parsing: text), networks: ["f": network])
      } catch { throw FamilyError("\(error)") }
    }
    let found = Search.narrow(
      family, to: { max(ratio(1, 1000), $1.magnitude / Rational(20)) },
      options: SearchOptions(timeLimit: 20))
    if let upper = found.upper(on: .above) { #expect(upper >= exact(sampled)) }
    let lower = try #require(found.lower(on: .above))
    #expect(lower <= (found.upper(on: .above) ?? lower))
    guard case .narrow = found.end else {
      Issue.record(
        "found \(found.end), \(lower) to \(String(describing: found.upper(on: .above)))")
      return
    }
  }

  @Test("Random proofs of a derivative's bounds are never wrong", arguments: 0..<8)
  func rulesAreSound(seed: UInt64) throws {
    var generator = SeededGenerator(seed: 100 + seed)
    let layers = randomLayers([2, 6, 4, 1], &generator)
    let network = denseNetwork(layers)
    let corner = (0..<2).map { _ in Double(Int.random(in: -16...8, using: &generator)) / 16 }
    let low = corner.min() ?? 0
    let upper = low + 0.5
    var sampled = 0.0
    for _ in 0..<500 {
      let point = (0..<2).map { _ in Double.random(in: low...upper, using: &generator) }
      sampled = max(sampled, steepness(layers, at: point))
    }
    for records in [
      [Record.close(disjunct: 0, .standard)], [.tightenAll, .close(disjunct: 0, .standard)],
      [
        .splitInput(entry: 0, value: Dyadic(exactly: low + 0.25) ?? .zero),
        .tightenAll, .close(disjunct: 0, .standard), .tightenAll, .close(disjunct: 0, .standard),
      ],
    ] {
      let question = try steepness(
        network, lower: low, upper: upper, above: sampled * (1 - 0x1p-20) - 0x1p-20)
      #expect(rejection(records, of: question) != nil)
    }
  }

  @Test("A derivative's own derivative and binary32 ones are refused")
  func refusals() throws {
    let body = { (second: String, type: String) in
      """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input X \(type) [1]) (declare-output Y \(type) [1]))
      (declare-network d (derivative-of f)
        (declare-input V \(type) [1]) (declare-output D \(type) [1]))
      \(second)
      (assert (and (<= 0.0 X[0]) (<= X[0] 1.0) (<= 0.0 V[0]) (<= V[0] 1.0) (<= D[0] 0.0)))
      """
    }
    let again = """
      (declare-network e (derivative-of d) (declare-input W real [1]) (declare-output E real [1]))
      (assert (and (<= 0.0 W[0]) (<= W[0] 1.0)))
      """
    #expect(throws: ClaimError.self) {
      try Problem(query: Query(parsing: body(again, "real")), networks: ["f": ramp])
    }
    #expect(throws: ClaimError.self) {
      try Problem(query: Query(parsing: body("", "float32")), networks: ["f": ramp])
    }
    // Nor beside a network that is executed in binary32.
    let single = """
      (declare-network g (declare-input U float32 [1]) (declare-output G float32 [1]))
      (assert (and (<= 0.0 U[0]) (<= U[0] 1.0)))
      """
    #expect(throws: ClaimError.self) {
      try Problem(query: Query(parsing: body(single, "real")), networks: ["f": ramp, "g": ramp])
    }
    let equal = again.replacing("derivative-of", with: "equal-to")
    #expect(throws: ClaimError.self) {
      try Problem(query: Query(parsing: body(equal, "real")), networks: ["f": ramp])
    }
    #expect(throws: Never.self) {
      try Problem(query: Query(parsing: body("", "real")), networks: ["f": ramp])
    }
  }
}

private func ratio(_ numerator: Int, _ denominator: Int) -> Rational {
  Rational(numerator) / Rational(denominator)
}
