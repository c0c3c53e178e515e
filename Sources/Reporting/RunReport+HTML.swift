internal import Certificates

extension RunReport {
  /// One page without scripts or anything from elsewhere, for a person who must decide.
  var page: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(specification.path.escapedForMarkup): \(summary)</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <main>
    <header>
    <p class="tool">\("\(tool.name) \(tool.version)".escapedForMarkup)</p>
    <h1>\(specification.path.escapedForMarkup)</h1>
    <p class="summary">\(Self.badges(counts))</p>
    </header>
    \(section("Refuted", .refuted))\
    \(section("Undecided", .undecided))\
    \(section("Holds", .holds))\
    \(inputs)
    \(recheck)
    \(limits)
    </main>
    </body>
    </html>

    """
  }

  private static func badges(_ counts: (holds: Int, refuted: Int, undecided: Int)) -> String {
    [
      (Certification.Answer.holds, "\(counts.holds) holds"),
      (.refuted, "\(counts.refuted) refuted"),
      (.undecided, "\(counts.undecided) undecided"),
    ].map { #"<span class="badge \#($0.rawValue)">\#($1)</span>"# }.joined(separator: " ")
  }

  private func section(_ title: String, _ answer: Certification.Answer) -> String {
    let answered = claims.filter { $0.verdict.answer == answer }
    guard !answered.isEmpty else { return "" }
    return "<section>\n<h2>\(title)</h2>\n\(answered.map(\.article).joined())</section>\n"
  }

  private var inputs: String {
    let rows = ([specification] + networks).map {
      "<tr><td>\($0.path.escapedForMarkup)</td><td><code>\($0.digest)</code></td></tr>\n"
    }
    return """
      <section>
      <h2>What it is about</h2>
      <p>These files and no others, by the SHA-256 of their bytes.</p>
      <table><thead><tr><th>File</th><th>SHA-256</th></tr></thead>
      <tbody>
      \(rows.joined())</tbody></table>
      </section>
      """
  }

  private var recheck: String {
    let certificates = claims.compactMap(\.certificate)
    guard let publicKey, !certificates.isEmpty else {
      return """
        <section>
        <h2>How to check it again</h2>
        <p>Nothing was signed in this run. Run it again with a key to get certificates.</p>
        </section>
        """
    }
    let commands = certificates.map {
      "affidavit check \($0.quotedForShell) --trusted-key \(publicKey.path.quotedForShell)\n"
        .escapedForMarkup.replacing("&#10;", with: "\n")
    }
    return """
      <section>
      <h2>How to check it again</h2>
      <pre>\(commands.joined())</pre>
      <p>Take the public key from someone you trust, not from where the certificates came from. \
      Its fingerprint is</p>
      <p><code>\(publicKey.digest)</code></p>
      </section>
      """
  }

  private var limits: String {
    """
    <section>
    <h2>What it does not say</h2>
    <ul>
    <li>A claim holds for the inputs that it names. Nothing is said about others.</li>
    <li><em>Signed</em> means that the holder of a key says so. <em>Re-checked</em> means that the \
    checker replayed the proof, or evaluated the refuting point, in exact arithmetic in this run. \
    <em>None</em> means that only the \
    search says so.</li>
    <li>Whether the claims say what should be true is for their reader to judge.</li>
    </ul>
    </section>
    """
  }
}

extension ClaimReport {
  fileprivate var article: String {
    let rows = rows.map { "<dt>\($0)</dt><dd>\($1)</dd>\n" }.joined()
    return """
      <article class="\(verdict.word)">
      <h3>\(id.escapedForMarkup)</h3>
      <p>\(statement.escapedForMarkup)</p>
      <dl>
      \(rows)</dl>
      \(figures.map(\.markup).joined())</article>

      """
  }

  private var rows: [(String, String)] {
    var rows: [(String, String)] = []
    switch verdict {
    case .refuted(let witness) where !witness.isEmpty:
      let values = witness.map { "<code>\($0.phrase.escapedForMarkup)</code>" }
      rows.append(("Refuted at", values.joined(separator: "<br>")))
    case .undecided(let reason): rows.append(("Reason", reason.escapedForMarkup))
    case .holds, .refuted: break
    }
    if let interval { rows.append(("The number is", interval.phrase)) }
    rows.append(("Meaning of the network", semantics.phrase))
    rows.append(("Assurance", assurance.rawValue))
    if let proof {
      rows.append(("Proof", "\(proof.name.escapedForMarkup), \(proof.size) bytes"))
      rows.append(("Proof SHA-256", "<code>\(proof.digest)</code>"))
    }
    if let certificate { rows.append(("Certificate", certificate.escapedForMarkup)) }
    rows.append(("Effort", "\(duration.seconds) seconds, \(nodes) nodes"))
    return rows
  }
}

extension ClaimReport.Figure {
  /// The picture with its caption, if there is one.
  var markup: String {
    let words =
      caption.isEmpty ? "" : "<figcaption>\(caption.escapedForMarkup)</figcaption>\n"
    return "<figure>\n\(picture)\(words)</figure>\n"
  }
}

extension Certification.Semantics {
  /// The meaning, for a person.
  fileprivate var phrase: String {
    switch self {
    case .real: "function over the real numbers; an execution in floating point may differ"
    case .float32: "every execution in IEEE binary32, in whatever order it sums"
    }
  }
}

extension String {
  /// As one word of a shell's command line.
  fileprivate var quotedForShell: String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/".utf8)
    if !isEmpty, !hasPrefix("-"), utf8.allSatisfy(plain.contains) { return self }
    return "'" + replacing("'", with: #"'\''"#) + "'"
  }
}
