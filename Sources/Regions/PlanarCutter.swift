internal import Approximation
internal import ExactArithmetic
internal import NetworkModel

/// A convex polygon, perhaps unbounded: corners counter-clockwise, and the lines between them.
struct PlanarPolygon {
  var vertices: [PlanarVertex]
  /// Side `i` leads from vertex `i` to the next; its line is positive inside.
  var sides: [PlanarVertex.Oriented]
}

/// Cuts polygons by lines; where doubles do not tell the side of a corner, exact arithmetic does.
struct PlanarCutter {
  /// What a line does to a polygon.
  enum Cut {
    /// All of the interior is on the positive side.
    case positive
    /// None of the interior is.
    case negative
    case both(negative: PlanarPolygon, positive: PlanarPolygon)
  }

  private(set) var lines: [PlanarLine] = [.infinity]
  /// How often exact arithmetic was asked.
  private(set) var exactDecisions = 0

  /// All of the plane.
  static var plane: PlanarPolygon {
    PlanarPolygon(
      vertices: [
        PlanarVertex(direction: 1, 0), PlanarVertex(direction: 0, 1),
        PlanarVertex(direction: -1, 0), PlanarVertex(direction: 0, -1),
      ],
      sides: Array(repeating: .init(line: 0, isTurned: false), count: 4))
  }

  func line(_ side: PlanarVertex.Oriented) -> PlanarLine {
    side.isTurned ? lines[side.line].opposite : lines[side.line]
  }

  // MARK: Cutting

  /// Cuts a polygon.
  ///
  /// - Parameters:
  ///   - polygon: With interior.
  ///   - line: A line, or a constant, which has one sign everywhere; zero counts as negative.
  /// - Returns: On which side the polygon lies, or its two parts, each with interior.
  mutating func cut(_ polygon: PlanarPolygon, by line: PlanarLine) -> Cut {
    if let sign = line.certainConstantSign { return sign > 0 ? .positive : .negative }
    if !line.isCertainlyLine {
      exactDecisions += 1
      let exact = exactCoefficients(of: line)
      if exact.a == .zero, exact.b == .zero { return exact.c > .zero ? .positive : .negative }
    }
    var isAbove = false
    var isBelow = false
    var certain = true
    for vertex in polygon.vertices {
      let side = vertex.certainSide(of: line)
      if side == 0 { certain = false }
      isAbove = isAbove || side > 0
      isBelow = isBelow || side < 0
    }
    if certain, !isBelow { return .positive }
    if certain, !isAbove { return .negative }
    let sides = polygon.vertices.map { side(of: $0, $0.certainSide(of: line), to: line) }
    guard sides.contains(where: { $0 > 0 }) else { return .negative }
    guard sides.contains(where: { $0 < 0 }) else { return .positive }
    return split(polygon, by: line, sides: sides)
  }

  private mutating func split(
    _ polygon: PlanarPolygon, by line: PlanarLine, sides: [Int]
  ) -> Cut {
    lines.append(line)
    let cut = PlanarVertex.Oriented(line: lines.count - 1, isTurned: false)
    var positive = PlanarPolygon(vertices: [], sides: [])
    var negative = positive
    for (index, side) in sides.enumerated() {
      let vertex = polygon.vertices[index]
      let edge = polygon.sides[index]
      let next = sides[index + 1 == sides.count ? 0 : index + 1]
      if side >= 0 { positive.append(vertex, side == 0 && next < 0 ? cut : edge) }
      if side <= 0 { negative.append(vertex, side == 0 && next > 0 ? cut.turned : edge) }
      if side > 0, next < 0 {
        let crossing = meeting(edge, cut)
        positive.append(crossing, cut)
        negative.append(crossing, edge)
      } else if side < 0, next > 0 {
        let crossing = meeting(edge, cut.turned)
        negative.append(crossing, cut.turned)
        positive.append(crossing, edge)
      }
    }
    addMiddle(to: &positive, along: cut)
    addMiddle(to: &negative, along: cut.turned)
    return .both(negative: negative, positive: positive)
  }

  private func meeting(
    _ first: PlanarVertex.Oriented, _ second: PlanarVertex.Oriented
  ) -> PlanarVertex {
    PlanarVertex(line(first), line(second), source: .meeting(first, second))
  }

