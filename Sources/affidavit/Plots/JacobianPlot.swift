internal import Probability
internal import Reporting

/// The histogram of a Jacobian's singular values.
enum JacobianPlot {
  private static let mostRows = 4

  /// Of the regions with their masses; what they leave over is said.
  static func picture(of law: JacobianLaw, _ path: String) -> String {
    let note =
      law.missing > 1e-9
      ? "\(law.atoms.count) regions; not listed at most \(law.missing.significant(3))"
      : "all \(law.atoms.count) regions (exact)"
    return picture(law.atoms.map { ($0.size, $0.mass.value) }, path, note)
  }

  /// Of drawn inputs.
  static func picture(of sample: JacobianSample, _ path: String) -> String {
    picture(
      sample.sizes.map { ($0.size, Double($0.hits) / Double(sample.count)) }, path,
      "\(sample.count) drawn inputs (estimate)")
  }

  private static func picture(
    _ sizes: [(size: JacobianSize, mass: Double)], _ path: String, _ note: String
  ) -> String {
    let count = sizes.first?.size.singularValues.count ?? 0
    let shown = min(count, mostRows)
    let rows = (0..<shown).map { place in
      HistogramPlot.Row(
        title: count == 1 ? "singular value" : "singular value \(place + 1) of \(count)",
        values: sizes.map { ($0.size.singularValues[place], $0.mass) })
    }
    return HistogramPlot(
      rows: rows, title: "Jacobian of \(RegionAnswer.fileName(path))", axis: "singular value",
      note: note + (shown < count ? "; the \(shown) greatest singular values" : "")
    ).svg
  }
}
