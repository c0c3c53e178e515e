internal import Certificates

extension RunReport {
  /// A table for a terminal; what needs more words stands below its row.
  var table: String {
    let head = ["claim", "answer", "seconds", "nodes", "proof", "assurance"]
    let rows = claims.map {
      [
        $0.id.printable, $0.verdict.word, $0.duration.seconds, "\($0.nodes)",
        $0.proof.map { "\($0.size) bytes" } ?? "-", $0.assurance.rawValue,
      ]
    }
    let widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    var lines = [Self.line(head, widths)]
    for (row, claim) in zip(rows, claims) {
      lines.append(Self.line(row, widths))
      lines += claim.details.map { "    " + $0.printable }
    }
    return (lines + ["", summary]).map { $0 + "\n" }.joined()
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() {
      let blanks = String(repeating: " ", count: widths[column] - cell.count)
      let isNumber = (2...4).contains(column)
      line += isNumber ? blanks + cell + "  " : cell + blanks + "  "
    }
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

extension ClaimReport {
  fileprivate var details: [String] {
    let found = located.map { [$0] } ?? []
    return switch verdict {
    case .holds: found
    case .refuted(let witness): found + witness.map(\.phrase)
    case .undecided(let reason): [reason] + found
    }
  }
}
