package import ExactArithmetic
package import NetworkModel

/// A convex piece of the inputs, as an affine image of a point, an interval or a convex polygon.
package struct PlanarPatch: Sendable {
  /// In the parameters, of which there are none, one or two; those of a polygon in order.
  package var corners: [[Rational]]
  /// The inputs as forms of the parameters.
  package let inputs: [ExactForm]

  /// A point inside.
  private var middle: [Rational] {
    let count = Rational(corners.count)
    return corners[0].indices.map { entry in
      corners.reduce(Rational.zero) { $0 + $1[entry] } / count
    }
  }

  /// The parts where a form is at most and at least zero; none for one that has no inner point.
  private func split(by form: ExactForm) -> [PlanarPatch] {
    let values = corners.map { form.value(at: $0) }
    guard values.contains(where: { $0.signum < 0 }), values.contains(where: { $0.signum > 0 })
    else { return [self] }
    var parts = [[[Rational]](), []]
    for place in corners.indices {
      let next = (place + 1) % corners.count
      if values[place].signum <= 0 { parts[0].append(corners[place]) }
      if values[place].signum >= 0 { parts[1].append(corners[place]) }
      // An interval has one side.
      guard values[place].signum * values[next].signum < 0, corners.count > 2 || place == 0 else {
        continue
      }
      let share = values[place] / (values[place] - values[next])
      let crossing = zip(corners[place], corners[next]).map { $0 + share * ($1 - $0) }
      parts[0].append(crossing)
      parts[1].append(crossing)
    }
    return parts.map { PlanarPatch(corners: $0, inputs: inputs) }
  }

  private func split(by forms: [ExactForm]) -> [PlanarPatch] {
    forms.reduce([self]) { parts, form in parts.flatMap { $0.split(by: form) } }
  }

  /// A part on which a network is affine.
  private struct Piece {
    var patch: PlanarPatch
    /// The nodes as forms of the parameters, and as forms of the inputs.
    var forms: [[ExactForm]]
    var local: [[ExactForm]]

    /// What the outputs change by with each input, those of the first input first; units at zero are inactive.
    func slopes(of network: Network) -> [ExactForm] {
      let outputs = network.outputs.flatMap { local[$0.node.position] }
      let parameters = patch.inputs[0].coefficients
      return patch.inputs.indices.flatMap { input in
        outputs.map {
          ExactForm(
            coefficients: parameters.map { _ in .zero }, constant: $0.coefficients[input])
        }
      }
    }
  }

  /// The parts on which a network is affine.
  private func pieces(of network: Network) -> [Piece] {
    let identity = inputs.indices.map { input in
      ExactForm(
        coefficients: inputs.indices.map { $0 == input ? .one : .zero }, constant: .zero)
    }
    var pieces = [Piece(patch: self, forms: [inputs], local: [identity])]
    for node in network.nodes.dropFirst() {
      pieces = pieces.flatMap { piece -> [Piece] in
        var arguments: [ExactForm] = []
        if case .relu(let source) = node.operation { arguments = piece.forms[source.position] }
        return piece.patch.split(by: arguments).map { part in
          let middle = part.middle
          var active: [Bool] = []
          let forms = node.forms(after: piece.forms) { form in
            active.append(form.value(at: middle).signum > 0)
            return active[active.count - 1]
          }
          var unit = 0
          let local = node.forms(after: piece.local) { _ in
            defer { unit += 1 }
            return active[unit]
          }
          return Piece(patch: part, forms: piece.forms + [forms], local: piece.local + [local])
        }
      }
    }
    return pieces
  }

  /// The parts where an event happens throughout; where sides of comparisons are equal on all of a part,
  /// strictness decides.
  package func parts(where event: PlanarEvent, of network: Network) -> [PlanarPatch] {
    pieces(of: network).flatMap { piece -> [PlanarPatch] in
      let values =
        network.outputs.flatMap { piece.forms[$0.node.position] } + inputs
        + piece.slopes(of: network)
      let forms = event.alternatives.map { $0.map { $0.excess(of: values) } }
      return piece.patch.split(by: forms.flatMap { $0 }).filter { part in
        let middle = part.middle
        return zip(event.alternatives, forms).contains { comparisons, excesses in
          zip(comparisons, excesses).allSatisfy { comparison, excess in
            let sign = excess.value(at: middle).signum
            return comparison.isStrict ? sign < 0 : sign <= 0
          }
        }
      }
    }
  }
}

