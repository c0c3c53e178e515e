internal import BoundPropagation
internal import ProofFormat

/// An affine function below a row, and the slopes that give it.
struct BoundForm: Sendable {
  let function: LowerFunction
  var slopes = Derivation.Slopes.standard

  init(_ function: LowerFunction, slopes: Derivation.Slopes = .standard) {
    (self.function, self.slopes) = (function, slopes)
  }
}

/// A disjunct that is neither closed nor held on all of a cell.
struct OpenDisjunct {
  /// Which one.
  let place: Int
  /// Functions below each row: where one is positive, the row fails.
  var functions: [[BoundForm]]
  /// Functions below the contrary of each row: where one is positive, the row holds.
  var contraries: [[BoundForm]]
}

extension [OpenDisjunct] {
  /// How often the centre of a box is moved towards an edge.
  private static var moves: Int { 3 }

  /// A point of a box about where the event begins or ends, going by the first functions.
  func edge(lower: [Double], upper: [Double]) -> [Double] {
    let centre = zip(lower, upper).map { $0 / 2 + $1 / 2 }
    // A disjunct holds as far as the row does that fails first, the event as far as any disjunct.
    let rows = compactMap { disjunct in
      zip(disjunct.functions, disjunct.contraries).map { $0[0].middle($1[0]) }
        .max { $0.value(at: centre) < $1.value(at: centre) }
    }
    guard let row = rows.min(by: { $0.value(at: centre) < $1.value(at: centre) }) else {
      return centre
    }
    var point = centre
    for _ in 0..<Self.moves {
      let slopes = centre.indices.map { row.coefficients[$0] * (upper[$0] - lower[$0]) }
      let norm = slopes.reduce(0) { $0 + $1 * $1 }
      let distance = row.value(at: point) / norm
      guard distance.isFinite else { return centre }
      for entry in point.indices {
        let moved = point[entry] - distance * slopes[entry] * (upper[entry] - lower[entry])
        point[entry] = Swift.max(lower[entry], Swift.min(upper[entry], moved))
      }
    }
    return point.allSatisfy(\.isFinite) ? point : centre
  }
}

extension BoundForm {
  /// The middle between the function below a row and that above it, given that below its contrary.
  fileprivate func middle(_ contrary: BoundForm) -> LowerFunction {
    LowerFunction(
      coefficients: zip(function.coefficients, contrary.function.coefficients).map {
        $0 / 2 - $1 / 2
      }, constant: function.constant / 2 - contrary.function.constant / 2, minimum: 0)
  }
}

extension LowerFunction {
  fileprivate func value(at point: [Double]) -> Double {
    zip(coefficients, point).reduce(constant) { $0 + $1.0 * $1.1 }
  }
}
