internal import LinearAlgebra
internal import NetworkModel

/// The mean and the covariance of points that pass by once.
///
/// Points are taken relative to the first one, so that a mean far from zero costs no digits, and gathered
/// in blocks; a block is centred at its own mean and merged.
///
/// Source: Chan, Golub and LeVeque, *Updating formulae and a pairwise algorithm for computing sample
/// variances* (1979).
public struct MomentAccumulator: Sendable {
  /// How many points a block holds.
  private static let blockSize = 256

  /// How many entries a point has.
  public let dimension: Int
  /// How many points have passed.
  public private(set) var count = 0

  private let isDiagonal: Bool
  private var merged = 0
  private var origin: [Double] = []
  /// Relative to the origin.
  private var mean: [Double]
  /// The sum of products of deviations: `[dimension][dimension]`, or its diagonal.
  private var products: [Double]
  private var block: [Double] = []

  /// Starts without points.
  ///
  /// - Parameters:
  ///   - dimension: How many entries a point has.
  ///   - isDiagonal: Whether only variances are wanted.
  public init(dimension: Int, isDiagonal: Bool = false) {
    self.dimension = dimension
    self.isDiagonal = isDiagonal
    mean = [Double](repeating: 0, count: dimension)
    products = [Double](repeating: 0, count: isDiagonal ? dimension : dimension * dimension)
  }

  /// Adds a point.
  ///
  /// - Parameter point: `[dimension]`.
  public mutating func add(_ point: some Collection<Double>) {
    precondition(point.count == dimension, "a point has one number per entry")
    if count == 0 { origin = Array(point) }
    block += zip(point, origin).lazy.map { $0 - $1 }
    count += 1
    if count - merged == Self.blockSize { mergeBlock() }
  }

  /// The mean and the covariance so far.
  ///
  /// - Parameter unbiased: Whether to divide by the number of points less one.
  /// - Returns: The moments; without covariance the matrix is the diagonal one; `nil` for too few points.
  public func moments(unbiased: Bool) -> Distribution.Moments? {
    var finished = self
    finished.mergeBlock()
    let divisor = Double(unbiased ? count - 1 : count)
    guard divisor > 0 else { return nil }
    var covariance = [Double](repeating: 0, count: dimension * dimension)
    for row in 0..<dimension {
      if isDiagonal {
        covariance[row * dimension + row] = finished.products[row] / divisor
      } else {
        for column in 0...row {
          // Both halves of what the product computed, so that the covariance is symmetric.
          let value =
            (finished.products[row * dimension + column]
              + finished.products[column * dimension + row]) / (2 * divisor)
          covariance[row * dimension + column] = value
          covariance[column * dimension + row] = value
        }
      }
    }
    return Distribution.Moments(
      mean: zip(origin, finished.mean).map { $0 + $1 },
      covariance: DenseMatrix(rows: dimension, columns: dimension, weights: covariance))
  }

  private mutating func mergeBlock() {
    let added = count - merged
    guard added > 0 else { return }
    var blockMean = [Double](repeating: 0, count: dimension)
    for place in block.indices { blockMean[place % dimension] += block[place] }
    for entry in 0..<dimension { blockMean[entry] /= Double(added) }
    for place in block.indices { block[place] -= blockMean[place % dimension] }
    let shift = (0..<dimension).map { blockMean[$0] - mean[$0] }
    let share = Double(merged) * Double(added) / Double(count)
    if isDiagonal {
      for place in block.indices { products[place % dimension] += block[place] * block[place] }
      for entry in 0..<dimension { products[entry] += share * shift[entry] * shift[entry] }
    } else {
      addProducts(of: block, rows: added)
      for row in 0..<dimension {
        for column in 0..<dimension {
          products[row * dimension + column] += share * shift[row] * shift[column]
        }
      }
    }
    for entry in 0..<dimension { mean[entry] += shift[entry] * Double(added) / Double(count) }
    merged = count
    block.removeAll(keepingCapacity: true)
  }

  private mutating func addProducts(of points: [Double], rows: Int) {
    let left = MatrixView(rows: rows, columns: dimension, entries: points)
    let sum = MatrixView(rows: dimension, columns: dimension, entries: products)
    sum.setProduct(transposed: left, left, accumulating: true)
    products = (0..<dimension).flatMap { sum.array(ofRow: $0) }
  }
}
