import Approximation
import LinearProgramming
import NetworkModel
import Regions
import TestSupport
import Testing

@Suite struct EnumerationTests {
  @Test(arguments: [[1, 4, 3, 1], [2, 4, 3, 1], [2, 3, 3, 2, 2], [3, 4, 3, 1], [4, 5, 2, 1]])
  func findsWhatBruteForceFinds(sizes: [Int]) throws {
    for seed in UInt64(1)...8 {
      var generator = SeededGenerator(seed: seed)
      let layers = coarseLayers(sizes, using: &generator)
      let network = try RegionNetwork(denseNetwork(layers))
      let box = (0..<sizes[0]).map { _ in Bounds.between(-2, 2.5) }
      let regions = try network.regions(meeting: Scope(box: box))
      let expected = try patternsByBruteForce(layers, box: box)
      #expect(Set(regions.map(\.pattern.description)) == expected, "seed \(seed)")
      #expect(regions.count == expected.count, "seed \(seed): each once")
    }
  }

  @Test func regionsTileTheBox() throws {
    for seed in UInt64(1)...10 {
      var generator = SeededGenerator(seed: seed)
      let network = randomNetwork([2, 8, 8, 1], using: &generator)
      let regions = try RegionNetwork(network).regions(
        meeting: Scope(box: [.between(-3, 1), .between(0, 2)]))
      let area = regions.reduce(0) { $0 + ($1.area ?? .nan) }
      #expect(abs(area - 8) < 1e-12, "seed \(seed)")
    }
  }

  @Test func mapsAndPatternsAgreeWithEvaluation() throws {
    var generator = SeededGenerator(seed: 5)
    for sizes in [[2, 6, 5, 3], [3, 5, 4, 2]] {
      let network = randomNetwork(sizes, using: &generator)
      let prepared = try RegionNetwork(network)
      let box = Array(repeating: Bounds.between(-2, 2), count: sizes[0])
      for region in try prepared.regions(meeting: Scope(box: box)) {
        let point = region.interiorPoint
        #expect(try prepared.pattern(at: point) == region.pattern)
        for (one, other) in zip(region.map.image(of: point), network.evaluate([point])[0]) {
          #expect(abs(one - other) < 1e-12)
        }
        for facet in region.facets {
          let height = zip(facet.normal, point).reduce(facet.offset) { $0 + $1.0 * $1.1 }
          #expect(height > 0)
        }
      }
    }
  }

