internal import MassArithmetic
internal import ProofFormat

/// What of a cell's mass is shown to be on one side, and what is not; they need not add up to the cell.
struct Share {
  /// Not above the mass of the points where it is shown.
  let shown: Interval
  /// Not below the mass of the others.
  let missing: Interval

  static func all(of whole: Interval) -> Share { Share(shown: whole, missing: .zero) }

  static func none(of whole: Interval) -> Share { Share(shown: .zero, missing: whole) }

  static func all(of whole: Interval, but missing: Interval) -> Share {
    Share(shown: (whole - missing).probability, missing: missing.atMost(whole))
  }

  static func only(_ shown: Interval, of whole: Interval) -> Share {
    Share(shown: shown, missing: (whole - shown).probability)
  }

  /// Of the points where both are shown.
  func and(_ other: Share, of whole: Interval) -> Share {
    if missing == .zero { return other }
    return other.missing == .zero ? self : .all(of: whole, but: missing + other.missing)
  }
}

/// What is shown of both sides in a cell.
struct Shares {
  /// Of the points where the event is excluded.
  var outside: Share
  /// Of those where it is certain.
  var inside: Share

  static func all(of whole: Interval, but missing: Interval = .zero) -> Shares {
    Shares(outside: .all(of: whole, but: missing), inside: .all(of: whole, but: missing))
  }

  /// Of the points of which both show something.
  func and(_ other: Shares, of whole: Interval) -> Shares {
    Shares(
      outside: outside.and(other.outside, of: whole), inside: inside.and(other.inside, of: whole))
  }
}

/// Points that all have the event, or all do not.
struct Inscribed {
  var isInside: Bool
  /// Not above their mass.
  var mass: Interval
  /// Units that are positive at all of them, and negative ones.
  var active: Set<Unit> = []
  var inactive: Set<Unit> = []

  /// Whether no point can be in both.
  func isApart(from other: Inscribed) -> Bool {
    !active.isDisjoint(with: other.inactive) || !inactive.isDisjoint(with: other.active)
  }
}

/// What a tree of cells decides.
struct DecidedMass {
  /// Where the event is certain, but for points given up.
  var inside = Interval.zero
  /// Where it is excluded, but for points given up.
  var outside = Interval.zero
  /// Where it is not shown to be excluded: not less.
  var possible = Interval.zero
  /// Where nothing is shown, though the cells there count: not less.
  var givenUp = Interval.zero
  /// How many nodes there were.
  var nodes = 0

  mutating func add(_ shares: Shares) {
    inside = inside + shares.inside.shown
    outside = outside + shares.outside.shown
    possible = possible + shares.outside.missing
  }
}
