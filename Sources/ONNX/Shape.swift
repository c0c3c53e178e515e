/// Arithmetic of tensor shapes.
enum Shape {
  /// No value computed while reading has more entries, so that a small file cannot ask for much.
  static let largestSize = 1 << 26

  /// The number of entries, or nil when an extent is negative or there are more than `limit`.
  static func size(_ shape: [Int], limit: Int = largestSize) -> Int? {
    var size = 1
    for extent in shape where extent != 0 {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, product <= limit else { return nil }
      size = product
    }
    return shape.contains(0) ? 0 : size
  }

  /// How far each step along each axis goes in the row-major flattening: axis by axis, the offsets
  /// of its coordinates.
  ///
  /// An entry's place is the sum of one offset an axis, so a part or a permutation of these lists
  /// describes a part or a permutation of the tensor.
  static func offsets(_ shape: [Int]) -> [[Int]] {
    var step = 1
    var axes: [[Int]] = []
    for extent in shape.reversed() {
      axes.append((0..<extent).map { $0 * step })
      step *= extent
    }
    return axes.reversed()
  }

  /// The shape to which two shapes are stretched by the rules of ONNX; nil when they do not fit.
  static func broadcast(_ left: [Int], _ right: [Int]) -> [Int]? {
    let rank = max(left.count, right.count)
    var result: [Int] = []
    for (a, b) in zip(padded(left, to: rank), padded(right, to: rank)) {
      guard a == b || a == 1 || b == 1 else { return nil }
      result.append(a == 1 ? b : a)
    }
    return result
  }

  /// The offsets of a tensor stretched to a larger shape that its own fits.
  static func offsets(_ shape: [Int], stretchedTo target: [Int]) -> [[Int]] {
    zip(offsets(padded(shape, to: target.count)), target).map { axis, extent in
      axis.count == extent ? axis : [Int](repeating: 0, count: extent)
    }
  }

  private static func padded(_ shape: [Int], to rank: Int) -> [Int] {
    [Int](repeating: 1, count: rank - shape.count) + shape
  }
}

/// Where the entries of a tensor come from in another one: transposes, slices, stretching, padding.
struct Rearrangement {
  /// The shape of the result.
  let shape: [Int]
  /// The place in the source of each entry of the result, −1 for none.
  let sources: [Int]

  /// Combines lists of offsets, one an axis of the result, as ``Shape/offsets(_:)`` makes them;
  /// −1 in one of them stands for entries from nowhere.
  ///
  /// Nil when the result would be larger than ``Shape/largestSize``.
  init?(axes: [[Int]]) {
    shape = axes.map(\.count)
    guard Shape.size(shape) != nil else { return nil }
    var places = [0]
    for axis in axes {
      places = places.flatMap { place in
        axis.map { place < 0 || $0 < 0 ? -1 : place + $0 }
      }
    }
    sources = places
  }

  init(shape: [Int], sources: [Int]) {
    self.shape = shape
    self.sources = sources
  }

  /// Everything where it is.
  static func identity(_ shape: [Int]) -> Rearrangement {
    Rearrangement(shape: shape, sources: Array(0..<shape.reduce(1, *)))
  }

  /// Whether it leaves a tensor of some size as it is.
  func isIdentity(of size: Int) -> Bool { sources.elementsEqual(0..<size) }

  /// The same entries where a condition holds, none elsewhere.
  func masked(by keeps: [Bool]) -> Rearrangement {
    Rearrangement(shape: shape, sources: zip(sources, keeps).map { $1 ? $0 : -1 })
  }
}
