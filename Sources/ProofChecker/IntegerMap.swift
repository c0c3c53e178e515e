internal import ExactArithmetic
internal import NetworkModel

/// A linear map with integer weights, ready for exact products.
final class IntegerMap: Sendable {
  private let map: LinearMap
  private let weights: [Int64]
  /// The weights of a matrix or a convolution that an entry of a form meets, side by side: lines of a
  /// matrix by column, of a convolution by tap and channel of the argument.
  private let lines: [Int64]
  private let lineLength: Int
  /// The power of two all weights are scaled by.
  let exponent: Int
  /// Whether every weight is the stored one; else each is less than `2^exponent` below it.
  let isExact: Bool

  init(_ map: LinearMap) throws(Rejection) {
    self.map = map
    if case .identity = map {
      (weights, exponent, isExact) = ([1], 0, true)
    } else {
      let (block, isExact) = try Block.quantised(map.weights, bits: Block.weightBits)
      (weights, exponent, self.isExact) = (block.entries, block.exponent, isExact)
    }
    let groups: Int
    switch map {
    case .identity, .sparse: (groups, lineLength) = (1, 0)
    case .dense(let matrix): (groups, lineLength) = (1, matrix.rows)
    case .convolution(let convolution):
      groups = convolution.groups
      lineLength = convolution.outputChannels / groups
    }
    // Group by group, what is a row for each of its channels becomes lines of as many weights.
    let (length, size) = (lineLength, lineLength == 0 ? 0 : weights.count / groups)
    lines = (0..<size * groups).map { [weights] place in
      let rest = place % size
      return weights[place - rest + rest % length * (size / length) + rest / length]
    }
  }

  /// The largest number of weights in a row.
  var fanIn: Int {
    switch map {
    case .identity: 1
    case .dense(let matrix): matrix.columns
    case .sparse(let matrix):
      zip(matrix.rowStarts, matrix.rowStarts.dropFirst()).map { $1 - $0 }.max() ?? 0
    case .convolution(let convolution): weights.count / max(1, convolution.outputChannels)
    }
  }

  /// Calls `body` with every weight of a row; the compiler specialises it for each caller.
  @inline(__always)
  private func forEachWeight(of row: Int, _ body: (_ column: Int, _ weight: Int64) -> Void) {
    map.forEachWeight(of: row) { body($0, weights[$1]) }
  }

  /// The enclosure of the map's values: lower ends, and those of the negative.
  ///
  /// Exact, in twice the centre and twice the radius: products of at most 109 bits, at most 2^16 a row.
  func enclosure(over argument: Bounds) -> (lower: WideBlock, negatedUpper: WideBlock) {
    // Of a matrix, the columns of rectifiers that are never positive are passed over.
    let isDense = if case .dense = map { true } else { false }
    let width = map.columns
    var (arguments, count) = ([Argument](repeating: Argument(), count: width), 0)
    for place in 0..<width {
      let (low, high) = (argument.lower[place], argument.upper[place])
      arguments[count] = Argument(place: place, centre: low + high, radius: high - low)
      count &+= isDense && low | high == 0 ? 0 : 1
    }
    var lower = [Int128](repeating: 0, count: map.rows)
    var negatedUpper = lower
    let (weights, spans) = (weights, arguments.span.extracting(0..<count))
    for row in 0..<map.rows {
      var (sum, spread): (Int128, Int128) = (0, 0)
      if isDense {
        let line = weights.span.extracting(row * width..<(row + 1) * width)
        for place in 0..<count {
          let weight = line[spans[place].place]
          sum &+= Int128(weight) &* Int128(spans[place].centre)
          spread &+= Int128(abs(weight)) &* Int128(spans[place].radius)
        }
      } else {
        forEachWeight(of: row) { column, weight in
          sum &+= Int128(weight) &* Int128(spans[column].centre)
          spread &+= Int128(abs(weight)) &* Int128(spans[column].radius)
        }
      }
      lower[row] = sum - spread
      negatedUpper[row] = -sum - spread
    }
    let exponent = argument.exponent + exponent - 1
    return (WideBlock(lower, exponent: exponent), WideBlock(negatedUpper, exponent: exponent))
  }