  @Test func threeLinesThroughThePlane() throws {
    // Rows at 0, 60 and 120 degrees through the origin: six of eight patterns.
    let root = 0.75.squareRoot()
    let network = denseNetwork([
      ([[1, 0], [0.5, root], [-0.5, root]], [0, 0, 0]), ([[1, 1, 1]], [0]),
    ])
    let prepared = try RegionNetwork(network)
    let regions = try prepared.regions(meeting: Scope(allInputsOf: prepared))
    #expect(
      Set(regions.map(\.pattern.description)) == ["111", "011", "001", "000", "100", "110"])
    #expect(regions.allSatisfy { $0.area == .infinity })
  }

  @Test func chainOfTwoUnits() throws {
    // h1 = x, h2 = relu(x) − 1: the pattern 0|1 is empty.
    let network = denseNetwork([([[1]], [0]), ([[1]], [-1]), ([[1]], [0])])
    let prepared = try RegionNetwork(network)
    let regions = try prepared.regions(meeting: Scope(allInputsOf: prepared))
    #expect(regions.map(\.pattern.description).sorted() == ["0|0", "1|0", "1|1"])
  }

  @Test func signOfTheOffset() throws {
    // Lemma 1 with the printed sign would call x = 0.5 active.
    let network = try RegionNetwork(denseNetwork([([[1]], [-1]), ([[1]], [0])]))
    #expect(try network.pattern(at: [0.5]).description == "0")
    #expect(try network.pattern(at: [1]).description == "0")
    #expect(try network.pattern(at: [1.5]).description == "1")
  }

  @Test func deadAndDuplicateUnits() throws {
    // Constant below zero, constant zero, constant above zero, twice the same, and its opposite.
    let rows: [[Double]] = [[0, 0], [0, 0], [0, 0], [1, 2], [2, 4], [-1, -2]]
    let layers: [(weights: [[Double]], bias: [Double])] = [
      (rows, [-1, 0, 1, 0.1, 0.2, -0.1]), ([[1, 1, 1, 1, 1, 1]], [0]),
    ]
    for box in [[Bounds.free, .free], [.between(-1, 1), .free], [.atLeast(-1), .atMost(1)]] {
      let regions = try RegionNetwork(denseNetwork(layers)).regions(meeting: Scope(box: box))
      #expect(regions.map(\.pattern.description).sorted() == ["001001", "001110"])
    }
  }

  @Test func parallelStripsOfThePlane() throws {
    let network = try RegionNetwork(
      denseNetwork([
        ([[0, 1], [0, 1], [0, 1], [1, 0]], [0, -1, -0.5, 0]), ([[1, 1, 1, 1]], [0]),
      ]))
    let regions = try network.regions(meeting: Scope(allInputsOf: network))
    #expect(regions.count == 8)
    #expect(Set(regions.map(\.pattern)).count == 8)
  }

  @Test func sliversThatDoublesCannotSee() throws {
    // Two lines one part in 2^52 apart, and a third that meets both: nothing is lost.
    let close = 1 + Double.ulpOfOne
    let network = try RegionNetwork(
      denseNetwork([([[1, 0], [close, 0], [0, 1]], [-1, -1, 0]), ([[1, 1, 1]], [0])]))
    let regions = try network.regions(meeting: Scope(box: [.between(0, 2), .between(-1, 1)]))
    #expect(
      regions.map(\.pattern.description).sorted() == ["000", "001", "010", "011", "110", "111"])
  }

  @Test func fixedEntriesAndBalls() throws {
    let network = try RegionNetwork(
      denseNetwork([([[1, 0, 1], [0, 1, 0]], [0, 0]), ([[1, 1]], [0])]))
    let slice = try network.regions(
      meeting: Scope(box: [.between(-1, 1), .exactly(2), .exactly(0.5)]))
    #expect(slice.map(\.pattern.description).sorted() == ["01", "11"])
    // From (0.7, 0.7) the axes are at distance 0.7 and the origin at 1.4, 0.99 and 0.7.
    let quadrants = try RegionNetwork(
      denseNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]))
    for (norm, radius, count) in [
      (Scope.Norm.one, 0.69, 1), (.one, 0.71, 3), (.one, 1.41, 4), (.two, 0.69, 1), (.two, 0.98, 3),
      (.two, 1, 4), (.infinity, 0.69, 1), (.infinity, 0.71, 4),
    ] {
      let scope = try Scope(around: [0.7, 0.7], radius: radius, norm: norm)
      #expect(try quadrants.regions(meeting: scope).count == count, "\(norm), \(radius)")
    }
  }

  @Test func refusesWhatItCannotAnswer() throws {
    let network = try RegionNetwork(denseNetwork([([[1, 1]], [0]), ([[1]], [0])]))
    #expect(throws: RegionsError.tooMany(limit: 1)) {
      try network.regions(meeting: Scope(allInputsOf: network), atMost: 1)
    }
    #expect(throws: RegionsError.wrongCount(of: "inputs", found: 1, expected: 2)) {
      try network.pattern(at: [1])
    }
    #expect(throws: RegionsError.cancelled) {
      try network.regions(meeting: Scope(allInputsOf: network), isCancelled: { true })
    }
    #expect(throws: RegionsError.self) { try Scope(box: [.between(1, 0)]) }
    #expect(throws: RegionsError.self) {
      try Scope(around: [0, 0], radius: .infinity, norm: .two)
    }
  }
}
