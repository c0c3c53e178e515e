internal import ClaimLanguage
internal import ExactArithmetic
internal import ProofFormat

/// A lower bound of one linear form over a node's set, by substitution from the outputs back to the
/// inputs: the one calculation behind every rule.
///
/// At each affine node the form is rewritten exactly; at each rectifier an unstable unit is replaced
/// by a line below (coefficient positive) or above (negative); at the inputs the form is minimised
/// over the box. What rounding drops is charged to the enclosures. Any slopes and any nonnegative
/// multipliers are sound (Neumaier and Shcherbina; `specs/format/proof.md`).
struct BackSubstitution {
  private let network: PreparedNetwork
  private let state: NodeState
  private var pending: [Block?]
  private(set) var bound = WideDyadic.zero

  init(_ network: PreparedNetwork, _ state: NodeState) {
    self.network = network
    self.state = state
    pending = [Block?](repeating: nil, count: network.nodes.count)
  }

  /// Adds `factor · entries` to the form.
  mutating func add(
    _ entries: some Sequence<(node: Int, index: Int, coefficient: Int64)>, times factor: Int128,
    exponent: Int
  ) {
    var blocks: [Int: WideBlock] = [:]
    for (node, index, coefficient) in entries {
      blocks[
        node,
        default: WideBlock(
          entries: [Int128](repeating: 0, count: network.sizes[node]), exponent: exponent)
      ].entries[index] += Int128(coefficient) * factor
    }
    for (node, block) in blocks.sorted(by: { $0.key < $1.key }) { merge(block, into: node) }
  }

  /// Adds a number to the bound, rounded down.
  mutating func add(constant: WideDyadic) { bound.addRoundingDown(constant) }

  /// Rewrites the form until only inputs are left.
  ///
  /// - Parameters:
  ///   - slopes: The lower slopes.
  ///   - multipliers: Positive multipliers of split units, with the node of the pre-activation.
  /// - Throws: ``DerivationFault`` when the slopes are too few or too many.
  mutating func substitute(slopes: SlopeCodes, multipliers: [SplitMultiplier])
    throws(DerivationFault)
  {
    for multiplier in multipliers { add(multiplier) }
    for position in stride(from: network.nodes.count - 1, to: 0, by: -1) {
      switch network.nodes[position] {
      case .input: break
      case .affine(let node): substitute(node, at: position)
      case .relu(let source): try relax(position, source: source, slopes: slopes)
      }
    }
  }

  /// Adds `multiplier · z` where `z ≤ 0` on the branch, `−multiplier · z` where `z ≥ 0`: never
  /// positive there, so that a lower bound of the sum is one of the form.
  private mutating func add(_ split: SplitMultiplier) {
    var entries = [Int128](repeating: 0, count: network.sizes[split.node])
    entries[split.index] = split.isNegative ? split.multiplier : -split.multiplier
    merge(WideBlock(entries: entries, exponent: split.exponent), into: split.node)
  }

  /// The coefficients of the inputs, once all else is substituted.
  mutating func takeInputs() -> Block? {
    defer { pending[0] = nil }
    return pending[0]
  }

  /// Adds the form's minimum over the box to the bound.
  mutating func minimiseOverBox() {
    guard let form = takeInputs() else { return }
    let box = state.bounds[0]
    addSum(over: form.entries.indices, exponent: form.exponent + box.exponent) { entry in
      let coefficient = form.entries[entry]
      return Int128(coefficient) * Int128(coefficient > 0 ? box.lower[entry] : box.upper[entry])
    }
  }

  /// Adds `Σ addend(entry) · 2^exponent` to the bound, exactly up to ``Block/longestRun`` entries at a
  /// time; addends of at most 106 bits.
  @inline(__always)
  private mutating func addSum(
    over entries: Range<Int>, exponent: Int, _ addend: (Int) -> Int128
  ) {
    for start in stride(from: entries.lowerBound, to: entries.upperBound, by: Block.longestRun) {
      var sum: Int128 = 0
      for entry in start..<min(start + Block.longestRun, entries.upperBound) {
        sum += addend(entry)
      }
      add(constant: WideDyadic(sum, exponent: exponent))
    }
  }

  private mutating func substitute(_ node: PreparedNetwork.AffineNode, at position: Int) {
    guard let form = pending[position] else { return }
    pending[position] = nil
    addSum(over: form.entries.indices, exponent: form.exponent + node.bias.exponent) {
      Int128(form.entries[$0]) * Int128(node.bias.entries[$0])
    }
    if let error = state.errors[position] {
      addSum(over: form.entries.indices, exponent: form.exponent + error.exponent) {
        -Int128(form.entries[$0].magnitude) * Int128(error.entries[$0])
      }
    }
    for term in node.terms {
      let live = liveEntries(of: term.source)
      let product = term.map.backward(form.entries, live: live)
      merge(
        WideBlock(entries: product, exponent: form.exponent + term.map.exponent), into: term.source)
    }
  }

  /// The units of a rectifier that can be positive; nil for other nodes, where all entries count.
  private func liveEntries(of position: Int) -> [Int]? {
    guard case .relu(let source) = network.nodes[position] else { return nil }
    return state.bounds[source].upper.indices.filter { state.bounds[source].upper[$0] > 0 }
  }

