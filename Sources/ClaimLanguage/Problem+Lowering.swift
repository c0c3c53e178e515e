internal import ExactArithmetic
public import NetworkModel

extension Problem {
  /// Derives what is to be shown from a query and its networks; `specs/format/claims.md` says how.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - networks: The network of each declared name, but of names declared `equal-to` another; for
  ///     version 1 the only one, by any name.
  /// - Throws: ``ClaimError`` where the query does not fit the networks or goes beyond what is
  ///   supported.
  public init(query: Query, networks: [String: Network]) throws(ClaimError) {
    let joint = try JointNetwork(query: query, files: query.files(from: networks))
    let isBinary32 = query.variables.contains { $0.type.lowercased() == "float32" }
    var lowering = Lowering(query: query, joint: joint, meaning: isBinary32 ? .float32 : .real)
    self.init(
      network: joint.network, inputNames: joint.inputs.map(query.name), variables: joint.variables,
      cases: try lowering.cases(), meaning: lowering.meaning)
  }
}

/// What a conjunction says of the joint inputs.
private struct InputSet: Hashable {
  /// `x ≤ limit` for the upper end of an interval, of the coefficient 1, and `−x ≤ limit` for the lower
  /// one, of −1.
  var limits: [Row.Entry: Rational] = [:]
  var rows: [Row] = []
}

/// Multiplies a query's conditions out and gathers the alternatives of one input set as a case.
struct Lowering {
  /// The most alternatives, rows and ends of boxes.
  static let limit = 4_000_000

  let query: Query
  let joint: JointNetwork
  let meaning: Meaning
  var size = 0

  mutating func cases() throws(ClaimError) -> [Case] {
    var shared: [Row] = []
    var disjuncts: [[Row]] = [[]]
    for assertion in query.assertions {
      let alternatives = try alternatives(of: assertion)
      if alternatives.count == 1 {
        shared += alternatives[0]
      } else {
        try multiply(&disjuncts, by: alternatives)
      }
    }
    for row in shared + disjuncts.joined() {
      try expect(
        row.norm == nil, at: query.variables[0].position,
        "found a norm, expected one only in a claim about a probability")
    }
    let common = conditions(shared, within: InputSet())
    var sets: [InputSet] = []
    var outputRows: [InputSet: [[Row]]] = [:]
    for disjunct in disjuncts {
      let (set, rows) = conditions(disjunct, within: common.inputs)
      if outputRows[set] == nil {
        try grow(by: 2 * joint.inputs.count + common.inputs.rows.count + set.rows.count)
        sets.append(set)
      }
      try grow(by: common.outputRows.count + rows.count)
      outputRows[set, default: []].append(common.outputRows + rows)
    }
    return try sets.map { (set) throws(ClaimError) in
      try makeCase(common.inputs, set, disjuncts: outputRows[set] ?? [])
    }
  }

  private mutating func grow(by count: Int) throws(ClaimError) {
    size += count
    try expect(
      size <= Self.limit, at: query.variables[0].position,
      "the conditions multiply out to more than \(Self.limit) alternatives, rows and bounds")
  }

  // MARK: Alternatives

  /// Conjunctions of rows, in the order of the text; one without rows is true.
  mutating func alternatives(of condition: Condition) throws(ClaimError) -> [[Row]] {
    switch condition {
    case .comparison(let polynomial, let isStrict):
      let row = try polynomial.row(isStrict: isStrict, place: joint.place)
      guard row.inputs.isEmpty, row.outputs.isEmpty, row.curves.isEmpty, row.norm == nil else {
        return [[row]]
      }
      return row.bound > .zero || (row.bound == .zero && !row.isStrict) ? [[]] : []
    case .all(let parts):
      var all: [[Row]] = [[]]
      for part in parts { try multiply(&all, by: alternatives(of: part)) }
      return all
    case .any(let parts):
      var any: [[Row]] = []
      for part in parts { any += try alternatives(of: part) }
      return any
    }
  }

  /// Multiplies out; the later factor varies fastest.
  mutating func multiply(
    _ left: inout [[Row]], by right: [[Row]]
  ) throws(ClaimError) {
    func size(_ choices: [[Row]]) -> Int { choices.reduce(choices.count) { $0 + $1.count } }
    try grow(by: left.count * size(right))
    if right.count == 1 {
      for place in left.indices { left[place] += right[0] }
    } else {
      try grow(by: right.count * size(left))
      left = left.flatMap { first in right.map { first + $0 } }
    }
  }

  // MARK: Cases

  /// What these rows say; of the box, only what is tighter than the common one.
  private func conditions(
    _ rows: [Row], within common: InputSet
  ) -> (inputs: InputSet, outputRows: [Row]) {
    var set = InputSet()
    for row in rows where row.outputs.isEmpty {
      guard let entry = row.inputs.first, row.inputs.count == 1, row.curves.isEmpty else {
        set.rows.append(row)
        continue
      }
      let end = Row.Entry(index: entry.index, coefficient: entry.coefficient > .zero ? .one : -.one)
      let exact = row.bound / entry.coefficient.magnitude
      // A binary32 program reads the constant as the nearest number: the end covers both readings.
      let limit = meaning == .real ? exact : max(exact, exact.nearestBinary32 ?? exact)
      let known = set.limits[end] ?? common.limits[end]
      if known.map({ limit < $0 }) ?? true { set.limits[end] = limit }
      if row.isStrict {
        set.rows.append(Row(inputs: [end], outputs: [], bound: limit, isStrict: true))
      }
    }
    return (set, rows.filter { !$0.outputs.isEmpty })
  }

  private func makeCase(
    _ common: InputSet, _ set: InputSet, disjuncts: [[Row]]
  ) throws(ClaimError) -> Case {
    func limits(_ sign: Rational, _ end: String) throws(ClaimError) -> [Rational] {
      try joint.inputs.enumerated().map { (index, input) throws(ClaimError) in
        let key = Row.Entry(index: index, coefficient: sign)
        if let limit = set.limits[key] ?? common.limits[key] { return sign * limit }
        throw ClaimError(
          query.variables[input.variable].position,
          "the input `\(query.name(of: input))` has no \(end) bound; each needs both, in every "
            + "alternative")
      }
    }
    return Case(
      lower: try limits(-.one, "lower"), upper: try limits(.one, "upper"),
      inputRows: common.rows + set.rows, disjuncts: disjuncts)
  }
}
