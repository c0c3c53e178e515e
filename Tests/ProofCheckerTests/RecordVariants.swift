import BigInt
import ExactArithmetic
import ProofFormat

/// What the kinds of records are called.
enum RecordKind: String, CaseIterable {
  case splitInput, splitUnit, splitBound, separate, part, tighten, tightenAll, refresh
  case contract, lemma, close, closeEmpty, closeCrossed, hold, leave, charge, confine, outweigh
  case inscribe

  init(_ record: Record) {
    self =
      switch record {
      case .splitInput: .splitInput
      case .splitUnit: .splitUnit
      case .splitBound: .splitBound
      case .separate: .separate
      case .part: .part
      case .tighten: .tighten
      case .tightenAll: .tightenAll
      case .refresh: .refresh
      case .contract: .contract
      case .lemma: .lemma
      case .close: .close
      case .closeEmpty: .closeEmpty
      case .closeCrossed: .closeCrossed
      case .hold: .hold
      case .leave: .leave
      case .charge: .charge
      case .confine: .confine
      case .outweigh: .outweigh
      case .inscribe: .inscribe
      }
  }
}

extension Record {
  /// Wrong neighbours of a record, each with what was done to it: flipped, retargeted, moved, claimed for the
  /// other side.
  var variants: [(change: String, records: [Record])] {
    [("dropped", []), ("doubled", [self, self])] + altered + ends
  }

  private var altered: [(change: String, records: [Record])] {
    let step = Dyadic(1, exponent: -3)
    switch self {
    case .splitInput(let entry, let value):
      return [
        ("other input", [.splitInput(entry: entry.other, value: value)]),
        ("lower", [.splitInput(entry: entry, value: value - step)]),
        ("higher", [.splitInput(entry: entry, value: value + step)]),
      ]
    case .splitUnit(let unit):
      return [
        ("other unit", [.splitUnit(unit.next)]), ("other rectifier", [.splitUnit(unit.elsewhere)]),
        ("by a bound", [.splitBound(unit, .lower, value: .zero)]),
      ]
    case .splitBound(let unit, let side, let value):
      return [
        ("other unit", [.splitBound(unit.next, side, value: value)]),
        ("by sign", [.splitUnit(unit)]),
        ("other side", [.splitBound(unit, side.other, value: value)]),
        ("lower", [.splitBound(unit, side, value: value - step)]),
        ("higher", [.splitBound(unit, side, value: value + step)]),
      ]
    case .separate(let disjunct): return [("other disjunct", [.separate(disjunct: disjunct.other)])]
    case .part(let bytes, let records):
      return [("longer", [.part(bytes: bytes + 1, records: records)])]
    case .tighten(let rectifier):
      return [("other rectifier", [.tighten(rectifier: rectifier.other)])]
    case .refresh(let rectifier):
      return [("other rectifier", [.refresh(rectifier: rectifier.other)])]
    case .tightenAll:
      return [("less", [.tighten(rectifier: 0)]), ("less still", [.refresh(rectifier: 0)])]
    case .contract(let derivation):
      return derivation.variants.map { ($0, [.contract($1)]) }
    case .lemma(let unit, let side, let derivation):
      return [
        ("other side", [.lemma(unit, side.other, derivation)]),
        ("other unit", [.lemma(unit.next, side, derivation)]),
        ("other rectifier", [.lemma(unit.elsewhere, side, derivation)]),
        ("confined", [.confine(unit, side, derivation, value: .zero)]),
      ] + derivation.variants.map { ($0, [.lemma(unit, side, $1)]) }
    case .close(let disjunct, let derivation):
      return [
        ("other disjunct", [.close(disjunct: disjunct.other, derivation)]),
        ("held", [.hold(disjunct: disjunct, derivation == .standard ? [] : [derivation])]),
      ] + derivation.variants.map { ($0, [.close(disjunct: disjunct, $1)]) }
    case .closeEmpty(let derivation): return derivation.variants.map { ($0, [.closeEmpty($1)]) }
    case .closeCrossed, .leave: return []
    case .hold(let disjunct, let derivations):
      return [
        ("other disjunct", [.hold(disjunct: disjunct.other, derivations)]),
        ("closed", [.close(disjunct: disjunct, derivations.first ?? .standard)]),
        ("one derivation less", [.hold(disjunct: disjunct, Array(derivations.dropLast()))]),
        ("slopes 0", [.hold(disjunct: disjunct, [Derivation(slopes: .codes([]))])]),
      ]
        + derivations.changedOnce.map { ($0, [.hold(disjunct: disjunct, $1)]) }
    case .charge(let charge): return charge.variants.map { ($0, [.charge($1)]) }
    case .confine(let unit, let side, let derivation, let value):
      let sliver = Dyadic(1, exponent: -40)
      let values = [
        ("lower", value - step), ("higher", value + step), ("a little lower", value - sliver),
        ("a little higher", value + sliver), ("negated", -value), ("far out", Dyadic(4096)),
      ]
      return [
        ("other unit", [.confine(unit.next, side, derivation, value: value)]),
        ("other rectifier", [.confine(unit.elsewhere, side, derivation, value: value)]),
        ("other side", [.confine(unit, side.other, derivation, value: value)]),
        ("not counted", [.lemma(unit, side, derivation)]),
      ] + values.map { ($0, [.confine(unit, side, derivation, value: $1)]) }
        + derivation.variants.map { ($0, [.confine(unit, side, $1, value: value)]) }
    case .outweigh(let disjunct, let derivations, let place):
      return Record.outweighing(disjunct, derivations, place, step)
    case .inscribe(let weighed): return Self.variants(of: weighed)
    }
  }

