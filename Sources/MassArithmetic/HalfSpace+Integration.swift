internal import ExactArithmetic

extension HalfSpace {
  /// Of how many coordinates with densities a part is integrated, at most.
  private static let mostIntegrated = 4
  /// How many corners all products of their pieces may have.
  private static let mostCorners = 64

  /// A lower bound of the mass, where the densities are series on few pieces.
  func integrated(
    _ active: [Int], _ cell: [Slice], _ measures: inout [CoordinateMeasure], stepBits: Int
  ) -> WideDyadic? {
    guard active.count <= Self.mostIntegrated else { return nil }
    let pieces = active.compactMap {
      measures[$0].pieces(of: cell[$0])?.map { $0.shortened(to: 2 * stepBits) }
    }
    guard pieces.count == active.count,
      pieces.reduce(1, { $0 * 2 * $1.count }) <= Self.mostCorners
    else { return nil }
    let products = pieces.reduce([[]]) { products, pieces in
      products.flatMap { product in pieces.map { product + [$0] } }
    }
    return products.reduce(.zero) { $0.plus(mass(of: active, $1)) }
  }

  private func mass(of active: [Int], _ product: [DensityPiece]) -> WideDyadic {
    let terms = zip(active.map { coefficients[$0] }, product).map { ($0, $1) }
    let ends = terms.map { factor, piece in
      factor.signum > 0
        ? (piece.low * factor, piece.high * factor) : (piece.high * factor, piece.low * factor)
    }
    guard ends.reduce(constant, { $0 + $1.0 }).signum <= 0 else {
      return product.reduce(WideDyadic(1)) { $0.times($1.mass.low) }
    }
    let greatest = ends.reduce(constant) { $0 + $1.1 }
    guard greatest.signum > 0 else { return .zero }
    return max(.zero, BoxPart(terms).mass(within: greatest))
  }
}
