import LinearProgramming
import Testing

@Suite("Polytope")
struct PolytopeTests {
  @Test("The largest ball of a triangle touches its sides")
  func triangle() throws {
    var triangle = try Polytope(box: [.atLeast(0), .atLeast(0)])
    try triangle.add([3, 4], atMost: 12)
    switch try triangle.largestBall() {
    case .ball(let centre, let radius):
      #expect(isClose(radius, 1))
      #expect(zip(centre, [1, 1]).allSatisfy(isClose))
    case .flat, .reportedEmpty, .stopped: Issue.record("expected a ball")
    }
  }

  @Test("A fixed coordinate stays where it is")
  func fixedCoordinate() throws {
    var slice = try Polytope(box: [.exactly(5), .between(0, 4)])
    try slice.add([1, 1], atMost: 7)
    switch try slice.largestBall() {
    case .ball(let centre, let radius):
      #expect(isClose(radius, 1))
      #expect(zip(centre, [5, 1]).allSatisfy(isClose))
    case .flat, .reportedEmpty, .stopped: Issue.record("expected a ball")
    }
  }

  @Test("Flat, empty and boundless polytopes")
  func otherPolytopes() throws {
    var flat = try Polytope(box: [.between(0, 1), .between(0, 1)])
    try flat.add([-1, -1], atMost: -2)
    switch try flat.largestBall() {
    case .flat(let point): #expect(zip(point, [1, 1]).allSatisfy(isClose))
    case .ball, .reportedEmpty, .stopped: Issue.record("expected a point")
    }
    #expect(try flat.emptinessRay() == nil)
    var empty = flat
    try empty.add([1, 0], atMost: 0.5)
    let ray = try #require(try empty.emptinessRay())
    #expect(ray.rowMultipliers.allSatisfy { $0 <= 0 })
    #expect(try empty.largestBall() == .reportedEmpty(ray))
    #expect(try empty.neededRows() == .reportedEmpty)
    let space = try Polytope(box: [.free, .free])
    switch try space.largestBall(ofRadiusAtMost: 2) {
    case .ball(_, let radius): #expect(radius == 2)
    case .flat, .reportedEmpty, .stopped: Issue.record("expected a ball")
    }
    let point = try Polytope(box: [.exactly(1)])
    #expect(try point.largestBall(ofRadiusAtMost: 3) == .ball(centre: [1], radius: 3))
  }

  @Test("A row that no coordinate can meet is empty")
  func impossibleRow() throws {
    var impossible = try Polytope(box: [.between(0, 1)])
    try impossible.add([0], atMost: -1)
    #expect(try impossible.emptinessRay()?.rowMultipliers == [-1])
    #expect(try impossible.neededRows() == .reportedEmpty)
  }

  @Test("Rows that follow from others and the box are not needed")
  func redundantRows() throws {
    var polytope = try Polytope(box: [.between(0, 1), .between(0, 1)])
    try polytope.add([1, 1], atMost: 1)
    try polytope.add([1, 1], atMost: 1)  // the same again
    try polytope.add([2, 1], atMost: 4)  // implied by the box
    try polytope.add([1, 1.5], atMost: 1.5)  // implied by the first, touching it
    try polytope.add([1, 0], atMost: 0.5)
    try polytope.add([0, 0], atMost: 0)
    try polytope.add([1, 0], atMost: .infinity)
    #expect(try polytope.neededRows() == .needed(rows: [1, 4]))
    #expect(try polytope.neededRows { true } == .stopped(.cancelled, remaining: Array(0..<7)))
    let boundless = try Polytope(box: [.free])
    #expect(try boundless.neededRows() == .needed(rows: []))
  }

  @Test("Needed rows describe the same set: seeded")
  func neededRowsSuffice() throws {
    var random = SplitMix(seed: 9)
    for round in 0..<30 {
      var whole = try Polytope(box: Array(repeating: .between(-1, 1), count: 3))
      for _ in 0..<15 {
        let row = (0..<3).map { _ in Double.random(in: -1...1, using: &random) }
        try whole.add(row, atMost: Double.random(in: 0.2...1.5, using: &random))
      }
      guard case .needed(let rows) = try whole.neededRows() else {
        Issue.record("round \(round): the origin is inside")
        continue
      }
      #expect(rows.count < 15, "round \(round)")
      for _ in 0..<200 {
        let point = (0..<3).map { _ in Double.random(in: -1...1, using: &random) }
        func meets(_ row: Int) -> Bool {
          zip(whole.row(row), point).reduce(0) { $0 + $1.0 * $1.1 } <= whole.limits[row]
        }
        #expect(rows.allSatisfy(meets) == (0..<15).allSatisfy(meets), "round \(round)")
      }
    }
  }

  @Test("Rows and radii that make no sense are refused")
  func arguments() throws {
    var polytope = try Polytope(box: [.between(0, 1)])
    #expect(throws: ProblemError.wrongCount(found: 2, expected: 1)) {
      try polytope.add([1, 2], atMost: 0)
    }
    #expect(throws: ProblemError.unusableNumber(.infinity, for: .coefficient)) {
      try polytope.add([.infinity], atMost: 0)
    }
    #expect(throws: ProblemError.unusableNumber(-.infinity, for: .rowBounds)) {
      try polytope.add([1], atMost: -.infinity)
    }
    #expect(throws: ProblemError.unusableNumber(0, for: .radius)) {
      try polytope.largestBall(ofRadiusAtMost: 0)
    }
    #expect(throws: ProblemError.crossedBounds(lower: 1, upper: 0, of: .columnBounds)) {
      try Polytope(box: [.between(1, 0)])
    }
  }
}
