/// One page about a law: its picture and what was said of it, without scripts or anything from elsewhere.
public struct LawPage: Sendable {
  /// What the page is about.
  public var title: String
  /// The pictures.
  public var figures: [ClaimReport.Figure]
  /// What was said, in lines.
  public var text: String
  /// The program that said it.
  public var tool: String
  /// What the words for a number's status mean.
  public var note: Note

  /// What the words for a number's status mean.
  public enum Note: String, Sendable {
    /// Where nothing is proved.
    case unproved = """
      <em>exact</em>: a closed form or an enumeration, in floating point. <em>estimate</em>: drawn, \
      with an interval and its confidence. Nothing here is proved or signed.
      """
    /// Where a number may have a proof.
    case perhapsProved = """
      <em>proved</em>: the checker replayed a proof in this run, which was not kept; \
      <code>affidavit certify</code> keeps it. <em>exact</em>: closed forms and quadrature, in floating \
      point. <em>estimate</em>: drawn, with an interval and its confidence. Nothing here is signed, and \
      pictures prove nothing.
      """
  }

  /// A page with several pictures.
  ///
  /// - Parameters:
  ///   - title: What the page is about.
  ///   - figures: The pictures.
  ///   - text: What was said, in lines.
  ///   - tool: The program that said it.
  ///   - note: What the words for a number's status mean.
  public init(
    title: String, figures: [ClaimReport.Figure], text: String, tool: String, note: Note
  ) {
    self.title = title
    self.figures = figures
    self.text = text
    self.tool = tool
    self.note = note
  }

  /// A page.
  ///
  /// - Parameters:
  ///   - title: What the page is about.
  ///   - picture: The picture, a text in SVG as the plots of this module make it.
  ///   - text: What was said, in lines.
  ///   - tool: The program that said it.
  public init(title: String, picture: String, text: String, tool: String) {
    self.init(
      title: title, figures: [ClaimReport.Figure(caption: "", picture: picture)], text: text,
      tool: tool, note: .unproved)
  }

  /// The page in HTML.
  public var html: String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).escapedForMarkup }.joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title.escapedForMarkup)</title>
      <style>\(RunReport.style)</style>
      </head>
      <body>
      <main>
      <header>
      <p class="tool">\(tool.escapedForMarkup)</p>
      <h1>\(title.escapedForMarkup)</h1>
      </header>
      <section>
      \(figures.map(\.markup).joined())</section>
      <section>
      <h2>In numbers</h2>
      <pre>\(lines)</pre>
      <p>\(note.rawValue)</p>
      </section>
      </main>
      </body>
      </html>

      """
  }
}
