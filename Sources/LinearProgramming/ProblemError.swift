/// Why a problem refused an argument; the problem is unchanged.
public enum ProblemError: Error, Hashable, Sendable {
  /// The part of a problem that a number was meant for.
  public enum Place: Hashable, Sendable {
    /// The bounds of a row.
    case rowBounds
    /// The bounds of a column.
    case columnBounds
    /// A coefficient of the matrix.
    case coefficient
    /// A coefficient of the objective.
    case cost
    /// The objective's constant.
    case objectiveConstant
    /// The relative gap at which an integer search may end.
    case gap
    /// The largest radius of interest.
    case radius
  }

  /// NaN, infinite, or beyond ``Problem/largestMagnitude``.
  case unusableNumber(Double, for: Place)
  /// A lower bound above the upper one.
  case crossedBounds(lower: Double, upper: Double, of: Place)
  /// An integer column with a bound that is not an integer.
  case fractionalBound(Double, column: Int)
  /// A row index outside `0..<count`.
  case noSuchRow(Int, count: Int)
  /// A column index outside `0..<count`.
  case noSuchColumn(Int, count: Int)
  /// An index that occurs twice where each may occur once.
  case repeatedIndex(Int)
  /// A dense vector of the wrong length.
  case wrongCount(found: Int, expected: Int)
}

extension ProblemError: CustomStringConvertible {
  /// One sentence: what was found, and what was expected.
  public var description: String {
    switch self {
    case .unusableNumber(let value, let place):
      "\(value) as \(place): expected a finite number of magnitude at most "
        + "\(Problem.largestMagnitude)"
    case .crossedBounds(let lower, let upper, let place):
      "\(lower) to \(upper) as \(place): expected a lower bound not above the upper one"
    case .fractionalBound(let value, let column):
      "bound \(value) of integer column \(column): expected an integer"
    case .noSuchRow(let index, let count):
      "row \(index): expected an index from 0 up to, but not including, \(count)"
    case .noSuchColumn(let index, let count):
      "column \(index): expected an index from 0 up to, but not including, \(count)"
    case .repeatedIndex(let index):
      "index \(index) occurs twice: expected each at most once"
    case .wrongCount(let found, let expected):
      "\(found) numbers: expected \(expected)"
    }
  }
}

extension ProblemError.Place: CustomStringConvertible {
  /// A phrase that fits after "as".
  public var description: String {
    switch self {
    case .rowBounds: "the bounds of a row"
    case .columnBounds: "the bounds of a column"
    case .coefficient: "a coefficient"
    case .cost: "a cost"
    case .objectiveConstant: "the objective's constant"
    case .gap: "the relative gap"
    case .radius: "the largest radius"
    }
  }
}

/// Refuses NaN, infinities and magnitudes whose products could overflow inside the solver.
func checkNumber(_ value: Double, for place: ProblemError.Place) throws(ProblemError) {
  guard value.magnitude <= Problem.largestMagnitude else {
    throw .unusableNumber(value, for: place)
  }
}
