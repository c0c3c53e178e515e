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
    var text = "(vnnlib-version <2.0>)\n"
    for network in networks { write(network, to: &text) }
    text += "\n"
    for assertion in assertions {
      text += "(assert "
      try write(assertion, to: &text)
      text += ")\n"
    }
    return text
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

  private func write(_ network: NetworkDeclaration, to text: inout String) {
    text += "\n(declare-network \(network.name)\n"
    switch network.relation {
    case .equal(let name): text += "  (equal-to \(name))\n"
    case .isomorphic(let name): text += "  (isomorphic-to \(name))\n"
    case nil: break
    }
    for variable in network.variables {
      let shape = variable.shape.map(String.init).joined(separator: ",")
      let declaration = "\(variable.name) \(variable.type) [\(shape)]"
      switch variable.role {
      case .input: text += "  (declare-input \(declaration))\n"
      case .hidden(let name): text += "  (declare-hidden \(declaration) \"\(name)\")\n"
      case .output: text += "  (declare-output \(declaration))\n"
      }
    }
    text += ")\n"
  }

  private func write(_ condition: Condition, to text: inout String) throws(ClaimError) {
    switch condition {
    case .comparison(let comparison):
      text += "(\(comparison.relation.rawValue) "
      try write(comparison.left, at: comparison.position, to: &text)
      text += " "
      try write(comparison.right, at: comparison.position, to: &text)
    case .all(let parts):
      text += "(and"
      for part in parts {
        text += " "
        try write(part, to: &text)
      }
    case .any(let parts):
      text += "(or"
      for part in parts {
        text += " "
        try write(part, to: &text)
      }
    }
    text += ")"
  }

  private func write(
    _ expression: Expression, at position: SourcePosition, to text: inout String
  ) throws(ClaimError) {
    let operation: (name: String, operands: [Expression])
    switch expression {
    case .constant(let value):
      guard let numeral = value.decimalNumeral else {
        throw ClaimError(
          position,
          "the constant \(value.numerator)/\(value.denominator) is no finite decimal number")
      }
      text += numeral
      return
    case .entry(let entry):
      text += bracketedName(of: entry)
      return
    case .sum(let operands): operation = ("+", operands)
    case .difference(let operands): operation = ("-", operands)
    case .product(let operands): operation = ("*", operands)
    case .absolute(let operand): operation = ("abs", [operand])
    }
    text += "(\(operation.name)"
    for operand in operation.operands {
      text += " "
      try write(operand, at: position, to: &text)
    }
    text += ")"
  }
}
