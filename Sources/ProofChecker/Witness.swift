public import ClaimLanguage
public import ExactArithmetic
internal import NetworkModel

/// Evidence that a claim is false: a point of a case that satisfies all rows of a disjunct.
public struct ConfirmedWitness: Sendable {
  /// The case.
  public let caseIndex: Int
  /// The disjunct.
  public let disjunct: Int
  /// Whether every row on outputs holds with room to spare.
  public let isStrict: Bool
}

extension ProofChecker {
  /// Confirms that a point refutes a claim, in the claim's meaning.
  ///
  /// Rounding: enclosures of the outputs, outward; where they leave a tie open and all numbers are
  /// dyadic, exact values.
  ///
  /// - Parameters:
  ///   - point: The exact joint input.
  ///   - problem: The problem.
  /// - Returns: Which disjunct it satisfies; one that is satisfied strictly where there is one.
  /// - Throws: ``Rejection`` where no disjunct is shown to be satisfied.
  public static func confirm(_ point: [Rational], of problem: Problem) throws(Rejection)
    -> ConfirmedWitness
  {
    guard point.count == problem.inputNames.count else {
      throw .refutedWitness(
        "found \(point.count) input values, expected \(problem.inputNames.count)")
    }
    let holding = problem.cases.indices.filter { problem.cases[$0].contains(point) }
    guard !holding.isEmpty else { throw .refutedWitness("the point lies in no case's input set") }
    var outputs = try enclosedOutputs(at: point, of: problem)
    var found = strongest(at: point, outputs, holding, of: problem)
    if found == nil, let values = exactOutputs(at: point, of: problem) {
      outputs = values.map { $0...$0 }
      found = strongest(at: point, outputs, holding, of: problem)
    }
    guard let found else {
      throw .refutedWitness("the outputs at the point do not satisfy the rows of any disjunct")
    }
    return found
  }

  private static func strongest(
    at point: [Rational], _ outputs: [OutputRange], _ cases: [Int], of problem: Problem
  ) -> ConfirmedWitness? {
    var found: [ConfirmedWitness] = []
    for index in cases {
      for (disjunct, rows) in problem.cases[index].disjuncts.enumerated()
      where rows.allSatisfy({ $0.holds(at: point, outputs) }) {
        let isStrict = rows.allSatisfy { $0.excess(at: point, outputs).signum < 0 }
        found.append(ConfirmedWitness(caseIndex: index, disjunct: disjunct, isStrict: isStrict))
      }
    }
    return found.first(where: \.isStrict) ?? found.first
  }

  private static func enclosedOutputs(at point: [Rational], of problem: Problem)
    throws(Rejection) -> [OutputRange]
  {
    let network = try PreparedNetwork(problem.network, meaning: problem.meaning)
    let here = Case(lower: point, upper: point, inputRows: [], disjuncts: [])
    let state = try RootState(of: here, problem: problem, network: network).state
    return problem.outputs.map { state.bounds[$0.node.position].range(of: $0.index) }
  }

  /// The exact outputs, where the claim is about the reals and all numbers are dyadic.
  private static func exactOutputs(at point: [Rational], of problem: Problem) -> [Rational]? {
    guard problem.meaning == .real, problem.network.hasExactWeights else { return nil }
    let inputs = point.compactMap(\.dyadic)
    guard inputs.count == point.count else { return nil }
    return problem.network.values(of: [inputs]).map { values in
      problem.outputs.map { Rational(values[$0.node.position][$0.index]) }
    }
  }
}

/// An enclosure of one output.
private typealias OutputRange = ClosedRange<Rational>

extension Network {
  /// Whether the stored weights are the true ones.
  fileprivate var hasExactWeights: Bool {
    nodes.allSatisfy {
      if case .affine(let affine) = $0.operation { affine.relativeWeightError == 0 } else { true }
    }
  }
}

extension Case {
  /// Whether a point satisfies the box and all input rows.
  fileprivate func contains(_ point: [Rational]) -> Bool {
    point.indices.allSatisfy { lower[$0] <= point[$0] && point[$0] <= upper[$0] }
      && inputRows.allSatisfy { $0.holds(at: point, []) }
  }
}

extension Row {
  /// Whether it holds for all values within the outputs' enclosures.
  fileprivate func holds(at point: [Rational], _ outputRanges: [OutputRange]) -> Bool {
    let excess = excess(at: point, outputRanges)
    return norm == nil && (excess.signum < 0 || (excess.signum == 0 && !isStrict))
  }

  /// The largest value of the left side over the outputs' enclosures, less the bound.
  fileprivate func excess(at point: [Rational], _ outputRanges: [OutputRange]) -> Rational {
    var sum = -bound
    for entry in inputs { sum = sum + entry.coefficient * point[entry.index] }
    for entry in outputs {
      let range = outputRanges[entry.index]
      sum =
        sum + entry.coefficient
        * (entry.coefficient.signum > 0 ? range.upperBound : range.lowerBound)
    }
    for curve in curves { sum = sum + curve.value(at: point[curve.parts.index]) }
    return sum
  }
}
