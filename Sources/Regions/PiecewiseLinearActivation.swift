public import NetworkModel

/// A continuous piecewise linear function of one number: leaky rectifiers, clipping, hard tanh, |·|.
///
/// On piece `p`, between knots `p − 1` and `p`, it is `slopes[p] · x + intercepts[p]`; a knot belongs to
/// the piece before it. The slope alone does not say which piece, or which map: `|x| + 1` and a clipping
/// need the intercepts too. Source: Chaudhari and Moura, appendix A, whose leaky slope has the wrong sign.
public struct PiecewiseLinearActivation: Hashable, Sendable {
  /// Where pieces meet, ascending.
  public let knots: [Double]
  /// One more than there are knots.
  public let slopes: [Double]
  /// One a slope.
  public let intercepts: [Double]

  /// Creates a function from its slopes; the intercepts follow from continuity.
  ///
  /// `nil` for other counts, knots that do not ascend and numbers that are not finite.
  ///
  /// - Parameters:
  ///   - knots: Where pieces meet.
  ///   - slopes: One more.
  ///   - intercept: Of the first piece.
  public init?(knots: [Double], slopes: [Double], intercept: Double = 0) {
    guard slopes.count == knots.count + 1, (knots + slopes + [intercept]).allSatisfy(\.isFinite),
      zip(knots, knots.dropFirst()).allSatisfy(<)
    else { return nil }
    var intercepts = [intercept]
    for (place, knot) in knots.enumerated() {
      intercepts.append(intercepts[place] + (slopes[place] - slopes[place + 1]) * knot)
    }
    self.knots = knots
    self.slopes = slopes
    self.intercepts = intercepts
  }

  /// The piece that a number lies on.
  ///
  /// - Parameter number: Any number.
  /// - Returns: How many knots lie below it.
  public func piece(of number: Double) -> Int { knots.count { $0 < number } }

  /// The value.
  ///
  /// - Parameter number: Any number.
  /// - Returns: The function there, rounded.
  public func callAsFunction(_ number: Double) -> Double {
    let piece = piece(of: number)
    return slopes[piece] * number + intercepts[piece]
  }

  /// The function of each entry of a node as rectifiers: `slope · x + intercept` of the first piece and
  /// the change of slope times `relu(x − knot)` for each knot.
  ///
  /// The units of an entry follow one another, and the piece is the number of active ones. Rounding:
  /// the changes of slope are rounded to doubles.
  ///
  /// - Parameters:
  ///   - source: The node.
  ///   - size: Its size.
  ///   - next: The place at which the nodes will stand.
  /// - Returns: An affine map, a rectifier and an affine map, in this order.
  public func nodes(of source: NodeIndex, size: Int, at next: Int) -> [Node] {
    let count = knots.count
    let copies = SparseMatrix(
      selecting: (0..<size).flatMap { Array(repeating: $0, count: count) }, of: size)
    let changes = zip(slopes, slopes.dropFirst()).map { $1 - $0 }
    let sums = SparseMatrix(rows: size, columns: size * count) { row in
      changes.enumerated().map { (row * count + $0, $1) }
    }
    let first = SparseMatrix(rows: size, columns: size) { row in [(row, slopes[0])] }
    let shifted = Affine(
      terms: [.init(source: source, map: .sparse(copies))],
      bias: (0..<size).flatMap { _ in knots.map { -$0 } })
    let value = Affine(
      terms: [
        .init(source: source, map: .sparse(first)),
        .init(source: NodeIndex(next + 1), map: .sparse(sums)),
      ], bias: Array(repeating: intercepts[0], count: size))
    return [
      Node(name: "less the knots", size: size * count, operation: .affine(shifted)),
      Node(name: "beyond the knots", size: size * count, operation: .relu(NodeIndex(next))),
      Node(name: "piecewise linear", size: size, operation: .affine(value)),
    ]
  }
}
