/// A drawing in SVG 1.1: shapes and words, no scripts, nothing from elsewhere.
struct Drawing {
  /// A place, in pixels from the upper left corner.
  struct Point: Hashable, Sendable {
    var x: Double
    var y: Double
  }

  /// Where a text stands beside its point.
  enum Anchor: String { case start, middle, end }

  /// How an outline looks.
  struct Stroke {
    var colour: String
    var width = 1.0
    var isDashed = false
  }

  let width: Double
  let height: Double
  private var elements = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The file's text.
  var text: String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" \
      width="\(Self.number(width))" height="\(Self.number(height))" \
      font-family="system-ui, 'Liberation Sans', Arial, sans-serif" font-size="12" \
      fill="\(Palette.ink)" role="img">
      <rect width="100%" height="100%" fill="\(Palette.paper)"/>
      \(elements)</svg>

      """
  }

  mutating func polygon(_ points: [Point], fill: String, stroke: Stroke? = nil) {
    elements +=
      #"<polygon points="\#(Self.list(points))" fill="\#(fill)"\#(Self.attributes(stroke))/>"#
      + "\n"
  }

  mutating func polyline(_ points: [Point], _ stroke: Stroke) {
    elements +=
      #"<polyline points="\#(Self.list(points))" fill="none" "#
      + #"stroke-linejoin="round"\#(Self.attributes(stroke))/>"# + "\n"
  }

  mutating func line(from start: Point, to end: Point, _ stroke: Stroke) {
    polyline([start, end], stroke)
  }

  mutating func rectangle(
    from corner: Point, to opposite: Point, fill: String, stroke: Stroke? = nil
  ) {
    let (x, y) = (min(corner.x, opposite.x), min(corner.y, opposite.y))
    let (width, height) = (abs(opposite.x - corner.x), abs(opposite.y - corner.y))
    elements +=
      #"<rect x="\#(Self.number(x))" y="\#(Self.number(y))" width="\#(Self.number(width))" "#
      + #"height="\#(Self.number(height))" fill="\#(fill)"\#(Self.attributes(stroke))/>"# + "\n"
  }

  mutating func circle(at centre: Point, radius: Double, fill: String, stroke: Stroke? = nil) {
    elements +=
      #"<circle cx="\#(Self.number(centre.x))" cy="\#(Self.number(centre.y))" "#
      + #"r="\#(Self.number(radius))" fill="\#(fill)"\#(Self.attributes(stroke))/>"# + "\n"
  }

  /// Writes a line of text; `isUpright` turns it to be read from below.
  mutating func write(
    _ text: String, at point: Point, _ anchor: Anchor = .start, size: Double = 12,
    colour: String = Palette.ink, isBold: Bool = false, isMonospaced: Bool = false,
    isUpright: Bool = false
  ) {
    let (x, y) = (Self.number(point.x), Self.number(point.y))
    var attributes = #" x="\#(x)" y="\#(y)" text-anchor="\#(anchor.rawValue)""#
    if size != 12 { attributes += #" font-size="\#(Self.number(size))""# }
    if colour != Palette.ink { attributes += #" fill="\#(colour)""# }
    if isBold { attributes += #" font-weight="600""# }
    if isMonospaced { attributes += #" font-family="ui-monospace, 'Liberation Mono', monospace""# }
    if isUpright { attributes += #" transform="rotate(-90 \#(x) \#(y))""# }
    elements += "<text\(attributes)>\(text.escapedForMarkup)</text>\n"
  }

  /// Puts another drawing into this one.
  mutating func place(_ other: Drawing, at corner: Point) {
    elements +=
      #"<g transform="translate(\#(Self.number(corner.x)) \#(Self.number(corner.y)))">"#
      + "\n\(other.elements)</g>\n"
  }

  private static func attributes(_ stroke: Stroke?) -> String {
    guard let stroke else { return "" }
    return #" stroke="\#(stroke.colour)" stroke-width="\#(number(stroke.width))""#
      + (stroke.isDashed ? #" stroke-dasharray="5 3""# : "")
  }

  private static func list(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// A length with two decimal places; far outside of any drawing where it is none.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-10000" }
    let hundredths = Int((min(max(value, -1e5), 1e5) * 100).rounded())
    let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
