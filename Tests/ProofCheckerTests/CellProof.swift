import BigInt
import ClaimLanguage
import ExactArithmetic
import ProofChecker
import ProofFormat
import TestSupport

/// Grows a proof about a number made of probabilities record by record, of all kinds, keeping whatever the
/// checker accepts.
struct CellProof {
  private let problem: ProbabilityProblem
  private var generator: SeededGenerator
  private(set) var records: [Record] = []
  /// The cells whose turn comes later.
  private var waiting = 0
  /// Whether parts of cells are integrated or counted, too.
  private let isCounted: Bool

  init(of problem: ProbabilityProblem, isCounted: Bool, seed: UInt64) {
    (self.problem, self.isCounted) = (problem, isCounted)
    generator = SeededGenerator(seed: seed)
  }

  /// Grows the trees of all events' components.
  mutating func grow(depth: Int) {
    let trees = problem.events.joined().map(\.problem).filter { !$0.cases[0].disjuncts.isEmpty }
    waiting = trees.count
    for tree in trees {
      waiting -= 1
      let box = tree.cases[0]
      for _ in 0..<4 {
        let open = Array(box.disjuncts.indices)
        _ = append(inscribed(open, rows: box.disjuncts.map(\.count)), cells: 1)
      }
      grow(
        depth: depth, lower: box.lower, upper: box.upper, open: Array(box.disjuncts.indices),
        rows: box.disjuncts.map(\.count))
    }
  }

  /// Whether a divisor is shown not to be zero matters only at the end.
  private func stands(_ candidate: [Record], cells: Int) -> Bool {
    let rest = [Record](repeating: .leave, count: cells + waiting)
    do throws(Rejection) {
      _ = try ProofChecker.enclose(problem, by: massProof(records + candidate + rest))
      return true
    } catch .notProved(_, let reason) {
      return reason.contains("divisor")
    } catch {
      return false
    }
  }

  /// Appends records where the checker accepts them, with so many cells left after them.
  private mutating func append(_ candidate: [Record], cells: Int) -> Bool {
    guard stands(candidate, cells: cells) else { return false }
    records += candidate
    return true
  }

  private mutating func slopes() -> Derivation.Slopes {
    guard Bool.random(using: &generator) else { return .standard }
    let count = Int.random(in: 0...3, using: &generator)
    return .codes((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  private mutating func unit() -> Unit {
    Unit(
      rectifier: Int.random(in: 0...1, using: &generator),
      index: Int.random(in: 0...2, using: &generator))
  }

  private mutating func eighth() -> Dyadic {
    Dyadic(BigInt(Int.random(in: -20...20, using: &generator)), exponent: -3)
  }

  private mutating func narrow(open: [Int]) {
    for _ in 0..<Int.random(in: 0...2, using: &generator) {
      let rows = open.count == 1 && Bool.random(using: &generator) ? [Term(0, Dyadic.one)] : []
      let derivation = Derivation(rows: rows, slopes: slopes())
      let side: Lemma.Side = Bool.random(using: &generator) ? .lower : .upper
      let record: Record =
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: .tightenAll
        case 1: .tighten(rectifier: Int.random(in: 0...1, using: &generator))
        case 2: .refresh(rectifier: Int.random(in: 0...1, using: &generator))
        case 3: .contract(derivation)
        case 4: .confine(unit(), side, Derivation(slopes: slopes()), value: eighth())
        default: .lemma(unit(), side, derivation)
        }
      _ = append([record], cells: 1)
    }
  }

  /// One of the two sides of a split unit, ended in some way.
  private mutating func piece(of unit: Unit, _ open: [Int], rows: [Int]) -> [Record] {
    var records: [Record] = []
    let multiplier = Bool.random(using: &generator) ? [Term(unit, Dyadic.one)] : []
    if Bool.random(using: &generator) {
      let side: Lemma.Side = Bool.random(using: &generator) ? .lower : .upper
      let derivation = Derivation(slopes: slopes(), units: multiplier)
      records.append(.confine(self.unit(), side, derivation, value: eighth()))
    }
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: return records + [.leave]
    case 3:
      let side = Derivation(units: [Term(unit, .one)])
      let derivation = Derivation(rows: [Term(0, .one)], slopes: slopes(), units: multiplier)
      let place = [eighth()]
      return records
        + open.map { .outweigh(disjunct: $0, [derivation, side], place: place) }
    case 1: return records + [.hold(disjunct: open[0], [])]
    case 2: return records + open.map { Record.close(disjunct: $0, .standard) }
    default: return records + [charge(open, rows: rows, units: multiplier)]
    }
  }

  /// Nodes below which no cells lie.
  private mutating func enclosed(_ open: [Int], rows: [Int]) -> [Record] {
    let closing = open.map { Record.close(disjunct: $0, .standard) }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return [.splitUnit(unit())] + closing + closing
    case 4, 5:
      let unit = unit()
      return [.splitUnit(unit)] + piece(of: unit, open, rows: rows)
        + piece(of: unit, open, rows: rows)
    case 1:
      let side: Lemma.Side = Bool.random(using: &generator) ? .lower : .upper
      return [.splitBound(unit(), side, value: eighth())] + closing + closing
    case 2 where open.count > 1: return [.separate(disjunct: open[0])] + closing
    default:
      // A unit that is nowhere negative, or nowhere positive.
      let unit = unit()
      let empty = [Record.closeEmpty(Derivation(units: [Term(unit, .one)]))]
      let pieces = Bool.random(using: &generator) ? empty + closing : closing + empty
      return [.splitUnit(unit)] + pieces
    }
  }

