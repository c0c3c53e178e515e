internal import ExactArithmetic
internal import NetworkModel

/// A linear map with integer weights, ready for exact products.
struct IntegerMap {
  private let map: LinearMap
  private let weights: [Int64]
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
  }

  var rows: Int { map.rows }

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
    let centre = zip(argument.lower, argument.upper).map { $0 + $1 }
    let radius = zip(argument.lower, argument.upper).map { $1 - $0 }
    var (lower, negatedUpper) = ([Int128](), [Int128]())
    lower.reserveCapacity(rows)
    negatedUpper.reserveCapacity(rows)
    // Of a matrix, the columns of rectifiers that are never positive are passed over.
    let live = argument.upper.indices.filter { centre[$0] != 0 || radius[$0] != 0 }
    let isDense = if case .dense = map { true } else { false }
    let width = map.columns
    for row in 0..<rows {
      var (sum, spread): (Int128, Int128) = (0, 0)
      let add = { (column: Int, weight: Int64) in
        sum &+= Int128(weight) &* Int128(centre[column])
        spread &+= Int128(weight.magnitude) &* Int128(radius[column])
      }
      if isDense {
        for column in live { add(column, weights[row &* width &+ column]) }
      } else {
        forEachWeight(of: row, add)
      }
      lower.append(sum - spread)
      negatedUpper.append(-sum - spread)
    }
    let exponent = argument.exponent + exponent - 1
    return (
      WideBlock(lower, exponent: exponent), WideBlock(negatedUpper, exponent: exponent)
    )
  }

  /// `Σ |weight| · magnitude`, `Σ magnitude` over nonzero weights, and their number, by row.
  func magnitudes(_ magnitude: [Int64]) -> (weighted: [Int128], plain: [Int128], counts: [Int]) {
    var weighted = [Int128](repeating: 0, count: rows)
    var plain = weighted
    var counts = [Int](repeating: 0, count: rows)
    for row in 0..<rows {
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

  /// `mapᵀ · form` for every form, exactly, at some columns.
  ///
  /// - Parameters:
  ///   - forms: Over the rows; products of at most 102 bits, at most 2^24 a column.
  ///   - columns: The columns that are wanted, ascending.
  /// - Returns: The products, form by form.
  func backward(_ forms: Forms, to columns: [Int]) -> WideForms {
    let rows = forms.support
    let nonzeros = forms.coefficients.count { $0 != 0 }
    let sums: [Int128]
    // A matrix is worth gathering where several forms are mostly not zero.
    if case .dense = map, forms.count > 1, 2 * nonzeros > forms.count * rows.count {
      sums = products(forms, rows: rows, columns: columns)
    } else {
      sums = scattered(forms, rows: rows, columns: columns)
    }
    return WideForms(
      places: columns, sums: sums, exponents: forms.exponents.map { $0 + exponent })
  }

  /// The products row by row: each row's weights go to their columns.
  private func scattered(_ forms: Forms, rows: [Int], columns: [Int]) -> [Int128] {
    var sums: [Int128] = []
    sums.reserveCapacity(forms.count * columns.count)
    let width = map.columns
    for form in 0..<forms.count {
      var image = [Int128](repeating: 0, count: width)
      for row in rows where forms.coefficients[form * forms.size + row] != 0 {
        let coefficient = Int128(forms.coefficients[form * forms.size + row])
        if case .dense = map {
          let line = weights.span.extracting(row * width..<(row + 1) * width)
          var target = image.mutableSpan
          for column in 0..<line.count { target[column] &+= Int128(line[column]) &* coefficient }
        } else {
          forEachWeight(of: row) { column, weight in
            image[column] &+= Int128(weight) &* coefficient
          }
        }
      }
      for column in columns { sums.append(image[column]) }
    }
    return sums
  }

  /// The products of a matrix, gathered for these rows and columns, two forms and two columns at a
  /// time.
  private func products(_ forms: Forms, rows: [Int], columns: [Int]) -> [Int128] {
    let width = rows.count
    // One more form and one more column, of zeros, where their number is odd.
    var values = [Int64](repeating: 0, count: (forms.count + 1) / 2 * 2 * width)
    var gathered = [Int64](repeating: 0, count: (columns.count + 1) / 2 * 2 * width)
    let pitch = map.columns
    var targetValues = values.mutableSpan
    var targetWeights = gathered.mutableSpan
    let (sources, stored) = (forms.coefficients.span, weights.span)
    for position in 0..<width {
      let row = rows[position]
      for form in 0..<forms.count {
        targetValues[form * width + position] = sources[form * forms.size + row]
      }
      for place in 0..<columns.count {
        targetWeights[place * width + position] = stored[row * pitch + columns[place]]
      }
    }
    var sums = [Int128](repeating: 0, count: forms.count * columns.count)
    let (vectors, matrix) = (values.span, gathered.span)
    for form in stride(from: 0, to: forms.count, by: 2) {
      let first = vectors.extracting(form * width..<(form + 1) * width)
      let second = vectors.extracting((form + 1) * width..<(form + 2) * width)
      for column in stride(from: 0, to: columns.count, by: 2) {
        let left = matrix.extracting(column * width..<(column + 1) * width)
        let right = matrix.extracting((column + 1) * width..<(column + 2) * width)
        let block = Self.products(first, second, left, right)
        let place = form * columns.count + column
        let (hasSecond, hasRight) = (form + 1 < forms.count, column + 1 < columns.count)
        sums[place] = block.0
        if hasRight { sums[place + 1] = block.1 }
        if hasSecond { sums[place + columns.count] = block.2 }
        if hasSecond && hasRight { sums[place + columns.count + 1] = block.3 }
      }
    }
    return sums
  }

  /// The four products of two vectors with two others, in one pass over memory.
  ///
  /// Not inlined, so that the sums stay in registers.
  @inline(never)
  private static func products(
    _ first: Span<Int64>, _ second: Span<Int64>, _ left: Span<Int64>, _ right: Span<Int64>
  ) -> (Int128, Int128, Int128, Int128) {
    let count = first.count
    precondition(second.count == count && left.count == count && right.count == count)
    var sums: (Int128, Int128, Int128, Int128) = (0, 0, 0, 0)
    for place in 0..<count {
      let (a, b) = (Int128(first[place]), Int128(second[place]))
      let (v, w) = (Int128(left[place]), Int128(right[place]))
      sums.0 &+= a &* v
      sums.1 &+= a &* w
      sums.2 &+= b &* v
      sums.3 &+= b &* w
    }
    return sums
  }
}
