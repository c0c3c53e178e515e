internal import Approximation
internal import ExactArithmetic
internal import Probability
internal import Reporting

extension OutputAnswer {
  /// The distribution function with its band and its jumps.
  func picture(of path: String) throws(Failure) -> String {
    do throws(MassError) {
      let curve = try DistributionCurve(self)
      let missing = outputs.law.missing
      return DistributionFunctionPlot(
        knots: curve.knots, jumps: curve.jumps, sampled: curve.sampled,
        title: "Law of \(question.name) of \(RegionAnswer.fileName(path))", axis: question.name,
        legend: missing > 1e-9
          ? "the law lies in the band: \(missing.significant(3)) of it are not listed"
          : "exact: \(counted(outputs.law.pieceCount, "piece"))",
        sampledLegend: outputs.sample.map {
          "\($0.count) drawn inputs and the band of confidence "
            + "\((100 * outputs.confidence).significant(4)) % (estimate)"
        } ?? ""
      ).svg
    } catch { throw .badInput(error.description) }
  }
}

/// A distribution function at enough numbers to draw it.
private struct DistributionCurve {
  typealias Knot = DistributionFunctionPlot.Knot

  private(set) var knots: [Knot] = []
  private(set) var jumps: [DistributionFunctionPlot.Jump] = []
  private(set) var sampled: [Knot] = []

  private let marginal: OutputMarginal
  private let shift: Double

  init(_ answer: OutputAnswer) throws(MassError) {
    marginal = answer.outputs.law.marginal(of: answer.question.weights)
    shift = answer.shift
    let values = try answer.outputs.drawnValues(of: answer.question)
    let range = DrawnRange.around(values)
    let width = range.high - range.low
    // Sampled masses are dear, and bands too wide for details.
    let isSampled = answer.outputs.law.covered.status == .estimate
    var start = range.low
    let atoms = answer.atoms.map { $0.value + shift }.filter { range.low < $0 && $0 < range.high }
    for atom in atoms where atom - start > 1e-6 * width {
      let (before, after) = (atom - 1e-9 * width, atom + 1e-9 * width)
      try addKnots(from: start, to: before, of: width, isSampled)
      jumps.append(
        .init(at: atom, before: try knot(at: before), after: try knot(at: after)))
      start = after
    }
    try addKnots(from: start, to: range.high, of: width, isSampled)
    if let sample = answer.outputs.sample {
      let halfWidth = EmpiricalBand(of: sample.count, confidence: answer.outputs.confidence)
        .halfWidth
      sampled = Self.sampled(values.sorted(), range, halfWidth)
    }
  }

  private func knot(at number: Double) throws(MassError) -> Knot {
    let limit = Rational(Dyadic(exactly: number - shift) ?? .zero)
    let found = try marginal.probability(atMost: limit)
    return Knot(at: number, lower: found.lower, upper: found.upper)
  }

  /// Knots between two numbers: more of them where the function bends.
  private mutating func addKnots(
    from low: Double, to high: Double, of width: Double, _ isSampled: Bool
  ) throws(MassError) {
    let count = max(2, Int((isSampled ? 16 : 40) * (high - low) / width))
    var last = try knot(at: low)
    knots.append(last)
    for step in 1...count {
      let next = try knot(at: low + (high - low) * Double(step) / Double(count))
      if !isSampled { try refine(last, next, depth: 0) }
      knots.append(next)
      last = next
    }
  }

  private mutating func refine(_ one: Knot, _ other: Knot, depth: Int) throws(MassError) {
    // Nothing can bend much where the function hardly grows.
    guard depth < 4, other.upper - one.lower > 0.01 else { return }
    let middle = try knot(at: one.at / 2 + other.at / 2)
    let chord = one.middle / 2 + other.middle / 2
    guard abs(middle.middle - chord) > 0.002 else {
      knots.append(middle)
      return
    }
    try refine(one, middle, depth: depth + 1)
    knots.append(middle)
    try refine(middle, other, depth: depth + 1)
  }

  private static func sampled(
    _ sorted: [Double], _ range: (low: Double, high: Double), _ halfWidth: Double
  ) -> [Knot] {
    var place = 0
    return (0...300).map { step in
      let number = range.low + (range.high - range.low) * Double(step) / 300
      while place < sorted.count, sorted[place] <= number { place += 1 }
      let share = Double(place) / Double(sorted.count)
      return Knot(
        at: number, lower: max(0, share - halfWidth), upper: min(1, share + halfWidth))
    }
  }
}
