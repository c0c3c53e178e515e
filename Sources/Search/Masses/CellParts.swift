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
  ///   - open: The disjuncts, ascending, each with the lower functions of its rows and of their contraries.
  ///   - records: What comes before.
  /// - Returns: The charge, with what it is expected to decide.
  func charge(
    _ open: [(disjunct: Int, functions: [LowerFunction], contraries: [LowerFunction])],
    after records: [Record]
  ) -> CellBounding.Charged {
    let mass =
      weight
      * part.lower.indices.reduce(1) {
        $0 * part.laws[$1].mass(part.lower[$1], part.upper[$1])
      }
    func common(_ masses: [Double]) -> Double {
      max(0, masses.reduce(mass) { $0 + weight * $1 - mass })
    }
    func choice(_ bits: Int) -> (rows: [Int], outside: Double, held: Int, inside: Double) {
      let best = open.map { item in
        let masses = item.functions.map { part.mass($0, stepBits: bits) }
        return masses.indices.max { masses[$0] < masses[$1] }.map { ($0, masses[$0]) } ?? (0, 0)
      }
      let held = open.map { item in
        common(item.contraries.map { part.mass($0, stepBits: bits) })
      }
      let most = held.indices.max { held[$0] < held[$1] } ?? 0
      return (best.map(\.0), common(best.map(\.1)), most, held[most])
    }
    // As many steps as make what counting loses small beside what is left anyway.
    let isCounted = open.contains { ($0.functions + $0.contraries).contains(where: part.isCounted) }
    var bits = 12
    if isCounted {
      let exact = choice(40)
      let allowed = max(0.25 * (mass - exact.inside - exact.outside), 2 * tolerance * mass)
      let loss = 4 * Double(part.lower.count) * mass
      bits = 6
      while bits < 12, loss / Double(1 << bits) > allowed { bits += 1 }
    }
    let found = choice(bits)
    guard found.inside + found.outside > 1e-4 * mass else { return CellBounding.Charged() }
    let charge = Charge(
      excluding: found.outside > 0
        ? found.rows.map { $0 == 0 ? .standard : Derivation(rows: [Term($0, .one)]) } : [],
      disjunct: found.inside > 0 ? open[found.held].disjunct : 0,
      holding: found.inside > 0
        ? open[found.held].contraries.map { _ in Derivation.standard } : [], stepBits: bits)
    return CellBounding.Charged(
      records: records + [.charge(charge)], inside: found.inside, outside: found.outside)
  }
}
