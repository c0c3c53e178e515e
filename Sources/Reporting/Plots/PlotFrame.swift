/// The rectangle that a plot is drawn into: its scales, axes and titles.
struct PlotFrame {
  let x: PlotScale
  let y: PlotScale

  /// The rectangle between two corners in pixels, with the numbers that its sides stand for.
  init(
    left: Double, top: Double, right: Double, bottom: Double, x: (Double, Double),
    y: (Double, Double)
  ) {
    self.x = PlotScale(x.0, x.1, from: left, to: right)
    self.y = PlotScale(y.0, y.1, from: bottom, to: top)
  }

  /// Where a pair of numbers is drawn.
  func point(_ x: Double, _ y: Double) -> Drawing.Point {
    Drawing.Point(x: self.x(x), y: self.y(y))
  }

  /// Draws grid lines and numbers, and writes what the axes show.
  func drawAxes(in drawing: inout Drawing, x xTitle: String, y yTitle: String, hasGrid: Bool = true)
  {
    let (left, right) = x.pixels
    let (bottom, top) = y.pixels
    let grid = Drawing.Stroke(colour: Palette.grid)
    let axis = Drawing.Stroke(colour: Palette.faint)
    for (value, label) in x.ticks(atMost: max(2, Int((right - left) / 60))) {
      let place = x(value)
      if hasGrid {
        drawing.line(from: .init(x: place, y: top), to: .init(x: place, y: bottom), grid)
      }
      drawing.line(from: .init(x: place, y: bottom), to: .init(x: place, y: bottom + 4), axis)
      drawing.write(
        label, at: .init(x: place, y: bottom + 18), .middle, size: 11, colour: Palette.faint)
    }
    for (value, label) in y.ticks(atMost: max(2, Int((bottom - top) / 28))) {
      let place = y(value)
      if hasGrid {
        drawing.line(from: .init(x: left, y: place), to: .init(x: right, y: place), grid)
      }
      drawing.line(from: .init(x: left - 4, y: place), to: .init(x: left, y: place), axis)
      drawing.write(
        label, at: .init(x: left - 7, y: place + 4), .end, size: 11, colour: Palette.faint)
    }
    drawing.rectangle(
      from: .init(x: left, y: top), to: .init(x: right, y: bottom), fill: "none", stroke: axis)
    drawing.write(xTitle, at: .init(x: (left + right) / 2, y: bottom + 38), .middle)
    guard !yTitle.isEmpty else { return }
    drawing.write(yTitle, at: .init(x: left - 48, y: (top + bottom) / 2), .middle, isUpright: true)
  }
}
