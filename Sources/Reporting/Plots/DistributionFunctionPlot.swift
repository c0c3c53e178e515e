/// A distribution function with the band that it is known to lie in, and its jumps.
public struct DistributionFunctionPlot: Sendable {
  /// The function at one number.
  public struct Knot: Sendable {
    /// Where.
    public var at: Double
    /// The lower end.
    public var lower: Double
    /// The upper end.
    public var upper: Double

    /// The function at one number.
    ///
    /// - Parameters:
    ///   - at: Where.
    ///   - lower: The lower end.
    ///   - upper: The upper end.
    public init(at: Double, lower: Double, upper: Double) {
      self.at = at
      self.lower = lower
      self.upper = upper
    }

    /// Halfway between the ends.
    public var middle: Double { lower / 2 + upper / 2 }
  }

  /// A jump: a number that has a positive probability.
  public struct Jump: Sendable {
    /// Where.
    public var at: Double
    /// The function just below it, and at it.
    public var before, after: Knot

    /// A jump.
    ///
    /// - Parameters:
    ///   - at: Where.
    ///   - before: The function just below.
    ///   - after: The function there.
    public init(at: Double, before: Knot, after: Knot) {
      self.at = at
      self.before = before
      self.after = after
    }
  }

  /// The function where it was computed, in ascending order, apart from the jumps.
  public var knots: [Knot]
  /// The jumps, in ascending order.
  public var jumps: [Jump]
  /// A sampled function with its band; empty where nothing was sampled.
  public var sampled: [Knot]
  /// What is above the plot.
  public var title: String
  /// What the horizontal axis shows.
  public var axis: String
  /// What the band around the curve is, and what the sampled one.
  public var legend, sampledLegend: String

  /// A distribution function.
  ///
  /// - Parameters:
  ///   - knots: The function where it was computed, in ascending order.
  ///   - jumps: The jumps, in ascending order.
  ///   - sampled: A sampled function with its band.
  ///   - title: What is above the plot.
  ///   - axis: What the horizontal axis shows.
  ///   - legend: What the band around the curve is.
  ///   - sampledLegend: What the sampled band is.
  public init(
    knots: [Knot], jumps: [Jump], sampled: [Knot] = [], title: String, axis: String,
    legend: String, sampledLegend: String = ""
  ) {
    self.knots = knots
    self.jumps = jumps
    self.sampled = sampled
    self.title = title
    self.axis = axis
    self.legend = legend
    self.sampledLegend = sampledLegend
  }

  /// The picture, a text in SVG.
  public var svg: String { drawing.text }

  var drawing: Drawing {
    var drawing = Drawing(width: 640, height: 460)
    drawing.write(title, at: .init(x: 64, y: 26), size: 14, isBold: true)
    let places = knots.map(\.at) + jumps.map(\.at)
    let frame = PlotFrame(
      left: 64, top: 44, right: 620, bottom: 370,
      x: (places.min() ?? 0, places.max() ?? 1), y: (0, 1))
    frame.drawAxes(in: &drawing, x: axis, y: "probability of at most")
    let sampled = Self.stepped(sampled)
    if !sampled.isEmpty { drawBand(sampled, Palette.paleVermilion, frame, &drawing) }
    for part in continuousParts { drawBand(part, Palette.paleBlue, frame, &drawing) }
    if !sampled.isEmpty {
      drawing.polyline(
        sampled.map { frame.point($0.at, $0.middle) },
        .init(colour: Palette.vermilion, width: 1.2, isDashed: true))
    }
    for part in continuousParts { drawCurve(part, frame, &drawing) }
    for jump in jumps { draw(jump, frame, &drawing) }
    drawLegend(in: &drawing)
    return drawing
  }

  /// The pieces between the jumps, each with the jumps' sides at its ends.
  private var continuousParts: [[Knot]] {
    var parts: [[Knot]] = []
    var part: [Knot] = []
    var rest = knots[...]
    for jump in jumps {
      part += rest.prefix { $0.at < jump.at }
      rest = rest.drop { $0.at <= jump.at }
      parts.append(part + [Knot(at: jump.at, lower: jump.before.lower, upper: jump.before.upper)])
      part = [Knot(at: jump.at, lower: jump.after.lower, upper: jump.after.upper)]
    }
    parts.append(part + rest)
    return parts.filter { $0.count > 1 }
  }

  /// The curve, or where it is only known to lie in a band, the ends of the band.
  private func drawCurve(_ part: [Knot], _ frame: PlotFrame, _ drawing: inout Drawing) {
    guard Self.isWide(part) else {
      drawing.polyline(
        part.map { frame.point($0.at, $0.middle) }, .init(colour: Palette.blue, width: 2))
      return
    }
    let stroke = Drawing.Stroke(colour: Palette.blue, width: 1.2)
    drawing.polyline(part.map { frame.point($0.at, $0.lower) }, stroke)
    drawing.polyline(part.map { frame.point($0.at, $0.upper) }, stroke)
  }

  private static func isWide(_ part: [Knot]) -> Bool {
    part.contains { $0.upper - $0.lower > 1e-3 }
  }

  /// The knots of a step function: each number is kept up to the next place.
  private static func stepped(_ knots: [Knot]) -> [Knot] {
    zip(knots, knots.dropFirst()).flatMap { one, next in
      [one, Knot(at: next.at, lower: one.lower, upper: one.upper)]
    } + knots.suffix(1)
  }

  private func drawBand(
    _ part: [Knot], _ colour: String, _ frame: PlotFrame, _ drawing: inout Drawing
  ) {
    guard Self.isWide(part) else { return }
    drawing.polygon(
      part.map { frame.point($0.at, $0.upper) }
        + part.reversed().map { frame.point($0.at, $0.lower) }, fill: colour)
  }

  /// An open circle below, a full one above: the value at the jump is the upper one.
  private func draw(_ jump: Jump, _ frame: PlotFrame, _ drawing: inout Drawing) {
    let (low, high) = (
      frame.point(jump.at, jump.before.middle), frame.point(jump.at, jump.after.middle)
    )
    drawing.line(from: low, to: high, .init(colour: Palette.blue, width: 1.2, isDashed: true))
    guard low.y - high.y > 8 else { return }
    drawing.circle(
      at: low, radius: 3.5, fill: Palette.paper, stroke: .init(colour: Palette.blue, width: 1.5))
    drawing.circle(at: high, radius: 3.5, fill: Palette.blue)
  }

  private func drawLegend(in drawing: inout Drawing) {
    drawing.rectangle(
      from: .init(x: 64, y: 424), to: .init(x: 90, y: 434), fill: Palette.paleBlue)
    drawing.line(
      from: .init(x: 64, y: 429), to: .init(x: 90, y: 429), .init(colour: Palette.blue, width: 2))
    drawing.write(legend, at: .init(x: 96, y: 433), size: 11, colour: Palette.faint)
    if !sampled.isEmpty {
      drawing.rectangle(
        from: .init(x: 64, y: 442), to: .init(x: 90, y: 452), fill: Palette.paleVermilion)
      drawing.line(
        from: .init(x: 64, y: 447), to: .init(x: 90, y: 447),
        .init(colour: Palette.vermilion, width: 1.2, isDashed: true))
      drawing.write(sampledLegend, at: .init(x: 96, y: 451), size: 11, colour: Palette.faint)
    }
    guard !jumps.isEmpty else { return }
    drawing.circle(at: .init(x: 398, y: 429), radius: 3.5, fill: Palette.blue)
    drawing.write(
      "atoms: jumps, which have no density", at: .init(x: 408, y: 433), size: 11,
      colour: Palette.faint)
  }
}