  /// A side from infinity to infinity gets a corner in between, so that a polygon always is what its
  /// corners span.
  private mutating func addMiddle(
    to polygon: inout PlanarPolygon, along side: PlanarVertex.Oriented
  ) {
    guard let place = polygon.sides.firstIndex(of: side) else { return }
    let end = place + 1 == polygon.vertices.count ? 0 : place + 1
    guard polygon.vertices[place].isAtInfinity, polygon.vertices[end].isAtInfinity else { return }
    let line = lines[side.line]
    lines.append(
      PlanarLine(
        line.b, -line.a, 0, errors: (line.errorB, line.errorA, 0),
        source: .perpendicular(to: side.line), origin: line.origin))
    let perpendicular = PlanarVertex.Oriented(line: lines.count - 1, isTurned: false)
    let straight = PlanarVertex.Oriented(line: side.line, isTurned: false)
    polygon.vertices.insert(meeting(perpendicular, straight), at: place + 1)
    polygon.sides.insert(side, at: place + 1)
  }

  // MARK: Exact decisions

  /// Exact coefficients of a line.
  private struct Coefficients {
    var a, b, c: Dyadic

    func cross(_ other: Coefficients) -> Coefficients {
      Coefficients(
        a: b * other.c - c * other.b, b: c * other.a - a * other.c, c: a * other.b - b * other.a)
    }
  }

  private mutating func side(of vertex: PlanarVertex, _ certain: Int, to line: PlanarLine) -> Int {
    guard certain == 0 else { return certain }
    exactDecisions += 1
    let point = exactCoordinates(of: vertex)
    let coefficients = exactCoefficients(of: line)
    return (point.a * coefficients.a + point.b * coefficients.b + point.c * coefficients.c).signum
  }

  private func exactCoefficients(of line: PlanarLine) -> Coefficients {
    switch line.source {
    case .infinity: return Coefficients(a: .zero, b: .zero, c: .one)
    case .given(let a, let b, let c):
      return Coefficients(a: .init(constant: a), b: .init(constant: b), c: .init(constant: c))
    case .perpendicular(let other):
      let straight = exactCoefficients(of: lines[other])
      return Coefficients(a: straight.b, b: -straight.a, c: .zero)
    case .unit(let prefix, let node, let entry):
      let form = prefix.form(ofNode: node, entry: entry)
      return Coefficients(a: form[0], b: form[1], c: form[2])
    }
  }

  private func exactCoordinates(of vertex: PlanarVertex) -> Coefficients {
    switch vertex.source {
    case .direction(let x, let y):
      return Coefficients(a: .init(constant: x), b: .init(constant: y), c: .zero)
    case .meeting(let first, let second):
      let product = exactCoefficients(of: lines[first.line])
        .cross(exactCoefficients(of: lines[second.line]))
      guard first.isTurned != second.isTurned else { return product }
      return Coefficients(a: -product.a, b: -product.b, c: -product.c)
    }
  }

  /// A corner as numbers.
  func corner(_ vertex: PlanarVertex) -> Region.Corner {
    if vertex.isAtInfinity {
      let length = (vertex.x * vertex.x + vertex.y * vertex.y).squareRoot()
      return Region.Corner(x: vertex.x / length, y: vertex.y / length, isAtInfinity: true)
    }
    let limit = 1e-9 * vertex.w.magnitude
    if vertex.errorW <= limit, vertex.errorX <= limit + 1e-9 * vertex.x.magnitude,
      vertex.errorY <= limit + 1e-9 * vertex.y.magnitude
    {
      return Region.Corner(x: vertex.x / vertex.w, y: vertex.y / vertex.w, isAtInfinity: false)
    }
    let exact = exactCoordinates(of: vertex)
    let (x, y, w) = (Rational(exact.a), Rational(exact.b), Rational(exact.c))
    return Region.Corner(x: (x / w).nearestDouble, y: (y / w).nearestDouble, isAtInfinity: false)
  }
}

extension PlanarPolygon {
  fileprivate mutating func append(_ vertex: PlanarVertex, _ side: PlanarVertex.Oriented) {
    vertices.append(vertex)
    sides.append(side)
  }
}
