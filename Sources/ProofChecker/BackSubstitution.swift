internal import ClaimLanguage
internal import ExactArithmetic

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
  private var entries = Entries()
  private var products = Products()
  /// The negative mass of nodes, as far as it was needed.
  private var masses: [WideDyadic?]
  /// What each form's bound is so far.
  private(set) var bounds: [WideDyadic]

  /// Starts with `count` forms that are zero.
  init(_ network: PreparedNetwork, _ state: NodeState, count: Int = 1) {
    self.network = network
    self.state = state
    pending = [Forms?](repeating: nil, count: network.nodes.count)
    masses = [WideDyadic?](repeating: nil, count: network.nodes.count)
    bounds = [WideDyadic](repeating: .zero, count: count)
  }

  /// The bound of the first form.
  var bound: WideDyadic { bounds[0] }

  /// Makes each form plus or minus one entry of a node; the forms are zero before.
  mutating func start(at node: Int, _ entries: [(index: Int, isNegated: Bool)]) {
    for (form, entry) in entries.enumerated() {
      add([entry.isNegated ? -1 : 1], at: [entry.index], of: node, exponent: 0, to: form)
    }
  }

  /// Adds a number to the bound of the first form, rounded down.
  mutating func add(constant: WideDyadic) { bounds[0].addRoundingDown(constant) }

  /// Rewrites the forms until only inputs are left.
  ///
  /// - Parameter codes: The lower slopes of the unstable units, rectifier by rectifier; nil for the
  ///   standard ones.
  mutating func substitute(slopes codes: [UInt8]?) {
    var rest = codes.map { $0[...] }
    for position in stride(from: network.nodes.count - 1, to: 0, by: -1) {
      switch network.nodes[position] {
      case .input: break
      case .affine(let node):
        if let forms = pending[position].take() { substitute(node, at: position, in: forms) }
      case .relu(let source):
        let forms = pending[position].take()
        // Codes are there for rectifiers that the forms do not meet too.
        guard forms != nil || rest != nil else { continue }
        let lines = state.lines(of: source)
        let own = rest?.suffix(lines.unstable.count)
        rest = rest?.dropLast(lines.unstable.count)
        if let forms { relax(forms, by: lines, slopes: own, into: source) }
      case .gate(let source, let sign):
        rest = rest?.dropLast(state.lines(of: source).unstable.count)
        guard var forms = pending[position].take() else { continue }
        forms.relax(gatedBy: state.signs(of: sign), over: state.bounds[source], charging: &bounds)
        handOver(forms, to: source)
      }
    }
  }

  /// The input coefficients of the first form, once all else is substituted.
  var inputs: Block {
    guard let forms = pending[0], let exponent = forms.exponents[0] else {
      return Block(entries: [Int64](repeating: 0, count: network.sizes[0]), exponent: 0)
    }
    return Block(entries: Array(forms.coefficients[..<forms.size]), exponent: exponent)
  }

  /// Adds each form's minimum over the box to its bound.
  mutating func minimiseOverBox() {
    guard let forms = pending[0].take() else { return }
    let box = state.bounds[0]
    for form in bounds.indices {
      guard let exponent = forms.exponents[form] else { continue }
      entries.take(
        from: forms.coefficients.span, first: form * forms.size, of: forms.size)
      addSum(to: form, exponent: exponent + box.exponent) { factor, place in
        Int128(factor) &* Int128(factor > 0 ? box.lower[place] : box.upper[place])
      }
    }
  }

  /// Adds `Σ addend · 2^exponent` over the entries taken last to a form's bound, exactly up to
  /// ``Block/longestRun`` entries at a time; addends of at most 106 bits.
  @inline(__always)
  private mutating func addSum(
    to form: Int, exponent: Int, _ addend: (_ factor: Int64, _ place: Int) -> Int128
  ) {
    for run in Block.runs(of: entries.count) {
      bounds[form].addRoundingDown(
        WideDyadic(entries.sum(over: run, addend), exponent: exponent))
    }
  }

  private mutating func substitute(
    _ node: PreparedNetwork.AffineNode, at position: Int, in forms: Forms
  ) {
    let error = state.errors[position]
    let bias = node.bias.entries
    let places = node.terms.map { term in
      switch network.nodes[term.source] {
      case .relu(let source): state.lines(of: source).live
      case .affine, .input, .gate: Array(0..<network.sizes[term.source])
      }
    }
    for form in bounds.indices {
      guard let exponent = forms.exponents[form] else { continue }
      let row = forms.coefficients.span.extracting(forms.places(of: form))
      entries.take(from: row, of: row.count)
      addSum(to: form, exponent: exponent + node.bias.exponent) { factor, place in
        Int128(factor) &* Int128(bias[place])
      }
      if let error {
        addSum(to: form, exponent: exponent + error.exponent) { factor, place in
          -Int128(factor.magnitude) &* Int128(error.entries[place])
        }
      }
      for (term, places) in zip(node.terms, places) {
        term.map.backward(row, entries, to: places, into: &products)
        add(
          products.sums, at: places, of: term.source, exponent: exponent + term.map.exponent,
          to: form)
      }
    }
  }

  /// Replaces a rectifier's outputs by lines in its pre-activations; see ``Lines``.
  private mutating func relax(
    _ forms: consuming Forms, by lines: Lines, slopes codes: ArraySlice<UInt8>?, into source: Int
  ) {
    let enclosure = state.bounds[source]
    let (units, slopesAbove) = (lines.unstable, lines.above)
    let slopesBelow = codes.map { $0.map(Lines.slope(of:)) } ?? lines.below
    let (lower, upper) = (enclosure.lower.span, enclosure.upper.span)
    let (unstable, below, above) = (units.span, slopesBelow.span, slopesAbove.span)
    for form in bounds.indices {
      guard let exponent = forms.exponents[form] else { continue }
      let first = form * forms.size
      var coefficients = forms.coefficients.mutableSpan
      // A unit that is never positive is zero.
      for unit in lines.dead { coefficients[first + unit] = 0 }
      for run in Block.runs(of: unstable.count) {
        var intercept: Int128 = 0
        for position in run {
          let unit = unstable[position]
          let old = coefficients[first &+ unit]
          // All ones where the coefficient is negative: signs are hard to foresee for a branch.
          let mask = old &>> 63
          let slope = below[position] ^ (below[position] ^ above[position]) & mask
          let new = Int64(truncatingIfNeeded: (Int128(old) &* Int128(slope)) &>> 56)
          coefficients[first &+ unit] = new
          let atLower = Int128(-new) &* Int128(lower[unit])
          let atUpper = Int128(old &- new) &* Int128(upper[unit])
          intercept += min(atLower, atUpper) & Int128(mask)
        }
        bounds[form].addRoundingDown(
          WideDyadic(intercept, exponent: exponent + enclosure.exponent))
      }
    }
    handOver(forms, to: source)
  }

  private mutating func handOver(_ forms: consuming Forms, to node: Int) {
    guard pending[node] != nil else {
      pending[node] = forms
      return
    }
    let places = Array(0..<forms.size)
    for form in bounds.indices {
      guard let exponent = forms.exponents[form] else { continue }
      add(
        forms.coefficients[forms.places(of: form)].map { Int128($0) }, at: places, of: node,
        exponent: exponent, to: form)
    }
  }

  /// Adds multiples of `2^exponent` of a node's entries to a form, and pays for coefficients that are each
  /// too small by less than the grid; a rectifier is never negative.
  mutating func add(
    _ sums: [Int128], at places: [Int], of node: Int, exponent: Int, to form: Int
  ) {
    if pending[node] == nil {
      pending[node] = Forms(count: bounds.count, size: network.sizes[node])
    }
    guard
      let (losses, grid) = pending[node]?.add(sums, at: places, exponent: exponent, to: form),
      losses > 0
    else { return }
    if case .relu = network.nodes[node] { return }
    let mass = masses[node] ?? state.bounds[node].negativeMass
    masses[node] = mass
    bounds[form].addRoundingDown(
      WideDyadic(-mass.mantissa * Int128(losses), exponent: mass.exponent + grid))
  }
}
