internal import ClaimLanguage
internal import ExactArithmetic
internal import ProofFormat

/// Lower bounds of linear forms over a node's set, by substitution from the outputs back to the
/// inputs: the one calculation behind every rule.
///
/// At each affine node the forms are rewritten exactly; at each rectifier an unstable unit is replaced
/// by a line below (coefficient positive) or above (negative); at the inputs the forms are minimised
/// over the box. What rounding drops is charged to the enclosures. Any slopes and any nonnegative
/// multipliers are sound (Neumaier and Shcherbina; `specs/format/proof.md`).
///
/// Several forms go together, so that what depends on the network alone is done once for all.
struct BackSubstitution {
  private let network: PreparedNetwork
  private let state: NodeState
  private var pending: [Forms?]
  /// What each form's bound is so far.
  private(set) var bounds: [WideDyadic]

  /// Starts with `count` forms that are zero.
  init(_ network: PreparedNetwork, _ state: NodeState, count: Int = 1) {
    self.network = network
    self.state = state
    pending = [Forms?](repeating: nil, count: network.nodes.count)
    bounds = [WideDyadic](repeating: .zero, count: count)
  }

  /// The bound of the first form.
  var bound: WideDyadic { bounds[0] }

  /// Adds `factor · entries` to a form.
  mutating func add(
    _ entries: some Sequence<(node: Int, index: Int, coefficient: Int64)>, times factor: Int128,
    exponent: Int, to form: Int = 0
  ) {
    var wide: [Int: WideForms] = [:]
    for (node, index, coefficient) in entries {
      wide[
        node,
        default: WideForms(
          count: bounds.count, size: network.sizes[node], exponent: exponent)
      ].entries[form * network.sizes[node] + index] += Int128(coefficient) * factor
    }
    for (node, forms) in wide.sorted(by: { $0.key < $1.key }) { merge(forms, into: node) }
  }

  /// Makes each form plus or minus one entry of a node; the forms are zero before.
  mutating func start(at node: Int, _ entries: [(index: Int, isNegated: Bool)]) {
    var forms = Forms(count: bounds.count, size: network.sizes[node])
    for (form, entry) in entries.enumerated() {
      forms.entries[form * forms.size + entry.index] = entry.isNegated ? -1 : 1
    }
    pending[node] = forms
  }

  /// Adds a number to the bound of the first form, rounded down.
  mutating func add(constant: WideDyadic) { bounds[0].addRoundingDown(constant) }

  /// Rewrites the forms until only inputs are left.
  ///
  /// - Parameters:
  ///   - slopes: The lower slopes.
  ///   - multipliers: Positive multipliers of split units, with the node of the pre-activation; they
  ///     belong to the first form.
  /// - Throws: ``DerivationFault`` when the slopes are too few or too many.
  mutating func substitute(slopes: SlopeCodes, multipliers: [SplitMultiplier])
    throws(DerivationFault)
  {
    for multiplier in multipliers { add(multiplier) }
    for position in stride(from: network.nodes.count - 1, to: 0, by: -1) {
      guard let forms = pending[position] else { continue }
      pending[position] = nil
      switch network.nodes[position] {
      case .input: break
      case .affine(let node): substitute(node, at: position, in: forms)
      case .relu(let source):
        try relax(forms, at: position, source: source, slopes: slopes)
      }
    }
  }

  /// Adds `multiplier · z` where `z ≤ 0` on the branch, `−multiplier · z` where `z ≥ 0`: never
  /// positive there, so that a lower bound of the sum is one of the form.
  private mutating func add(_ split: SplitMultiplier) {
    var forms = WideForms(
      count: bounds.count, size: network.sizes[split.node], exponent: split.exponent)
    forms.entries[split.index] = split.isNegative ? split.multiplier : -split.multiplier
    merge(forms, into: split.node)
  }

  /// The input coefficients of the first form, once all else is substituted.
  var inputs: Block {
    let size = network.sizes[0]
    guard let forms = pending[0] else {
      return Block(entries: [Int64](repeating: 0, count: size), exponent: 0)
    }
    return Block(entries: Array(forms.entries[..<size]), exponent: forms.exponents[0])
  }

  /// Adds each form's minimum over the box to its bound.
  mutating func minimiseOverBox() {
    guard let forms = pending[0] else { return }
    pending[0] = nil
    let box = state.bounds[0]
    addSums(over: forms, exponent: box.exponent) { entry, coefficient in
      Int128(coefficient) &* Int128(coefficient > 0 ? box.lower[entry] : box.upper[entry])
    }
  }

  /// Adds `Σ addend(entry, coefficient) · 2^exponent` to each form's bound, exactly up to
  /// ``Block/longestRun`` entries at a time; addends of at most 106 bits, zero for the coefficient 0.
  @inline(__always)
  private mutating func addSums(
    over forms: Forms, exponent: Int, _ addend: (Int, Int64) -> Int128
  ) {
    for form in bounds.indices {
      let first = form * forms.size
      for start in stride(from: 0, to: forms.size, by: Block.longestRun) {
        var sum: Int128 = 0
        for entry in start..<min(start + Block.longestRun, forms.size) {
          let coefficient = forms.entries[first + entry]
          if coefficient != 0 { sum += addend(entry, coefficient) }
        }
        bounds[form].addRoundingDown(
          WideDyadic(sum, exponent: forms.exponents[form] + exponent))
      }
    }
  }

