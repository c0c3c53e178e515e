internal import ExactArithmetic

/// Conditions as alternatives of conjunctions of atoms: the disjunctive normal form.
///
/// No alternative is false, one without atoms is true.
struct Alternatives {
  /// More than this are refused.
  static let limit = 200_000
  /// More atoms, over all alternatives, are refused.
  static let sizeLimit = 4_000_000

  /// The conjunctions, each a list of atoms by their number, in the order of the text.
  private(set) var choices: [[Int]]
  /// The number of atoms in all.
  private var size: Int

  init(_ choices: [[Int]]) {
    self.choices = choices
    size = choices.reduce(0) { $0 + $1.count }
  }

  /// Adds alternatives after these.
  ///
  /// - Returns: Whether they are not too many.
  mutating func or(_ other: Alternatives) -> Bool {
    choices += other.choices
    size += other.size
    return choices.count <= Self.limit && size <= Self.sizeLimit
  }

  /// Multiplies out; the later factor varies fastest.
  ///
  /// - Returns: Whether they are not too many; otherwise these are as before.
  mutating func and(_ other: Alternatives) -> Bool {
    let count = choices.count * other.choices.count
    let total = size * other.choices.count + other.size * choices.count
    guard count <= Self.limit, total <= Self.sizeLimit else { return false }
    if other.choices.count == 1 {
      for place in choices.indices { choices[place] += other.choices[0] }
    } else {
      choices = choices.flatMap { left in other.choices.map { left + $0 } }
    }
    size = total
    return true
  }
}
