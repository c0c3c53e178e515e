/// Arithmetic of shapes.
enum Shape {
  /// No value computed while reading has more entries, so that a small file cannot ask for much.
  static let largestSize = 1 << 26

  /// The number of entries, or nil when an extent is negative or there are more than `limit`, also
  /// where they are none because of another extent.
  static func size(_ shape: [Int], limit: Int = largestSize) -> Int? {
    var size = 1
    for extent in shape where extent != 0 {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, product <= limit else { return nil }
      size = product
    }
    return shape.contains(0) ? 0 : size
  }

  /// The shape to which two shapes are stretched by the rules of ONNX; nil when they do not fit.
  static func broadcast(_ left: [Int], _ right: [Int]) -> [Int]? {
    let rank = max(left.count, right.count)
    let pairs = zip(padded(left, to: rank), padded(right, to: rank))
    guard pairs.allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
    return pairs.map { $0 == 1 ? $1 : $0 }
  }

  /// A shape with ones in front.
  fileprivate static func padded(_ shape: [Int], to rank: Int) -> [Int] {
    [Int](repeating: 1, count: rank - shape.count) + shape
  }
}

/// Which entries of another tensor a tensor consists of: axis by axis, how far its coordinates lie
/// from the start of the other one's row-major numbers.
///
/// An entry's place is the sum of one offset an axis, so a part, a permutation or a repetition of
/// these lists describes one of the tensor. An offset of −1 stands for entries from nowhere.
struct Layout {
  var axes: [[Int]]

  /// All entries of a tensor, where they are.
  init(_ shape: [Int]) {
    var step = 1
    var axes: [[Int]] = []
    for extent in shape.reversed() {
      axes.append((0..<extent).map { $0 * step })
      step *= extent
    }
    self.axes = axes.reversed()
  }

  /// A tensor repeated to fill a larger shape that its own fits.
  init(_ shape: [Int], stretchedTo target: [Int]) {
    self.init(Shape.padded(shape, to: target.count))
    for (axis, extent) in target.enumerated() where axes[axis].count != extent {
      axes[axis] = [Int](repeating: 0, count: extent)
    }
  }

  var shape: [Int] { axes.map(\.count) }

  /// The place of each entry in the other tensor, −1 for none; nil when they are none or too many.
  var places: [Int]? {
    guard let size = Shape.size(shape), size > 0 else { return nil }
    return axes.reduce([0]) { places, axis in
      places.flatMap { place in axis.map { place < 0 || $0 < 0 ? -1 : place + $0 } }
    }
  }

  /// Puts other entries on an axis, by their coordinates; those outside of it are from nowhere.
  mutating func choose(_ coordinates: some Sequence<Int>, on axis: Int) {
    let offsets = axes[axis]
    axes[axis] = coordinates.map { offsets.indices.contains($0) ? offsets[$0] : -1 }
  }
}
