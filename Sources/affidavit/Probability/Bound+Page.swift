internal import Certificates
internal import Reporting

extension Bound {
  /// Writes a page: pictures of the claims' laws, each once, and what was said of the claims.
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
    var drawn: Set<String> = []
    let figures = claims.flatMap(LawFigures.figures(of:)).filter {
      drawn.insert($0.picture).inserted
    }
    let page = LawPage(
      title: "Probabilities: \(path)", figures: figures, text: texts.joined(separator: "\n"),
      tool: "affidavit \(Affidavit.version)", note: .perhapsProved)
    do throws(CertificateError) {
      try AtomicFile.write(Array(page.html.utf8), to: file)
    } catch { throw .badInput(error.description) }
  }
}
