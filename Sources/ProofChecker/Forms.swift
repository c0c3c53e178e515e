internal import ExactArithmetic

/// The coefficients of several linear forms at one node, each form on its own grid.
struct Forms {
  /// Row-major `[forms][size]`, of at most ``Block/coefficientBits`` bits.
  var entries: [Int64]
  /// The power of two that each form's integers are scaled by.
  var exponents: [Int]
  let size: Int

  /// Forms that are zero.
  init(count: Int, size: Int) {
    entries = [Int64](repeating: 0, count: count * size)
    exponents = [Int](repeating: 0, count: count)
    self.size = size
  }

  /// How many bits the largest coefficient of a form has.
  func significantBits(_ form: Int) -> Int {
    var union: UInt64 = 0
    for place in form * size..<(form + 1) * size { union |= entries[place].magnitude }
    return 64 - union.leadingZeroBitCount
  }

  /// Adds `wide · 2^shift` to the places of one form, rounded down.
  ///
  /// - Parameters:
  ///   - places: Where.
  ///   - wide: The addends; the one of place `p` is `wide[p − first]`.
  ///   - first: The place of the first addend.
  ///   - shift: To the left where positive; the results fit.
  /// - Returns: Whether bits were dropped.
  mutating func add(
    _ places: Range<Int>, of wide: [Int128], from first: Int = 0, shiftedBy shift: Int
  ) -> Bool {
    if shift >= 0 {
      for place in places where wide[place - first] != 0 {
        entries[place] += Int64(wide[place - first] << Int128(shift))
      }
      return false
    }
    let right = Int128(min(-shift, 127))
    var dropped: Int128 = 0
    for place in places {
      let kept = wide[place - first] >> right
      dropped |= wide[place - first] ^ (kept << right)
      entries[place] += Int64(truncatingIfNeeded: kept)
    }
    return dropped != 0
  }
}

/// Sums of products for several linear forms at one node, before they are rounded.
struct WideForms {
  /// Row-major `[forms][size]`.
  var entries: [Int128]
  /// The power of two that each form's integers are scaled by.
  var exponents: [Int]
  let size: Int

  /// Forms that are zero.
  init(count: Int, size: Int, exponent: Int) {
    entries = [Int128](repeating: 0, count: count * size)
    exponents = [Int](repeating: exponent, count: count)
    self.size = size
  }

  /// The same numbers with more room.
  init(_ forms: Forms) {
    entries = forms.entries.map { Int128($0) }
    exponents = forms.exponents
    size = forms.size
  }

  /// How many bits the largest coefficient of a form has.
  func significantBits(_ form: Int) -> Int {
    var union: UInt128 = 0
    for place in form * size..<(form + 1) * size { union |= entries[place].magnitude }
    return 128 - union.leadingZeroBitCount
  }
}