  private static func outweighing(
    _ disjunct: Int, _ derivations: [Derivation], _ place: [Dyadic], _ step: Dyadic
  ) -> [(change: String, records: [Record])] {
    let first = derivations[0]
    let others: [(String, Int, [Derivation], [Dyadic])] = [
      ("other disjunct", disjunct.other, derivations, place),
      ("other place", disjunct, derivations, place.map { $0 + step }),
      ("place negated", disjunct, derivations, place.map { -$0 }),
      ("place far out", disjunct, derivations, place.map { $0 + Dyadic(64) }),
      ("first alone", disjunct, [first], []),
      ("without the first", disjunct, Array(derivations.dropFirst()), Array(place.dropFirst())),
      ("reversed", disjunct, Array(derivations.reversed()), place),
      ("first twice", disjunct, [first] + derivations, [step] + place),
    ]
    let changed = derivations.changedOnce.map { ($0, disjunct, $1, place) }
    return [("closed", [.close(disjunct: disjunct, first)])]
      + (others + changed).filter { !$0.2.isEmpty }.map {
        ($0, [.outweigh(disjunct: $1, $2, place: $3)])
      }
  }

  private static func variants(of weighed: [[Term<Int>]]) -> [(change: String, records: [Record])] {
    let step = Dyadic(1, exponent: -3)
    let first: [Term<Int>] = weighed.first ?? []
    let others: [[Term<Int>]] = Array(weighed.dropFirst())
    let none: [[Term<Int>]] = others.map { _ in [] }
    let tied: [[Term<Int>]] = others.map { _ in [Term(0, step)] }
    let moved: [[Term<Int>]] = weighed.map { $0.map { Term($0.place, $0.value + step) } }
    let exchanged: [[Term<Int>]] = weighed.map { $0.map { Term($0.place.other, $0.value) } }
    let more: [Term<Int>] = first + [Term((first.last?.place ?? -1) + 1, .zero)]
    let changed: [(change: String, weighed: [[Term<Int>]])] = [
      ("other means and places", moved), ("other forms", exchanged), ("all alone", [first] + none),
      ("all weighed with the first", [first] + tied), ("one list less", weighed.dropLast()),
      ("one list more", weighed + [[]]),
      ("one factor less", [first.dropLast()] + others + [[]]),
      ("one factor more", [more] + others.dropLast()),
    ]
    return changed.map { ($0.change, [.inscribe($0.weighed)]) }
  }

  /// Other ends of a cell.
  private var ends: [(change: String, records: [Record])] {
    switch self {
    case .close, .closeEmpty, .closeCrossed, .hold, .leave, .charge, .outweigh:
      let both = Charge(excluding: [.standard], disjunct: 0, holding: [.standard], stepBits: 0)
      let row = Derivation(rows: [Term(0, .one)])
      let unit = Unit(rectifier: 0, index: 0)
      return [
        ("left", [.leave]), ("held now", [.hold(disjunct: 0, [])]),
        ("closed now", [.close(disjunct: 0, .standard)]), ("crossed now", [.closeCrossed]),
        ("charged now", [.charge(both)]),
        ("outweighed now", [.outweigh(disjunct: 0, [row], place: [])]),
        ("given up", [.confine(unit, .upper, .standard, value: Dyadic(-4096)), .closeCrossed]),
        ("narrowed", [.contract(row), .hold(disjunct: 0, [])]),
      ].filter { $0.1 != [self] }
    case .splitInput, .splitUnit, .splitBound, .separate, .part, .tighten, .tightenAll,
      .refresh, .contract, .lemma, .confine, .inscribe:
      return []
    }
  }
}

