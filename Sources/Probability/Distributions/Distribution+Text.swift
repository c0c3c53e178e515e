internal import ExactArithmetic

extension Distribution {
  /// The law in the language of `specs/format/distribution.md`, exactly; read back it is the same.
  public var text: String {
    var text = LawText()
    text.write(self, indent: "")
    return text.lines.joined(separator: "\n") + "\n"
  }
}

extension ExactNumbers {
  /// The numerals of all numbers: decimals where they are finite, else fractions.
  public var numerals: [String] {
    (0..<count).map { numeral($0) }
  }
}

/// Laws as lines of YAML.
private struct LawText {
  var lines: [String] = []

  mutating func write(_ law: Distribution, indent: String) {
    switch law.form {
    case .gaussian(let gaussian):
      lines.append("\(indent)gaussian:")
      write("mean", gaussian.mean.numerals, indent + "  ")
      write(gaussian.spread, indent + "  ")
    case .mixture(let parts):
      lines.append("\(indent)mixture:")
      for part in parts {
        lines.append("\(indent)  - weight: \(part.weight.numeral)")
        write(part.law, indent: indent + "    ")
      }
    case .uniform(let box):
      lines.append("\(indent)uniform:")
      write(box, indent + "  ")
    case .product(let parts):
      lines.append("\(indent)product:")
      for part in parts { writeElement(part, indent) }
    case .discrete(let law):
      lines.append("\(indent)discrete:")
      write(law, indent + "  ")
    case .kernel(let law, let spread):
      lines.append("\(indent)kernel:")
      write(law, indent + "  ")
      write(spread, indent + "  ")
    case .truncated(let inner, let box):
      writeCut("truncated-to", inner, box, indent)
    case .clipped(let inner, let box):
      writeCut("clipped-to", inner, box, indent)
    }
  }

  /// A law as an element of a list: its first line bears the mark.
  private mutating func writeElement(_ law: Distribution, _ indent: String) {
    let first = lines.count
    write(law, indent: indent + "    ")
    lines[first] = indent + "  - " + lines[first].dropFirst(indent.count + 4)
  }

  private mutating func writeCut(
    _ key: String, _ inner: Distribution, _ box: Box, _ indent: String
  ) {
    switch inner.form {
    case .truncated, .clipped:
      lines.append("\(indent)law:")
      write(inner, indent: indent + "  ")
    case .gaussian, .mixture, .uniform, .product, .discrete, .kernel:
      write(inner, indent: indent)
    }
    lines.append("\(indent)\(key):")
    write(box, indent + "  ")
  }

  private mutating func write(_ box: Box, _ indent: String) {
    write("lower", box.lower.map { $0?.numeral ?? "-inf" }, indent)
    write("upper", box.upper.map { $0?.numeral ?? "inf" }, indent)
  }

  private mutating func write(_ law: DiscreteLaw, _ indent: String) {
    write("values", law.points, indent)
    let chances = (0..<law.count).map { law.probability($0).numeral }
    write("probabilities", chances, indent)
  }

  private mutating func write(_ spread: Gaussian.Spread, _ indent: String) {
    switch spread {
    case .standardDeviations(let numbers): write("standard-deviation", numbers.numerals, indent)
    case .variances(let numbers): write("variance", numbers.numerals, indent)
    case .covariance(let matrix): write("covariance", matrix, indent)
    case .lowRank(let factor, let diagonal):
      lines.append("\(indent)covariance:")
      write("factor", factor, indent + "  ")
      write("diagonal", diagonal.numerals, indent + "  ")
    }
  }

  private mutating func write(_ key: String, _ matrix: ExactMatrix, _ indent: String) {
    lines.append("\(indent)\(key):")
    let numerals = matrix.numbers.numerals
    for row in 0..<matrix.rows {
      let entries = numerals[row * matrix.columns..<(row + 1) * matrix.columns]
      lines.append("\(indent)  - [\(entries.joined(separator: ", "))]")
    }
  }

  private mutating func write(_ key: String, _ numerals: [String], _ indent: String) {
    lines.append("\(indent)\(key): [\(numerals.joined(separator: ", "))]")
  }
}

extension Rational {
  /// The decimal numeral, or a fraction where there is no finite one.
  var numeral: String {
    guard let numeral = decimalNumeral else { return "\(numerator)/\(denominator)" }
    return numeral.hasSuffix(".0") ? String(numeral.dropLast(2)) : numeral
  }
}
