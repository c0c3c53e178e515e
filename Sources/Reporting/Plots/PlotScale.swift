/// From numbers to pixels along one axis, with round numbers to write beside it.
struct PlotScale {
  /// What the axis shows, the lower end first.
  let range: (low: Double, high: Double)
  /// Where these ends are drawn.
  let pixels: (low: Double, high: Double)

  init(_ low: Double, _ high: Double, from start: Double, to end: Double) {
    let isUsable = low.isFinite && high.isFinite && low < high
    let middle = low.isFinite ? low : 0
    let reach = max(middle.magnitude * 0.01, 1e-6)
    range = isUsable ? (low, high) : (middle - reach, middle + reach)
    pixels = (start, end)
  }

  /// Where a number is drawn; what is outside at the ends.
  func callAsFunction(_ value: Double) -> Double {
    let share = min(max((value - range.low) / (range.high - range.low), 0), 1)
    return pixels.low + share * (pixels.high - pixels.low)
  }

  /// Round numbers within the range with their numerals: steps of 1, 2 or 5 times a power of ten.
  func ticks(atMost count: Int) -> [(value: Double, label: String)] {
    let width = range.high - range.low
    var exponent = -300
    var unit = 1e-300
    while unit * 10 <= width / Double(count), exponent < 300 {
      exponent += 1
      unit = Self.power(exponent)
    }
    var step = 1
    for candidate in [1, 2, 5, 10] where width / (Double(candidate) * unit) <= Double(count) {
      step = candidate
      break
    }
    let size = Double(step) * unit
    let first = (range.low / size - 1e-9).rounded(.up)
    let last = (range.high / size + 1e-9).rounded(.down)
    guard first <= last, first.magnitude < 1e12, last.magnitude < 1e12 else {
      return [(range.low, "\(range.low)"), (range.high, "\(range.high)")]
    }
    return (Int(first)...Int(last)).map { place in
      (Double(place) * size, Self.numeral(place * step, exponent))
    }
  }

  private static func power(_ exponent: Int) -> Double {
    Double("1e\(exponent)") ?? 1
  }

  /// `digits · 10^exponent`, plain where that is short.
  static func numeral(_ digits: Int, _ exponent: Int) -> String {
    guard digits != 0 else { return "0" }
    let sign = digits < 0 ? "−" : ""
    var (text, exponent) = ("\(digits.magnitude)", exponent)
    while text.hasSuffix("0") {
      text.removeLast()
      exponent += 1
    }
    if exponent >= 0 {
      guard text.count + exponent <= 6 else { return scientific(sign, text, exponent) }
      return sign + text + String(repeating: "0", count: exponent)
    }
    guard -exponent <= 6 else { return scientific(sign, text, exponent) }
    if text.count <= -exponent {
      text = String(repeating: "0", count: 1 - exponent - text.count) + text
    }
    return sign + text.dropLast(-exponent) + "." + text.suffix(-exponent)
  }

  private static func scientific(_ sign: String, _ text: String, _ exponent: Int) -> String {
    let power = exponent + text.count - 1
    let rest = text.dropFirst()
    return sign + text.prefix(1) + (rest.isEmpty ? "" : "." + rest)
      + "e" + (power < 0 ? "−\(-power)" : "\(power)")
  }
}
