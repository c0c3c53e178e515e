import ExactArithmetic
import NetworkModel
import Probability
import Regions
import TestSupport
import Testing

@Suite("Masses under uniform laws")
struct UniformTests {
  /// The uniform law on [−1, 1]ⁿ, all of whose coordinates a network sees.
  private func cube(_ size: Int) throws -> LatentComponent {
    let identity = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0 } }
    let network = denseNetwork([
      (identity, [Double](repeating: 0, count: size)), ([Array(repeating: 1, count: size)], [0]),
    ])
    let box = try Box(
      lower: Array(repeating: -.one, count: size), upper: Array(repeating: .one, count: size))
    let component = try #require(
      LatentComponent.components(of: Distribution(uniformOn: box), seenBy: network).first)
    #expect(component.dimension == size && component.normalCount == 0)
    return component
  }

  private func expect(
    _ spaces: [HalfSpace], _ size: Int, have share: Double,
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    let mass = try cube(size).mass(of: spaces)
    #expect(abs(mass.value - share) <= 1e-12 * share + 1e-15, sourceLocation: place)
    #expect(mass.lower <= share && share <= mass.upper, sourceLocation: place)
    #expect(mass.status == .exact, sourceLocation: place)
  }

  /// Σ wᵢ (uᵢ + 1)/2 ≤ t.
  private func below(_ limit: Double, _ weights: [Double]) -> HalfSpace {
    HalfSpace(
      normal: weights.map { -$0 / 2 }, offset: limit - weights.reduce(0, +) / 2)
  }

  /// The share of the cube below a plane: 1/(n! Π w) Σ (−1)^|v| (t − w·v)₊ⁿ over the corners v.
  private func share(below limit: Double, _ weights: [Double]) -> Double {
    var sum = 0.0
    for corner in 0..<1 << weights.count {
      var (rest, sign) = (limit, 1.0)
      for (place, weight) in weights.enumerated() where corner >> place & 1 == 1 {
        rest -= weight
        sign = -sign
      }
      guard rest > 0 else { continue }
      sum += sign * weights.reduce(1) { product, _ in product * rest }
    }
    for (place, weight) in weights.enumerated() { sum /= weight * Double(place + 1) }
    return sum
  }

  @Test("Cubes, prisms and what planes cut off", arguments: 1...6)
  func planes(size: Int) throws {
    try expect([], size, have: 1)
    let corner = (0..<size).map { place in
      HalfSpace(normal: (0..<size).map { $0 == place ? 3 : 0 }, offset: -1.5)
    }
    try expect(corner, size, have: 1 / Double(1 << (2 * size)))
    for limit in [0.25, 0.5, 1, 1.5] {
      let weights = (0..<size).map { Double([4, 3, 2, 5, 6, 4][$0]) / 4 }
      try expect([below(limit, weights)], size, have: share(below: limit, weights))
    }
  }

  @Test("Simplices of ordered numbers, and cross-polytopes", arguments: 2...5)
  func simplices(size: Int) throws {
    let factorial = (1...size).reduce(1.0) { $0 * Double($1) }
    let ascending = (1..<size).map { place in
      HalfSpace(
        normal: (0..<size).map { $0 == place ? 1 : $0 == place - 1 ? -1 : 0 }, offset: 0)
    }
    try expect(ascending, size, have: 1 / factorial)
    // The origin is a corner of all of these, and outside of this one.
    try expect(
      ascending + [HalfSpace(normal: (0..<size).map { $0 == 0 ? 1 : 0 }, offset: -0.5)], size,
      have: 1 / factorial / Double(1 << (2 * size)))
    let cross = (0..<1 << size).map { signs in
      HalfSpace(normal: (0..<size).map { signs >> $0 & 1 == 0 ? 1 : -1 }, offset: 1)
    }
    try expect(cross, size, have: 1 / factorial)
    // Rows that repeat others or touch a corner change nothing.
    let touching = HalfSpace(normal: (0..<size).map { $0 == 0 ? 2 : 0 }, offset: 2)
    try expect(cross + [touching] + cross.prefix(3), size, have: 1 / factorial)
  }

  @Test("Nothing is left of what contradicts itself", arguments: 1...5)
  func empty(size: Int) throws {
    let axis = (0..<size).map { $0 == 0 ? 1.0 : 0 }
    for (offset, other) in [(-2.0, 0.0), (0.5, -0.75), (0.25, -0.25)] {
      let mass = try cube(size).mass(of: [
        HalfSpace(normal: axis, offset: offset),
        HalfSpace(normal: axis.map { -$0 }, offset: other),
      ])
      #expect(mass.value.magnitude < 1e-15)
    }
  }

  @Test("Regions of a network share a cube")
  func sumsToOne() throws {
    for (size, seed) in [(3, UInt64(2)), (4, 3)] {
      var generator = TestSupport.SeededGenerator(seed: seed)
      let network = randomNetwork([size, 4, 3, 1], using: &generator)
      let box = try Box(
        lower: Array(repeating: -.one, count: size), upper: Array(repeating: .one, count: size))
      let law = try Distribution(uniformOn: box)
      let masses = try MassFunction.complete(
        LatentComponent.components(of: law, seenBy: network))
      #expect(abs(masses.covered.value - 1) < 1e-8, "seed \(seed)")
      let sample = try PatternSample(of: network, under: law, count: 4_000, seed: seed)
      for entry in masses.entries {
        let interval = sample.interval(of: entry.pattern, confidence: 1 - 1e-6)
        #expect(interval.lower <= entry.mass.upper && entry.mass.lower <= interval.upper)
      }
    }
  }

  @Test("Areas of the Brusselator step's regions")
  func brusselator() throws {
    guard let network = sharedNetwork("invertibility/brusselator_b_2.1.onnx") else { return }
    func number(_ text: String) -> Rational { Rational(decimal: text) ?? .zero }
    let box = try Box(
      lower: [number("1"), number("0.25")], upper: [number("3"), number("2.25")])
    let masses = try MassFunction.complete(
      LatentComponent.components(of: Distribution(uniformOn: box), seenBy: network))
    #expect(abs(masses.covered.value - 1) < 1e-13)
    let regions = try RegionNetwork(network).regions(
      meeting: Scope(around: [2, 1.25], radius: 1, norm: .infinity))
    #expect(regions.count == masses.entries.count)
    let areas = Dictionary(uniqueKeysWithValues: regions.map { ($0.pattern, $0.area ?? .nan) })
    for entry in masses.entries {
      #expect(abs(entry.mass.value - (areas[entry.pattern] ?? .nan) / 4) < 1e-13)
    }
  }
}
