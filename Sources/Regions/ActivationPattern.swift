/// For every unit of a network, whether its pre-activation is above zero.
///
/// Units are numbered through all rectifiers in topological order; each rectifier is one group. A
/// pre-activation of exactly zero counts as not above: bit 0.
public struct ActivationPattern: Sendable {
  /// The number of units of each rectifier.
  public let groupSizes: [Int]
  /// Unit `u` is bit `u % 64` of word `u / 64`.
  private var words: [UInt64]

  /// Creates the pattern in which no unit is active.
  ///
  /// - Parameter groupSizes: The number of units of each rectifier.
  public init(groupSizes: [Int]) {
    self.groupSizes = groupSizes
    words = Array(repeating: 0, count: (groupSizes.reduce(0, +) + 63) / 64)
  }

  /// Reads a pattern as it is printed: `0110|1010`, a group for each rectifier.
  ///
  /// `nil` for a text with anything but `0`, `1` and `|`.
  ///
  /// - Parameter text: The pattern.
  public init?(_ text: some StringProtocol) {
    let groups = text.split(separator: "|", omittingEmptySubsequences: false)
    self.init(groupSizes: text.isEmpty ? [] : groups.map(\.count))
    var unit = 0
    for character in text where character != "|" {
      guard character == "0" || character == "1" else { return nil }
      self[unit] = character == "1"
      unit += 1
    }
  }

  /// The number of units.
  public var unitCount: Int { groupSizes.reduce(0, +) }

  /// Whether a unit's pre-activation is above zero.
  public subscript(unit: Int) -> Bool {
    get { words[unit >> 6] >> UInt64(unit & 63) & 1 == 1 }
    set {
      let mask = UInt64(1) << UInt64(unit & 63)
      if newValue { words[unit >> 6] |= mask } else { words[unit >> 6] &= ~mask }
    }
  }

  /// The bits of one rectifier.
  ///
  /// - Parameter ordinal: Which rectifier.
  /// - Returns: One bit a unit.
  public func group(_ ordinal: Int) -> [Bool] {
    let first = groupSizes[..<ordinal].reduce(0, +)
    return (first..<first + groupSizes[ordinal]).map { self[$0] }
  }
}

extension ActivationPattern: Hashable, Comparable, CustomStringConvertible {
  /// Compares the bits and the groups.
  public static func == (left: ActivationPattern, right: ActivationPattern) -> Bool {
    left.words == right.words && left.groupSizes == right.groupSizes
  }

  /// Hashes the bits.
  public func hash(into hasher: inout Hasher) { hasher.combine(words) }

  /// Orders by the first unit that differs, inactive before active.
  public static func < (left: ActivationPattern, right: ActivationPattern) -> Bool {
    for (one, other) in zip(left.words, right.words) where one != other {
      let lowest = (one ^ other) & (~(one ^ other) &+ 1)
      return one & lowest == 0
    }
    return left.words.count < right.words.count
  }

  /// The bits, with a bar between rectifiers: `0110|1010`.
  public var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(unitCount + groupSizes.count)
    var unit = 0
    for (ordinal, size) in groupSizes.enumerated() {
      if ordinal > 0 { text.append(UInt8(ascii: "|")) }
      for _ in 0..<size {
        text.append(UInt8(ascii: self[unit] ? "1" : "0"))
        unit += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
