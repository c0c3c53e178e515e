internal import Approximation
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel
internal import ProofChecker

/// Turns a point that refutes a claim in binary64 into a witness that refutes it exactly.
struct WitnessMaker {
  let problem: Problem

  /// The best witness near a point: strict in binary32 if there is one, else the first confirmed.
  ///
  /// - Parameters:
  ///   - point: A point that seems to satisfy a disjunct of the case.
  ///   - caseIndex: The case.
  /// - Returns: nil where none was confirmed.
  func witness(near point: [Double], caseIndex: Int) -> Witness? {
    let item = problem.cases[caseIndex]
    let singles = rounded(point, in: item) { Double(Float($0)) }
    if let strict = confirmed(singles), strict.holdsInBinary32, strict.confirmed.isStrict {
      return strict
    }
    var best = confirmed(singles)
    if best == nil { best = confirmed(rounded(point, in: item) { $0 }) }
    // Equalities are met at round numbers, if anywhere.
    for bits in [0, 1, 2, 4, 8, 12, 16] where best?.holdsInBinary32 != true {
      let scale = Double(1 << bits)
      let coarse = rounded(point, in: item) { ($0 * scale).rounded() / scale }
      guard let found = confirmed(coarse) else { continue }
      if best == nil || found.holdsInBinary32 { best = found }
    }
    return best
  }

  /// Rounds each entry and keeps it in the case's box; fixed entries keep their exact value.
  private func rounded(_ point: [Double], in item: Case, by rounding: (Double) -> Double)
    -> [Rational]
  {
    point.indices.map { entry in
      let (low, high) = (item.lower[entry], item.upper[entry])
      guard low < high, let value = Dyadic(exactly: rounding(point[entry])) else { return low }
      let exact = Rational(value)
      if exact < low { return inward(from: low, towards: high, by: rounding) }
      if exact > high { return inward(from: high, towards: low, by: rounding) }
      return exact
    }
  }

  /// An end of an interval, or the nearest rounded number inside it.
  private func inward(
    from end: Rational, towards other: Rational, by rounding: (Double) -> Double
  ) -> Rational {
    let value = Float(end.nearestDouble)
    let inside = end < other ? value.nextUp : value.nextDown
    for candidate in [value, inside] {
      guard rounding(Double(candidate)) == Double(candidate),
        let exact = Dyadic(exactly: Double(candidate)).map({ Rational($0) })
      else { continue }
      if min(end, other) <= exact && exact <= max(end, other) { return exact }
    }
    return end
  }

  /// The witness at an exact point; nil where it refutes nothing.
  func confirmed(_ point: [Rational]) -> Witness? {
    guard let confirmed = try? ProofChecker.confirm(point, of: problem) else { return nil }
    let inputs = point.map(\.nearestDouble)
    let values = problem.network.values(of: [inputs.map { Float($0) }])
    let outputs = problem.outputs.map { Double(values[$0.node.position][$0.index]) }
    let isSingle = zip(point, inputs).allSatisfy { exact, value in
      Dyadic(exactly: Double(Float(value))).map { Rational($0) } == exact
    }
    let rows = problem.cases[confirmed.caseIndex].disjuncts[confirmed.disjunct]
    let holds =
      isSingle
      && rows.allSatisfy { row in
        let excess = FloatProblem.Row(row).excess(inputs: inputs, outputs: outputs)
        return row.isStrict || confirmed.isStrict ? excess < 0 : excess <= 0
      }
    return Witness(
      point: point, outputs: outputs, confirmed: confirmed, holdsInBinary32: holds)
  }
}
