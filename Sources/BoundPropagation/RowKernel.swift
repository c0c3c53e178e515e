/// The arithmetic on rows that runs between products, several entries at a time.
///
/// A coefficient that is not a number, or infinite, makes every result that depends on it not a number.
enum RowKernel {
  /// A row of entries.
  typealias Entries = UnsafeMutablePointer<Double>

  /// Concrete, and as wide as keeps the left-over entries few: generic lanes are not specialised.
  private typealias Lanes = SIMD4<Double>

  /// Makes coefficients of relu(z) those of z, for a lower bound.
  ///
  /// - Returns: The constant that the intercepts add.
  static func relax(
    _ coefficients: Entries, lower: Entries, upper: Entries, intercept: Entries, count: Int
  ) -> Double {
    var sums = Lanes.zero
    var place = 0
    while place + 4 <= count {
      let (positive, negative) = unsafe parts(load(coefficients + place))
      unsafe UnsafeMutableRawPointer(coefficients + place).storeBytes(
        of: positive * load(lower + place) + negative * load(upper + place), as: Lanes.self)
      sums += unsafe negative * load(intercept + place)
      place += 4
    }
    var sum = sums.sum()
    while place < count {
      let (positive, negative) = unsafe parts(coefficients[place])
      unsafe coefficients[place] = positive * lower[place] + negative * upper[place]
      sum += unsafe negative * intercept[place]
      place += 1
    }
    return sum
  }

  /// The least value of a linear form on a box.
  static func minimum(
    _ coefficients: Entries, lower: Entries, upper: Entries, count: Int
  ) -> Double {
    var sums = Lanes.zero
    var place = 0
    while place + 4 <= count {
      let (positive, negative) = unsafe parts(load(coefficients + place))
      sums += unsafe positive * load(lower + place) + negative * load(upper + place)
      place += 4
    }
    var sum = sums.sum()
    while place < count {
      let (positive, negative) = unsafe parts(coefficients[place])
      sum += unsafe positive * lower[place] + negative * upper[place]
      place += 1
    }
    return sum
  }

  /// Writes where on a box a linear form is least.
  static func minimiser(
    _ coefficients: Entries, lower: Entries, upper: Entries, into point: Entries, count: Int
  ) {
    for place in 0..<count {
      unsafe point[place] = coefficients[place] < 0 ? upper[place] : lower[place]
    }
  }

  /// The positive and the negative part; of what is not finite, at least one is not a number.
  @inline(__always)
  private static func parts(_ value: Lanes) -> (Lanes, Lanes) {
    let positive = value.replacing(with: 0, where: value .< 0)
    return (positive, value - positive)
  }

  @inline(__always)
  private static func parts(_ value: Double) -> (Double, Double) {
    let positive = value < 0 ? 0 : value
    return (positive, value - positive)
  }

  @inline(__always)
  private static func load(_ source: Entries) -> Lanes {
    unsafe UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
  }
}
