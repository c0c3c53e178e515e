internal import Approximation
internal import BigInt
public import ExactArithmetic

/// Numbers exactly as they were written, with the doubles nearest to them.
///
/// Decimals are kept as fractions; the binary numbers of a data file are exact as they are and take no
/// more room than that.
public struct ExactNumbers: Sendable {
  fileprivate enum Storage: Sendable {
    case fractions([Rational])
    case decimals([Decimal])
    case doubles
  }

  /// `mantissa · 10^exponent`, which most numerals are.
  struct Decimal: Sendable {
    let mantissa: Int64
    let exponent: Int16
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

  fileprivate static func fits(_ fraction: Rational, _ double: Double) -> Bool {
    double.isFinite && (double != 0 || fraction.signum == 0)
  }

  /// How many there are.
  public var count: Int { doubles.count }

  /// The exact number at a place.
  public subscript(place: Int) -> Rational {
    switch storage {
    case .fractions(let fractions): return fractions[place]
    case .decimals(let decimals): return decimals[place].fraction
    case .doubles: return Self.exact(doubles[place])
    }
  }

  /// All numbers.
  public var fractions: [Rational] {
    switch storage {
    case .fractions(let fractions): fractions
    case .decimals(let decimals): decimals.map(\.fraction)
    case .doubles: doubles.map(Self.exact)
    }
  }

  /// The sum, exactly.
  public var sum: Rational {
    switch storage {
    case .fractions(let fractions): fractions.reduce(.zero, +)
    case .decimals(let decimals): decimals.reduce(.zero) { $0 + $1.fraction }
    case .doubles: doubles.reduce(.zero) { $0 + Self.exact($1) }
    }
  }

  /// The number at a place as a numeral: a decimal one where that is finite, else a fraction.
  func numeral(_ place: Int) -> String {
    switch storage {
    case .decimals(let decimals): decimals[place].numeral
    case .fractions, .doubles: self[place].numeral
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
    case .decimals(let decimals): decimals[first].fraction == decimals[second].fraction
    case .doubles: doubles[first] == doubles[second]
    }
  }

  /// Whether every number equals its nearest double.
  var areBinary: Bool {
    switch storage {
    case .fractions(let fractions): fractions.allSatisfy(\.isBinary)
    case .decimals(let decimals): decimals.allSatisfy(\.fraction.isBinary)
    case .doubles: true
    }
  }

  /// The first number, several times.
  func repeated(_ times: Int) -> ExactNumbers {
    let copies = [Double](repeating: doubles[0], count: times)
    return switch storage {
    case .fractions(let fractions):
      ExactNumbers(.fractions(Array(repeating: fractions[0], count: times)), copies)
    case .decimals(let decimals):
      ExactNumbers(.decimals(Array(repeating: decimals[0], count: times)), copies)
    case .doubles: ExactNumbers(.doubles, copies)
    }
  }

  /// Some of the numbers.
  func slice(_ range: Range<Int>) -> ExactNumbers {
    switch storage {
    case .fractions(let fractions):
      ExactNumbers(.fractions(Array(fractions[range])), Array(doubles[range]))
    case .decimals(let decimals):
      ExactNumbers(.decimals(Array(decimals[range])), Array(doubles[range]))
    case .doubles: ExactNumbers(.doubles, Array(doubles[range]))
    }
  }

  fileprivate init(_ storage: Storage, _ doubles: [Double]) {
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

extension Rational {
  /// Whether this is a binary64 number.
  var isBinary: Bool {
    dyadic != nil && Dyadic(exactly: nearestDouble).map { Rational($0) } == self
  }
}

extension ExactNumbers {
  /// A numeral that cannot be kept.
  struct UnusableNumeral: Error {
    /// Its place in the list.
    let place: Int
  }

  /// Reads decimal numerals.
  ///
  /// - Parameter numerals: As ``Rational/init(decimal:)`` reads them.
  /// - Returns: The numbers, or the place of the first that is no finite number near a double.
  static func reading(_ numerals: [Substring]) -> Result<ExactNumbers, UnusableNumeral> {
    var doubles: [Double] = []
    doubles.reserveCapacity(numerals.count)
    let decimals = numerals.map { Decimal($0) }
    for (place, numeral) in numerals.enumerated() {
      // The library rounds correctly; it also reads `nan` and `0x1`, which are no decimals.
      guard let value = Double(numeral), value.isFinite,
        let exact = decimals[place]?.isZero ?? Rational(decimal: numeral).map({ $0.signum == 0 }),
        value != 0 || exact
      else { return .failure(UnusableNumeral(place: place)) }
      doubles.append(value)
    }
    let small = decimals.compactMap(\.self)
    guard small.count == numerals.count else {
      return .success(
        ExactNumbers(.fractions(numerals.compactMap { Rational(decimal: $0) }), doubles))
    }
    return .success(ExactNumbers(.decimals(small), doubles))
  }
}

extension ExactNumbers.Decimal {
  /// Reads a numeral of at most 18 digits.
  init?(_ numeral: Substring) {
    var (mantissa, exponent, digits): (Int64, Int, Int) = (0, 0, 0)
    var (isNegative, seenPoint) = (false, false)
    var bytes = numeral.utf8[...]
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      bytes = bytes.dropFirst()
    }
    while let byte = bytes.first {
      if byte == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digits < 18 {
        mantissa = 10 * mantissa + Int64(byte - UInt8(ascii: "0"))
        digits += 1
        if seenPoint { exponent -= 1 }
      } else {
        break
      }
      bytes = bytes.dropFirst()
    }
    if let mark = bytes.first {
      guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E"),
        let power = Int(Substring(bytes.dropFirst())), power.magnitude <= 10_000
      else { return nil }
      exponent += power
    }
    guard digits > 0, let narrow = Int16(exactly: exponent) else { return nil }
    self.mantissa = isNegative ? -mantissa : mantissa
    self.exponent = narrow
  }

  var isZero: Bool { mantissa == 0 }

  /// Plain where that is short, else with an exponent.
  var numeral: String {
    let digits = String(mantissa.magnitude)
    let point = digits.count + Int(exponent)
    let sign = mantissa < 0 ? "-" : ""
    if mantissa == 0 { return "0" }
    if exponent >= 0, point <= 18 {
      return sign + digits + String(repeating: "0", count: Int(exponent))
    }
    if point > 0, exponent < 0 {
      return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
    if point <= 0, point > -6 {
      return sign + "0." + String(repeating: "0", count: -point) + digits
    }
    return "\(sign)\(digits)e\(exponent)"
  }

  var fraction: Rational {
    let power = BigInt(10).power(Int(exponent.magnitude))
    return exponent >= 0
      ? Rational(BigInt(mantissa) * power) : Rational(BigInt(mantissa), over: power)
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
