internal import Certificates

extension RunReport {
  /// A line for each claim that is refuted or undecided, and one that counts them all.
  ///
  /// GitHub drops annotations beyond ten of a level, so that the count stands first.
  var annotations: String {
    let count = "::notice title=\(Self.property(tool.name))::\(Self.data(summary))"
    let problems = claims.compactMap { claim in
      claim.verdict.problem.map { finding in
        let place = "file=\(Self.property(specification.path)),line=\(claim.line)"
        return "::\(finding.level) \(place),title=\(finding.rawValue)::\(Self.data(claim.finding))"
      }
    }
    return ([count] + problems).map { $0 + "\n" }.joined()
  }

  private static func data(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).printable.replacing("%", with: "%25") }.joined(separator: "%0A")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
