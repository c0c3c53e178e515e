/// A map of the regions in the plane, coloured by a number of each.
public struct RegionMapPlot: Sendable {
  /// One region.
  public struct Cell: Sendable {
    /// Its corners, in order.
    public var corners: [(x: Double, y: Double)]
    /// The number that its colour shows, not negative.
    public var value: Double

    /// One region.
    ///
    /// - Parameters:
    ///   - corners: In order; finite.
    ///   - value: The number that its colour shows, not negative.
    public init(corners: [(x: Double, y: Double)], value: Double) {
      self.corners = corners
      self.value = value
    }
  }

  /// The regions.
  public var cells: [Cell]
  /// Lines on top of them, such as those of equal density.
  public var contours: [[(x: Double, y: Double)]]
  /// What is above the plot.
  public var title: String
  /// What the axes show.
  public var axes: (x: String, y: String)
  /// What the colours show.
  public var legend: String
  /// What the lines on top are; empty where there are none.
  public var contourLegend: String

  /// A map.
  ///
  /// - Parameters:
  ///   - cells: The regions.
  ///   - contours: Lines on top of them.
  ///   - title: What is above the plot.
  ///   - axes: What the axes show.
  ///   - legend: What the colours show.
  ///   - contourLegend: What the lines on top are.
  public init(
    cells: [Cell], contours: [[(x: Double, y: Double)]] = [], title: String,
    axes: (x: String, y: String), legend: String, contourLegend: String = ""
  ) {
    self.cells = cells
    self.contours = contours
    self.title = title
    self.axes = axes
    self.legend = legend
    self.contourLegend = contourLegend
  }

  /// The picture, a text in SVG.
  public var svg: String { drawing.text }

  var drawing: Drawing {
    var drawing = Drawing(width: 560, height: 520)
    let corners = cells.flatMap(\.corners)
    let frame = PlotFrame(
      left: 64, top: 44, right: 450, bottom: 430,
      x: (corners.map(\.x).min() ?? 0, corners.map(\.x).max() ?? 1),
      y: (corners.map(\.y).min() ?? 0, corners.map(\.y).max() ?? 1))
    drawing.write(title, at: .init(x: 64, y: 26), size: 14, isBold: true)
    let greatest = cells.map(\.value).max() ?? 0
    // Thin lines where there are many.
    let border = Drawing.Stroke(
      colour: "#7d8491", width: min(0.8, max(0.15, 20 / Double(cells.count + 1).squareRoot() / 6)))
    for cell in cells {
      drawing.polygon(
        cell.corners.map { frame.point($0.x, $0.y) },
        fill: Palette.shade(greatest > 0 ? cell.value / greatest : 0), stroke: border)
    }
    for contour in contours { draw(contour, in: frame, &drawing) }
    frame.drawAxes(in: &drawing, x: axes.x, y: axes.y, hasGrid: false)
    drawLegend(upTo: greatest, in: &drawing)
    if !contourLegend.isEmpty {
      drawing.line(
        from: .init(x: 64, y: 498), to: .init(x: 90, y: 498),
        .init(colour: Palette.vermilion, width: 1.5))
      drawing.write(contourLegend, at: .init(x: 96, y: 502), size: 11, colour: Palette.faint)
    }
    return drawing
  }

  /// Draws a line where it is within the frame.
  private func draw(
    _ contour: [(x: Double, y: Double)], in frame: PlotFrame, _ drawing: inout Drawing
  ) {
    let stroke = Drawing.Stroke(colour: Palette.vermilion, width: 1.5)
    var run: [Drawing.Point] = []
    for (x, y) in contour {
      let isInside =
        frame.x.range.low <= x && x <= frame.x.range.high && frame.y.range.low <= y
        && y <= frame.y.range.high
      if isInside { run.append(frame.point(x, y)) }
      if !isInside, !run.isEmpty {
        drawing.polyline(run, stroke)
        run = []
      }
    }
    if !run.isEmpty { drawing.polyline(run, stroke) }
  }

  private func drawLegend(upTo greatest: Double, in drawing: inout Drawing) {
    let scale = PlotScale(0, greatest, from: 430, to: 44)
    let steps = 64
    for step in 0..<steps {
      let (low, high) = (Double(step) / Double(steps), Double(step + 1) / Double(steps))
      drawing.rectangle(
        from: .init(x: 472, y: 430 - 386 * low), to: .init(x: 488, y: 430 - 386 * high - 0.4),
        fill: Palette.shade((low + high) / 2))
    }
    drawing.rectangle(
      from: .init(x: 472, y: 44), to: .init(x: 488, y: 430), fill: "none",
      stroke: .init(colour: Palette.faint))
    if greatest > 0 {
      for (value, label) in scale.ticks(atMost: 8) {
        drawing.write(
          label, at: .init(x: 494, y: scale(value) + 4), size: 11, colour: Palette.faint)
      }
    }
    drawing.write(legend, at: .init(x: 548, y: 237), .middle, isUpright: true)
  }
}
