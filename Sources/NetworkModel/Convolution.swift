/// A two-dimensional cross-correlation over channels, as ONNX `Conv` defines it, batch of one.
///
/// Shapes: argument `[inputChannels][rows.input][columns.input]`, result
/// `[outputChannels][rows.output][columns.output]`, weights
/// `[outputChannels][inputChannels / groups][rows.kernel][columns.kernel]`, all row-major.
/// A one-dimensional convolution has one row.
public struct Convolution: Sendable {
  /// What windows do along one spatial axis.
  public struct Axis: Hashable, Sendable {
    /// The size of the argument.
    public let input: Int
    /// The size of the result, the number of windows.
    public let output: Int
    /// The size of the kernel.
    public let kernel: Int
    /// The step between windows.
    public let stride: Int
    /// The zeros before the first entry.
    public let padding: Int
    /// The step between the kernel's taps.
    public let dilation: Int

    /// Creates an axis; that of size one where nothing is given.
    ///
    /// - Parameters:
    ///   - input: The size of the argument.
    ///   - output: The size of the result.
    ///   - kernel: The size of the kernel.
    ///   - stride: The step between windows.
    ///   - padding: The zeros before the first entry.
    ///   - dilation: The step between the kernel's taps.
    public init(
      input: Int = 1, output: Int = 1, kernel: Int = 1, stride: Int = 1, padding: Int = 0,
      dilation: Int = 1
    ) {
      self.input = input
      self.output = output
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
    }

    /// The positions of the kernel that meet the argument; the others meet padding.
    ///
    /// Tap `k` of the window at `position` stands at `position * stride - padding + k * dilation`.
    ///
    /// - Parameter position: In the result.
    /// - Returns: A range within `0..<kernel`, perhaps empty.
    public func taps(at position: Int) -> Range<Int> {
      let start = position * stride - padding
      // The least k with start + k * dilation >= limit.
      let first = { (limit: Int) in limit <= start ? 0 : (limit - start + dilation - 1) / dilation }
      let end = min(first(input), kernel)
      return min(first(0), end)..<end
    }
  }

  /// Channels of the argument.
  public let inputChannels: Int
  /// Channels of the result.
  public let outputChannels: Int
  /// How many independent groups of channels.
  public let groups: Int
  /// The first spatial axis.
  public let rows: Axis
  /// The second spatial axis.
  public let columns: Axis
  /// The kernel.
  public let weights: [Double]

  /// Creates a convolution.
  ///
  /// - Parameters:
  ///   - inputChannels: Channels of the argument.
  ///   - outputChannels: Channels of the result.
  ///   - groups: How many independent groups of channels.
  ///   - rows: The first spatial axis.
  ///   - columns: The second spatial axis.
  ///   - weights: The kernel, row-major.
  public init(
    inputChannels: Int, outputChannels: Int, groups: Int, rows: Axis, columns: Axis,
    weights: [Double]
  ) {
    precondition(groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0)
    precondition(
      weights.count == outputChannels * (inputChannels / groups) * rows.kernel * columns.kernel)
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.groups = groups
    self.rows = rows
    self.columns = columns
    self.weights = weights
  }

  /// The number of entries of the argument.
  public var inputSize: Int { inputChannels * rows.input * columns.input }
  /// The number of entries of the result.
  public var outputSize: Int { outputChannels * rows.output * columns.output }

  /// Calls `body` with the argument's place and the weight's place of every tap of a result entry
  /// that meets the argument.
  ///
  /// - Parameters:
  ///   - entry: The flat place in the result.
  ///   - body: Called by ascending weight.
  @inlinable
  public func forEachTap(of entry: Int, _ body: (_ argument: Int, _ weight: Int) -> Void) {
    let (column, row) = (entry % columns.output, entry / columns.output % rows.output)
    let channel = entry / (columns.output * rows.output)
    let depth = inputChannels / groups
    let firstChannel = channel / (outputChannels / groups) * depth
    let (rowTaps, columnTaps) = (rows.taps(at: row), columns.taps(at: column))
    for inner in 0..<depth {
      for y in rowTaps {
        let inputRow = row * rows.stride - rows.padding + y * rows.dilation
        let source = ((firstChannel + inner) * rows.input + inputRow) * columns.input
        let weight = ((channel * depth + inner) * rows.kernel + y) * columns.kernel
        for x in columnTaps {
          body(
            source + column * columns.stride - columns.padding + x * columns.dilation, weight + x)
        }
      }
    }
  }
}
