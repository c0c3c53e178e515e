/// Why a normal law or a rectangle makes no sense.
public enum NormalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A list has the wrong number of entries.
  case wrongCount(of: String, found: Int, expected: Int)
  /// A number is not finite, or not a number, where it must be.
  case unusableNumber(of: String, index: Int, found: Double)
  /// A lower limit lies above the upper one, or a limit is not a number.
  case crossedLimits(row: Int, lower: Double, upper: Double)
  /// A covariance is not symmetric, or a variance or a correlation is impossible.
  case notACovariance(row: Int, column: Int)

  /// One sentence: the place, what was found, what was expected.
  public var description: String {
    switch self {
    case .wrongCount(let name, let found, let expected):
      "\(name): found \(found) numbers, expected \(expected)"
    case .unusableNumber(let name, let index, let found):
      "\(name)[\(index)]: found \(found), expected a finite number"
    case .crossedLimits(let row, let lower, let upper):
      "row \(row): found the limits \(lower) and \(upper), expected lower <= upper"
    case .notACovariance(let row, let column):
      "covariance[\(row)][\(column)]: found an entry that no covariance has there"
    }
  }
}