  private mutating func substitute(
    _ node: PreparedNetwork.AffineNode, at position: Int, in forms: Forms
  ) {
    addSums(over: forms, exponent: node.bias.exponent) { entry, coefficient in
      Int128(coefficient) &* Int128(node.bias.entries[entry])
    }
    if let error = state.errors[position] {
      addSums(over: forms, exponent: error.exponent) { entry, coefficient in
        -Int128(coefficient.magnitude) &* Int128(error.entries[entry])
      }
    }
    for term in node.terms {
      let product = term.map.backward(forms, live: liveEntries(of: term.source))
      merge(product, into: term.source)
    }
  }

  /// The units of a rectifier that can be positive, or all entries of another node.
  private func liveEntries(of position: Int) -> [Int] {
    guard case .relu(let source) = network.nodes[position] else {
      return Array(0..<network.sizes[position])
    }
    return state.bounds[source].upper.indices.filter { state.bounds[source].upper[$0] > 0 }
  }

  /// Replaces a rectifier's outputs by lines in its pre-activations.
  ///
  /// With `c ≥ 0`, `relu(z) ≥ a z` for every `a` in [0, 1]. With `c < 0` and `c ≤ c' ≤ 0`,
  /// `c relu(z) ≥ c' z + min(−c' l, (c − c') u)`: both sides are equal in slope or better at `l` and `u`.
  private mutating func relax(
    _ forms: Forms, at position: Int, source: Int, slopes: SlopeCodes
  ) throws(DerivationFault) {
    let enclosure = state.bounds[source]
    var rewritten = forms
    let codes = try slopes.codes(ofRectifier: network.ordinals[position] ?? 0)
    var nextCode = 0
    var intercepts = [Int128](repeating: 0, count: bounds.count)
    for entry in 0..<forms.size where enclosure.lower[entry] < 0 {
      let (low, high) = (enclosure.lower[entry], enclosure.upper[entry])
      guard high > 0 else {
        for form in bounds.indices { rewritten.entries[form * forms.size + entry] = 0 }
        continue
      }
      if let codes, nextCode >= codes.count { throw DerivationFault(reason: "slopes are missing") }
      let code =
        codes.map { Int128($0[$0.startIndex + nextCode]) } ?? Self.standardCode(low, high)
      nextCode += 1
      let width = Int128(high) - Int128(low)
      for form in bounds.indices {
        let place = form * forms.size + entry
        let old = Int128(forms.entries[place])
        if old >= 0 {
          rewritten.entries[place] = Int64(code == 255 ? old : old * code / 255)
        } else {
          let new = old * Int128(high) / width
          rewritten.entries[place] = Int64(new)
          intercepts[form] += min(-new * Int128(low), (old - new) * Int128(high))
        }
      }
    }
    for form in bounds.indices {
      bounds[form].addRoundingDown(
        WideDyadic(intercepts[form], exponent: forms.exponents[form] + enclosure.exponent))
    }
    guard pending[source] != nil else {
      pending[source] = rewritten
      return
    }
    merge(WideForms(rewritten), into: source)
  }

  /// 255 where `u > −l` by more than a millionth, else 0: symmetric bounds, which are common, give the
  /// same slope however they were rounded.
  private static func standardCode(_ low: Int64, _ high: Int64) -> Int128 {
    Int128(high) << 20 > -Int128(low) * ((1 << 20) + 1) ? 255 : 0
  }

  /// Adds vectors to the forms at a node, rounding coefficients down and charging the remainder to
  /// the node's enclosures.
  private mutating func merge(_ addends: WideForms, into node: Int) {
    let present = pending[node]
    pending[node] = nil
    var sums = Forms(count: bounds.count, size: addends.size)
    for form in bounds.indices {
      let places = form * addends.size..<(form + 1) * addends.size
      let presentBits = present.map { $0.significantBits(form) } ?? 0
      let addendBits = addends.significantBits(form)
      var top = Int.min
      var finest = Int.max
      if addendBits > 0 {
        top = addendBits + addends.exponents[form]
        finest = addends.exponents[form]
      }
      if let present, presentBits > 0 {
        top = max(top, presentBits + present.exponents[form])
        finest = min(finest, present.exponents[form])
      }
      guard top > Int.min else { continue }
      let exponent = max(finest, top + 1 - Block.coefficientBits)
      sums.exponents[form] = exponent
      var charges = 0
      if addendBits > 0 {
        let shift = addends.exponents[form] - exponent
        if sums.add(places, of: addends.entries, shiftedBy: shift) { charges += 1 }
      }
      if let present, presentBits > 0 {
        let shift = present.exponents[form] - exponent
        let wide = present.entries[places].map { Int128($0) }
        if sums.add(places, of: wide, from: places.lowerBound, shiftedBy: shift) { charges += 1 }
      }
      if charges > 0 { charge(node, form: form, times: charges, exponent: exponent) }
    }
    pending[node] = sums
  }

  /// Pays for coefficients that are each too small by less than `times · 2^exponent`.
  private mutating func charge(_ node: Int, form: Int, times: Int, exponent: Int) {
    if case .relu = network.nodes[node] { return }
    let mass = state.bounds[node].negativeMass
    bounds[form].addRoundingDown(
      WideDyadic(-mass.mantissa * Int128(times), exponent: mass.exponent + exponent))
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

  /// The codes of a rectifier's unstable units; nil for standard slopes.
  func codes(ofRectifier ordinal: Int) throws(DerivationFault) -> ArraySlice<UInt8>? {
    guard let codes else { return nil }
    guard ordinal + 1 < starts.count else {
      throw DerivationFault(reason: "slopes are missing for rectifier \(ordinal)")
    }
    return codes[starts[ordinal]..<starts[ordinal + 1]]
  }
}
