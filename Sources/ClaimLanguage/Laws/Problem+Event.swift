internal import NetworkModel

extension Problem {
  /// Derives an event: one case without a box, whose disjuncts have all rows, bounds of inputs among
  /// them.
  init(event query: Query, networks: [String: Network]) throws(ClaimError) {
    let joint = try JointNetwork(query: query, files: query.files(from: networks))
    for variable in query.variables where variable.type.lowercased() != "real" {
      throw ClaimError(
        variable.position,
        "`\(variable.name)` has type \(variable.type), expected real in a claim about a "
          + "probability")
    }
    var lowering = Lowering(query: query, joint: joint, meaning: .real)
    let event = Case(lower: [], upper: [], inputRows: [], disjuncts: try lowering.event())
    self.init(
      network: joint.network, inputNames: joint.inputs.map(query.name), variables: joint.variables,
      cases: [event], meaning: .real)
  }
}

extension Lowering {
  /// The product of all assertions' alternatives, as they stand.
  mutating func event() throws(ClaimError) -> [[Row]] {
    var disjuncts: [[Row]] = [[]]
    for assertion in query.assertions { try multiply(&disjuncts, by: alternatives(of: assertion)) }
    return disjuncts
  }
}
