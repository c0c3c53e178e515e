internal import Certificates

extension RunReport {
  /// JUnit's XML: a refuted claim is a failure, an undecided one an error, for neither may pass.
  var junit: String {
    let total = claims.reduce(Duration.zero) { $0 + $1.duration }.seconds
    let counts =
      #"tests="\#(claims.count)" failures="\#(counts.refuted)" errors="\#(counts.undecided)" "#
      + #"time="\#(total)""#
    let path = specification.path.escapedForMarkup
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="\(tool.name.escapedForMarkup)" \(counts)>
        <testsuite name="\(path)" skipped="0" \(counts)>
      \(claims.map { $0.junit(path: path) }.joined())  </testsuite>
      </testsuites>

      """
  }
}

extension ClaimReport {
  fileprivate func junit(path: String) -> String {
    let attributes =
      #"classname="\#(path)" name="\#(id.escapedForMarkup)" file="\#(path)" line="\#(line)" "#
      + #"time="\#(duration.seconds)""#
    let message = finding.escapedForMarkup
    let problem =
      switch verdict {
      case .holds: ""
      case .refuted: #"      <failure type="refuted" message="\#(message)"/>"# + "\n"
      case .undecided: #"      <error type="undecided" message="\#(message)"/>"# + "\n"
      }
    return "    <testcase \(attributes)>\n\(problem)    </testcase>\n"
  }
}
