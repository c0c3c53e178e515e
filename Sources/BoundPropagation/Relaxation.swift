internal import LinearAlgebra

/// The lines that enclose the units of one rectifier on each box of a batch.
///
/// `lower · z ≤ relu(z) ≤ upper · z + intercept` between the bounds of the unit's argument. Shapes:
/// `[boxes][carried units]`.
struct Relaxation {
  let lower: MatrixView
  let upper: MatrixView
  let intercept: MatrixView

  init(memory: RelaxationMemory, boxes: Int, units: Int) {
    lower = MatrixView(memory.lower, rows: boxes, columns: units)
    upper = MatrixView(memory.upper, rows: boxes, columns: units)
    intercept = MatrixView(memory.intercept, rows: boxes, columns: units)
  }

  /// Chooses the lines for one box.
  ///
  /// Bounds that are not numbers give lines that are not, so that whatever uses them proves nothing.
  func choose(box: Int, unitLower: MatrixView, unitUpper: MatrixView, units: [Int]?) {
    let low = unsafe unitLower.pointer(toRow: box)
    let high = unsafe unitUpper.pointer(toRow: box)
    let lower = unsafe lower.pointer(toRow: box)
    let upper = unsafe upper.pointer(toRow: box)
    let intercept = unsafe intercept.pointer(toRow: box)
    for place in 0..<self.lower.columns {
      let unit = units?[place] ?? place
      let l = unsafe low[unit]
      let u = unsafe high[unit]
      var lines = (lower: 0.0, upper: 0.0, intercept: 0.0)
      if u <= 0 {
        lines = (0, 0, 0)
      } else if l >= 0 {
        lines = (1, 1, 0)
      } else {
        let slope = u / (u - l)
        // Both ends lie under the line even where u − l overflows.
        let atLower = -slope * l
        let atUpper = u - slope * u
        lines = (u > -l ? 1 : 0, slope, atLower > atUpper ? atLower : atUpper)
      }
      unsafe lower[place] = lines.lower
      unsafe upper[place] = lines.upper
      unsafe intercept[place] = lines.intercept
    }
  }
}

/// Memory for the lines of one rectifier.
struct RelaxationMemory {
  let lower: Buffer
  let upper: Buffer
  let intercept: Buffer

  init(count: Int) {
    lower = Buffer(count: count)
    upper = Buffer(count: count)
    intercept = Buffer(count: count)
  }
}

/// The arithmetic on rows that runs between products, eight entries at a time.
///
/// A coefficient that is not a number, or infinite, makes every result that depends on it not a number.
enum RowKernel {
  private typealias Lane = SIMD8<Double>

  @inline(__always)
  private static func load(_ source: UnsafeMutablePointer<Double>) -> Lane {
    unsafe UnsafeRawPointer(source).loadUnaligned(as: Lane.self)
  }

  @inline(__always)
  private static func store(_ value: Lane, _ target: UnsafeMutablePointer<Double>) {
    unsafe UnsafeMutableRawPointer(target).storeBytes(of: value, as: Lane.self)
  }

  /// Makes coefficients of relu(z) those of z, for a lower bound.
  ///
  /// - Returns: The constant that the intercepts add.
  static func relax(
    _ coefficients: UnsafeMutablePointer<Double>, lower: UnsafeMutablePointer<Double>,
    upper: UnsafeMutablePointer<Double>, intercept: UnsafeMutablePointer<Double>, count: Int
  ) -> Double {
    var sums = Lane.zero
    var place = 0
    while place + 8 <= count {
      let coefficient = unsafe load(coefficients + place)
      let positive = coefficient.replacing(with: 0, where: coefficient .< 0)
      let negative = coefficient - positive
      unsafe store(
        positive * load(lower + place) + negative * load(upper + place), coefficients + place)
      sums += unsafe negative * load(intercept + place)
      place += 8
    }
    var sum = sums.sum()
    while place < count {
      let coefficient = unsafe coefficients[place]
      let positive = coefficient < 0 ? 0 : coefficient
      let negative = coefficient - positive
      unsafe coefficients[place] = positive * lower[place] + negative * upper[place]
      sum += unsafe negative * intercept[place]
      place += 1
    }
    return sum
  }

  /// The least value of a linear form on a box.
  static func minimum(
    _ coefficients: UnsafeMutablePointer<Double>, lower: UnsafeMutablePointer<Double>,
    upper: UnsafeMutablePointer<Double>, count: Int
  ) -> Double {
    var sums = Lane.zero
    var place = 0
    while place + 8 <= count {
      let coefficient = unsafe load(coefficients + place)
      let positive = coefficient.replacing(with: 0, where: coefficient .< 0)
      let negative = coefficient - positive
      sums += unsafe positive * load(lower + place) + negative * load(upper + place)
      place += 8
    }
    var sum = sums.sum()
    while place < count {
      let coefficient = unsafe coefficients[place]
      let positive = coefficient < 0 ? 0 : coefficient
      let negative = coefficient - positive
      sum += unsafe positive * lower[place] + negative * upper[place]
      place += 1
    }
    return sum
  }

  /// Writes where on a box a linear form is least.
  static func minimiser(
    _ coefficients: UnsafeMutablePointer<Double>, lower: UnsafeMutablePointer<Double>,
    upper: UnsafeMutablePointer<Double>, into point: UnsafeMutablePointer<Double>, count: Int
  ) {
    for place in 0..<count {
      unsafe point[place] = coefficients[place] < 0 ? upper[place] : lower[place]
    }
  }
}
