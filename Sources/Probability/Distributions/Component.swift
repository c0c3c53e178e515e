public import NetworkModel

/// One piece of a law: independent normal and uniform noise behind an affine map, perhaps cut and
/// clipped.
///
/// With standard normals z, the point is x = clip(y), where y = centre + factor · z + noise, and only
/// y within ``truncation`` count: the law is the sum over its components of weight × the measure of y
/// on that box. Weights of laws that are not truncated sum to one; those of truncated ones are already
/// divided by the probability of the box.
public struct Component: Sendable {
  /// The noise of one entry alone, independent of all else.
  public enum Noise: Hashable, Sendable {
    /// None.
    case none
    /// Normal with mean zero and this positive standard deviation.
    case normal(Double)
    /// Uniform from minus this positive half width to it.
    case uniform(Double)

    var isNone: Bool { self == .none }
  }

  /// What its measure is multiplied with.
  public var weight: Double
  /// The middle, one number per entry.
  public var centre: [Double]
  /// The noise that entries share: `[entries][normals]`; often without columns.
  public var factor: DenseMatrix
  /// The noise of each entry alone.
  public var noise: [Noise]
  /// Where y counts: lower and upper ends per entry, perhaps infinite; `nil` for everywhere.
  public var truncation: Ends?
  /// Where the entries are moved to: ends per entry, perhaps infinite; `nil` where they stay.
  public var clipping: Ends?
  /// Whether the law's numbers for the middle and the clipping are binary ones, kept exactly here.
  public var hasBinaryNumbers = true

  /// Lower and upper ends, one of each per entry, -∞ and ∞ where there are none.
  public struct Ends: Hashable, Sendable {
    /// The lower ends.
    public var lower: [Double]
    /// The upper ends.
    public var upper: [Double]

    /// Ends of every entry.
    ///
    /// - Parameters:
    ///   - lower: The lower ends.
    ///   - upper: The upper ends, as many.
    public init(lower: [Double], upper: [Double]) {
      precondition(lower.count == upper.count, "ends come in pairs")
      self.lower = lower
      self.upper = upper
    }

    static func everywhere(_ size: Int) -> Ends {
      Ends(
        lower: [Double](repeating: -.infinity, count: size),
        upper: [Double](repeating: .infinity, count: size))
    }

    static func + (left: Ends, right: Ends) -> Ends {
      Ends(lower: left.lower + right.lower, upper: left.upper + right.upper)
    }
  }

  /// How many entries a point has.
  public var dimension: Int { centre.count }

  /// How many independent random numbers a point is made of; zero for an atom.
  public var latentDimension: Int { factor.columns + noise.count { !$0.isNone } }

  /// Whether an entry is a constant.
  ///
  /// - Parameter entry: Which.
  /// - Returns: Whether no noise reaches it.
  public func isConstant(_ entry: Int) -> Bool {
    noise[entry].isNone && factor.row(entry).allSatisfy { $0 == 0 }
  }

  /// The standard deviation of an entry of y.
  ///
  /// - Parameter entry: Which.
  /// - Returns: Its standard deviation, before truncation and clipping.
  public func deviation(_ entry: Int) -> Double {
    let shared = factor.row(entry).reduce(0) { $0 + $1 * $1 }
    let own: Double =
      switch noise[entry] {
      case .none: 0
      case .normal(let deviation): deviation * deviation
      case .uniform(let halfWidth): halfWidth * halfWidth / 3
      }
    return (shared + own).squareRoot()
  }
}

extension DenseMatrix {
  /// One row.
  func row(_ row: Int) -> ArraySlice<Double> {
    weights[row * columns..<(row + 1) * columns]
  }

  /// Two matrices as the blocks of a diagonal.
  static func blocks(_ first: DenseMatrix, _ second: DenseMatrix) -> DenseMatrix {
    var weights: [Double] = []
    weights.reserveCapacity((first.rows + second.rows) * (first.columns + second.columns))
    for row in 0..<first.rows {
      weights += first.row(row)
      weights += [Double](repeating: 0, count: second.columns)
    }
    for row in 0..<second.rows {
      weights += [Double](repeating: 0, count: first.columns)
      weights += second.row(row)
    }
    return DenseMatrix(
      rows: first.rows + second.rows, columns: first.columns + second.columns, weights: weights)
  }
}
