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

  /// Makes each form plus or minus one entry of a node; the forms are zero before.
  mutating func start(at node: Int, _ entries: [(index: Int, isNegated: Bool)]) {
    var forms = Forms(count: bounds.count, size: network.sizes[node])
    for (form, entry) in entries.enumerated() {
      forms.coefficients[form * forms.size + entry.index] = entry.isNegated ? -1 : 1
    }
    pending[node] = forms
  }

  /// Adds `Σ coefficients · entries · 2^exponent` of a node to the first form.
  mutating func add(_ coefficients: [Int128], of entries: [Int], in node: Int, exponent: Int) {
    merge(WideForms(places: entries, sums: coefficients, exponents: [exponent]), into: node)
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
        guard let forms = pending[position].take() else { continue }
        substitute(node, at: position, in: forms)
      case .relu(let source):
        let forms = pending[position].take()
        // Codes are there for rectifiers that the forms do not meet too.
        guard forms != nil || rest != nil else { continue }
        var lines = state.lines(of: source)
        if let codes = rest {
          lines.replaceSlopes(by: codes.suffix(lines.unstable.count))
          rest = codes.dropLast(lines.unstable.count)
        }
        if let forms { relax(forms, by: lines, into: source) }
      case .gate(let source, let sign):
        rest = rest?.dropLast(state.lines(of: source).unstable.count)
        if let forms = pending[position].take() { relax(forms, gatedBy: sign, into: source) }
      }
    }
  }

  /// The input coefficients of the first form, once all else is substituted.
  var inputs: Block {
    guard let forms = pending[0] else {
      return Block(entries: [Int64](repeating: 0, count: network.sizes[0]), exponent: 0)
    }
    return Block(entries: Array(forms.coefficients[..<forms.size]), exponent: forms.exponents[0])
  }

  /// Adds each form's minimum over the box to its bound.
  mutating func minimiseOverBox() {
    guard let forms = pending[0].take() else { return }
    let box = state.bounds[0]
    let (lower, upper) = (box.lower, box.upper)
    addSums(over: forms, exponent: box.exponent) { entry, coefficient in
      Int128(coefficient) &* Int128(coefficient > 0 ? lower[entry] : upper[entry])
    }
  }

  /// Adds `Σ addend(entry, coefficient) · 2^exponent` to each form's bound, exactly up to
  /// ``Block/longestRun`` entries at a time; addends of at most 106 bits.
  @inline(__always)
  private mutating func addSums(
    over forms: Forms, exponent: Int, _ addend: (Int, Int64) -> Int128
  ) {
    for form in bounds.indices {
      let row = forms.coefficients.span.extracting(form * forms.size..<(form + 1) * forms.size)
      for run in Block.runs(of: row.count) {
        var sum: Int128 = 0
        for entry in run { sum &+= addend(entry, row[entry]) }
        bounds[form].addRoundingDown(
          WideDyadic(sum, exponent: forms.exponents[form] + exponent))
      }
    }
  }

  private mutating func substitute(
    _ node: PreparedNetwork.AffineNode, at position: Int, in forms: Forms
  ) {
    let bias = node.bias.entries
    addSums(over: forms, exponent: node.bias.exponent) { entry, coefficient in
      Int128(coefficient) &* Int128(bias[entry])
    }
    if let error = state.errors[position] {
      addSums(over: forms, exponent: error.exponent) { entry, coefficient in
        -Int128(coefficient.magnitude) &* Int128(error.entries[entry])
      }
    }
    for term in node.terms {
      let places =
        switch network.nodes[term.source] {
        case .relu(let source): state.lines(of: source).live
        case .affine, .input, .gate: Array(0..<network.sizes[term.source])
        }
      merge(term.map.backward(forms, to: places), into: term.source)
    }
  }

  /// Replaces a rectifier's outputs by lines in its pre-activations; see ``Lines``.
  private mutating func relax(_ forms: consuming Forms, by lines: Lines, into source: Int) {
    let enclosure = state.bounds[source]
    let (lower, upper) = (enclosure.lower.span, enclosure.upper.span)
    let (unstable, below, above) = (lines.unstable.span, lines.below.span, lines.above.span)
    for form in bounds.indices {
      let (first, exponent) = (form * forms.size, forms.exponents[form] + enclosure.exponent)
      var coefficients = forms.coefficients.mutableSpan
      // A unit that is never positive is zero.
      for unit in lines.dead { coefficients[first + unit] = 0 }
      for run in Block.runs(of: unstable.count) {
        var intercept: Int128 = 0
        for position in run {
          let unit = unstable[position]
          let old = Int128(coefficients[first + unit])
          let slope = old >= 0 ? below[position] : above[position]
          let new = (old &* Int128(slope)) &>> 56
          coefficients[first + unit] = Int64(new)
          guard old < 0 else { continue }
          intercept += min(-new &* Int128(lower[unit]), (old &- new) &* Int128(upper[unit]))
        }
        bounds[form].addRoundingDown(WideDyadic(intercept, exponent: exponent))
      }
    }
    handOver(forms, to: source)
  }

  /// Replaces a gate's outputs by lines in its source: the source itself where `sign` is nowhere
  /// negative, zero where it is nowhere positive, else a chord of `min(0, w)` or `max(0, w)`.
  ///
  /// With a gate `d` in [0, 1], `(c d − s) w` is least at ends of `d` and `w`.
  private mutating func relax(_ forms: consuming Forms, gatedBy sign: Int, into source: Int) {
    let (signs, enclosure) = (state.bounds[sign], state.bounds[source])
    for form in bounds.indices {
      for run in Block.runs(of: forms.size) {
        var intercept: Int128 = 0
        for entry in run where signs.lower[entry] < 0 {
          let place = form * forms.size + entry
          // Where the sign is nowhere positive, the gate is zero and costs nothing.
          let old = signs.upper[entry] > 0 ? Int128(forms.coefficients[place]) : 0
          let (low, high) = (Int128(enclosure.lower[entry]), Int128(enclosure.upper[entry]))
          let (down, up) = (max(0, -low), max(0, high))
          let slope = down + up == 0 ? 0 : ((old >= 0 ? down : up) << 56) / (down + up)
          let new = (old &* slope) &>> 56
          forms.coefficients[place] = Int64(new)
          intercept += min(
            min(-new &* low, -new &* high), min((old &- new) &* low, (old &- new) &* high))
        }
        bounds[form].addRoundingDown(
          WideDyadic(intercept, exponent: forms.exponents[form] + enclosure.exponent))
      }
    }
    handOver(forms, to: source)
  }

  private mutating func handOver(_ forms: consuming Forms, to node: Int) {
    if pending[node] == nil {
      pending[node] = forms
    } else {
      merge(WideForms(forms), into: node)
    }
  }

  /// Adds vectors to the forms at a node, rounding coefficients down and charging the remainder to
  /// the node's enclosures.
  private mutating func merge(_ addends: WideForms, into node: Int) {
    let present = pending[node].take().map { WideForms($0) }
    var sums = Forms(count: bounds.count, size: network.sizes[node])
    for form in bounds.indices {
      var (highest, finest) = (Int.min, Int.max)
      let top = addends.top(form)
      if let top { (highest, finest) = (top, addends.exponents[form]) }
      let presentTop = present?.top(form)
      if let present, let presentTop {
        (highest, finest) = (max(highest, presentTop), min(finest, present.exponents[form]))
      }
      guard highest > .min else { continue }
      sums.exponents[form] = max(finest, highest + 1 - Block.coefficientBits)
      var charges = 0
      if top != nil, sums.add(addends, form: form) { charges += 1 }
      if presentTop != nil, let present, sums.add(present, form: form) { charges += 1 }
      if charges > 0 { charge(node, form: form, times: charges, exponent: sums.exponents[form]) }
    }
    pending[node] = sums
  }

  /// Pays for coefficients that are each too small by less than `times · 2^exponent`; a rectifier is
  /// never negative.
  private mutating func charge(_ node: Int, form: Int, times: Int, exponent: Int) {
    if case .relu = network.nodes[node] { return }
    let mass = state.bounds[node].negativeMass
    bounds[form].addRoundingDown(
      WideDyadic(-mass.mantissa * Int128(times), exponent: mass.exponent + exponent))
  }
}
