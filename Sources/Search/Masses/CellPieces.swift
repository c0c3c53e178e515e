internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// A cell in pieces: units are split in it until the event is decided on each.
///
/// Behind a gate a row is constant where all signs are known, so that no half-space of it decides anything. In a piece
/// where the event is certain, what decides the cell is where the piece is not: on the other side of a unit.
struct CellPieces {
  /// An affine function that is positive nowhere in a piece but where what it stands for is shown.
  struct Form {
    /// What it is below.
    enum Source {
      case row(Int)
      /// A unit that is split, or its negative, which is not positive in the piece.
      case unit(Int)
    }

    let source: Source
    let function: LowerFunction
    /// Of the part of the cell where it is positive.
    var mass: Double
  }

  /// What is shown of one side.
  struct Side {
    /// For each open disjunct, or for each row of the one that holds.
    var forms: [Form] = []
    var disjunct = 0
    /// Of the points of which nothing is shown.
    var missed: Double
  }

  /// The points of a cell that lie on one side of each of several units.
  struct Piece {
    let subproblem: Subproblem
    /// Units whose signs are open, with what that costs the rows.
    let unitCosts: [Int: Double]
    let outside: Side
    let inside: Side
    /// The size of the numbers in the rows.
    let rowSize: Double
    /// How much lies between the rows and what bounds them.
    let gap: Double

    /// Of points of which nothing is shown, on both sides.
    var missed: Double { outside.missed + inside.missed }

    /// Whether the event is decided on it.
    var isDecided: Bool { outside.missed == 0 || inside.missed == 0 }

    /// The units whose signs cost most.
    func candidates(atMost count: Int) -> [Int] {
      unitCosts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(count).map(\.key)
    }
  }

  private struct Node {
    var piece: Piece
    /// The unit by which it is split, and the first of its two children, on which the unit is not positive.
    var split: (unit: Int, first: Int)?
  }

  private let parts: CellParts
  /// Of the cell.
  private let whole: Double
  private var nodes: [Node]

  init(_ piece: Piece, of parts: CellParts) {
    self.parts = parts
    whole = parts.part.mass
    nodes = [Node(piece: piece)]
  }

  /// The pieces on which the event is not decided.
  var open: [(place: Int, piece: Piece)] {
    nodes.indices.filter { nodes[$0].split == nil && !nodes[$0].piece.isDecided }
      .map { ($0, nodes[$0].piece) }
  }

  /// Splits a piece by the unit, of several, that leaves least.
  mutating func split(_ place: Int, trying trials: [(unit: Int, halves: [Piece])]) {
    let least = trials.min { Self.rank($0.halves) < Self.rank($1.halves) }
    guard let (unit, halves) = least else { return }
    nodes[place].split = (unit, nodes.count)
    nodes += halves.map { Node(piece: $0) }
  }

  /// What halves leave; where that is the same, how far their rows are from being decided.
  private static func rank(_ halves: [Piece]) -> (Double, Double) {
    let missed = halves.reduce(0) { $0 + $1.missed }
    return (missed, halves.reduce(0) { $0 + $1.gap })
  }

  /// Joins pieces again whose split shows no more than the whole of them.
  private mutating func prune() {
    var missed = nodes.map(\.piece.missed)
    for place in nodes.indices.reversed() {
      guard let split = nodes[place].split else { continue }
      let halves = missed[split.first] + missed[split.first + 1]
      if halves < missed[place] { missed[place] = halves } else { nodes[place].split = nil }
    }
  }

  /// The charge of the cell.
  ///
  /// - Parameters:
  ///   - records: What comes before.
  ///   - network: The network.
  /// - Returns: The records, with what they are expected to decide.
  mutating func charge(after records: [Record], _ network: FloatNetwork) -> CellBounding.Charged {
    prune()
    let pieces = leaves.map { nodes[$0].piece }
    let inside = max(0, pieces.reduce(whole) { $0 - $1.inside.missed })
    let outside = max(0, pieces.reduce(whole) { $0 - $1.outside.missed })
    guard nodes[0].split != nil, inside + outside > 1e-4 * whole else {
      return CellBounding.Charged()
    }
    let functions = pieces.flatMap { ($0.inside.forms + $0.outside.forms).map(\.function) }
    let bits = parts.stepBits(for: functions, of: parts.weight * whole) {
      parts.weight * (whole - inside - outside)
    }
    return CellBounding.Charged(
      records: records + self.records(of: 0, network, bits), inside: parts.weight * inside,
      outside: parts.weight * outside)
  }

  private var leaves: [Int] {
    var (path, leaves) = ([0], [Int]())
    while let place = path.popLast() {
      if let split = nodes[place].split {
        path += [split.first + 1, split.first]
      } else {
        leaves.append(place)
      }
    }
    return leaves
  }

