internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// A problem as a person reads it: what a proof of it shows.
///
/// Long lists are cut after ``limit`` entries, and say how many follow.
struct ProblemText {
  static let limit = 60

  private let problem: Problem
  private let query: Query
  private let networks: [String: Network]
  private let outputNames: [String]

  init(
    _ problem: Problem, of query: Query, networks: [String: Network],
    furtherOutputs: [String] = []
  ) {
    self.problem = problem
    self.query = query
    self.networks = networks
    let outputs = query.variables.indices.filter { query.variables[$0].role != .input }
    outputNames =
      outputs.flatMap { variable in
        (0..<query.variables[variable].size).map {
          query.name(of: Entry(variable: variable, index: $0))
        }
      } + furtherOutputs
  }

  /// All of it.
  var text: String {
    text(claiming: [
      "meaning: \(meaning)",
      "claim: "
        + (problem.cases.count == 1
          ? "this case has no point" : "none of these cases has a point"),
    ])
  }

  /// All of it, with other words for what is claimed.
  func text(claiming claim: [String]) -> String {
    let networks = query.networks.flatMap { lines(of: $0) }
    let cases = problem.cases.enumerated().map { lines(of: $1, number: $0 + 1) }
    return (networks + claim + cut(cases, "case")).joined(separator: "\n")
  }

  private var meaning: String {
    switch problem.meaning {
    case .real: "real, the function over the reals with the stored weights"
    case .float32: "float32, every execution in binary32, in any order of summation"
    }
  }

  private func lines(of declaration: NetworkDeclaration) -> [String] {
    if let other = declaration.relation, other.kind != .isomorphic {
      return [
        other.kind == .equal
          ? "network \(declaration.name): equal to \(other.name)"
          : "network \(declaration.name): derivative of \(other.name) along its own input"
      ]
    }
    let network = networks[declaration.name] ?? (networks.count == 1 ? networks.values.first : nil)
    guard let network else { return ["network \(declaration.name)"] }
    let nodes = network.nodes.indices.map { "  \($0) \(line(of: network.nodes[$0]))" }
    return ["network \(declaration.name):"] + cut(nodes, "node")
  }

  private func line(of node: Node) -> String {
    switch node.operation {
    case .input: "input '\(node.name)', \(counted(node.size, "entry", "entries"))"
    case .affine(let affine):
      "affine '\(node.name)', \(counted(node.size, "entry", "entries")) from "
        + (affine.terms.isEmpty
          ? "constants"
          : affine.terms.map { "\($0.source.position) (\(kind(of: $0.map)))" }
            .joined(separator: " and "))
    case .relu(let source): "rectifier of \(source.position), \(counted(node.size, "unit"))"
    case .gate(let source, let sign): "\(source.position) where \(sign.position) is positive"
    }
  }

  private func kind(of map: LinearMap) -> String {
    switch map {
    case .identity: "identity"
    case .dense(let matrix): "dense \(matrix.rows) × \(matrix.columns)"
    case .sparse(let matrix): "sparse, \(counted(matrix.weights.count, "weight"))"
    case .convolution(let convolution):
      "convolution \(convolution.rows.kernel) × \(convolution.columns.kernel)"
    }
  }

  private func lines(of item: Case, number: Int) -> [String] {
    let box = problem.inputNames.indices.map {
      "  \(problem.inputNames[$0]) in [\(item.lower[$0].text), \(item.upper[$0].text)]"
    }
    let inputRows = item.inputRows.map { "  \(text(of: $0))" }
    let disjuncts = item.disjuncts.enumerated().map { place, rows in
      ["  \(place == 0 ? "and" : "or") all of:"] + cut(rows.map { "    \(text(of: $0))" }, "row")
    }
    let conditions = item.disjuncts.isEmpty ? ["  and nothing: the case has no point"] : []
    return ["case \(number):"] + cut(box, "input") + cut(inputRows, "row") + conditions
      + cut(disjuncts, "disjunct")
  }

  private func text(of row: Row) -> String {
    let terms: [(Rational, String)] =
      row.inputs.map { ($0.coefficient, problem.inputNames[$0.index]) }
      + row.outputs.map { ($0.coefficient, outputNames[$0.index]) } + row.curves.map(term(of:))
      + (row.norm.map { [($0.isNegated ? -.one : .one, text(of: $0))] } ?? [])
    var sum = ""
    for (place, (coefficient, name)) in terms.enumerated() {
      let size = coefficient.magnitude
      let sign = coefficient.signum < 0 ? "-" : place > 0 ? "+" : ""
      sum += place > 0 ? " \(sign) " : sign
      sum += size == .one ? name : "\(size.text)*\(name)"
    }
    return "\(sum.isEmpty ? "0" : sum) \(row.isStrict ? "<" : "<=") \(row.bound.text)"
  }

  private func text(of norm: Row.Norm) -> String {
    let rows = norm.outputs.map { $0.map { outputNames[$0] }.joined(separator: " ") }
    return "||\(rows.joined(separator: "; "))||"
  }

  private func term(of curve: Row.Curve) -> (Rational, String) {
    switch curve {
    case .square(let index, let centre, let coefficient):
      (coefficient, "(\(problem.inputNames[index]) - \(centre.text))^2")
    case .absolute(let index, let centre, let coefficient):
      (coefficient, "|\(problem.inputNames[index]) - \(centre.text)|")
    }
  }

  private func cut(_ lines: [String], _ noun: String) -> [String] {
    cut(lines.map { [$0] }, noun)
  }

  private func cut(_ groups: [[String]], _ noun: String) -> [String] {
    let rest = groups.count - Self.limit
    let ellipsis = rest > 0 ? ["  ... and \(counted(rest, noun)) more"] : []
    return groups.prefix(Self.limit).flatMap { $0 } + ellipsis
  }
}

extension Rational {
  /// The exact decimal numeral, or a fraction where there is none.
  var text: String { decimalNumeral ?? "\(numerator)/\(denominator)" }
}

/// A number with its noun, in the plural where it is not one.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