/// Alternatives, each a list of comparisons, of two outputs and two inputs, and of the derivatives of outputs
/// by the first input, `D`, and by the second one, `D1`.
package struct PlanarEvent: Sendable {
  /// `Σ coefficients · (Y[0], Y[1], X[0], X[1], D[0], D[1], D1[0], D1[1]) ≤ bound`, or `<`; the last ones may be left
  /// out.
  package struct Comparison: Sendable {
    package let coefficients: [Int]
    package let bound: Rational
    package let isStrict: Bool

    func excess(of values: [ExactForm]) -> ExactForm {
      var sum = ExactForm(coefficients: values[0].coefficients.map { _ in .zero }, constant: -bound)
      for (coefficient, form) in zip(coefficients, values) where coefficient != 0 {
        sum.add(Rational(coefficient), times: form)
      }
      return sum
    }

    var text: String {
      let names = ["Y[0]", "Y[1]", "X[0]", "X[1]", "D[0]", "D[1]", "D1[0]", "D1[1]"]
      let terms = zip(coefficients, names).filter { $0.0 != 0 }.map { "(* \($0) \($1))" }
      let left = terms.count == 1 ? terms[0] : "(+ \(terms.joined(separator: " ")))"
      return "(\(isStrict ? "<" : "<=") \(left) \(bound.decimalNumeral ?? "0"))"
    }
  }

  package let alternatives: [[Comparison]]

  /// As an assertion of a query, without `assert`.
  package var text: String {
    let alternatives = alternatives.map { comparisons in
      comparisons.count == 1
        ? comparisons[0].text : "(and \(comparisons.map(\.text).joined(separator: " ")))"
    }
    return alternatives.count == 1
      ? alternatives[0] : "(or \(alternatives.joined(separator: " ")))"
  }

  /// That both happen.
  package func and(_ other: PlanarEvent) -> PlanarEvent {
    PlanarEvent(
      alternatives: alternatives.flatMap { left in other.alternatives.map { left + $0 } })
  }

  /// A random one: scores compared with each other or with zero, as ties are likely there, and other
  /// comparisons.
  package init(using generator: inout some RandomNumberGenerator) {
    func comparison() -> Comparison {
      let coefficients: [Int]
      switch Int.random(in: 0..<6, using: &generator) {
      case 0, 1: coefficients = [1, -1, 0, 0]
      case 2: coefficients = [1, 0, 0, 0]
      case 3: coefficients = [0, -1, 0, 0]
      case 4: coefficients = [0, 0, 1, 0]
      default:
        let random = (0..<4).map { _ in Int.random(in: -2...2, using: &generator) }
        coefficients = random.allSatisfy { $0 == 0 } ? [1, 1, 0, 0] : random
      }
      let isZero = Int.random(in: 0..<2, using: &generator) == 0
      return Comparison(
        coefficients: Bool.random(using: &generator) ? coefficients : coefficients.map { -$0 },
        bound: isZero
          ? .zero : Rational(Int.random(in: -12...12, using: &generator)) / Rational(8),
        isStrict: Bool.random(using: &generator))
    }
    alternatives = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
      (0..<Int.random(in: 1...2, using: &generator)).map { _ in comparison() }
    }
  }

  /// A random one about derivatives, which are multiples of a quarter or of a part of it: alternatives, or with a
  /// condition on an output.
  package static func ofSlopes(using generator: inout some RandomNumberGenerator) -> PlanarEvent {
    func comparison() -> Comparison {
      var coefficients = [Int](repeating: 0, count: 8)
      coefficients[Int.random(in: 4..<8, using: &generator)] =
        Bool.random(using: &generator) ? 1 : -1
      if Int.random(in: 0..<3, using: &generator) == 0 {
        coefficients[Int.random(in: 4..<8, using: &generator)] += 1
      }
      let bound = Rational(Int.random(in: -6...6, using: &generator)) / Rational(8)
      return Comparison(
        coefficients: coefficients.allSatisfy { $0 == 0 } ? [0, 0, 0, 0, 1] : coefficients,
        bound: bound, isStrict: Bool.random(using: &generator))
    }
    let sign = Bool.random(using: &generator) ? 1 : -1
    let ofOutput = Comparison(coefficients: [sign, 0], bound: .zero, isStrict: true)
    return switch Int.random(in: 0..<4, using: &generator) {
    case 0: PlanarEvent(alternatives: [[comparison(), ofOutput]])
    case 1: PlanarEvent(alternatives: [[comparison()], [comparison()]])
    case 2: PlanarEvent(alternatives: [[comparison(), comparison()]])
    default: PlanarEvent(alternatives: [[comparison()]])
    }
  }

  package init(alternatives: [[Comparison]]) { self.alternatives = alternatives }
}
