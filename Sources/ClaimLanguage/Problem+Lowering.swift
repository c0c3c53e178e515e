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
    let joint = try JointNetwork(query: query, networks: networks)
    var normalForm = NormalForm(query: query, joint: joint)
    var common = Alternatives([[]])
    var varying = Alternatives([[]])
    for assertion in query.assertions {
      let alternatives = try normalForm.alternatives(of: assertion)
      let isWithinLimits =
        alternatives.choices.count == 1 ? common.and(alternatives) : varying.and(alternatives)
      guard isWithinLimits else { throw NormalForm.tooMany(at: query.variables[0].position) }
    }
    var collector = CaseCollector(joint: joint, atoms: normalForm.atoms, common: common.choices[0])
    for choice in varying.choices { try collector.add(choice) }
    self.init(
      network: joint.network, inputNames: joint.inputNames, variables: joint.variables,
      cases: try collector.cases(), meaning: joint.meaning)
  }
}

/// What a comparison says, sorted by where it is used.
private enum Atom {
  /// A bound of one input entry; a strict one is a row as well.
  case lower(index: Int, Rational, strict: Row?)
  case upper(index: Int, Rational, strict: Row?)
  /// A row of inputs alone.
  case input(Row)
  /// A row with outputs.
  case output(Row)
}

/// Turns conditions into alternatives and numbers their atoms.
private struct NormalForm {
  let query: Query
  let joint: JointNetwork
  private(set) var atoms: [Atom] = []

  init(query: Query, joint: JointNetwork) {
    self.query = query
    self.joint = joint
  }

  static func tooMany(at position: SourcePosition) -> ClaimError {
    ClaimError(
      position,
      "the conditions multiply out to more than \(Alternatives.limit) alternatives "
        + "or \(Alternatives.sizeLimit) comparisons in them")
  }

  mutating func alternatives(of condition: Condition) throws(ClaimError) -> Alternatives {
    switch condition {
    case .comparison(let comparison):
      do {
        return Alternatives(try alternatives(of: comparison))
      } catch {
        throw ClaimError(comparison.position, error.message)
      }
    case .all(let parts):
      var all = Alternatives([[]])
      for part in parts {
        guard all.and(try alternatives(of: part)) else { throw tooMany }
      }
      return all
    case .any(let parts):
      var any = Alternatives([])
      for part in parts {
        guard any.or(try alternatives(of: part)) else { throw tooMany }
      }
      return any
    }
  }

  private var tooMany: ClaimError { Self.tooMany(at: query.variables[0].position) }

  private mutating func alternatives(
    of comparison: Comparison
  ) throws(Polynomial.Refusal) -> [[Int]] {
    func row(
      _ left: Expression, _ right: Expression, isStrict: Bool
    ) throws(Polynomial.Refusal) -> Row {
      try polynomial(left, minus: right).row(isStrict: isStrict)
    }
    let (left, right) = (comparison.left, comparison.right)
    switch comparison.relation {
    case .less: return conjunction([try row(left, right, isStrict: true)])
    case .lessOrEqual: return conjunction([try row(left, right, isStrict: false)])
    case .greater: return conjunction([try row(right, left, isStrict: true)])
    case .greaterOrEqual: return conjunction([try row(right, left, isStrict: false)])
    case .equal:
      return conjunction([
        try row(left, right, isStrict: false), try row(right, left, isStrict: false),
      ])
    case .unequal:
      return conjunction([try row(left, right, isStrict: true)])
        + conjunction([try row(right, left, isStrict: true)])
    }
  }

  private func polynomial(
    _ left: Expression, minus right: Expression
  ) throws(Polynomial.Refusal) -> Polynomial {
    func term(_ entry: Entry) -> Polynomial.Term {
      switch joint.variables[entry.variable].place {
      case .input(let places): .input(places[entry.index])
      case .output(let first): .output(first + entry.index)
      }
    }
    var difference = Polynomial()
    try difference.add(left, times: .one, term: term)
    try difference.add(right, times: -.one, term: term)
    return difference
  }

  /// One alternative, or none where a row without variables is false; a true one is left out.
  private mutating func conjunction(_ rows: [Row]) -> [[Int]] {
    var numbers: [Int] = []
    for row in rows {
      if row.inputs.isEmpty, row.outputs.isEmpty, row.curves.isEmpty {
        guard row.bound > .zero || (row.bound == .zero && !row.isStrict) else { return [] }
      } else {
        numbers.append(atoms.count)
        atoms.append(atom(row))
      }
    }
    return [numbers]
  }

