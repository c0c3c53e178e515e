internal import Certificates

extension ClaimReport.Verdict {
  /// The answer in one word.
  var word: String { answer.rawValue }

  /// The answer without its evidence.
  var answer: Certification.Answer {
    switch self {
    case .holds: .holds
    case .refuted: .refuted
    case .undecided: .undecided
    }
  }
}

extension ClaimReport {
  /// What was found, in one sentence.
  var finding: String {
    switch verdict {
    case .holds: "'\(id)' holds: \(located ?? statement)"
    case .refuted(let witness) where witness.isEmpty: "'\(id)' is refuted: \(located ?? statement)"
    case .refuted(let witness):
      "'\(id)' is refuted at \(witness.map(\.phrase).joined(separator: ", ")): \(statement)"
    case .undecided(let reason): "'\(id)' is undecided (\(reason)): \(statement)"
    }
  }

  /// The statement and where its number lies; nil where it has none.
  var located: String? { interval.map { "\(statement); it is \($0.phrase)" } }
}

extension Certification.Variable {
  /// The value, its first numbers only where there are many.
  var phrase: String {
    let shown = values.prefix(8).joined(separator: ", ")
    let hidden = values.count > 8 ? ", and \(values.count - 8) more" : ""
    return shape.isEmpty ? "\(name) = \(shown)" : "\(name) = [\(shown)\(hidden)]"
  }
}

extension Duration {
  /// Seconds with three decimals; a clock that ran backwards gives zero.
  var seconds: String {
    let (whole, attoseconds) = max(self, .zero).components
    let milliseconds = String(attoseconds / 1_000_000_000_000_000)
    return "\(whole)." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
  }
}

extension String {
  /// Without what a terminal could take for a command.
  var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// As text or a quoted attribute in XML and HTML; characters that XML lacks become U+FFFD.
  var escapedForMarkup: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\t", "\n", "\r": text += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
