extension Convolution {
  /// Calls `body` with the argument's place and the weight's place of every tap of a result entry
  /// that meets the argument.
  ///
  /// - Parameters:
  ///   - entry: The flat place in the result.
  ///   - body: Called by ascending weight.
  @inlinable
  public func forEachTap(of entry: Int, _ body: (_ argument: Int, _ weight: Int) -> Void) {
    let (column, row) = (entry % output.width, entry / output.width % output.height)
    let channel = entry / (output.width * output.height)
    let depth = inputChannels / groups
    let firstChannel = channel / (outputChannels / groups) * depth
    let (rowTaps, columnTaps) = (kernelRows(at: row), kernelColumns(at: column))
    for inner in 0..<depth {
      for y in rowTaps {
        let inputRow = row * stride.height - padding.height + y * dilation.height
        let source = ((firstChannel + inner) * input.height + inputRow) * input.width
        let weight = ((channel * depth + inner) * kernel.height + y) * kernel.width
        for x in columnTaps {
          body(source + column * stride.width - padding.width + x * dilation.width, weight + x)
        }
      }
    }
  }
}

extension Convolution {
  /// The positions of a kernel along one axis that meet the argument; the others meet padding.
  ///
  /// Tap `k` of the window at `position` stands at `position * stride - padding + k * dilation`.
  ///
  /// - Parameters:
  ///   - position: Along the same axis of the result.
  ///   - kernel: The kernel's size.
  ///   - stride: The step between windows.
  ///   - padding: The zeros before the first entry.
  ///   - dilation: The step between taps.
  ///   - input: The argument's size.
  /// - Returns: A range within `0..<kernel`, perhaps empty.
  public static func taps(
    at position: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, input: Int
  ) -> Range<Int> {
    let start = position * stride - padding
    // The least k with start + k * dilation >= limit.
    let first = { (limit: Int) in limit <= start ? 0 : (limit - start + dilation - 1) / dilation }
    let end = min(first(input), kernel)
    return min(first(0), end)..<end
  }

  /// The rows of the kernel that meet the argument.
  ///
  /// - Parameter row: Of the result.
  /// - Returns: A range of rows of the kernel.
  public func kernelRows(at row: Int) -> Range<Int> {
    Self.taps(
      at: row, kernel: kernel.height, stride: stride.height, padding: padding.height,
      dilation: dilation.height, input: input.height)
  }

  /// The columns of the kernel that meet the argument.
  ///
  /// - Parameter column: Of the result.
  /// - Returns: A range of columns of the kernel.
  public func kernelColumns(at column: Int) -> Range<Int> {
    Self.taps(
      at: column, kernel: kernel.width, stride: stride.width, padding: padding.width,
      dilation: dilation.width, input: input.width)
  }
}
