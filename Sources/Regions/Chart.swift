/// An affine map from few coordinates to the inputs of a network: `x = origin + basis · u`.
///
/// It says on which slice of the input space regions are looked at: all of it, the free coordinates
/// of a box, or the directions of a distribution that the network can tell apart.
public struct Chart: Sendable {
  /// The input at coordinates zero.
  public let origin: [Double]
  /// Row-major `[origin.count][dimension]`.
  public let basis: [Double]
  /// The number of coordinates.
  public let dimension: Int

  /// Creates a chart.
  ///
  /// - Parameters:
  ///   - origin: The input at coordinates zero.
  ///   - basis: Row-major `[origin.count][dimension]`.
  ///   - dimension: The number of coordinates.
  /// - Throws: ``RegionsError`` for a wrong count or numbers that are not finite.
  public init(origin: [Double], basis: [Double], dimension: Int) throws(RegionsError) {
    guard basis.count == origin.count * dimension else {
      throw .wrongCount(
        of: "numbers of a basis", found: basis.count, expected: origin.count * dimension)
    }
    guard origin.allSatisfy(\.isFinite), basis.allSatisfy(\.isFinite) else {
      throw .unusableSet("found an origin or a basis that is not finite")
    }
    self.origin = origin
    self.basis = basis
    self.dimension = dimension
  }

  /// The chart of some input entries, the others fixed.
  ///
  /// - Parameters:
  ///   - free: The places of the entries that are coordinates, in order.
  ///   - origin: The values of the others; what stands at the free places is where coordinate 0 is.
  /// - Throws: ``RegionsError`` for an origin that is not finite.
  public init(free: [Int], origin: [Double]) throws(RegionsError) {
    var basis = [Double](repeating: 0, count: origin.count * free.count)
    for (coordinate, place) in free.enumerated() { basis[place * free.count + coordinate] = 1 }
    try self.init(origin: origin, basis: basis, dimension: free.count)
  }

  /// The chart whose coordinates are the inputs themselves.
  ///
  /// - Parameter network: The network.
  /// - Returns: The chart.
  public static func whole(_ network: RegionNetwork) -> Chart {
    var basis = [Double](repeating: 0, count: network.inputSize * network.inputSize)
    for place in 0..<network.inputSize { basis[place * (network.inputSize + 1)] = 1 }
    return Chart(
      trusted: [Double](repeating: 0, count: network.inputSize), basis, network.inputSize)
  }

  /// The chart without coordinates: one point.
  init(point: [Double], of network: RegionNetwork) throws(RegionsError) {
    guard point.count == network.inputSize else {
      throw .wrongCount(of: "inputs", found: point.count, expected: network.inputSize)
    }
    try self.init(origin: point, basis: [], dimension: 0)
  }

  init(trusted origin: [Double], _ basis: [Double], _ dimension: Int) {
    self.origin = origin
    self.basis = basis
    self.dimension = dimension
  }

  /// The input at some coordinates.
  ///
  /// - Parameter coordinates: `[dimension]`.
  /// - Returns: `[origin.count]`.
  public func point(at coordinates: [Double]) -> [Double] {
    precondition(coordinates.count == dimension, "one number per coordinate")
    return origin.indices.map { place in
      var sum = origin[place]
      for coordinate in 0..<dimension {
        sum += basis[place * dimension + coordinate] * coordinates[coordinate]
      }
      return sum
    }
  }

  /// The same slice with further coordinates that nothing depends on.
  func padded(to dimension: Int) -> Chart {
    guard dimension > self.dimension else { return self }
    var basis: [Double] = []
    for place in origin.indices {
      basis += self.basis[place * self.dimension..<(place + 1) * self.dimension]
      basis += [Double](repeating: 0, count: dimension - self.dimension)
    }
    return Chart(trusted: origin, basis, dimension)
  }
}
