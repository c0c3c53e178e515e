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
    let mass =
      weight
      * part.lower.indices.reduce(1) {
        $0 * part.laws[$1].mass(part.lower[$1], part.upper[$1])
      }
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
    // As many steps as make what is lost small beside what is left anyway.
    let functions = open.flatMap { ($0.functions + $0.contraries).joined() }.map(\.function)
    var bits = 12
    if !functions.allSatisfy(part.isComputed) {
      let exact = choice(40)
      let isCounted = functions.contains(where: part.isCounted)
      // More terms of series cost little, more steps much.
      let left = mass - exact.inside - exact.outside
      let allowed = isCounted ? max(0.25 * left, 2 * tolerance * mass) : 0.02 * left
      bits = isCounted ? 6 : 3
      while bits < 12, part.lost(stepBits: bits) * weight > allowed { bits += 1 }
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
