internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import LinearProgramming
internal import NetworkModel

/// A network as a mixed-integer program, one binary column for each unstable unit (after Tjeng, Xiao
/// and Tedrake, "Evaluating robustness of neural networks with mixed integer programming", 2019).
struct IntegerModel {
  /// What is minimised or maximised beside the network.
  enum Aim {
    /// The largest excess of the rows, minimised.
    case excess
    /// The threshold that the rows' bounds move with: `bound = start + slope · threshold`.
    case threshold([(start: Double, slope: Double)], isMaximised: Bool)
    /// The radius of balls, minimised.
    case radius([ClaimFamily.BallPlace])
  }

  /// What the solver reported; nothing in it is a proof.
  enum Answer {
    /// The best value of the aim, and the point.
    case reported(value: Double, point: [Double])
    case reportedInfeasible
    case stopped(String)
  }

  /// Rounds of tangents to balls of the norm 2.
  private static let mostTangents = 100

  let network: Network
  let bounds: ProvedUnitBounds
  let inputSet: FloatProblem.Case
  let rows: [FloatProblem.Row]
  let timeLimit: Double?

  /// Solves the program.
  func solve(_ aim: Aim, isCancelled: () -> Bool) -> Answer {
    do throws(ProblemError) {
      return try withProblem { problem throws(ProblemError) in
        let columns = try addNetwork(to: &problem)
        let target = try addAim(aim, columns, to: &problem)
        return try optimise(aim, target, columns, &problem, isCancelled)
      }
    } catch { return .stopped(error.description) }
  }

  /// The columns of each node's entries.
  private func addNetwork(to problem: inout Problem) throws(ProblemError) -> [[Int]] {
    var columns: [[Int]] = []
    var unit = 0
    for node in network.nodes {
      switch node.operation {
      case .input:
        var inputs: [Int] = []
        for (low, high) in zip(inputSet.lower, inputSet.upper) {
          inputs.append(try problem.addColumn(in: .between(low, high)))
        }
        columns.append(inputs)
      case .affine(let affine):
        columns.append(try addAffine(affine, after: columns, to: &problem))
      case .gate: preconditionFailure("derivatives are no piecewise linear functions")
      case .relu(let source):
        var entries: [Int] = []
        for argument in columns[source.position] {
          entries.append(try addUnit(unit, of: argument, to: &problem))
          unit += 1
        }
        columns.append(entries)
      }
    }
    for row in inputSet.inputRows where !row.inputs.isEmpty {
      try problem.addRow(
        row.inputs.map { Entry(columns[0][$0.index], $0.coefficient) }, in: .atMost(row.bound))
    }
    return columns
  }

  private func addAffine(
    _ affine: Affine, after columns: [[Int]], to problem: inout Problem
  ) throws(ProblemError) -> [Int] {
    var sums = affine.bias.map { _ in [Int: Double]() }
    for term in affine.terms {
      term.map.forEachWeight { row, column, weight in
        sums[row][columns[term.source.position][column], default: 0] += weight
      }
    }
    var results: [Int] = []
    for (sum, bias) in zip(sums, affine.bias) {
      let result = try problem.addColumn(in: .free)
      let entries = sum.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        .map { Entry($0.key, $0.value) }
      try problem.addRow(entries + [Entry(result, -1)], in: .exactly(-bias))
      results.append(result)
    }
    return results
  }

  private func addUnit(
    _ unit: Int, of argument: Int, to problem: inout Problem
  ) throws(ProblemError) -> Int {
    let (low, high) = (bounds.lower[unit], bounds.upper[unit])
    guard low < 0 else { return argument }
    guard high > 0 else { return try problem.addColumn(in: .exactly(0)) }
    let result = try problem.addColumn(in: .between(0, high))
    let isActive = try problem.addColumn(in: .between(0, 1))
    try problem.setKind(of: isActive, to: .binary)
    try problem.addRow([Entry(result, 1), Entry(argument, -1)], in: .atLeast(0))
    try problem.addRow(
      [Entry(result, 1), Entry(argument, -1), Entry(isActive, -low)], in: .atMost(-low))
    try problem.addRow([Entry(result, 1), Entry(isActive, -high)], in: .atMost(0))
    return result
  }