extension Derivation {
  /// With other rows, slopes and multipliers.
  var variants: [(change: String, derivation: Derivation)] {
    let four = Dyadic(4)
    return [
      ("slopes 0", rows, .codes([]), units, inputRows),
      ("slopes 1", rows, .codes([255]), units, inputRows),
      ("slopes 1 everywhere", rows, .codes([255, 255, 255]), units, inputRows),
      ("row 0 named", [Term(0, .one)], slopes, units, inputRows),
      ("row 1 named", [Term(1, four)], slopes, units, inputRows),
      ("both rows", [Term(0, .one), Term(1, .one)], slopes, units, inputRows),
      ("rows negated", rows.map { Term($0.place, -$0.value) }, slopes, units, inputRows),
      ("rows weighed", rows.map { Term($0.place, $0.value * four) }, slopes, units, inputRows),
      ("no rows", [], slopes, units, inputRows), ("no input rows", rows, slopes, units, []),
      (
        "input rows weighed", rows, slopes, units, inputRows.map { Term($0.place, $0.value * four) }
      ),
      ("no units", rows, slopes, [], inputRows),
      ("unit 0", rows, slopes, [Term(Unit(rectifier: 0, index: 0), .one)], inputRows),
      ("units negated", rows, slopes, units.map { Term($0.place, -$0.value) }, inputRows),
      ("units weighed", rows, slopes, units.map { Term($0.place, $0.value * four) }, inputRows),
      ("other units", rows, slopes, units.map { Term($0.place.next, $0.value) }, inputRows),
    ].map { change, rows, slopes, units, inputRows in
      (
        change,
        Derivation(rows: rows, slopes: slopes, units: units, inputRows: inputRows)
      )
    }.filter { $0.1 != self }
  }
}

extension Charge {
  /// With other sides, disjuncts, derivations and steps.
  var variants: [(change: String, charge: Charge)] {
    func changed(
      _ excluding: [Derivation]? = nil, _ disjunct: Int? = nil, _ holding: [Derivation]? = nil,
      _ stepBits: Int? = nil
    ) -> Charge {
      Charge(
        excluding: excluding ?? self.excluding, disjunct: disjunct ?? self.disjunct,
        holding: holding ?? self.holding, stepBits: stepBits ?? self.stepBits)
    }
    let plain = [Derivation.standard]
    return [
      ("sides exchanged", changed(holding, nil, excluding)),
      ("outside as inside", changed(excluding, disjunct, excluding)),
      ("inside as outside", changed(holding, disjunct, holding)),
      ("other disjunct", changed(nil, disjunct.other)),
      ("outside too", changed(plain)), ("inside too", changed(nil, nil, plain)),
      ("one outside less", changed(Array(excluding.dropLast()))),
      ("one inside less", changed(nil, nil, Array(holding.dropLast()))),
      ("outside twice", changed(excluding + excluding)),
      ("inside twice", changed(nil, nil, holding + holding)),
      ("few steps", changed(nil, nil, nil, 0)),
      ("more steps", changed(nil, nil, nil, min(12, stepBits + 2))),
      ("too many steps", changed(nil, nil, nil, 13)),
    ].filter { $0.1 != self }
      + excluding.changedOnce.map { ("outside, \($0)", changed($1)) }
      + holding.changedOnce.map { ("inside, \($0)", changed(nil, nil, $1)) }
  }
}

extension [Derivation] {
  /// With one of them changed, or the first two exchanged.
  fileprivate var changedOnce: [(change: String, derivations: [Derivation])] {
    let exchanged = count > 1 ? [("exchanged", [self[1], self[0]] + dropFirst(2))] : []
    return exchanged
      + indices.flatMap { place in
        self[place].variants.map { change, derivation in
          (change, self[..<place] + [derivation] + self[(place + 1)...])
        }
      }
  }
}

extension Unit {
  fileprivate var next: Unit { Unit(rectifier: rectifier, index: index.other) }

  fileprivate var elsewhere: Unit { Unit(rectifier: rectifier.other, index: index) }
}

extension Int {
  /// A neighbouring number of a thing.
  fileprivate var other: Int { self == 0 ? 1 : self - 1 }
}

extension Lemma.Side {
  fileprivate var other: Lemma.Side { self == .lower ? .upper : .lower }
}
