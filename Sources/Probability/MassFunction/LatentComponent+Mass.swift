internal import LinearProgramming
public import Regions

/// A half-space `normal · u + offset >= 0`.
public struct HalfSpace: Hashable, Sendable {
  /// Pointing inside.
  public var normal: [Double]
  /// The constant.
  public var offset: Double

  /// Creates a half-space.
  ///
  /// - Parameters:
  ///   - normal: Pointing inside.
  ///   - offset: The constant.
  public init(normal: [Double], offset: Double) {
    self.normal = normal
    self.offset = offset
  }

  /// The half-space of a region's facet.
  ///
  /// - Parameter facet: Its boundary.
  public init(_ facet: Region.Facet) {
    self.init(normal: facet.normal, offset: facet.offset)
  }
}

/// How masses are computed where there is a choice.
public struct MassOptions: Sendable {
  /// The relative error to aim at where an answer is sampled.
  public var accuracy: Double
  /// Of sampled answers; the same seed gives the same answer.
  public var seed: UInt64
  /// How many threads work.
  public var threads: Int

  /// Creates options; each has a default.
  ///
  /// - Parameters:
  ///   - accuracy: The relative error to aim at where an answer is sampled.
  ///   - seed: Of sampled answers.
  ///   - threads: How many threads work.
  public init(accuracy: Double = 1e-3, seed: UInt64 = 1, threads: Int = 1) {
    self.accuracy = accuracy
    self.seed = seed
    self.threads = threads
  }
}

extension MassOptions {
  /// The options with a seed of their own for a set, so that what is sampled for different sets is
  /// independent and the squares of their spreads add up.
  func ownSeed(for spaces: [HalfSpace]) -> MassOptions {
    var options = self
    for number in spaces.lazy.flatMap({ $0.normal + [$0.offset] }) {
      // Fowler, Noll and Vo's hash, with words for bytes.
      options.seed = (options.seed ^ number.bitPattern) &* 0x100_0000_01B3
      options.seed ^= options.seed >> 29
    }
    return options
  }
}

extension LatentComponent {
  /// The half-spaces that the component is truncated to, and for uniform coordinates their box.
  public var ownHalfSpaces: [HalfSpace] {
    var spaces = (0..<scope.polytope.rowCount).map { row in
      HalfSpace(
        normal: scope.polytope.row(row).map { -$0 }, offset: scope.polytope.limits[row])
    }
    for coordinate in normalCount..<dimension {
      for sign in [1.0, -1] {
        var normal = [Double](repeating: 0, count: dimension)
        normal[coordinate] = sign
        spaces.append(HalfSpace(normal: normal, offset: 1))
      }
    }
    return spaces
  }

  /// The measure of the coordinates within some half-spaces, its own ones included, without the
  /// component's weight.
  ///
  /// - Parameters:
  ///   - halfSpaces: In the component's coordinates; boundaries have no measure but for atoms, where
  ///     they count.
  ///   - options: Of sampled answers.
  /// - Returns: The measure; exact up to two coordinates.
  /// - Throws: ``NormalError`` for numbers that are not finite.
  public func mass(
    of halfSpaces: [HalfSpace], options: MassOptions = MassOptions()
  ) throws(NormalError) -> UncertainMass {
    let spaces = halfSpaces + ownHalfSpaces
    let options = options.ownSeed(for: spaces)
    if normalCount == dimension { return try normalMass(of: spaces, options) }
    return try uniformMass(of: spaces, options)
  }

  private func normalMass(
    of spaces: [HalfSpace], _ options: MassOptions
  ) throws(NormalError) -> UncertainMass {
    // Rows of length one, so that the engine's tolerances mean distances.
    let scaled = spaces.map { space in
      let length = space.normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return length > 0
        ? HalfSpace(normal: space.normal.map { $0 / length }, offset: space.offset / length) : space
    }
    let rectangle = try Self.rectangle(scaled, dimension)
    let probability = rectangle.probability(
      accuracy: options.accuracy, seed: options.seed, threads: options.threads)
    // An answer without any bound is none.
    guard probability.absoluteError.isFinite else { return sampledMass(of: spaces, options) }
    var mass = UncertainMass(probability)
    // The forms are rounded too: a boundary moves a slab's mass in or out, its density is that of the
    // normal law at the boundary's distance.
    for space in scaled where space.normal.contains(where: { $0 != 0 }) {
      let shift = Self.boundaryRounding * (1 + space.offset.magnitude)
      mass.error += shift * StandardNormal.density(space.offset)
    }
    return mass
  }

  /// The event of some half-spaces; in the plane of parallel ones, the interval that they are.
  static func rectangle(
    _ spaces: [HalfSpace], _ dimension: Int
  ) throws(NormalError) -> NormalRectangle {
    let lower = spaces.map { -$0.offset }
    let upper = [Double](repeating: .infinity, count: spaces.count)
    if dimension == 2, let first = spaces.first(where: { $0.normal != [0, 0] })?.normal,
      spaces.allSatisfy({ $0.normal[0] * first[1] == $0.normal[1] * first[0] })
    {
      let rows = spaces.map { $0.normal[0] * first[0] + $0.normal[1] * first[1] }
      return try NormalRectangle(rows: rows, dimension: 1, lower: lower, upper: upper)
    }
    return try NormalRectangle(
      rows: cornerFirst(spaces).flatMap(\.normal), dimension: dimension,
      lower: cornerFirst(spaces).map { -$0.offset }, upper: upper)
  }

  /// Half-spaces with two that meet in a corner in front: polygons that are cut in this order never are
  /// strips without a corner.
  static func cornerFirst(_ spaces: [HalfSpace]) -> [HalfSpace] {
    guard let first = spaces.firstIndex(where: { $0.normal.contains { $0 != 0 } }),
      spaces[first].normal.count == 2,
      let second = spaces.firstIndex(where: {
        $0.normal[0] * spaces[first].normal[1] != $0.normal[1] * spaces[first].normal[0]
      })
    else { return spaces }
    let others = spaces.indices.filter { $0 != first && $0 != second }
    return [spaces[first], spaces[second]] + others.map { spaces[$0] }
  }

  /// How far a boundary may be off by rounding, relative to one and its distance; no bound, but some
  /// hundred units in the last place.
  private static var boundaryRounding: Double { 0x1p-45 }

  /// The half-spaces of a chart of the inputs, as half-spaces of the coordinates.
  func pulledBack(_ spaces: [HalfSpace]) -> [HalfSpace] {
    let chart = scope.chart
    return spaces.map { space in
      var normal = [Double](repeating: 0, count: dimension)
      var offset = space.offset
      for (entry, weight) in space.normal.enumerated() where weight != 0 {
        offset += weight * chart.origin[entry]
        for coordinate in 0..<dimension {
          normal[coordinate] += weight * chart.basis[entry * dimension + coordinate]
        }
      }
      return HalfSpace(normal: normal, offset: offset)
    }
  }
}
