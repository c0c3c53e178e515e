package import ExactArithmetic
package import NetworkModel

/// `coefficients · x + constant`, exactly.
package struct ExactForm: Sendable {
  package var coefficients: [Rational]
  package var constant: Rational

  package init(coefficients: [Rational], constant: Rational) {
    self.coefficients = coefficients
    self.constant = constant
  }

  package func value(at point: [Rational]) -> Rational {
    zip(coefficients, point).reduce(constant) { $0 + $1.0 * $1.1 }
  }

  package static prefix func - (form: ExactForm) -> ExactForm {
    ExactForm(coefficients: form.coefficients.map { -$0 }, constant: -form.constant)
  }

  package static func - (left: ExactForm, right: ExactForm) -> ExactForm {
    ExactForm(
      coefficients: zip(left.coefficients, right.coefficients).map { $0 - $1 },
      constant: left.constant - right.constant)
  }

  mutating func add(_ weight: Rational, times other: ExactForm) {
    for place in coefficients.indices {
      coefficients[place] = coefficients[place] + weight * other.coefficients[place]
    }
    constant = constant + weight * other.constant
  }
}

/// The inputs that share an activation pattern, and the network there.
package struct ExactRegion: Sendable {
  /// Forms that are at most zero in the region.
  package let sides: [ExactForm]
  /// The outputs in the region.
  package let outputs: [ExactForm]
}

/// Every activation pattern of a small network with its region, empty ones among them.
package func exactRegions(of network: Network) -> [ExactRegion] {
  let units = network.nodes.reduce(0) {
    if case .relu = $1.operation { $0 + $1.size } else { $0 }
  }
  precondition(units <= 16, "patterns are listed")
  return (0..<(1 << units)).map { pattern in
    var forms: [[ExactForm]] = []
    var sides: [ExactForm] = []
    var unit = 0
    for node in network.nodes {
      forms.append(
        node.forms(after: forms) { form in
          defer { unit += 1 }
          let isActive = pattern >> unit & 1 == 1
          sides.append(isActive ? -form : form)
          return isActive
        })
    }
    return ExactRegion(
      sides: sides, outputs: network.outputs.flatMap { forms[$0.node.position] })
  }
}

extension Node {
  /// The node's entries where all units of a rectifier keep their signs, from those of the nodes before.
  func forms(
    after forms: [[ExactForm]], isActive: (ExactForm) -> Bool
  ) -> [ExactForm] {
    let inputs = forms.first?.first?.coefficients.count ?? size
    func constant(_ value: Rational) -> ExactForm {
      ExactForm(coefficients: [Rational](repeating: .zero, count: inputs), constant: value)
    }
    switch operation {
    case .input:
      return (0..<size).map { entry in
        var form = constant(.zero)
        form.coefficients[entry] = .one
        return form
      }
    case .gate: preconditionFailure("files have no gates")
    case .relu(let source):
      return forms[source.position].map { isActive($0) ? $0 : constant(.zero) }
    case .affine(let affine):
      var sums = affine.bias.map { constant(exact($0)) }
      for term in affine.terms {
        for (row, weights) in matrix(of: term.map).enumerated() {
          for (column, weight) in weights.enumerated() where weight != 0 {
            sums[row].add(exact(weight), times: forms[term.source.position][column])
          }
        }
      }
      return sums
    }
  }
}

/// The corners of a bounded polytope in the plane or in space, by trying all pairs or triples of its
/// sides.
///
/// - Parameter sides: Forms that are at most zero in it.
/// - Returns: The corners; none where it is empty.
package func corners(of sides: [ExactForm]) -> [[Rational]] {
  let dimension = sides[0].coefficients.count
  var corners: [[Rational]] = []
  func choose(_ chosen: [ExactForm], from first: Int) {
    guard chosen.count < dimension else {
      if let corner = solution(of: chosen), sides.allSatisfy({ $0.value(at: corner) <= .zero }) {
        corners.append(corner)
      }
      return
    }
    for next in first..<max(first, sides.count) {
      choose(chosen + [sides[next]], from: next + 1)
    }
  }
  choose([], from: 0)
  return corners
}

/// The only common zero of as many forms as they have variables; nil where there is not one.
private func solution(of forms: [ExactForm]) -> [Rational]? {
  var rows = forms.map { $0.coefficients + [-$0.constant] }
  for column in rows.indices {
    guard let pivot = (column..<rows.count).first(where: { rows[$0][column] != .zero }) else {
      return nil
    }
    rows.swapAt(column, pivot)
    let scale = rows[column][column]
    rows[column] = rows[column].map { $0 / scale }
    for row in rows.indices where row != column && rows[row][column] != .zero {
      let factor = rows[row][column]
      rows[row] = zip(rows[row], rows[column]).map { $0 - factor * $1 }
    }
  }
  return rows.map { $0[rows.count] }
}
