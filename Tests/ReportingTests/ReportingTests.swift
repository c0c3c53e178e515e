import Certificates
import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A run with one claim of each answer, and names that every format must escape.
private let run = RunReport(
  tool: Certification.Tool(name: "affidavit", version: "0.1.0"),
  specification: RunReport.Input(
    path: "specs/a b,c:100%.yaml", digest: Digest(of: Array("specification".utf8))),
  networks: [
    RunReport.Input(path: "networks/<net>.onnx", digest: Digest(of: Array("network".utf8)))
  ],
  claims: [
    ClaimReport(
      id: "always", statement: "y[0] > y[1] & \"y\" < 'z'", semantics: .real, verdict: .holds,
      assurance: .rechecked, duration: .milliseconds(1_204), nodes: 812,
      proof: Certification.Proof(
        name: "always.proof", digest: Digest(of: Array("proof".utf8)), size: 49_152),
      certificate: "out/always' $(x).json", line: 12),
    ClaimReport(
      id: "never\u{1B}[2J", statement: "<script>alert(1)</script>", semantics: .float32,
      verdict: .refuted(witness: [
        Certification.Variable(
          name: "X", type: "float32", shape: [2, 5],
          values: ["0.5", "-1", "0", "0", "0", "0", "0", "0", "1", "2"])
      ]), assurance: .signed, duration: .milliseconds(7), nodes: 1,
      certificate: "out/never.json", line: 17),
    ClaimReport(
      id: "perhaps", statement: "first\nsecond", semantics: .real,
      verdict: .undecided(reason: "the time limit of 60 s was reached"), assurance: .none,
      duration: .seconds(60), nodes: 99_999, line: 21),
  ],
  publicKey: RunReport.Input(path: "lab.pub", digest: Digest(of: Array("key".utf8))))

/// The whole texts that two formats give.
private enum Expected {
  static let table = """
    claim           answer     seconds  nodes        proof  assurance
    always          holds        1.204    812  49152 bytes  re-checked
    never\\u{1b}[2J  refuted      0.007      1            -  signed
        X = [0.5, -1, 0, 0, 0, 0, 0, 0, and 2 more]
    perhaps         undecided   60.000  99999            -  none
        the time limit of 60 s was reached

    3 claims: 1 holds, 1 refuted, 1 undecided

    """

  static let annotations = """
    ::notice title=affidavit::3 claims: 1 holds, 1 refuted, 1 undecided
    ::error file=specs/a b%2Cc%3A100%25.yaml,line=17,title=AFF001::'never\\u{1b}[2J' is refuted at \
    X = [0.5, -1, 0, 0, 0, 0, 0, 0, and 2 more]: <script>alert(1)</script>
    ::warning file=specs/a b%2Cc%3A100%25.yaml,line=21,title=AFF002::'perhaps' is undecided \
    (the time limit of 60 s was reached): first%0Asecond

    """
}

/// The elements of an XML text, in order; `nil` when it is malformed.
private func parsed(_ xml: String) -> [(name: String, attributes: [String: String])]? {
  final class Reader: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append((name, attributes))
    }
  }
  let reader = Reader()
  let parser = XMLParser(data: Data(xml.utf8))
  parser.delegate = reader
  return parser.parse() ? reader.elements : nil
}

extension JSON {
  fileprivate subscript(_ name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  fileprivate subscript(_ index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}

@Suite struct ReportingTests {
  @Test func writesATable() {
    #expect(ReportFormat.text.text(of: run) == Expected.table)
  }

  @Test func writesAnnotations() {
    #expect(ReportFormat.github.text(of: run) == Expected.annotations)
  }

  @Test func writesJSON() throws {
    let json = try JSON(parsing: Array(ReportFormat.json.text(of: run).utf8))
    #expect(json["summary"] == ["claims": 3, "holds": 1, "refuted": 1, "undecided": 1])
    let claim = json["claims"]?[0]
    #expect(claim?["result"] == "holds")
    #expect(claim?["assurance"] == "re-checked")
    #expect(claim?["seconds"] == .number("1.204"))
    #expect(claim?["proof"]?["size"] == "49152")
    #expect(
      json["claims"]?[1]?["witness"]?[0]?["values"]
        == ["0.5", "-1", "0", "0", "0", "0", "0", "0", "1", "2"])
    #expect(json["claims"]?[2]?["reason"] == "the time limit of 60 s was reached")
    #expect(json["specification"]?["path"] == .string(run.specification.path))
    #expect(json["networks"]?[0]?["sha256"] == .string(run.networks[0].digest.description))
  }

  @Test func writesSARIF() throws {
    let json = try JSON(parsing: Array(ReportFormat.sarif.text(of: run).utf8))
    let analysis = json["runs"]?[0]
    #expect(json["version"] == "2.1.0")
    #expect(analysis?["tool"]?["driver"]?["rules"]?[0]?["id"] == "AFF001")
    let first = analysis?["results"]?[0]
    let second = analysis?["results"]?[1]
    #expect(first?["ruleId"] == "AFF001")
    #expect(first?["level"] == "error")
    let place = first?["locations"]?[0]?["physicalLocation"]
    #expect(place?["artifactLocation"]?["uri"] == "specs/a%20b%2Cc%3A100%25.yaml")
    #expect(place?["region"]?["startLine"] == 17)
    #expect(second?["ruleId"] == "AFF002")
    #expect(second?["level"] == "warning")
    #expect(first?["partialFingerprints"] != nil)
    #expect(first?["partialFingerprints"] != second?["partialFingerprints"])
    #expect(analysis?["results"]?[2] == nil)
  }

  @Test func writesJUnit() throws {
    let elements = try #require(parsed(ReportFormat.junit.text(of: run)))
    #expect(
      elements.map(\.name) == [
        "testsuites", "testsuite", "testcase", "testcase", "failure", "testcase", "error",
      ])
    #expect(elements[0].attributes["tests"] == "3")
    #expect(elements[0].attributes["failures"] == "1")
    #expect(elements[0].attributes["errors"] == "1")
    #expect(elements[0].attributes["time"] == "61.211")
    #expect(elements[2].attributes["classname"] == "specs/a b,c:100%.yaml")
    #expect(elements[3].attributes["name"] == "never\u{FFFD}[2J")
    #expect(elements[6].attributes["message"]?.hasSuffix("first\nsecond") == true)
  }

  @Test func writesAPage() {
    let page = ReportFormat.html.text(of: run)
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.contains("<code>\(run.networks[0].digest)</code>"))
    #expect(
      page.contains(
        #"affidavit check &#39;out/always&#39;\&#39;&#39; $(x).json&#39; --trusted-key lab.pub"#))
    #expect(page.contains("the time limit of 60 s was reached"))
    let order = ["<h2>Refuted", "<h2>Undecided", "<h2>Holds"].map {
      page.range(of: $0)?.lowerBound
    }
    #expect(!order.contains(nil))
    #expect(order.compactMap { $0 } == order.compactMap { $0 }.sorted())
  }

  @Test(arguments: ReportFormat.allCases)
  func writesARunWithoutClaims(format: ReportFormat) throws {
    var empty = run
    empty.claims = []
    empty.publicKey = nil
    let text = format.text(of: empty)
    #expect(text.hasSuffix("\n"))
    switch format {
    case .json, .sarif: _ = try JSON(parsing: Array(text.utf8))
    case .junit: #expect(parsed(text)?.count == 2)
    case .text, .github, .html: #expect(text.contains("0 claims: 0 holds"))
    }
  }
}
