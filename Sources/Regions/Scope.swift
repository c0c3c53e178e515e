public import LinearProgramming

/// Where regions are looked for: a slice of the inputs, and a convex set of its coordinates.
public struct Scope: Sendable {
  /// How distance is measured.
  public enum Norm: Hashable, Sendable, CaseIterable {
    /// The sum of the magnitudes.
    case one
    /// The Euclidean length.
    case two
    /// The greatest magnitude.
    case infinity
  }

  /// The points within a Euclidean distance of a centre.
  public struct EuclideanBall: Hashable, Sendable {
    /// The centre's coordinates.
    public let centre: [Double]
    /// The distance, above zero.
    public let radius: Double
  }

  /// The slice.
  public let chart: Chart
  /// The box of its coordinates and further half-spaces.
  public private(set) var polytope: Polytope
  /// A ball that all points must lie in as well.
  public private(set) var ball: EuclideanBall?

  /// The set of some of a chart's coordinates.
  ///
  /// - Parameters:
  ///   - chart: The slice.
  ///   - box: One interval a coordinate, not a single point; ends may be infinite. Left out, any.
  /// - Throws: ``RegionsError`` for a wrong count or an interval without interior.
  public init(chart: Chart, box: [Bounds]? = nil) throws(RegionsError) {
    let box = box ?? Array(repeating: .free, count: chart.dimension)
    guard box.count == chart.dimension else {
      throw .wrongCount(of: "intervals", found: box.count, expected: chart.dimension)
    }
    for bounds in box {
      guard bounds.lower < bounds.upper else {
        throw .unusableSet(
          "found the interval \(bounds.lower) to \(bounds.upper), expected one with interior")
      }
    }
    self.chart = chart
    do { polytope = try Polytope(box: box) } catch { throw .unusableSet("\(error)") }
  }

  /// The points of a box of inputs; an entry whose interval is one number is fixed.
  ///
  /// - Parameter box: One interval an input entry; ends may be infinite.
  /// - Throws: ``RegionsError`` for an interval that is empty.
  public init(box: [Bounds]) throws(RegionsError) {
    var (free, origin): ([Int], [Double]) = ([], [])
    for (place, bounds) in box.enumerated() {
      guard bounds.lower <= bounds.upper else {
        throw .unusableSet("found the interval \(bounds.lower) to \(bounds.upper), which is empty")
      }
      origin.append(bounds.lower == bounds.upper ? bounds.lower : 0)
      if bounds.lower < bounds.upper { free.append(place) }
    }
    try self.init(chart: Chart(free: free, origin: origin), box: free.map { box[$0] })
  }

  /// The inputs within a distance of a centre.
  ///
  /// - Parameters:
  ///   - centre: One number an input entry.
  ///   - radius: The distance, above zero.
  ///   - norm: How it is measured; `.one` for at most 12 entries that are free.
  ///   - fixed: The places of entries that keep the centre's value.
  /// - Throws: ``RegionsError`` for a radius that is not above zero, or too many entries.
  public init(
    around centre: [Double], radius: Double, norm: Norm, fixed: Set<Int> = []
  ) throws(RegionsError) {
    guard radius > 0, radius.isFinite else {
      throw .unusableSet("found the radius \(radius), expected a finite number above zero")
    }
    let free = centre.indices.filter { !fixed.contains($0) }
    let box = centre.enumerated().map { place, value in
      fixed.contains(place)
        ? Bounds.exactly(value) : .between(value - radius, value + radius)
    }
    try self.init(box: box)
    switch norm {
    case .infinity: break
    case .two: ball = EuclideanBall(centre: free.map { centre[$0] }, radius: radius)
    case .one:
      guard free.count <= 12 else {
        throw .unusableSet("found a ball of the norm 1 in \(free.count) dimensions, expected ≤ 12")
      }
      for signs in 0..<1 << free.count {
        let row = free.indices.map { signs >> $0 & 1 == 0 ? 1.0 : -1.0 }
        let middle = zip(row, free).reduce(0) { $0 + $1.0 * centre[$1.1] }
        try add(row, atMost: middle + radius)
      }
    }
  }

  /// All inputs of a network.
  ///
  /// - Parameter network: The network.
  /// - Throws: Nothing for a network.
  public init(allInputsOf network: RegionNetwork) throws(RegionsError) {
    try self.init(chart: .whole(network))
  }

  /// Adds the half-space `row · u <= limit`.
  ///
  /// - Parameters:
  ///   - row: One coefficient a coordinate.
  ///   - limit: What the combination may be at most.
  /// - Throws: ``RegionsError`` for a wrong count or numbers that are not finite.
  public mutating func add(_ row: [Double], atMost limit: Double) throws(RegionsError) {
    do { try polytope.add(row, atMost: limit) } catch { throw .unusableSet("\(error)") }
  }

  /// Whether all coordinates are in the set, as far as its description shows.
  public var isEverywhere: Bool {
    ball == nil && polytope.rowCount == 0 && polytope.box.allSatisfy { $0 == .free }
  }

  /// The number of coordinates.
  public var dimension: Int { chart.dimension }
}
