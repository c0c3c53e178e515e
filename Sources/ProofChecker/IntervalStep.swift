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
    let bias = WideBlock(node.bias.entries.map { Int128($0) }, exponent: node.bias.exponent)
    var (lowers, negatedUppers) = ([bias], [-bias])
    var errors = node.isRounded ? ErrorSum(size: size, node: node) : nil
    for term in node.terms {
      let argument = source(term.source)
      let (lower, negatedUpper) = term.map.enclosure(over: argument)
      lowers.append(lower)
      negatedUppers.append(negatedUpper)
      errors?.add(term.map, over: argument)
    }
    error = try errors?.total()
    if let error {
      let spread = WideBlock(error.entries.map { -Int128($0) }, exponent: error.exponent)
      lowers.append(spread)
      negatedUppers.append(spread)
    }
    bounds = Bounds(
      lower: WideBlock.sumRoundingDown(lowers, size: size),
      negatedUpper: WideBlock.sumRoundingDown(negatedUppers, size: size))
  }
}

/// Adds up what separates the integer maps from an execution: rounded weights and binary32 roundings.
///
/// With `n` addends, any order of summation and any fusing, `|fl(Σ) − Σ| ≤ n u Σ|addend| + n η` with
/// `u = 2^-24`, `η = 2^-149` (Jeannerod and Rump, in the form without a denominator). All parts are
/// held as negative numbers, so that rounding down makes them larger.
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

  mutating func add(_ map: IntegerMap, over argument: Bounds) {
    let (weighted, plain, counts) = map.magnitudes(
      zip(argument.lower, argument.upper).map { Int64(max($0.magnitude, $1.magnitude)) })
    let exponent = argument.exponent + map.exponent
    var (quantised, whole) = ([Int128](), [Int128]())
    for row in weighted.indices {
      let slack = map.isExact ? 0 : -plain[row]
      // |true − stored| ≤ 2^-bits |stored|, and |stored| is below the integer weight plus one.
      let relative = node.relativeErrorBits.map { (slack - weighted[row]).shifted(by: -$0) }
      quantised.append(slack + (relative ?? 0))
      // Quantisation may be as large as another weight here; doubling it covers its own roundings.
      whole.append(2 * quantised[row] - weighted[row])
      addends[row] += counts[row]
    }
    quantisation.append(WideBlock(quantised, exponent: exponent))
    magnitudes.append(WideBlock(whole, exponent: exponent))
  }

  /// The error of each entry, rounded up.
  func total() throws(Rejection) -> Block {
    var parts = quantisation
    if !node.biasIsExact {
      parts.append(
        WideBlock([Int128](repeating: -1, count: size), exponent: node.bias.exponent))
    }
    if let extraRoundings = node.extraRoundings {
      parts += try binary32Parts(extraRoundings)
    }
    let sum = WideBlock.sumRoundingDown(parts, size: size)
    let exponent = sum.exponent + max(0, sum.significantBits - Block.boundBits)
    return Block(
      entries: sum.floored(to: exponent) { Int64(-$0) }, exponent: exponent)
  }

  private func binary32Parts(_ extraRoundings: Int) throws(Rejection) -> [WideBlock] {
    let bias = node.bias.entries.map { -Int128($0.magnitude) - (node.biasIsExact ? 0 : 1) }
    let sum = WideBlock.sumRoundingDown(
      magnitudes + [WideBlock(bias, exponent: node.bias.exponent)], size: size)
    guard sum.top ?? 0 < 127 else {
      throw .unsupported("a sum may leave the range of binary32")
    }
    // 20 bits of room for the number of addends.
    let exponent = sum.exponent + max(0, sum.significantBits - 100)
    let roundings = addends.map { Int128($0 == 0 ? 0 : $0 + extraRoundings) }
    let relative = zip(sum.floored(to: exponent) { $0 }, roundings).map { $0 * $1 }
    return [
      WideBlock(relative, exponent: exponent - 24),
      WideBlock(roundings.map { -$0 }, exponent: -149),
    ]
  }
}