  private func records(of place: Int, _ network: FloatNetwork, _ bits: Int) -> [Record] {
    guard let split = nodes[place].split else {
      return [nodes[place].piece.charge(of: network, stepBits: bits)]
    }
    let unit = network.unit(split.unit)
    let tightened = nodes[place].piece.rectifiers(boundedBehind: unit.rectifier, of: network)
      .map { Record.tighten(rectifier: $0) }
    return [.splitUnit(unit)]
      + [split.first, split.first + 1].flatMap { tightened + records(of: $0, network, bits) }
  }
}

extension CellPieces.Side {
  /// What forms show together; nothing where one of them is missing or nowhere positive.
  fileprivate init(_ forms: [CellPieces.Form?], of disjunct: Int, in part: CellPart) {
    let whole = part.mass
    let found = forms.compactMap(\.self)
    guard found.count == forms.count, found.allSatisfy({ $0.mass > 0 }) else {
      self.init(missed: whole)
      return
    }
    let partial = found.filter { $0.mass < whole }
    let mass =
      partial.count < 2
      ? partial.first?.mass ?? whole
      : part.commonMass(partial.map(\.function), stepBits: CellParts.exactBits)
    self.init(forms: found, disjunct: disjunct, missed: max(0, whole - mass))
  }
}

extension CellPieces.Piece {
  /// Finds what is shown of a piece.
  ///
  /// - Parameters:
  ///   - subproblem: The cell's box with the splits.
  ///   - open: The disjuncts, with functions that hold on the piece.
  ///   - elsewhere: Below units and their negatives that are not positive in the piece.
  ///   - unitCosts: See ``unitCosts``.
  ///   - part: The cell.
  ///   - isPositive: Whether a function is positive throughout.
  init(
    _ subproblem: Subproblem, _ open: [OpenDisjunct], elsewhere: [CellPieces.Form],
    _ unitCosts: [Int: Double], _ part: CellPart, isPositive: (LowerFunction) -> Bool
  ) {
    func heaviest(_ functions: [LowerFunction]) -> CellPieces.Form? {
      let rows = functions.enumerated().map { row, function in
        CellPieces.Form(
          source: .row(row), function: function,
          mass: isPositive(function) ? part.mass : part.mass(positive: function))
      }
      return (rows + elsewhere).max { $0.mass < $1.mass }
    }
    self.subproblem = subproblem
    self.unitCosts = unitCosts
    outside = CellPieces.Side(
      open.map { heaviest($0.functions.map { $0[0].function }) }, of: 0, in: part)
    inside =
      open.map { disjunct in
        CellPieces.Side(
          disjunct.contraries.map { heaviest([$0[0].function]) }, of: disjunct.place, in: part)
      }.min { $0.missed < $1.missed } ?? CellPieces.Side(missed: part.mass)
    let bounds = open.flatMap { ($0.functions + $0.contraries).map { $0[0].function } }
    gap = bounds.reduce(0) { $0 - min(0, $1.minimum) }
    // What is zero throughout has been rounded, too.
    rowSize = bounds.reduce(subproblem.largest) {
      max($0, $1.magnitude(lower: subproblem.lower, upper: subproblem.upper))
    }
  }

  /// The rectifiers whose units have better bounds after a split; none where no sign is open that these
  /// could settle.
  fileprivate func rectifiers(boundedBehind ordinal: Int, of network: FloatNetwork) -> [Int] {
    let later = network.rectifiers.indices.filter {
      $0 > ordinal && !network.hasExactIntervals($0)
    }
    let isSettled = later.allSatisfy {
      network.rectifiers[$0].gate != nil
        || !network.rectifiers[$0].units.contains(where: subproblem.isUnstable)
    }
    return isSettled ? [] : later
  }

  fileprivate func charge(of network: FloatNetwork, stepBits: Int) -> Record {
    let excluding = outside.forms.compactMap { derivation($0, of: network) }
    let holding = inside.forms.compactMap { derivation($0, of: network) }
    let isOutside = !excluding.isEmpty && excluding.count == outside.forms.count
    let isInside = !holding.isEmpty && holding.count == inside.forms.count
    guard isOutside || isInside else { return .leave }
    return .charge(
      Charge(
        excluding: isOutside ? excluding : [], disjunct: isInside ? inside.disjunct : 0,
        holding: isInside ? holding : [], stepBits: stepBits))
  }

  /// The form, as the checker derives it: a row, or so much of a unit that the row beside it hardly counts.
  private func derivation(_ form: CellPieces.Form, of network: FloatNetwork) -> Derivation? {
    switch form.source {
    case .row(let row): return Derivation(rows: row == 0 ? [] : [Term(row, .one)])
    case .unit(let unit):
      let size = form.function.magnitude(lower: subproblem.lower, upper: subproblem.upper)
      let ratio = max(rowSize, .leastNormalMagnitude) / max(size, .leastNormalMagnitude)
      let multiplier = Double(sign: .plus, exponent: ratio.exponent + 50, significand: 1)
      return Quantised.multiplier(multiplier).map {
        Derivation(units: [Term(network.unit(unit), $0)])
      }
    }
  }
}
