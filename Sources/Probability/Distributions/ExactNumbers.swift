public import ExactArithmetic

/// Numbers exactly as they were written, with the doubles nearest to them.
///
/// Decimals are kept as fractions; the binary numbers of a data file are exact as they are and take no
/// more room than that.
public struct ExactNumbers: Sendable {
  private enum Storage: Sendable {
    case fractions([Rational])
    case doubles
  }

  private let storage: Storage
  /// The nearest double of each number; all finite, and zero only where the number is.
  public let doubles: [Double]

  /// Keeps fractions; `nil` where one is too large or too small for a double, see
  /// ``firstOutOfRange(_:)``.
  ///
  /// - Parameter fractions: Any fractions.
  public init?(_ fractions: [Rational]) {
    let nearest = fractions.map(\.nearestDouble)
    guard zip(fractions, nearest).allSatisfy(Self.fits) else { return nil }
    storage = .fractions(fractions)
    doubles = nearest
  }

  /// Keeps doubles, which are exact; `nil` where one is infinite or not a number.
  ///
  /// - Parameter doubles: Any doubles.
  public init?(_ doubles: [Double]) {
    guard doubles.allSatisfy(\.isFinite) else { return nil }
    storage = .doubles
    self.doubles = doubles
  }

  /// The first fraction that no double can stand for.
  ///
  /// - Parameter fractions: Any fractions.
  /// - Returns: Its place; `nil` where there is none.
  public static func firstOutOfRange(_ fractions: [Rational]) -> Int? {
    fractions.firstIndex { !fits($0, $0.nearestDouble) }
  }

  private static func fits(_ fraction: Rational, _ double: Double) -> Bool {
    double.isFinite && (double != 0 || fraction.signum == 0)
  }

  /// How many there are.
  public var count: Int { doubles.count }

  /// The exact number at a place.
  public subscript(place: Int) -> Rational {
    switch storage {
    case .fractions(let fractions): return fractions[place]
    case .doubles: return Self.exact(doubles[place])
    }
  }

  /// All numbers.
  public var fractions: [Rational] {
    switch storage {
    case .fractions(let fractions): fractions
    case .doubles: doubles.map(Self.exact)
    }
  }

  /// The sum, exactly.
  public var sum: Rational {
    switch storage {
    case .fractions(let fractions): fractions.reduce(.zero, +)
    case .doubles: doubles.reduce(.zero) { $0 + Self.exact($1) }
    }
  }

  /// Whether two of the numbers are the same, exactly.
  ///
  /// - Parameters:
  ///   - first: One place.
  ///   - second: Another place.
  /// - Returns: Whether they are.
  func areEqual(_ first: Int, _ second: Int) -> Bool {
    switch storage {
    case .fractions(let fractions): fractions[first] == fractions[second]
    case .doubles: doubles[first] == doubles[second]
    }
  }

  /// Some of the numbers.
  func slice(_ range: Range<Int>) -> ExactNumbers {
    switch storage {
    case .fractions(let fractions):
      ExactNumbers(.fractions(Array(fractions[range])), Array(doubles[range]))
    case .doubles: ExactNumbers(.doubles, Array(doubles[range]))
    }
  }

  private init(_ storage: Storage, _ doubles: [Double]) {
    self.storage = storage
    self.doubles = doubles
  }

  private static func exact(_ double: Double) -> Rational {
    guard let dyadic = Dyadic(exactly: double) else {
      preconditionFailure("only finite numbers are kept")
    }
    return Rational(dyadic)
  }
}

/// A matrix of exact numbers.
public struct ExactMatrix: Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// Row-major.
  public let numbers: ExactNumbers

  /// Creates a matrix.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - numbers: Row-major.
  public init(rows: Int, columns: Int, _ numbers: ExactNumbers) {
    precondition(numbers.count == rows * columns, "a matrix has rows × columns entries")
    self.rows = rows
    self.columns = columns
    self.numbers = numbers
  }
}
