internal import BoundPropagation

/// What is known of the rows on one box of a batch.
struct BoxRows {
  let bounds: RowBounds
  let box: Int
  /// By direction, the place of the row.
  let places: [Int: Int]
  /// How many units there are.
  let units: Int

  /// The affine function below a row's excess.
  func function(of row: FloatProblem.Row) -> LowerFunction {
    bounds.function(box: box, row: place(of: row), less: row.bound)
  }

  /// Whether units were scored.
  var haveScores: Bool { !bounds.unitScores.isEmpty }

  /// What a unit costs the bounds of weighted rows, each row for itself.
  func score(of unit: Int, in rows: [FloatProblem.Row], _ weights: [Double]) -> Double {
    zip(rows, weights).reduce(0) { sum, item in
      let first = (box * bounds.rowCount + place(of: item.0)) * units
      return item.1 > 0 ? sum + item.1 * bounds.unitScores[first + unit] : sum
    }
  }

  private func place(of row: FloatProblem.Row) -> Int { places[row.direction] ?? 0 }
}
