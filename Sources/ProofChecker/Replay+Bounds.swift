internal import ExactArithmetic
internal import ProofFormat

/// The records that bound units.
extension Replay {
  /// How many coefficients of a node are worked on at once.
  private static let mostCoefficients = 1 << 18

  /// Computes the enclosures that a rectifier's pre-activations have by intervals.
  func refresh(_ rectifier: Int, _ state: inout NodeState) throws(Rejection) {
    for position in network.chains[rectifier] {
      guard case .affine(let node) = network.nodes[position] else { continue }
      let step = try IntervalStep(node, size: network.sizes[position]) { source in
        switch network.nodes[source] {
        case .relu(let preactivation): state.bounds[preactivation].rectified
        case .gate(let argument, let sign): state.bounds[argument].gated(by: state.bounds[sign])
        case .affine, .input: state.bounds[source]
        }
      }
      state.narrow(position, to: step.bounds)
      state.errors[position] = step.error
    }
  }

  /// Bounds a rectifier's unstable units on both sides, by intervals and then by substitution with
  /// standard slopes; units do not see one another's new ends.
  func tighten(_ rectifier: Int, _ state: inout NodeState) throws(Rejection) {
    try refresh(rectifier, &state)
    let node = network.preactivations[rectifier]
    state.keepLines(of: network.preactivations.prefix(rectifier))
    let forms = state.lines(of: node).unstable.flatMap {
      [(index: $0, isNegated: false), (index: $0, isNegated: true)]
    }
    var ends: [WideDyadic] = []
    let together = max(2, Self.mostCoefficients / max(1, network.largestSize))
    for start in stride(from: 0, to: forms.count, by: together) {
      try stopIfCancelled()
      let batch = forms[start..<min(start + together, forms.count)]
      var substitution = BackSubstitution(network, state, count: batch.count)
      substitution.start(at: node, Array(batch))
      substitution.substitute(slopes: nil)
      substitution.minimiseOverBox()
      ends += substitution.bounds
    }
    for (form, end) in zip(forms, ends) {
      state.raise(node, form.index, ofNegative: form.isNegated, to: end)
    }
  }
}
