public import ExactArithmetic

/// One record of a proof; `specs/format/proof.md` gives the bytes and what each one lets the checker
/// conclude.
///
/// A proof is one tree per case of the problem, in pre-order. A node is a run of records that ends
/// with a split (its two children follow) or as soon as no disjunct is open.
public enum Record: Hashable, Sendable {
  /// Two children: `x[entry] ≤ value`, then `x[entry] ≥ value`.
  case splitInput(entry: Int, value: Dyadic)
  /// Two children: pre-activation ≤ 0, then ≥ 0.
  case splitUnit(Unit)
  /// Two children: in the first a unit's pre-activation is on the wrong side of a bound (≤ the value
  /// of a lower one, ≥ that of an upper one), in the second on its right side.
  case splitBound(Unit, Lemma.Side, value: Dyadic)
  /// Two children with the node's set: the one disjunct, then the other open ones.
  case separate(disjunct: Int)
  /// The records that follow, to the end of the node's subtree, have so many bytes and are so many:
  /// they can be checked apart from the rest. No part lies within another one.
  case part(bytes: Int, records: Int)
  /// Bounds all units of a rectifier that are unstable here, by intervals from the rectifiers before
  /// and then by back-substitution with standard slopes.
  case tighten(rectifier: Int)
  /// ``tighten(rectifier:)`` for every rectifier in order.
  case tightenAll
  /// Intervals only, for a rectifier's units, from the bounds of the rectifiers before.
  case refresh(rectifier: Int)
  /// Narrows every input to where the combination of rows is not positive.
  case contract(Derivation)
  /// A bound on the pre-activation of one unit, valid here and below; the derivation has
  /// ``Derivation/rows`` only where one disjunct alone is open.
  case lemma(Unit, Lemma.Side, Derivation)
  /// No point of the node satisfies the rows of a disjunct.
  case close(disjunct: Int, Derivation)
  /// The node has no point: its own rows and splits contradict each other.
  case closeEmpty(Derivation)
  /// The node has no point: some lower bound exceeds the upper bound of the same quantity.
  case closeCrossed
  /// Every point of the node satisfies each row of a disjunct; a derivation for each, none where all
  /// are the standard one. Only of a proof about a probability.
  case hold(disjunct: Int, [Derivation])
  /// Nothing is said of the node's points. Only of a proof about a probability.
  case leave
  /// Something is said of some of the node's points. Only of a proof about a probability.
  case charge(Charge)
  /// A unit has this lower or upper end here and below, but for points that are given up: those where the
  /// form below or above the unit, by the derivation, does not reach it. Only of a proof about a
  /// probability.
  case confine(Unit, Lemma.Side, Derivation, value: Dyadic)
  /// No point of the node satisfies the rows of a disjunct, but for points outside of several
  /// half-spaces, one by each derivation; their mass is bounded by tilting at a place. Only of a proof
  /// about a probability.
  case outweigh(disjunct: Int, [Derivation], place: [Dyadic])
  /// Points of the cell are decided: those where all forms are positive that the records have which follow, up
  /// to a charge. The first terms are the forms whose mass is bounded from below, and the means of laws for them; then
  /// come, for each other form, those that it is weighed with, and where it is tilted. Only of a proof about a probability.
  case inscribe([[Term<Int>]])
}

/// One rectifier unit.
public struct Unit: Hashable, Comparable, Sendable {
  /// The rectifier's ordinal in the network's topological order.
  public let rectifier: Int
  /// The flat index within it.
  public let index: Int

  /// Names a unit.
  ///
  /// - Parameters:
  ///   - rectifier: The rectifier's ordinal.
  ///   - index: The flat index within it.
  public init(rectifier: Int, index: Int) {
    self.rectifier = rectifier
    self.index = index
  }

  /// Orders by rectifier, then by index.
  public static func < (left: Unit, right: Unit) -> Bool {
    (left.rectifier, left.index) < (right.rectifier, right.index)
  }
}

/// A number attached to a place.
public struct Term<Place: Hashable & Sendable>: Hashable, Sendable {
  /// What it belongs to.
  public let place: Place
  /// The number.
  public let value: Dyadic

  /// Attaches a number to a place.
  ///
  /// - Parameters:
  ///   - place: What it belongs to.
  ///   - value: The number.
  public init(_ place: Place, _ value: Dyadic) {
    self.place = place
    self.value = value
  }
}

/// A bound that the checker computes from a derivation.
public enum Lemma {
  /// Which end is bounded.
  public enum Side: Hashable, Sendable {
    /// The lower end.
    case lower
    /// The upper end.
    case upper
  }
}

/// The free choices of one linear combination; whatever they are, the bound they give is sound.
public struct Derivation: Hashable, Sendable {
  /// The lower slopes of unstable units.
  public enum Slopes: Hashable, Sendable {
    /// 1 where `u · 2^20 > −l · (2^20 + 1)`, else 0.
    case standard
    /// One code per unit that is unstable at the node, in order of rectifier and index; code `k`
    /// means `k / 255`. Codes at the end may be left out and count as 0.
    case codes([UInt8])
  }

  /// Multipliers of the disjunct's rows, by ascending row; positive.
  ///
  /// Empty: row 0 with multiplier 1 where a disjunct is closed, elsewhere none.
  public let rows: [Term<Int>]
  /// The lower slopes of unstable units.
  public let slopes: Slopes
  /// Multipliers of split units, by ascending unit; positive.
  public let units: [Term<Unit>]
  /// Multipliers of the case's input rows, by ascending row; positive.
  public let inputRows: [Term<Int>]

  /// Makes a derivation.
  ///
  /// - Parameters:
  ///   - rows: Multipliers of the disjunct's rows.
  ///   - slopes: The lower slopes of unstable units.
  ///   - units: Multipliers of split units.
  ///   - inputRows: Multipliers of the case's input rows.
  public init(
    rows: [Term<Int>] = [], slopes: Slopes = .standard, units: [Term<Unit>] = [],
    inputRows: [Term<Int>] = []
  ) {
    self.rows = rows
    self.slopes = slopes
    self.units = units
    self.inputRows = inputRows
  }

  /// Row 0 alone, standard slopes.
  public static let standard = Derivation()
}