  /// Twice the centre and twice the radius of an entry's enclosure.
  private struct Argument {
    var place = 0
    var centre: Int64 = 0
    var radius: Int64 = 0
  }

  /// `Σ |weight| · magnitude`, `Σ magnitude` over nonzero weights, and their number, by row.
  func magnitudes(_ magnitude: [Int64]) -> (weighted: [Int128], plain: [Int128], counts: [Int]) {
    var weighted = [Int128](repeating: 0, count: map.rows)
    var plain = weighted
    var counts = [Int](repeating: 0, count: map.rows)
    for row in 0..<map.rows {
      // A weight that rounds to zero may be a tiny one: unless the map is exact, every weight counts.
      forEachWeight(of: row) { column, weight in
        guard weight != 0 || !isExact else { return }
        weighted[row] += Int128(weight.magnitude) &* Int128(magnitude[column])
        plain[row] += Int128(magnitude[column])
        counts[row] += 1
      }
    }
    return (weighted, plain, counts)
  }

  /// `mapᵀ · form`, exactly, at some columns.
  ///
  /// - Parameters:
  ///   - form: Over the rows; products of at most 102 bits, at most 2^24 a column.
  ///   - entries: Those of the form that are not zero.
  ///   - columns: The columns that are wanted, ascending.
  ///   - products: Where they go.
  func backward(
    _ form: Span<Int64>, _ entries: borrowing Entries, to columns: [Int],
    into products: inout Products
  ) {
    switch map {
    case .dense:
      let lines = lines
      products.clear(columns.count)
      products.add(entries, times: lines.span, lineLength, columns.span, to: 0)
      products.keep(columns.count) { $0 }
    case .identity, .sparse:
      products.clear(map.columns)
      for entry in 0..<entries.count {
        let factor = Int128(entries[entry].factor)
        forEachWeight(of: entries[entry].place) { column, weight in
          products.add(Int128(weight) &* factor, to: column)
        }
      }
      products.keep(columns.count) { columns[$0] }
    case .convolution(let convolution):
      products.clear(map.columns)
      pass(form, back: convolution, into: &products)
      let pixels = convolution.rows.input * convolution.columns.input
      products.keep(columns.count) {
        columns[$0] % pixels * convolution.inputChannels + columns[$0] / pixels
      }
    }
  }

  /// Adds the products with a convolution's kernel, the argument's channels innermost.
  private func pass(
    _ form: Span<Int64>, back convolution: Convolution, into products: inout Products
  ) {
    let (rows, columns) = (convolution.rows, convolution.columns)
    let depth = convolution.inputChannels / convolution.groups
    let (taps, pixels) = (rows.kernel * columns.kernel, rows.output * columns.output)
    let numbers = (0..<taps).map { tap in
      (0..<convolution.inputChannels).map { $0 * taps + tap }
    }
    let lines = lines
    var entries = Entries()
    for pixel in 0..<pixels {
      let (row, column) = (pixel / columns.output, pixel % columns.output)
      for group in 0..<convolution.groups {
        entries.take(
          from: form, first: group * lineLength * pixels + pixel, by: pixels, of: lineLength)
        if entries.count == 0 { continue }
        for y in rows.taps(at: row) {
          let line = (row * rows.stride - rows.padding + y * rows.dilation) * columns.input
          for x in columns.taps(at: column) {
            let place = line + column * columns.stride - columns.padding + x * columns.dilation
            let number = numbers[y * columns.kernel + x]
            products.add(
              entries, times: lines.span, lineLength,
              number.span.extracting(group * depth..<(group + 1) * depth),
              to: place * convolution.inputChannels + group * depth)
          }
        }
      }
    }
  }
}
