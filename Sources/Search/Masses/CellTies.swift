internal import Approximation
internal import ClaimLanguage
internal import ExactArithmetic
internal import ProofChecker
internal import ProofFormat

/// Decides cells on which the sides of rows are equal, as where all units behind two scores are inactive.
///
/// Strictness says what happens there, but no bound in binary64 can tell zero from noise: the checker is
/// asked.
struct CellTies: Sendable {
  /// How a cell is decided.
  struct Decision: Sendable {
    let isInside: Bool
    let records: [Record]
  }

  private let problem: Problem
  /// Of each disjunct.
  private let rows: [[FloatProblem.Row]]
  /// At most so many corners of a cell are looked at.
  private static let mostCorners = 16
  /// Below this, relative to the numbers involved, the sides of a row may be equal.
  private static let noise = 1e-12
  /// Where a unit may be active, the bound below it is zero or its argument.
  private static let slopes: [Derivation.Slopes] = [.standard, .codes([])]

  init(_ problem: Problem, rows: [[FloatProblem.Row]]) {
    (self.problem, self.rows) = (problem, rows)
  }

  /// Decides a cell by rows that are equalities, or that fail or hold by more.
  ///
  /// - Parameters:
  ///   - lower: The cell's lower ends.
  ///   - upper: Its upper ends.
  ///   - outputs: The network's outputs at both.
  ///   - open: The disjuncts that are not closed, ascending.
  ///   - records: What closes the others.
  /// - Returns: What the checker accepts on a box like the cell; nil where nothing ties there, or not
  ///   on all of it.
  func decision(
    lower: [Double], upper: [Double], outputs: [[Double]], open: [Int], after records: [Record]
  ) -> Decision? {
    // Nearly all cells end here.
    let ends = zip([lower, upper], outputs).map { signs(at: $0, outputs: $1, of: open) }
    guard ends.contains(where: { $0.joined().contains(0) }) else { return nil }
    let corners =
      ends
      + inner(lower, upper).map {
        signs(at: $0, outputs: problem.network.evaluate([$0]).flatMap(\.self), of: open)
      }
    for (place, disjunct) in open.enumerated() {
      let isHeld = corners.allSatisfy { corner in
        zip(rows[disjunct], corner[place]).allSatisfy { $0.isStrict ? $1 < 0 : $1 <= 0 }
      }
      guard isHeld, let decision = holding(disjunct, lower, upper) else { continue }
      return decision
    }
    let failing = open.indices.map { place in
      rows[open[place]].indices.first { row in
        let isStrict = rows[open[place]][row].isStrict
        return corners.allSatisfy {
          isStrict ? $0[place][row] >= 0 : $0[place][row] > 0
        }
      }
    }
    let pairs = zip(open, failing).compactMap { disjunct, row in row.map { (disjunct, $0) } }
    return pairs.count == open.count ? excluding(pairs, lower, upper, after: records) : nil
  }

  /// The signs of the left sides less the bounds: 0 where these may be equal.
  private func signs(at point: [Double], outputs: [Double], of open: [Int]) -> [[Int]] {
    open.map { disjunct in
      rows[disjunct].map { row in
        let excess = row.excess(inputs: point, outputs: outputs)
        let scale =
          row.inputs.reduce(row.bound.magnitude) {
            $0 + ($1.coefficient * point[$1.index]).magnitude
          }
          + row.outputs.reduce(0) { $0 + ($1.coefficient * outputs[$1.index]).magnitude }
        return excess.magnitude <= Self.noise * scale ? 0 : excess < 0 ? -1 : 1
      }
    }
  }

  /// Other corners than the lowest and the highest one.
  private func inner(_ lower: [Double], _ upper: [Double]) -> [[Double]] {
    let inputs = min(lower.count, 62)
    return (1..<min(Self.mostCorners, max(1, 1 << inputs) - 1)).map { choice in
      lower.indices.map { $0 < inputs && choice >> $0 & 1 == 1 ? upper[$0] : lower[$0] }
    }
  }

  private func holding(_ disjunct: Int, _ lower: [Double], _ upper: [Double]) -> Decision? {
    let exact = problem.cases[0].disjuncts[disjunct]
    for slopes in Self.slopes {
      let derivation = Derivation(slopes: slopes)
      let closing = exact.indices.map { Record.close(disjunct: $0, derivation) }
      guard isProved(exact.map { [$0.contrary] }, lower, upper, [.tightenAll] + closing) else {
        continue
      }
      let derivations = slopes == .standard ? [] : exact.map { _ in derivation }
      return Decision(
        isInside: true, records: [.tightenAll, .hold(disjunct: disjunct, derivations)])
    }
    return nil
  }

  private func excluding(
    _ failing: [(disjunct: Int, row: Int)], _ lower: [Double], _ upper: [Double],
    after records: [Record]
  ) -> Decision? {
    for slopes in Self.slopes {
      let closing = failing.map { item in
        Record.close(
          disjunct: item.disjunct,
          Derivation(rows: item.row == 0 ? [] : [Term(item.row, .one)], slopes: slopes))
      }
      if isProved(problem.cases[0].disjuncts, lower, upper, records + closing) {
        return Decision(isInside: false, records: records + closing)
      }
    }
    return nil
  }

  /// Whether the checker accepts that no disjunct has a point in a box.
  private func isProved(
    _ disjuncts: [[Row]], _ lower: [Double], _ upper: [Double], _ records: [Record]
  ) -> Bool {
    let ends = [lower, upper].map { $0.compactMap { Dyadic(exactly: $0).map { Rational($0) } } }
    guard ends.allSatisfy({ $0.count == lower.count }) else { return false }
    let box = Case(lower: ends[0], upper: ends[1], inputRows: [], disjuncts: disjuncts)
    let question = Problem(
      network: problem.network, inputNames: problem.inputNames, variables: problem.variables,
      cases: [box], meaning: problem.meaning)
    var writer = ProofWriter()
    for record in records { writer.append(record) }
    return (try? ProofChecker.check(writer.bytes, of: question)) != nil
  }
}