  private mutating func outweigh(_ disjunct: Int, rows: Int, cells: Int) -> Bool {
    guard rows > 0, Int.random(in: 0..<4, using: &generator) == 0 else { return false }
    let derivations = (0..<rows).map { Derivation(rows: [Term($0, .one)], slopes: slopes()) }
    let place = derivations.dropFirst().map { _ in eighth() }
    return append([.outweigh(disjunct: disjunct, derivations, place: place)], cells: cells)
  }

  /// Points that a unit's end and rows decide.
  private mutating func inscribed(_ open: [Int], rows: [Int]) -> [Record] {
    let side: Lemma.Side = Bool.random(using: &generator) ? .lower : .upper
    let confined = Record.confine(unit(), side, Derivation(slopes: slopes()), value: eighth())
    let disjunct = open.randomElement(using: &generator) ?? 0
    let isInside = Bool.random(using: &generator)
    let derivations = (0..<(isInside ? rows[disjunct] : open.count)).map { _ in
      Derivation(slopes: slopes())
    }
    let charge = Charge(
      excluding: isInside ? [] : derivations, disjunct: isInside ? disjunct : 0,
      holding: isInside ? derivations : [], stepBits: 0)
    let others = derivations.map { _ in
      Bool.random(using: &generator) ? [] : [Term(0, eighth())]
    }
    return [.inscribe([[Term(0, eighth())]] + others), confined, .charge(charge)]
  }

  private mutating func charge(_ open: [Int], rows: [Int], units: [Term<Unit>] = []) -> Record {
    let disjunct = open.randomElement(using: &generator) ?? 0
    let (isOutside, isInside) =
      [(true, true), (true, false), (false, true)]
      .randomElement(using: &generator) ?? (true, true)
    let excluding = open.map { _ in Derivation(slopes: slopes(), units: units) }
    let holding = (0..<rows[disjunct]).map { _ in Derivation(slopes: slopes(), units: units) }
    return .charge(
      Charge(
        excluding: isOutside ? excluding : [], disjunct: isInside ? disjunct : 0,
        holding: isInside ? holding : [],
        stepBits: isCounted ? Int.random(in: 0...4, using: &generator) : 0))
  }

  private mutating func grow(
    depth: Int, lower: [Rational], upper: [Rational], open: [Int], rows: [Int]
  ) {
    var open = open
    narrow(open: open)
    for disjunct in open.shuffled(using: &generator) {
      let derivations = (0..<rows[disjunct]).map { _ in Derivation(slopes: slopes()) }
      let isShort = derivations.allSatisfy { $0 == .standard }
      if append([.hold(disjunct: disjunct, isShort ? [] : derivations)], cells: 0) { return }
      let row = Int.random(in: 0..<max(1, rows[disjunct]), using: &generator)
      let derivation = Derivation(rows: row == 0 ? [] : [Term(row, .one)], slopes: slopes())
      if outweigh(disjunct, rows: rows[disjunct], cells: open.count > 1 ? 1 : 0) {
        open.removeAll { $0 == disjunct }
        if open.isEmpty { return }
        continue
      }
      if Int.random(in: 0..<3, using: &generator) == 0 { continue }
      guard append([.close(disjunct: disjunct, derivation)], cells: open.count > 1 ? 1 : 0) else {
        continue
      }
      open.removeAll { $0 == disjunct }
      if open.isEmpty { return }
    }
    if append([.closeCrossed], cells: 0) { return }
    for _ in 0..<2 where append(enclosed(open, rows: rows), cells: 0) { return }
    let entry = Int.random(in: 0..<lower.count, using: &generator)
    let value = eighth()
    let cut = Rational(value)
    guard depth > 0, lower[entry] < cut, cut < upper[entry],
      append([.splitInput(entry: entry, value: value)], cells: 2)
    else {
      // In parts, or not at all.
      if !append([charge(open, rows: rows)], cells: 0) { records.append(.leave) }
      return
    }
    var (high, low) = (upper, lower)
    (high[entry], low[entry]) = (cut, cut)
    waiting += 1
    grow(depth: depth - 1, lower: lower, upper: high, open: open, rows: rows)
    waiting -= 1
    grow(depth: depth - 1, lower: low, upper: upper, open: open, rows: rows)
  }
}
