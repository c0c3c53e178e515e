internal import NetworkModel

/// How a window of a convolution or a pooling moves over one or two spatial axes.
struct Windows {
  /// Along one axis.
  struct Axis {
    let input: Int
    let output: Int
    let kernel: Int
    let stride: Int
    let dilation: Int
    /// Before the first entry; what comes after the last follows from the output.
    let padding: Int

    /// The places that the window at a position covers; padding is left out.
    func places(at position: Int) -> [Int] {
      Convolution.taps(
        at: position, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
        input: input
      ).map { position * stride - padding + $0 * dilation }
    }
  }

  /// One or two.
  let axes: [Axis]

  /// The spatial axes of the result.
  var outputShape: [Int] { axes.map(\.output) }

  /// A single axis is the second one of a map of height one.
  var vertical: Axis {
    axes.count == 2
      ? axes[0] : Axis(input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padding: 0)
  }

  var horizontal: Axis { axes[axes.count - 1] }

  /// A property of both axes.
  func extent(_ property: KeyPath<Axis, Int>) -> Convolution.Extent {
    Convolution.Extent(
      height: vertical[keyPath: property], width: horizontal[keyPath: property])
  }

  /// The places that each window covers, channel by channel; padding is left out.
  func places(channels: Int, _ call: Call) throws(ONNXError) -> [[Int]] {
    guard Shape.size([channels] + axes.flatMap { [$0.output, $0.kernel] }) != nil else {
      throw call.tooLarge
    }
    let (vertical, horizontal) = (vertical, horizontal)
    let rows = (0..<vertical.output).map(vertical.places)
    let columns = (0..<horizontal.output).map(horizontal.places)
    let places = (0..<channels).flatMap { channel in
      rows.flatMap { rows in
        columns.map { columns in
          rows.flatMap { row in
            columns.map { (channel * vertical.input + row) * horizontal.input + $0 }
          }
        }
      }
    }
    guard places.allSatisfy({ !$0.isEmpty }) else {
      throw call.malformed("one of its windows lies in the padding alone")
    }
    return places
  }
}

extension Windows {
  /// Reads the attributes that convolutions and poolings share.
  ///
  /// - Parameters:
  ///   - spatial: The argument's spatial axes.
  ///   - kernel: The kernel's; nil when the attribute `kernel_shape` gives them.
  ///   - call: The operator.
  /// - Throws: ``ONNXError`` where they do not fit the axes.
  init(over spatial: [Int], kernel: [Int]?, _ call: inout Call) throws(ONNXError) {
    let rank = spatial.count
    guard rank == 1 || rank == 2 else {
      throw call.unsupported("it has \(rank) spatial axes, expected one or two")
    }
    let stated = try Windows.sizes("kernel_shape", count: rank, from: 1, &call)
    guard let kernel = kernel ?? stated, stated ?? kernel == kernel else {
      throw call.malformed("its kernel's shape is missing or contradicts its weights")
    }
    let ones = [Int](repeating: 1, count: rank)
    let strides = try Windows.sizes("strides", count: rank, from: 1, &call) ?? ones
    let dilations = try Windows.sizes("dilations", count: rank, from: 1, &call) ?? ones
    let pads = try Windows.sizes("pads", count: 2 * rank, from: 0, &call)
    let automatic = try call.text("auto_pad", default: "NOTSET")
    let roundsUp = try call.integer("ceil_mode", default: 0) != 0
    axes = try spatial.indices.map { (axis) throws(ONNXError) in
      let reach = (kernel[axis] - 1) * dilations[axis] + 1
      let (before, after) = try Windows.padding(
        automatic, stated: (pads?[axis] ?? 0, pads?[rank + axis] ?? 0), size: spatial[axis],
        reach: reach, stride: strides[axis], call)
      let output = try Windows.count(
        size: spatial[axis] + before, after: after, reach: reach, stride: strides[axis],
        roundsUp: roundsUp, call)
      return Axis(
        input: spatial[axis], output: output, kernel: kernel[axis], stride: strides[axis],
        dilation: dilations[axis], padding: before)
    }
  }

  private static func sizes(
    _ name: String, count: Int, from smallest: Int, _ call: inout Call
  ) throws(ONNXError) -> [Int]? {
    guard let sizes = try call.integers(name) else { return nil }
    // The upper end keeps products of two of them within an Int.
    guard sizes.count == count, sizes.allSatisfy({ $0 >= smallest && $0 < 1 << 30 }) else {
      throw call.malformed(
        "its attribute \(name.quoted) is \(sizes), expected \(count) numbers from \(smallest) on")
    }
    return sizes
  }

  /// The padding before and after, where SAME makes as many windows as strides fit.
  private static func padding(
    _ automatic: String, stated: (Int, Int), size: Int, reach: Int, stride: Int, _ call: Call
  ) throws(ONNXError) -> (Int, Int) {
    let total = max(0, ((size + stride - 1) / stride - 1) * stride + reach - size)
    switch automatic {
    case "NOTSET": return stated
    case "VALID": return (0, 0)
    case "SAME_UPPER": return (total / 2, total - total / 2)
    case "SAME_LOWER": return (total - total / 2, total / 2)
    default: throw call.malformed("its attribute 'auto_pad' is \(automatic.quoted)")
    }
  }

  /// How many windows fit; `size` includes the padding before the first entry.
  private static func count(
    size: Int, after: Int, reach: Int, stride: Int, roundsUp: Bool, _ call: Call
  ) throws(ONNXError) -> Int {
    let room = size + after - reach
    guard room >= 0 else {
      throw call.malformed("its kernel reaches over \(reach) of \(size + after) entries")
    }
    let count = room / stride + 1
    guard roundsUp, room % stride != 0 else { return count }
    // Runtimes and versions of the format differ in whether such a window counts.
    guard count * stride < size else {
      throw call.unsupported("its last window would start behind the last entry")
    }
    return count + 1
  }
}