  /// Replaces a rectifier's outputs by lines in its pre-activations.
  ///
  /// With `c ≥ 0`, `relu(z) ≥ a z` for every `a` in [0, 1]. With `c < 0` and `c ≤ c' ≤ 0`,
  /// `c relu(z) ≥ c' z + min(−c' l, (c − c') u)`: both sides are equal in slope or better at `l` and `u`.
  private mutating func relax(_ position: Int, source: Int, slopes: SlopeCodes)
    throws(DerivationFault)
  {
    guard let form = pending[position] else { return }
    pending[position] = nil
    let bounds = state.bounds[source]
    var rewritten = form
    var codes = try slopes.codes(ofRectifier: network.ordinals[position] ?? 0)
    for entry in form.entries.indices {
      let (low, high) = (bounds.lower[entry], bounds.upper[entry])
      guard low < 0 else { continue }
      guard high > 0 else {
        rewritten.entries[entry] = 0
        continue
      }
      let code = try codes?.next()
      let coefficient = form.entries[entry]
      if coefficient >= 0 {
        if let code {
          rewritten.entries[entry] = Int64(Int128(coefficient) * Int128(code) / 255)
        } else {
          rewritten.entries[entry] = high > -low ? coefficient : 0
        }
      } else {
        let slope = Int128(coefficient) * Int128(high) / (Int128(high) - Int128(low))
        rewritten.entries[entry] = Int64(slope)
      }
    }
    addSum(over: form.entries.indices, exponent: form.exponent + bounds.exponent) { entry in
      // Zero for stable units.
      let (old, new) = (Int128(form.entries[entry]), Int128(rewritten.entries[entry]))
      guard old < 0 else { return 0 }
      return min(-new * Int128(bounds.lower[entry]), (old - new) * Int128(bounds.upper[entry]))
    }
    merge(
      WideBlock(entries: rewritten.entries.map { Int128($0) }, exponent: form.exponent),
      into: source)
  }

  /// Adds a vector to the form at a node, rounding coefficients down and charging the remainder to
  /// the node's enclosures.
  private mutating func merge(_ block: WideBlock, into node: Int) {
    var parts = [block]
    if let present = pending[node] {
      parts.append(
        WideBlock(entries: present.entries.map { Int128($0) }, exponent: present.exponent))
    }
    parts.removeAll { $0.significantBits == 0 }
    guard let top = parts.map({ $0.significantBits + $0.exponent }).max() else { return }
    let finest = parts.map(\.exponent).min() ?? 0
    let exponent = max(finest, top + 1 - Block.coefficientBits)
    var entries = [Int64](repeating: 0, count: block.entries.count)
    var charges = 0
    for part in parts {
      let shift = part.exponent - exponent
      var isRounded = false
      for entry in entries.indices where part.entries[entry] != 0 {
        let shifted = part.entries[entry].shifted(by: shift)
        isRounded = isRounded || (shift < 0 && shifted << Int128(-shift) != part.entries[entry])
        entries[entry] += Int64(shifted)
      }
      if isRounded { charges += 1 }
    }
    pending[node] = Block(entries: entries, exponent: exponent)
    if charges > 0 { charge(node, times: charges, exponent: exponent) }
  }

  /// Pays for coefficients that are each too small by less than `times · 2^exponent`.
  private mutating func charge(_ node: Int, times: Int, exponent: Int) {
    if case .relu = network.nodes[node] { return }
    let mass = state.bounds[node].negativeMass
    add(constant: WideDyadic(-mass.mantissa * Int128(times), exponent: mass.exponent + exponent))
  }
}

/// A multiplier of a unit whose sign is split on the path.
struct SplitMultiplier {
  /// The node of the pre-activation.
  let node: Int
  let index: Int
  let multiplier: Int128
  let exponent: Int
  /// Whether the branch has the pre-activation at or below zero.
  let isNegative: Bool
}

/// What is wrong with a derivation.
struct DerivationFault: Error {
  let reason: String
}

/// The lower slopes of a derivation, by rectifier.
struct SlopeCodes {
  private let codes: [UInt8]?
  /// Where each rectifier's codes start; one more for the end.
  private let starts: [Int]

  /// The standard slopes.
  static let standard = SlopeCodes(codes: nil, starts: [])

  init(codes: [UInt8]?, starts: [Int]) {
    self.codes = codes
    self.starts = starts
  }

  /// An iterator over the codes of a rectifier's unstable units; nil for standard slopes.
  func codes(ofRectifier ordinal: Int) throws(DerivationFault) -> Iterator? {
    guard let codes else { return nil }
    guard ordinal + 1 < starts.count else {
      throw DerivationFault(reason: "slopes are missing for rectifier \(ordinal)")
    }
    return Iterator(codes: codes, place: starts[ordinal], end: starts[ordinal + 1])
  }

  struct Iterator {
    fileprivate let codes: [UInt8]
    fileprivate var place: Int
    fileprivate let end: Int

    mutating func next() throws(DerivationFault) -> UInt8 {
      guard place < end else { throw DerivationFault(reason: "slopes are missing") }
      defer { place += 1 }
      return codes[place]
    }
  }
}