  private func atom(_ row: Row) -> Atom {
    guard row.outputs.isEmpty else { return .output(row) }
    guard let entry = row.inputs.first, row.inputs.count == 1, row.curves.isEmpty else {
      return .input(row)
    }
    let isUpper = entry.coefficient > .zero
    let exact = row.bound / entry.coefficient
    var end = exact
    // A binary32 program reads the constant as the nearest number: the end covers both readings.
    if joint.meaning == .float32, let rounded = exact.nearestBinary32 {
      end = isUpper ? max(exact, rounded) : min(exact, rounded)
    }
    let sign = Rational(isUpper ? 1 : -1)
    let strict =
      row.isStrict
      ? Row(
        inputs: [Row.Entry(index: entry.index, coefficient: sign)], outputs: [],
        bound: isUpper ? end : -end, isStrict: true) : nil
    return isUpper
      ? .upper(index: entry.index, end, strict: strict)
      : .lower(index: entry.index, end, strict: strict)
  }
}

/// Gathers alternatives of one box and the same input rows into cases.
private struct CaseCollector {
  /// Conditions on the inputs: the ends of some entries, and rows.
  struct InputSet: Hashable {
    var lower: [Int: Rational] = [:]
    var upper: [Int: Rational] = [:]
    var rows: [Row] = []
  }

  let joint: JointNetwork
  let atoms: [Atom]
  private var common = InputSet()
  private var commonRows: [Row] = []
  private var places: [InputSet: Int] = [:]
  private var sets: [InputSet] = []
  private var disjuncts: [[[Row]]] = []
  private var rowCount = 0

  init(joint: JointNetwork, atoms: [Atom], common choice: [Int]) {
    self.joint = joint
    self.atoms = atoms
    (common, commonRows) = conditions(choice)
  }

  /// Adds the alternative of these atoms beside the common ones.
  mutating func add(_ choice: [Int]) throws(ClaimError) {
    let (set, rows) = conditions(choice)
    rowCount += commonRows.count + rows.count
    guard rowCount <= Alternatives.sizeLimit,
      (sets.count + 1) * joint.inputNames.count <= Alternatives.sizeLimit
    else {
      throw ClaimError(
        joint.inputPositions[0],
        "the conditions give too large a problem: more than \(Alternatives.sizeLimit) rows or bounds"
      )
    }
    if let place = places[set] {
      disjuncts[place].append(commonRows + rows)
    } else {
      places[set] = sets.count
      sets.append(set)
      disjuncts.append([commonRows + rows])
    }
  }

  /// The cases, in the order in which their sets came first.
  func cases() throws(ClaimError) -> [Case] {
    var cases: [Case] = []
    for (set, disjuncts) in zip(sets, disjuncts) {
      var (lower, upper): ([Rational], [Rational]) = ([], [])
      for (index, name) in joint.inputNames.enumerated() {
        guard let first = set.lower[index] ?? common.lower[index] else {
          throw unbounded(name, "lower", at: index)
        }
        guard let last = set.upper[index] ?? common.upper[index] else {
          throw unbounded(name, "upper", at: index)
        }
        lower.append(first)
        upper.append(last)
      }
      cases.append(
        Case(
          lower: lower, upper: upper, inputRows: common.rows + set.rows, disjuncts: disjuncts))
    }
    return cases
  }

  private func unbounded(_ name: String, _ end: String, at index: Int) -> ClaimError {
    ClaimError(
      joint.inputPositions[index],
      "the input `\(name)` has no \(end) bound; each needs both, in every alternative")
  }

  /// What these atoms say; of the box, only what is tighter than the common one.
  private func conditions(_ choice: [Int]) -> (set: InputSet, outputRows: [Row]) {
    var set = InputSet()
    var outputRows: [Row] = []
    for number in choice {
      switch atoms[number] {
      case .lower(let index, let end, let strict):
        let known = set.lower[index] ?? common.lower[index]
        if known.map({ $0 < end }) ?? true { set.lower[index] = end }
        if let strict { set.rows.append(strict) }
      case .upper(let index, let end, let strict):
        let known = set.upper[index] ?? common.upper[index]
        if known.map({ $0 > end }) ?? true { set.upper[index] = end }
        if let strict { set.rows.append(strict) }
      case .input(let row): set.rows.append(row)
      case .output(let row): outputRows.append(row)
      }
    }
    return (set, outputRows)
  }
}
