internal import ExactArithmetic

extension Query {
  /// The query as strict VNN-LIB 2.0, one declaration or assertion a line.
  ///
  /// Every constant is written without exponent and with a point; a query of version 1 becomes one
  /// of version 2. ``Expression/absolute(_:)`` is the one form beyond the standard.
  ///
  /// - Returns: The text; reading it gives an equal query.
  /// - Throws: ``ClaimError`` at the comparison that holds a constant without finite decimal numeral.
  public func text() throws(ClaimError) -> String {
    var lines = ["(vnnlib-version <2.0>)", ""]
    for network in networks { lines += declaration(of: network) + [""] }
    for assertion in assertions { lines.append("(assert \(try text(assertion)))") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The name of an entry as the query's own version writes it: `X_3`, `X[0,3]`, or `X` for a scalar.
  ///
  /// - Parameter entry: An entry of one of the query's variables.
  /// - Returns: The name.
  public func name(of entry: Entry) -> String {
    switch version {
    case .one: "\(variables[entry.variable].name)_\(entry.index)"
    case .two: bracketedName(of: entry)
    }
  }

  private func bracketedName(of entry: Entry) -> String {
    let variable = variables[entry.variable]
    guard !variable.shape.isEmpty else { return variable.name }
    var indices: [String] = []
    var rest = entry.index
    for dimension in variable.shape.reversed() {
      indices.append(String(rest % dimension))
      rest /= dimension
    }
    return "\(variable.name)[\(indices.reversed().joined(separator: ","))]"
  }

  private func declaration(of network: NetworkDeclaration) -> [String] {
    var lines = ["(declare-network \(network.name)"]
    switch network.relation {
    case .equal(let name): lines.append("  (equal-to \(name))")
    case .isomorphic(let name): lines.append("  (isomorphic-to \(name))")
    case nil: break
    }
    for variable in network.variables {
      let shape = variable.shape.map(String.init).joined(separator: ",")
      let declaration = "\(variable.name) \(variable.type) [\(shape)]"
      switch variable.role {
      case .input: lines.append("  (declare-input \(declaration))")
      case .hidden(let name): lines.append("  (declare-hidden \(declaration) \"\(name)\")")
      case .output: lines.append("  (declare-output \(declaration))")
      }
    }
    return lines + [")"]
  }

  private func text(_ condition: Condition) throws(ClaimError) -> String {
    func joined(_ parts: [Condition]) throws(ClaimError) -> String {
      try parts.map { (part) throws(ClaimError) in try text(part) }.joined(separator: " ")
    }
    switch condition {
    case .all(let parts): return "(and \(try joined(parts)))"
    case .any(let parts): return "(or \(try joined(parts)))"
    case .comparison(let comparison):
      let left = try text(comparison.left, at: comparison.position)
      let right = try text(comparison.right, at: comparison.position)
      return "(\(comparison.relation.rawValue) \(left) \(right))"
    }
  }

  private func text(
    _ expression: Expression, at position: SourcePosition
  ) throws(ClaimError) -> String {
    func joined(_ operands: [Expression]) throws(ClaimError) -> String {
      try operands.map { (operand) throws(ClaimError) in try text(operand, at: position) }
        .joined(separator: " ")
    }
    switch expression {
    case .entry(let entry): return bracketedName(of: entry)
    case .sum(let operands): return "(+ \(try joined(operands)))"
    case .difference(let operands): return "(- \(try joined(operands)))"
    case .product(let operands): return "(* \(try joined(operands)))"
    case .absolute(let operand): return "(abs \(try joined([operand])))"
    case .constant(let value):
      guard let numeral = value.decimalNumeral else {
        throw ClaimError(
          position,
          "the constant \(value.numerator)/\(value.denominator) is no finite decimal number")
      }
      return numeral
    }
  }
}