  /// Adds the rows with the column that is optimised.
  private func addAim(
    _ aim: Aim, _ columns: [[Int]], to problem: inout Problem
  ) throws(ProblemError) -> Int {
    let outputs = network.outputs.flatMap { columns[$0.node.position] }
    let target: Int
    if case .radius = aim {
      target = try problem.addColumn(in: .atLeast(0), cost: 1)
    } else {
      target = try problem.addColumn(in: .free, cost: 1)
    }
    for (place, row) in rows.enumerated() {
      var sum: [Int: Double] = [:]
      for entry in row.inputs { sum[columns[0][entry.index], default: 0] += entry.coefficient }
      for entry in row.outputs { sum[outputs[entry.index], default: 0] += entry.coefficient }
      var bound = row.bound
      switch aim {
      case .excess: sum[target] = -1
      case .threshold(let moves, isMaximised: _):
        sum[target] = -moves[place].slope
        bound = moves[place].start
      case .radius: break
      }
      let entries = sum.filter { $0.value != 0 }.sorted { $0.key < $1.key }
      try problem.addRow(entries.map { Entry($0.key, $0.value) }, in: .atMost(bound))
    }
    if case .radius(let balls) = aim {
      for ball in balls { try addBall(ball, radius: target, columns[0], to: &problem) }
    }
    return target
  }

  /// Adds `‖x − c‖ ≤ radius`; in the norm 2 only what the norms 1 and infinity say of it, since
  /// tangents follow.
  private func addBall(
    _ ball: ClaimFamily.BallPlace, radius: Int, _ inputs: [Int], to problem: inout Problem
  ) throws(ProblemError) {
    var distances: [Entry] = []
    for (entry, middle) in zip(ball.entries, ball.centre) {
      let centre = middle.nearestDouble
      let distance: Int
      if ball.norm == .one {
        distance = try problem.addColumn(in: .atLeast(0))
        distances.append(Entry(distance, 1))
      } else {
        distance = radius
      }
      try problem.addRow([Entry(inputs[entry], 1), Entry(distance, -1)], in: .atMost(centre))
      try problem.addRow([Entry(inputs[entry], -1), Entry(distance, -1)], in: .atMost(-centre))
    }
    guard ball.norm == .one else { return }
    try problem.addRow(distances + [Entry(radius, -1)], in: .atMost(0))
  }

  private func optimise(
    _ aim: Aim, _ target: Int, _ columns: [[Int]], _ problem: inout Problem,
    _ isCancelled: () -> Bool
  ) throws(ProblemError) -> Answer {
    var isMaximised = false
    if case .threshold(_, let maximised) = aim { isMaximised = maximised }
    let options = IntegerOptions(
      timeLimit: timeLimit.map { .milliseconds(Int64(max(0, min(1e9, $0 * 1000)))) })
    for _ in 0..<Self.mostTangents {
      let outcome =
        isMaximised
        ? try problem.maximiseInteger(options, isCancelled: isCancelled)
        : try problem.minimiseInteger(options, isCancelled: isCancelled)
      switch outcome {
      case .reportedInfeasible: return .reportedInfeasible
      case .reportedUnbounded: return .stopped("the relaxation has no bound")
      case .stopped(let reason, incumbent: _, bound: _): return .stopped("\(reason)")
      case .optimal(let value, bound: _):
        let values = problem.integerColumnValues
        let point = columns[0].map { values[$0] }
        guard case .radius(let balls) = aim,
          try addTangents(to: balls, at: point, radius: target, value, columns[0], &problem)
        else { return .reported(value: value, point: point) }
      }
    }
    return .stopped("more than \(Self.mostTangents) rounds of tangents")
  }

  /// Cuts a point off that lies outside a ball of the norm 2.
  ///
  /// - Returns: Whether there was something to cut off.
  private func addTangents(
    to balls: [ClaimFamily.BallPlace], at point: [Double], radius: Int, _ value: Double,
    _ inputs: [Int], _ problem: inout Problem
  ) throws(ProblemError) -> Bool {
    var hasCut = false
    for ball in balls where ball.norm == .two {
      let length = ball.distance(to: point)
      guard length > value + 1e-7 * max(1, value) else { continue }
      var entries: [Entry] = []
      var bound = 0.0
      for (entry, middle) in zip(ball.entries, ball.centre) {
        let centre = middle.nearestDouble
        let direction = (point[entry] - centre) / length
        guard direction != 0 else { continue }
        entries.append(Entry(inputs[entry], direction))
        bound += direction * centre
      }
      try problem.addRow(entries + [Entry(radius, -1)], in: .atMost(bound))
      hasCut = true
    }
    return hasCut
  }
}
