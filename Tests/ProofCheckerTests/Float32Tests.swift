import TestSupport
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Testing

/// One binary32 execution: products and partial sums are paired at random, fused or not.
private func execute(
  _ network: Network, at point: [Float], using generator: inout SeededGenerator
) -> [Float] {
  var values: [[Float]] = []
  for node in network.nodes {
    switch node.operation {
    case .input: values.append(point)
    case .relu(let source): values.append(values[source.position].map { max(0, $0) })
    case .gate: preconditionFailure("files have no gates")
    case .affine(let affine):
      var addends = affine.bias.map { $0 == 0 ? [] : [(Float($0), Float(1))] }
      for term in affine.terms {
        for (row, weights) in matrix(of: term.map).enumerated() {
          for (column, weight) in weights.enumerated() where weight != 0 {
            addends[row].append((Float(weight), values[term.source.position][column]))
          }
        }
      }
      values.append(addends.map { sum($0, using: &generator) })
    }
  }
  return values[values.count - 1]
}

/// A sum of products in some order.
private func sum(_ products: [(Float, Float)], using generator: inout SeededGenerator) -> Float {
  var pending = products.shuffled(using: &generator)
  var sums: [Float] = []
  while let (left, right) = pending.popLast() {
    let isFused = Bool.random(using: &generator)
    if isFused, let partial = sums.popLast() {
      sums.append(partial.addingProduct(left, right))
    } else {
      sums.append(left * right)
    }
    // One running sum, or a few that grow side by side.
    if Int.random(in: 0..<3, using: &generator) > 0, sums.count > 1 {
      sums.append(sums.removeLast() + sums.removeLast())
    }
    sums.shuffle(using: &generator)
  }
  while sums.count > 1 { sums.append(sums.removeFirst() + sums.removeFirst()) }
  return sums.first ?? 0
}

@Suite("Every binary32 execution")
struct Float32Tests {
  /// One output that sums 64 products, whose value in binary32 depends on their order.
  private let order64 = denseNetwork([
    ([[0x1p24] + [Double](repeating: 1, count: 62) + [-0x1p24]], [0])
  ])
  private let ones = [Double](repeating: 1, count: 64)

  @Test("What is true over the reals and false in binary32 is proved for the reals only")
  func order() {
    // The exact value is 62; summed from the left, binary32 gives 0.
    let isAccepted = { (bound: Double, meaning: Meaning) in
      rejection(
        [leaf],
        of: problem(
          order64, lower: ones, upper: ones, disjuncts: [[outputRow([1], atMost: bound)]],
          meaning: meaning)) == nil
    }
    #expect(isAccepted(1, .real) && isAccepted(61.999, .real) && !isAccepted(62, .real))
    #expect(!isAccepted(1, .float32) && !isAccepted(0, .float32))
    #expect(isAccepted(-100, .float32))
    var fromLeft: Float = 0x1p24
    for _ in 0..<62 { fromLeft += 1 }
    #expect(fromLeft - 0x1p24 == 0)
  }

  @Test("A bias that a large pair of weights absorbs")
  func absorption() {
    let absorbing = denseNetwork([([[1], [-1]], [0, 0.5]), ([[1e17, 1e17]], [0.001])])
    let isAccepted = { (meaning: Meaning) in
      rejection(
        [leaf],
        of: problem(
          absorbing, lower: [0.75], upper: [0.75],
          disjuncts: [[outputRow([-1], atMost: -(exact(7.5e16) + exact(0.01)))]],
          meaning: meaning)) == nil
    }
    #expect(isAccepted(.real) && !isAccepted(.float32))
  }

  @Test("Products in the subnormal range")
  func subnormal() {
    let chain = denseNetwork([([[1e-30]], [0]), ([[1e-15]], [0]), ([[1e38]], [0])])
    var generator = SeededGenerator(seed: 1)
    let executed = Double(execute(chain, at: [1], using: &generator)[0])
    #expect(executed > 1.3e-7)
    for (bound, meaning, accepted) in [
      (1.01e-7, Meaning.real, true), (1.01e-7, .float32, false), (executed, .float32, false),
      (4e-7, .float32, true),
    ] {
      let question = problem(
        chain, lower: [1], upper: [1], disjuncts: [[outputRow([-1], atMost: -bound)]],
        meaning: meaning)
      #expect((rejection([leaf], of: question) == nil) == accepted)
    }
  }

  @Test("A tiny layer's error is measured on its own scale")
  func tiny() {
    // Where the lower end is zero throughout, the grid follows the upper one.
    let scaled = denseNetwork([([[0x1p-60]], [0]), ([[0x1p60]], [0])])
    let question = problem(
      scaled, lower: [0], upper: [1], disjuncts: [[outputRow([-1], atMost: -1.000001)]],
      meaning: .float32)
    #expect(rejection([leaf], of: question) == nil)
  }

  @Test("Operators that only move values do not round")
  func exactExecution() {
    let map = LinearMap.sparse(SparseMatrix(selecting: [1, 0], of: 2))
    for (execution, accepted) in [
      (Execution.exact, true), (.rounded(extraRoundings: 0), false),
    ] {
      let moved = network([
        (2, .input),
        (
          2,
          .affine(
            Affine(
              terms: [.init(source: NodeIndex(0), map: map)], bias: [0, 0], execution: execution))
        ),
      ])
      let question = problem(
        moved, lower: [1, 1], upper: [1, 1],
        disjuncts: [[outputRow([1, 0], atMost: 1 - 1e-12)]], meaning: .float32)
      #expect((rejection([leaf], of: question) == nil) == accepted)
    }
  }

  @Test("Extra roundings widen by one unit roundoff each")
  func extraRoundings() {
    for extra in [0, 1, 7] {
      let copied = network([
        (1, .input),
        (
          1,
          .affine(
            Affine(
              terms: [.init(source: NodeIndex(0), map: .identity(1))], bias: [0],
              execution: .rounded(extraRoundings: extra)))
        ),
      ])
      let proven = provenMinimum([leaf], of: copied, lower: [1], upper: [1], meaning: .float32)
      let least = 1 - Double(1 + extra) * 0x1p-24
      #expect(proven < least && proven > least - 1e-10)
    }
  }

  @Test("No execution leaves what is proved", arguments: 0..<(isSoak ? 200 : 8))
  func executions(seed: UInt64) {
    var generator = SeededGenerator(seed: 700 + seed)
    let sizes = [3, 12, 8, 1]
    let scaled = denseNetwork(
      zip(sizes, sizes.dropFirst()).map { columns, rows in
        let number = { (generator: inout SeededGenerator) in
          Double(
            Float.random(in: -1...1, using: &generator)
              * Float(
                sign: .plus, exponent: Int.random(in: -12...12, using: &generator), significand: 1))
        }
        return (
          (0..<rows).map { _ in (0..<columns).map { _ in number(&generator) } },
          (0..<rows).map { _ in number(&generator) }
        )
      })
    let point = (0..<3).map { _ in Float.random(in: -1...1, using: &generator) }
    let box = point.map(Double.init)
    let executed = (0..<400).map { _ in Double(execute(scaled, at: point, using: &generator)[0]) }
    for (coefficient, least) in [(1, executed.min()), (-1, executed.map(-).min())] {
      let proven = provenMinimum(
        [.tightenAll, leaf], of: scaled, lower: box, upper: box, coefficients: [coefficient],
        meaning: .float32, within: 0x1p60)
      #expect(proven.isFinite && proven <= least ?? 0)
    }
    // The executions do differ from one another, and so from the reals.
    #expect(Set(executed).count > 1)
  }
}
