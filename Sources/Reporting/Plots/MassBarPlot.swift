/// The greatest masses as bars, with their intervals.
public struct MassBarPlot: Sendable {
  /// One bar.
  public struct Bar: Sendable {
    /// What it is of.
    public var label: String
    /// How long it is.
    public var value: Double
    /// The interval that the number is in.
    public var interval: (lower: Double, upper: Double)

    /// One bar.
    ///
    /// - Parameters:
    ///   - label: What it is of.
    ///   - value: How long it is.
    ///   - interval: The interval that the number is in.
    public init(label: String, value: Double, interval: (lower: Double, upper: Double)) {
      self.label = label
      self.value = value
      self.interval = interval
    }
  }

  /// The bars, from above.
  public var bars: [Bar]
  /// What is above the plot.
  public var title: String
  /// What is said below it.
  public var note: String

  /// Bars.
  ///
  /// - Parameters:
  ///   - bars: From above.
  ///   - title: What is above the plot.
  ///   - note: What is said below it.
  public init(bars: [Bar], title: String, note: String) {
    self.bars = bars
    self.title = title
    self.note = note
  }

  /// The picture, a text in SVG.
  public var svg: String { drawing.text }

  var drawing: Drawing {
    let labels = bars.map { Self.shortened($0.label) }
    let left = 30 + 6.8 * Double(labels.map(\.count).max() ?? 0)
    let bottom = 44 + 16 * Double(max(bars.count, 1))
    var drawing = Drawing(width: left + 340, height: bottom + 74)
    drawing.write(title, at: .init(x: 16, y: 26), size: 14, isBold: true)
    let greatest = bars.map { max($0.value, $0.interval.upper) }.max() ?? 1
    let frame = PlotFrame(
      left: left, top: 44, right: left + 250, bottom: bottom, x: (0, greatest * 1.03),
      y: (0, 1))
    drawing.write(note, at: .init(x: 16, y: bottom + 62), size: 11, colour: Palette.faint)
    for (value, label) in frame.x.ticks(atMost: 5) {
      let place = frame.x(value)
      drawing.line(
        from: .init(x: place, y: 44), to: .init(x: place, y: bottom), .init(colour: Palette.grid))
      drawing.write(
        label, at: .init(x: place, y: bottom + 16), .middle, size: 11, colour: Palette.faint)
    }
    drawing.write("probability", at: .init(x: left + 125, y: bottom + 36), .middle)
    for (place, bar) in bars.enumerated() {
      let y = 44 + 16 * Double(place)
      drawing.rectangle(
        from: .init(x: left, y: y + 2), to: .init(x: frame.x(bar.value), y: y + 14),
        fill: Palette.blue)
      drawing.write(
        labels[place], at: .init(x: left - 6, y: y + 12), .end, size: 11, isMonospaced: true)
      let (low, high) = (frame.x(bar.interval.lower), frame.x(bar.interval.upper))
      if high - low > 1 {
        drawing.line(
          from: .init(x: low, y: y + 8), to: .init(x: high, y: y + 8),
          .init(colour: Palette.vermilion, width: 2))
      }
      drawing.write(
        Self.rounded(bar.value), at: .init(x: max(high, frame.x(bar.value)) + 6, y: y + 12),
        size: 11, colour: Palette.faint)
    }
    drawing.line(
      from: .init(x: left, y: 44), to: .init(x: left, y: bottom), .init(colour: Palette.faint))
    return drawing
  }

  /// The beginning and the end of what is too long.
  private static func shortened(_ label: String) -> String {
    label.count <= 26 ? label : "\(label.prefix(14))…\(label.suffix(11))"
  }

  /// Three digits of a probability.
  private static func rounded(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "0" }
    var (exponent, unit) = (-2, 0.01)
    while value < unit * 100, exponent > -300 {
      exponent -= 1
      unit /= 10
    }
    while value >= unit * 1000 {
      exponent += 1
      unit *= 10
    }
    return PlotScale.numeral(Int((value / unit).rounded()), exponent)
  }
}
