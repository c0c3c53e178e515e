public import ExactArithmetic

/// The law of one coordinate with what is computed once only.
public struct CoordinateMeasure: Sendable {
  /// Of a normal law.
  struct Shape: Sendable {
    let mean: Rational
    let deviation: Interval

    init(_ mean: Rational, _ variance: Rational) {
      (self.mean, deviation) = (mean, Interval(variance).squareRoot)
    }

    /// `(value − mean) / √variance`.
    func standardised(_ value: Rational) -> Interval { Interval(value - mean) / deviation }

    func tails(at value: Rational) -> CoordinateLaw.Tails {
      let place = standardised(value)
      return CoordinateLaw.Tails(below: NormalTail.above(-place), above: NormalTail.above(place))
    }
  }

  /// Between the ends of a truncation.
  struct Kept: Sendable {
    let lower: Rational?
    let upper: Rational?
    let low: CoordinateLaw.Tails?
    let high: CoordinateLaw.Tails?

    var mass: Interval { CoordinateLaw.mass(above: low, upTo: high) }
  }

  /// The law.
  public let law: CoordinateLaw
  /// Of a normal law, truncated or not.
  let shape: Shape?
  /// Of a truncated one.
  let kept: Kept?
  /// Of a normal law that is not truncated.
  var wholeShape: Shape? { kept == nil ? shape : nil }
  /// The law that is clipped, if one is.
  let inner: [CoordinateMeasure]
  /// Where the law has a density, rounded inward, nil standing for no end; nil where it has none.
  private let support: (lower: Dyadic?, upper: Dyadic?)?
  private var known: [Dyadic: CoordinateLaw.Tails] = [:]
  private var thin: [ThinSlices.Key: ThinSlices] = [:]
  private var pieces: [[Dyadic]: [DensityPiece]?] = [:]

  /// Prepares a law.
  ///
  /// - Parameter law: The law.
  public init(_ law: CoordinateLaw) {
    self.law = law
    if case .clipped(let law, _, _) = law { inner = [CoordinateMeasure(law)] } else { inner = [] }
    switch law {
    case .normal(let mean, let variance):
      (shape, kept, support) = (Shape(mean, variance), nil, (nil, nil))
    case .truncatedNormal(let mean, let variance, let lower, let upper):
      let shape = Shape(mean, variance)
      self.shape = shape
      support = (lower.map { Interval($0).upper }, upper.map { Interval($0).lower })
      kept = Kept(
        lower: lower, upper: upper, low: lower.map { shape.tails(at: $0) },
        high: upper.map { shape.tails(at: $0) })
    case .uniform(let lower, let upper):
      (shape, kept, support) = (nil, nil, (Interval(lower).upper, Interval(upper).lower))
    case .points, .clipped: (shape, kept, support) = (nil, nil, nil)
    }
  }

  /// The masses on both sides of a cut, as ``CoordinateLaw/tails(at:)``; those of a cut are kept.
  ///
  /// - Parameter cut: The value.
  /// - Returns: Both masses.
  public mutating func tails(at cut: Dyadic) -> CoordinateLaw.Tails {
    if let tails = known[cut] { return tails }
    let tails = newTails(at: cut)
    known[cut] = tails
    return tails
  }

  var isUniform: Bool { if case .uniform = law { true } else { false } }

  /// The part of a slice where the law has a density throughout, rounded inward; nil where it has none.
  func support(within slice: Slice) -> (lower: Dyadic, upper: Dyadic)? {
    if case .clipped(_, let lower, let upper) = law {
      let hasAtom =
        slice.lowTails == nil || Rational(slice.low) < lower || Rational(slice.high) >= upper
      return hasAtom ? nil : inner[0].support(within: slice)
    }
    guard let support else { return nil }
    let (low, high) = (slice.low, slice.high)
    let ends = (lower: max(low, support.lower ?? low), upper: min(high, support.upper ?? high))
    return ends.lower < ends.upper ? ends : nil
  }

  /// The mass of a part of a slice.
  mutating func mass(of part: (lower: Dyadic, upper: Dyadic), within slice: Slice) -> Interval {
    guard part != (slice.low, slice.high) else { return slice.mass }
    return CoordinateLaw.mass(above: tails(at: part.lower), upTo: tails(at: part.upper))
  }

  /// The thin slices between the multiples of 2^grid; those of a slice are kept.
  mutating func thinSlices(of slice: Slice, grid: Int) -> ThinSlices {
    let key = ThinSlices.Key(low: slice.low, high: slice.high, grid: grid)
    if let slices = thin[key] { return slices }
    let slices = ThinSlices(slice, grid: grid, self)
    thin[key] = slices
    return slices
  }

  /// The pieces of a slice on which the density is a series, kept too; nil where there are none, or too many.
  mutating func pieces(of slice: Slice) -> [DensityPiece]? {
    let key = [slice.low, slice.high]
    if let pieces = pieces[key] { return pieces }
    let found = DensityPiece.pieces(of: slice, self)
    pieces[key] = found
    return found
  }

  func newTails(at cut: Dyadic) -> CoordinateLaw.Tails {
    let value = Rational(cut)
    switch law {
    case .normal, .truncatedNormal:
      guard let shape else { return .unknown }
      return kept?.tails(at: value, shape) ?? shape.tails(at: value)
    case .uniform(let lower, let upper):
      return CoordinateLaw.Tails(below: (max(lower, min(upper, value)) - lower) / (upper - lower))
    case .points(let points):
      return CoordinateLaw.Tails(
        below: points.reduce(.zero) { $1.value <= value ? $0 + $1.probability : $0 })
    case .clipped(_, let lower, let upper):
      guard value >= lower else { return CoordinateLaw.Tails(below: .zero) }
      return value < upper ? inner[0].newTails(at: cut) : CoordinateLaw.Tails(below: .one)
    }
  }
}

extension CoordinateMeasure.Kept {
  fileprivate func tails(at cut: Rational, _ shape: CoordinateMeasure.Shape) -> CoordinateLaw.Tails
  {
    if let lower, cut <= lower { return CoordinateLaw.Tails(below: .zero) }
    if let upper, cut >= upper { return CoordinateLaw.Tails(below: .one) }
    let middle = shape.tails(at: cut)
    let below = CoordinateLaw.mass(above: low, upTo: middle)
    let above = CoordinateLaw.mass(above: middle, upTo: high)
    let both = below + above
    guard both.low.signum > 0 else { return .unknown }
    return CoordinateLaw.Tails(
      below: (below / both).probability, above: (above / both).probability)
  }
}

extension CoordinateLaw.Tails {
  static let unknown = Self(below: Interval(.zero, .one), above: Interval(.zero, .one))

  /// Of an exact number.
  fileprivate init(below: Rational) {
    self.init(
      below: Interval(below).probability, above: Interval(Rational.one - below).probability)
  }
}
