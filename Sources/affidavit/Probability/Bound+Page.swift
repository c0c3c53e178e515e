internal import Certificates
internal import Reporting

extension Bound {
  /// Writes a page: pictures of the claims' laws, each once with the claims that it is of, and what was
  /// said of the claims.
  ///
  /// - Parameters:
  ///   - path: The specification.
  ///   - claims: The claims.
  ///   - texts: What was said of each.
  ///   - file: The page.
  /// - Throws: ``Failure`` where it cannot be written.
  static func writePage(
    about path: String, _ claims: [StatedClaim], _ texts: [String], to file: String
  ) throws(Failure) {
    var figures: [ClaimReport.Figure] = []
    for claim in claims {
      for var figure in LawFigures.figures(of: claim) {
        if let drawn = figures.firstIndex(where: { $0.picture == figure.picture }) {
          figures[drawn].caption += ", \(claim.id)"
        } else {
          figure.caption += " Of the claims: \(claim.id)"
          figures.append(figure)
        }
      }
    }
    let page = LawPage(
      title: "Probabilities: \(path)", figures: figures, text: texts.joined(separator: "\n"),
      tool: "affidavit \(Affidavit.version)", note: .perhapsProved)
    do throws(CertificateError) {
      try AtomicFile.write(Array(page.html.utf8), to: file)
    } catch { throw .badInput(error.description) }
  }
}
