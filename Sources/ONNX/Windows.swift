internal import NetworkModel

/// How a window of a convolution or a pooling moves over one or two spatial axes.
struct Windows {
  typealias Extent = Convolution.Extent

  let input: Extent
  let output: Extent
  let kernel: Extent
  let stride: Extent
  let dilation: Extent
  /// Before the first row and column; what comes after the last follows from the output.
  let padding: Extent
  /// The spatial axes of the result, one or two.
  let outputShape: [Int]

  /// Reads the attributes that convolutions and poolings share.
  ///
  /// - Parameters:
  ///   - spatial: The argument's spatial axes, one or two.
  ///   - kernel: The kernel's; nil when the attribute `kernel_shape` gives them.
  ///   - call: The operator.
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
    var paddings: [Int] = []
    var outputs: [Int] = []
    for axis in 0..<rank {
      let reach = (kernel[axis] - 1) * dilations[axis] + 1
      let (before, after) = try Windows.padding(
        automatic, stated: (pads?[axis] ?? 0, pads?[rank + axis] ?? 0), size: spatial[axis],
        reach: reach, stride: strides[axis], call)
      let room = spatial[axis] + before + after - reach
      guard room >= 0 else {
        throw call.malformed("its kernel is larger than its argument of shape \(spatial)")
      }
      var output = room / strides[axis] + 1
      // A window that would start in the padding behind the last entry is left out.
      if roundsUp, room % strides[axis] != 0, output * strides[axis] < spatial[axis] + before {
        output += 1
      }
      paddings.append(before)
      outputs.append(output)
    }
    outputShape = outputs
    input = Windows.extent(spatial, missing: 1)
    self.kernel = Windows.extent(kernel, missing: 1)
    stride = Windows.extent(strides, missing: 1)
    dilation = Windows.extent(dilations, missing: 1)
    padding = Windows.extent(paddings, missing: 0)
    output = Windows.extent(outputs, missing: 1)
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

  /// One spatial axis is the second one of a map of height one.
  private static func extent(_ sizes: [Int], missing: Int) -> Extent {
    sizes.count == 1
      ? Extent(height: missing, width: sizes[0]) : Extent(height: sizes[0], width: sizes[1])
  }

  /// The places that each window covers, channel by channel; padding is left out.
  func places(channels: Int, _ call: Call) throws(ONNXError) -> [[Int]] {
    let sizes = [channels, output.height, output.width, kernel.height, kernel.width]
    guard Shape.size(sizes) != nil else { throw call.tooLarge }
    let rows = (0..<output.height).map { row in
      Convolution.taps(
        at: row, kernel: kernel.height, stride: stride.height, padding: padding.height,
        dilation: dilation.height, input: input.height
      ).map { row * stride.height - padding.height + $0 * dilation.height }
    }
    let columns = (0..<output.width).map { column in
      Convolution.taps(
        at: column, kernel: kernel.width, stride: stride.width, padding: padding.width,
        dilation: dilation.width, input: input.width
      ).map { column * stride.width - padding.width + $0 * dilation.width }
    }
    let places = (0..<channels).flatMap { channel in
      rows.flatMap { rows in
        columns.map { columns in
          rows.flatMap { row in
            columns.map { (channel * input.height + row) * input.width + $0 }
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
