/// How probable numbers in each of some intervals are: one row of bars for each of several numbers.
public struct HistogramPlot: Sendable {
  /// The weighted values of one number.
  public struct Row: Sendable {
    /// What the number is.
    public var title: String
    /// Values with their probabilities.
    public var values: [(value: Double, mass: Double)]

    /// The weighted values of one number.
    ///
    /// - Parameters:
    ///   - title: What the number is.
    ///   - values: Values with their probabilities.
    public init(title: String, values: [(value: Double, mass: Double)]) {
      self.title = title
      self.values = values
    }
  }

  /// The rows, from above; they share the horizontal axis.
  public var rows: [Row]
  /// What is above the plot.
  public var title: String
  /// What the horizontal axis shows.
  public var axis: String
  /// What is said below it.
  public var note: String

  /// A histogram.
  ///
  /// - Parameters:
  ///   - rows: From above.
  ///   - title: What is above the plot.
  ///   - axis: What the horizontal axis shows.
  ///   - note: What is said below it.
  public init(rows: [Row], title: String, axis: String, note: String) {
    self.rows = rows
    self.title = title
    self.axis = axis
    self.note = note
  }

  /// The picture, a text in SVG.
  public var svg: String { drawing.text }

  private static let binCount = 48
  private static let rowHeight = 150.0

  var drawing: Drawing {
    let height = Self.rowHeight * Double(max(rows.count, 1))
    var drawing = Drawing(width: 640, height: height + 96)
    drawing.write(title, at: .init(x: 64, y: 26), size: 14, isBold: true)
    let values = rows.flatMap { $0.values.map(\.value) }.filter(\.isFinite)
    let (low, high) = (min(0, values.min() ?? 0), values.max() ?? 1)
    for (place, row) in rows.enumerated() {
      let top = 44 + Self.rowHeight * Double(place)
      let bins = Self.bins(row.values, low, high)
      let frame = PlotFrame(
        left: 64, top: top, right: 620, bottom: top + Self.rowHeight - 30,
        x: (low, high > low ? high : low + 1), y: (0, (bins.max() ?? 1) * 1.12))
      frame.drawAxes(
        in: &drawing, x: place == rows.count - 1 ? axis : "", y: "probability")
      let width = (frame.x.range.high - low) / Double(Self.binCount)
      for (bin, mass) in bins.enumerated() where mass > 0 {
        drawing.rectangle(
          from: frame.point(low + width * Double(bin), 0),
          to: frame.point(low + width * Double(bin + 1), mass), fill: Palette.blue,
          stroke: .init(colour: Palette.paper, width: 0.6))
      }
      drawing.write(
        row.title, at: .init(x: 612, y: top + 16), .end, isBold: true)
    }
    drawing.write(note, at: .init(x: 64, y: height + 86), size: 11, colour: Palette.faint)
    return drawing
  }

  private static func bins(
    _ values: [(value: Double, mass: Double)], _ low: Double, _ high: Double
  ) -> [Double] {
    var bins = [Double](repeating: 0, count: binCount)
    for (value, mass) in values where value.isFinite {
      let share = high > low ? (value - low) / (high - low) : 0
      bins[min(Int(share * Double(binCount)), binCount - 1)] += mass
    }
    return bins
  }
}
