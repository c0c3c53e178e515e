/// One page about a law: its picture and what was said of it, without scripts or anything from elsewhere.
public struct LawPage: Sendable {
  /// What the page is about.
  public var title: String
  /// The picture, a text in SVG as the plots of this module make it.
  public var picture: String
  /// What was said, in lines.
  public var text: String
  /// The program that said it.
  public var tool: String

  /// A page.
  ///
  /// - Parameters:
  ///   - title: What the page is about.
  ///   - picture: The picture, a text in SVG as the plots of this module make it.
  ///   - text: What was said, in lines.
  ///   - tool: The program that said it.
  public init(title: String, picture: String, text: String, tool: String) {
    self.title = title
    self.picture = picture
    self.text = text
    self.tool = tool
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
      \(picture)</section>
      <section>
      <h2>In numbers</h2>
      <pre>\(lines)</pre>
      <p><em>exact</em>: a closed form or an enumeration, in floating point. <em>estimate</em>: \
      drawn, with an interval and its confidence. Nothing here is proved or signed.</p>
      </section>
      </main>
      </body>
      </html>

      """
  }
}
