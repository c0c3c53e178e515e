internal import ExactArithmetic
internal import ProofFormat

/// Chooses the half-spaces by which a cell is charged.
struct CellParts {
  let part: CellPart
  /// Of the mixture's component.
  let weight: Double
  /// What counting may lose, as a share of the cell's mass.
  let tolerance: Double

  /// The charge of a cell on which some disjuncts are neither closed nor held.
  ///
  /// - Parameters:
  ///   - open: The disjuncts, ascending, each with functions below its rows and their contraries.
  ///   - records: What comes before.
  /// - Returns: The charge, with what it is expected to decide.
  func charge(
    _ open: [OpenDisjunct], after records: [Record]
  ) -> CellBounding.Charged {
    guard !open.isEmpty else { return CellBounding.Charged() }
    let mass = weight * part.mass
    func choice(_ bits: Int) -> Choice {
      let excluding = open.map { disjunct in
        let best = disjunct.functions.map { heaviest($0, stepBits: bits) }
        let row = best.indices.max { best[$0].mass < best[$1].mass } ?? 0
        return (row: row, form: best[row].form)
      }
      let holding = open.map { $0.contraries.map { heaviest($0, stepBits: bits).form } }
      let inside = holding.map { weight * part.commonMass($0.map(\.function), stepBits: bits) }
      let most = inside.indices.max { inside[$0] < inside[$1] } ?? 0
      let outside = part.commonMass(excluding.map(\.form.function), stepBits: bits)
      return Choice(
        excluding: excluding, outside: weight * outside, held: open[most].place,
        holding: holding[most], inside: inside[most])
    }
    let functions = open.flatMap { ($0.functions + $0.contraries).joined() }.map(\.function)
    let bits = stepBits(for: functions, of: mass) {
      let exact = choice(Self.exactBits)
      return mass - exact.inside - exact.outside
    }
    let found = choice(bits)
    guard found.inside + found.outside > 1e-4 * mass else { return CellBounding.Charged() }
    let charge = Charge(
      excluding: found.outside > 0
        ? found.excluding.map { row, form in
          Derivation(rows: row == 0 ? [] : [Term(row, .one)], slopes: form.slopes)
        } : [],
      disjunct: found.inside > 0 ? found.held : 0,
      holding: found.inside > 0 ? found.holding.map { Derivation(slopes: $0.slopes) } : [],
      stepBits: bits)
    return CellBounding.Charged(
      records: records + [.charge(charge)], inside: found.inside, outside: found.outside)
  }

  /// So many that nothing is lost.
  static let exactBits = 40

  /// As many steps as make what is lost small beside what is left anyway.
  ///
  /// - Parameters:
  ///   - functions: Those that may be positive in parts.
  ///   - mass: The cell's, times the weight.
  ///   - left: What is not decided if nothing is lost; asked where that matters.
  /// - Returns: The power of two.
  func stepBits(for functions: [LowerFunction], of mass: Double, leaving left: () -> Double) -> Int
  {
    var bits = 12
    guard !functions.allSatisfy(part.isComputed) else { return bits }
    let isCounted = functions.contains(where: part.isCounted)
    // More terms of series cost little, more steps much.
    let allowed = isCounted ? max(0.25 * left(), 2 * tolerance * mass) : 0.02 * left()
    bits = isCounted ? 6 : 3
    while bits < 12, part.lost(stepBits: bits) * weight > allowed { bits += 1 }
    return bits
  }

  private struct Choice {
    /// For each open disjunct.
    let excluding: [(row: Int, form: BoundForm)]
    let outside: Double
    let held: Int
    let holding: [BoundForm]
    let inside: Double
  }

  /// The function that is positive on most.
  private func heaviest(_ forms: [BoundForm], stepBits: Int) -> (form: BoundForm, mass: Double) {
    let masses = forms.map { part.mass($0.function, stepBits: stepBits) }
    let best = masses.indices.max { masses[$0] < masses[$1] } ?? 0
    return (forms[best], masses[best])
  }
}
