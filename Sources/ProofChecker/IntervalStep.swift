internal import ExactArithmetic

/// The enclosure of one affine node from the enclosures of its sources.
struct IntervalStep {
  let bounds: Bounds
  /// How far an execution's value may be from the integer map's value, by entry; nil where equal.
  let error: Block?

  /// Propagates enclosures through an affine node.
  ///
  /// Rounding: outward everywhere.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - size: Its number of entries.
  ///   - source: The enclosures of a source node.
  /// - Throws: ``Rejection/unsupported(_:)`` where binary32 might overflow.
  init(_ node: PreparedNetwork.AffineNode, size: Int, source: (Int) -> Bounds) throws(Rejection) {
    var lowers: [WideBlock] = [Self.widened(node.bias)]
    var uppers = lowers
    var errors = ErrorSum(size: size, node: node)
    for term in node.terms {
      let argument = source(term.source)
      // Twice the centre and twice the radius are integers.
      let (centre, radius) = term.map.forward(
        centre: zip(argument.lower, argument.upper).map { $0 + $1 },
        radius: zip(argument.lower, argument.upper).map { $1 - $0 })
      let exponent = argument.exponent + term.map.exponent - 1
      lowers.append(WideBlock(entries: zip(centre, radius).map { $0 - $1 }, exponent: exponent))
      uppers.append(WideBlock(entries: zip(centre, radius).map { $0 + $1 }, exponent: exponent))
      if errors.isNeeded { errors.add(term.map, over: argument) }
    }
    error = try errors.total()
    if let error {
      lowers.append(WideBlock(entries: error.entries.map { -Int128($0) }, exponent: error.exponent))
      uppers.append(Self.widened(error))
    }
    let negated = uppers.map {
      WideBlock(entries: $0.entries.map { -$0 }, exponent: $0.exponent)
    }
    let ceiling = WideBlock.sumRoundingDown(negated, size: size)
    bounds = Bounds(
      outwardRounding: WideBlock.sumRoundingDown(lowers, size: size),
      WideBlock(entries: ceiling.entries.map { -$0 }, exponent: ceiling.exponent))
  }

  private static func widened(_ block: Block) -> WideBlock {
    WideBlock(entries: block.entries.map { Int128($0) }, exponent: block.exponent)
  }
}

extension WideBlock {
  /// The sum of vectors with different exponents; each addend is rounded down where what 126 bits of
  /// the sum leave to the largest does not hold it.
  static func sumRoundingDown(_ blocks: [WideBlock], size: Int) -> WideBlock {
    var top = Int.min
    var finest = Int.max
    for block in blocks {
      let bits = block.significantBits
      guard bits > 0 else { continue }
      top = max(top, bits + block.exponent)
      finest = min(finest, block.exponent)
    }
    guard top > Int.min else {
      return WideBlock(entries: [Int128](repeating: 0, count: size), exponent: 0)
    }
    let room = 126 - Int128(blocks.count).significantBits
    let exponent = max(finest, top - room)
    var sum = WideBlock(entries: [Int128](repeating: 0, count: size), exponent: exponent)
    for block in blocks where block.significantBits > 0 {
      let shift = block.exponent - exponent
      for entry in 0..<size { sum.entries[entry] += block.entries[entry].shifted(by: shift) }
    }
    return sum
  }
}

/// Adds up what separates the integer maps from an execution: rounded weights and binary32 roundings.
///
/// With `n` addends, any order of summation and any fusing, `|fl(Σ) − Σ| ≤ n u Σ|addend| + n η` with
/// `u = 2^-24`, `η = 2^-149` (Jeannerod and Rump, in the form without a denominator).
private struct ErrorSum {
  private let node: PreparedNetwork.AffineNode
  private let size: Int
  private var quantisation: [WideBlock] = []
  private var magnitudes: [WideBlock] = []
  private var addends: [Int]

  init(size: Int, node: PreparedNetwork.AffineNode) {
    self.node = node
    self.size = size
    addends = node.bias.entries.map { $0 == 0 && node.biasIsExact ? 0 : 1 }
  }

  var isNeeded: Bool {
    node.extraRoundings != nil || node.relativeErrorBits != nil || !node.biasIsExact
      || node.terms.contains { !$0.map.isExact }
  }

  mutating func add(_ map: IntegerMap, over argument: Bounds) {
    let largest = zip(argument.lower, argument.upper).map { max($0.magnitude, $1.magnitude) }
    let (weighted, plain, counts) = map.magnitudes(largest.map { Int64($0) })
    let exponent = argument.exponent + map.exponent
    let slack: [Int128] =
      map.isExact ? [Int128](repeating: 0, count: size) : plain
    var quantised = slack
    if let bits = node.relativeErrorBits {
      // |true − stored| ≤ 2^-bits |stored|, and |stored| is below the integer weight plus one.
      for row in quantised.indices {
        quantised[row] += -(-(weighted[row] + slack[row])).shifted(by: -bits)
      }
    }
    quantisation.append(WideBlock(entries: quantised, exponent: exponent))
    // Quantisation may be as large as another weight here; doubling it covers its own roundings.
    magnitudes.append(
      WideBlock(
        entries: zip(weighted, quantised).map { $0 + 2 * $1 }, exponent: exponent))
    for row in counts.indices { addends[row] += counts[row] }
  }

  /// The error of each entry, rounded up; nil where all are zero.
  func total() throws(Rejection) -> Block? {
    guard isNeeded else { return nil }
    var parts = quantisation
    if !node.biasIsExact {
      parts.append(WideBlock(entries: addends.map { _ in 1 }, exponent: node.bias.exponent))
    }
    if let extraRoundings = node.extraRoundings {
      parts += try binary32Parts(extraRoundings)
    }
    let negated = parts.map { WideBlock(entries: $0.entries.map { -$0 }, exponent: $0.exponent) }
    let sum = WideBlock.sumRoundingDown(negated, size: size)
    let exponent = sum.exponent + max(0, sum.significantBits - Block.boundBits)
    return Block(
      entries: sum.entries.map { Int64(-$0.shifted(by: sum.exponent - exponent)) },
      exponent: exponent)
  }

  private func binary32Parts(_ extraRoundings: Int) throws(Rejection) -> [WideBlock] {
    let bias = WideBlock(
      entries: node.bias.entries.map { -Int128($0.magnitude) - (node.biasIsExact ? 0 : 1) },
      exponent: node.bias.exponent)
    let negated = magnitudes.map {
      WideBlock(entries: $0.entries.map { -$0 }, exponent: $0.exponent)
    }
    let sum = WideBlock.sumRoundingDown(negated + [bias], size: size)
    guard sum.significantBits + sum.exponent < 127 else {
      throw .unsupported("a sum may leave the range of binary32")
    }
    // Shifts round away from zero, because the entries are negative; 20 bits of room for the number
    // of addends.
    let room = max(0, sum.significantBits - 100)
    let roundings = addends.map { Int128($0 == 0 ? 0 : $0 + extraRoundings) }
    let relative = WideBlock(
      entries: zip(sum.entries, roundings).map { -($0.shifted(by: -room) * $1) },
      exponent: sum.exponent + room - 24)
    return [relative, WideBlock(entries: roundings, exponent: -149)]
  }
}
