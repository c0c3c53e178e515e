internal import ExactArithmetic

/// A line of the plane, `a x + b y + c = 0`, positive on its left; with bounds of its errors.
struct PlanarLine {
  /// What exactly it is.
  enum Source {
    /// The zero set of an entry of a node, under a prefix.
    case unit(ExactPrefix, node: Int, entry: Int)
    /// These coefficients.
    case given(Double, Double, Double)
    /// Through the plane's origin, perpendicular to the line with this index.
    case perpendicular(to: Int)
    /// The line at infinity.
    case infinity
  }

  var a, b, c: Double
  /// What `a`, `b`, `c` may be off at most.
  var errorA, errorB, errorC: Double
  let source: Source
  let origin: Region.Facet.Origin

  init(
    _ a: Double, _ b: Double, _ c: Double, errors: (Double, Double, Double) = (0, 0, 0),
    source: Source, origin: Region.Facet.Origin
  ) {
    let largest = max(a.magnitude, b.magnitude, c.magnitude)
    // A power of two, so that scaling is exact unless it is lost in the errors.
    let scale =
      largest > 0 && largest.isFinite
      ? Double(sign: .plus, exponent: -largest.exponent, significand: 1) : 1
    (self.a, self.b, self.c) = (a * scale, b * scale, c * scale)
    (errorA, errorB, errorC) = (errors.0 * scale, errors.1 * scale, errors.2 * scale)
    self.source = source
    self.origin = origin
  }

  static var infinity: PlanarLine { PlanarLine(0, 0, 1, source: .infinity, origin: .infinity) }

  var opposite: PlanarLine {
    var line = self
    (line.a, line.b, line.c) = (-a, -b, -c)
    return line
  }

  /// The sign of a constant, where the line is none: `a` and `b` are zero.
  ///
  /// `nil` where that is not certain, or where there is a line.
  var certainConstantSign: Int? {
    guard a == 0, b == 0, errorA == 0, errorB == 0, c.magnitude > errorC else { return nil }
    return c > 0 ? 1 : -1
  }

  /// Whether `a` or `b` is certainly not zero.
  var isCertainlyLine: Bool { a.magnitude > errorA || b.magnitude > errorB }
}

/// A corner in homogeneous coordinates, `w >= 0`: where two oriented lines meet.
struct PlanarVertex {
  /// What exactly it is.
  enum Source {
    /// `first × second`, each line by its index and orientation.
    case meeting(Oriented, Oriented)
    /// A direction.
    case direction(Double, Double)
  }

  /// A line by its index, perhaps turned round.
  struct Oriented: Hashable {
    let line: Int
    let isTurned: Bool

    var turned: Oriented { Oriented(line: line, isTurned: !isTurned) }
  }

  let x, y, w: Double
  let errorX, errorY, errorW: Double
  let source: Source

  /// A direction.
  init(direction x: Double, _ y: Double) {
    (self.x, self.y, w) = (x, y, 0)
    (errorX, errorY, errorW) = (0, 0, 0)
    source = .direction(x, y)
  }

  /// The point where two lines meet, on the side on which the product of their vectors lies.
  init(_ first: PlanarLine, _ second: PlanarLine, source: Source) {
    let x =
      Product(first.b, first.errorB, second.c, second.errorC)
      - Product(first.c, first.errorC, second.b, second.errorB)
    let y =
      Product(first.c, first.errorC, second.a, second.errorA)
      - Product(first.a, first.errorA, second.c, second.errorC)
    let w =
      Product(first.a, first.errorA, second.b, second.errorB)
      - Product(first.b, first.errorB, second.a, second.errorA)
    (self.x, self.y, self.w) = (x.value, y.value, w.value)
    (errorX, errorY, errorW) = (x.error, y.error, w.error)
    self.source = source
  }

  /// Whether it is certain that this is a direction.
  var isAtInfinity: Bool { w == 0 && errorW == 0 }

  /// On which side of a line it is: 1, −1, or 0 where doubles do not tell.
  @inline(__always)
  func certainSide(of line: PlanarLine) -> Int {
    let (p, q, r) = (line.a * x, line.b * y, line.c * w)
    let value = p + q + r
    let error =
      (line.a.magnitude * errorX + line.errorA * (x.magnitude + errorX))
      + (line.b.magnitude * errorY + line.errorB * (y.magnitude + errorY))
      + (line.c.magnitude * errorW + line.errorC * (w.magnitude + errorW))
      + 8 * .ulpOfOne * (p.magnitude + q.magnitude + r.magnitude)
    // Also false where something is not a number.
    guard value.magnitude > 1.01 * error else { return 0 }
    return value > 0 ? 1 : -1
  }
}

/// A product of two numbers that are known up to an error each.
private struct Product {
  let value: Double
  let error: Double

  @inline(__always)
  init(_ left: Double, _ leftError: Double, _ right: Double, _ rightError: Double) {
    value = left * right
    error =
      left.magnitude * rightError + leftError * (right.magnitude + rightError)
      + .ulpOfOne * value.magnitude
  }

  @inline(__always)
  private init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }

  @inline(__always)
  static func - (left: Product, right: Product) -> Product {
    let value = left.value - right.value
    let error = left.error + right.error
    // Zero stays certain where nothing was rounded.
    return Product(
      value: value, error: error == 0 ? 0 : 1.01 * error + .ulpOfOne * value.magnitude)
  }
}
