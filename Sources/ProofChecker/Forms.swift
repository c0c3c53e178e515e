internal import ExactArithmetic

/// The coefficients of several linear forms at one node, each form on its own grid.
struct Forms {
  /// Row-major `[forms][size]`, of at most ``Block/coefficientBits`` bits.
  var coefficients: [Int64]
  /// The power of two that each form's integers are scaled by.
  var exponents: [Int]
  let size: Int

  /// Forms that are zero.
  init(count: Int, size: Int) {
    coefficients = [Int64](repeating: 0, count: count * size)
    exponents = [Int](repeating: 0, count: count)
    self.size = size
  }

  var count: Int { exponents.count }

  /// The places where some form is not zero, ascending.
  var support: [Int] {
    var union = Array(coefficients[..<size])
    for form in 1..<max(1, count) {
      let row = coefficients.span.extracting(form * size..<(form + 1) * size)
      var sums = union.mutableSpan
      for place in 0..<row.count { sums[place] |= row[place] }
    }
    return union.indices.filter { union[$0] != 0 }
  }

  /// Adds one of several vectors to a form, on the form's grid, rounded down.
  ///
  /// - Returns: Whether bits were dropped.
  mutating func add(_ addends: WideForms, form: Int) -> Bool {
    let shift = addends.exponents[form] - exponents[form]
    let (count, first) = (addends.places.count, form * size)
    let places = addends.places.span
    let sums = addends.sums.span.extracting(form * count..<(form + 1) * count)
    var row = coefficients.mutableSpan
    guard shift < 0 else {
      for place in 0..<count { row[first + places[place]] += Int64(sums[place] &<< Int128(shift)) }
      return false
    }
    let right = Int128(min(-shift, 127))
    let lost: Int128 = (1 &<< right) &- 1
    var dropped: Int128 = 0
    for place in 0..<count {
      dropped |= sums[place] & lost
      row[first + places[place]] += Int64(sums[place] &>> right)
    }
    return dropped != 0
  }
}

/// Sums of products for several linear forms at some places of a node, before they are rounded.
struct WideForms {
  /// The places, each once.
  let places: [Int]
  /// Row-major `[forms][places]`.
  var sums: [Int128]
  /// The power of two that each form's integers are scaled by.
  var exponents: [Int]
}

extension WideForms {
  /// The same numbers with more room.
  init(_ forms: Forms) {
    self.init(
      places: Array(0..<forms.size), sums: forms.coefficients.map { Int128($0) },
      exponents: forms.exponents)
  }

  /// The least power of two above every magnitude of a form; nil where it is zero.
  func top(_ form: Int) -> Int? {
    var union: UInt128 = 0
    let row = sums.span.extracting(form * places.count..<(form + 1) * places.count)
    for place in 0..<row.count { union |= row[place].magnitude }
    return union == 0 ? nil : 128 - union.leadingZeroBitCount + exponents[form]
  }
}
