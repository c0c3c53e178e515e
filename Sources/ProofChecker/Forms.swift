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
    var isNeeded = [Bool](repeating: false, count: size)
    for form in 0..<count {
      for place in 0..<size where coefficients[form &* size &+ place] != 0 {
        isNeeded[place] = true
      }
    }
    return isNeeded.indices.filter { isNeeded[$0] }
  }

  /// Adds one of several vectors to a form, on the form's grid, rounded down.
  ///
  /// - Returns: Whether bits were dropped.
  mutating func add(_ addends: WideForms, form: Int) -> Bool {
    let shift = addends.exponents[form] - exponents[form]
    let (left, right) = (Int128(max(shift, 0)), Int128(min(max(-shift, 0), 127)))
    let lost: Int128 = (1 &<< right) &- 1
    var dropped: Int128 = 0
    let first = form &* addends.places.count
    for (position, place) in addends.places.enumerated() {
      let sum = addends.sums[first &+ position]
      dropped |= sum & lost
      coefficients[form &* size &+ place] += Int64((sum &<< left) &>> right)
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

  init(places: [Int], sums: [Int128], exponents: [Int]) {
    self.places = places
    self.sums = sums
    self.exponents = exponents
  }

  /// The same numbers with more room.
  init(_ forms: Forms) {
    self.init(
      places: Array(0..<forms.size), sums: forms.coefficients.map { Int128($0) },
      exponents: forms.exponents)
  }

  /// The least power of two above every magnitude of a form; nil where it is zero.
  func top(_ form: Int) -> Int? {
    var union: UInt128 = 0
    for place in form * places.count..<(form + 1) * places.count { union |= sums[place].magnitude }
    return union == 0 ? nil : 128 - union.leadingZeroBitCount + exponents[form]
  }
}
