import Foundation
import Testing

@Suite("affidavit check")
struct CheckTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.certify()
  }

  @Test("accepts what was certified, and says who signed and that it was re-checked")
  func accepted() throws {
    let result = try workspace.check()
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("accepted: out/upper-crest.cert.json: upper-crest signed by"))
    #expect(result.output.contains("; re-checked: the proof stands: "))
    #expect(
      result.lines.last == "note: moons.yaml states claims that no accepted certificate here is "
        + "about: lower-crest")
    #expect(result.errors == "")
  }

  @Test("takes a network that was compressed after signing")
  func compressed() throws {
    try workspace.compress("networks/two-moons.onnx")
    #expect(try workspace.check().status == 0)
    try workspace.flip("networks/two-moons.onnx")
    #expect(try workspace.check().status == 1)
  }

  /// A change after signing, and the sentence that refuses it.
  struct Tampering: Sendable, CustomTestStringConvertible {
    let what: String
    let sentence: String
    let apply: @Sendable (Workspace) throws -> Void

    var testDescription: String { what }
  }

  static let tamperings = [
    Tampering(what: "network", sentence: "the network classifier has digest ") {
      try $0.flip("networks/two-moons.onnx")
    },
    Tampering(what: "unreadable network", sentence: "cannot read the network `classifier`") {
      try $0.write("", to: "networks/two-moons.onnx")
    },
    Tampering(what: "specification", sentence: "the specification moons.yaml has digest ") {
      try $0.flip("moons.yaml")
    },
    Tampering(what: "further claim", sentence: "the specification moons.yaml has digest ") {
      try $0.write(Workspace.specification + Workspace.hard, to: "moons.yaml")
    },
    Tampering(what: "proof", sentence: "the proof upper-crest.proof has digest ") {
      try $0.flip("out/upper-crest.proof")
    },
    Tampering(what: "certificate", sentence: "signature does not match") {
      let bytes = try $0.read("out/upper-crest.cert.json")
      // A letter of the payload's base64 becomes another one.
      let place = try #require(bytes.firstIndex(of: UInt8(ascii: "B")))
      try $0.flip("out/upper-crest.cert.json") { _ in place }
    },
    Tampering(what: "cut certificate", sentence: "malformed JSON at byte ") {
      let bytes = try $0.read("out/upper-crest.cert.json")
      try $0.write(
        String(decoding: bytes.dropLast(20), as: UTF8.self), to: "out/upper-crest.cert.json")
    },
    Tampering(what: "key", sentence: "untrusted key: signed by ") {
      for name in ["lab.key", "lab.pub"] {
        try FileManager.default.removeItem(at: $0.folder.appendingPathComponent(name))
      }
      _ = try $0.affidavit("keygen", "--output", "lab")
    },
  ]

  @Test("rejects every change with a sentence", arguments: tamperings)
  func tampered(_ tampering: Tampering) throws {
    try tampering.apply(workspace)
    let result = try workspace.check()
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("rejected: out/upper-crest.cert.json: "))
    #expect(result.output.contains(tampering.sentence))
  }

  @Test("accepts no refutation unless it is asked for")
  func refuted() throws {
    try workspace.write(Workspace.specification + Workspace.refuted, to: "moons.yaml")
    try workspace.certify()
    let arguments = [
      "check", "out/everywhere.cert.json", "--trusted-key", "lab.pub", "--specification",
      "moons.yaml",
    ]
    let refused = try Program.affidavit.run(arguments, in: workspace.folder)
    #expect(refused.status == 1)
    #expect(refused.output.contains("it says that the claim is refuted"))
    let asked = try Program.affidavit.run(
      arguments + ["--answer", "refuted"], in: workspace.folder)
    #expect(asked.status == 0)
    #expect(asked.output.contains("re-checked: the witness refutes the claim"))
  }

  @Test("ends with 2 where a file is missing or the arguments make no sense")
  func couldNotRun() throws {
    let cases: [([String], String)] = [
      (["check", "out/upper-crest.cert.json"], "affidavit: Missing expected argument"),
      (
        ["check", "out/upper-crest.cert.json", "--trusted-key", "nobody.pub"],
        "affidavit: nobody.pub: No such file or directory\n"
      ),
      (
        ["check", "out/nothing.cert.json", "--trusted-key", "lab.pub"],
        "affidavit: out/nothing.cert.json: No such file or directory\n"
      ),
      (
        ["check", "out/upper-crest.cert.json", "--trusted-key", "moons.yaml"],
        "affidavit: moons.yaml: not a public key"
      ),
    ]
    for (arguments, message) in cases {
      let result = try Program.affidavit.run(arguments, in: workspace.folder)
      #expect(result.status == 2)
      #expect(result.output == "")
      #expect(result.errors.hasPrefix(message))
      #expect(result.errors.filter { $0 == "\n" }.count == 1)
    }
    let alone = try workspace.affidavit(
      "check", "out/upper-crest.cert.json", "--trusted-key", "lab.pub")
    #expect(alone.status == 2)
    #expect(alone.output.contains("--specification"))
  }

  @Test("prints one JSON object that keeps signed and rechecked apart")
  func json() throws {
    try workspace.flip("out/upper-crest.proof")
    let result = try workspace.affidavit(
      "check", "out/upper-crest.cert.json", "out/lower-crest.cert.json", "--trusted-key",
      "lab.pub", "--specification", "moons.yaml", "--format", "json")
    #expect(result.status == 1)
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let findings = try #require((value as? [String: Any])?["certificates"] as? [[String: Any]])
    #expect(findings.map { $0["verdict"] as? String } == ["rejected", "accepted"])
    #expect(findings.map { $0["signed"] as? Bool } == [true, true])
    #expect(findings.map { $0["rechecked"] as? Bool } == [false, true])
  }

  @Test("prints one machine format, in which a rejected certificate is a problem")
  func formats() throws {
    try workspace.flip("out/upper-crest.proof")
    for (format, problem) in [
      ("sarif", "\"ruleId\":\"AFF002\""), ("junit", "<error "), ("github", "::warning file="),
    ] {
      let result = try workspace.affidavit(
        "check", "out/upper-crest.cert.json", "out/lower-crest.cert.json", "--trusted-key",
        "lab.pub", "--specification", "moons.yaml", "--format", format)
      #expect(result.status == 1)
      #expect(result.output.components(separatedBy: problem).count == 2, "\(result.output)")
    }
  }

  @Test("report writes a page that lists all claims")
  func report() throws {
    let arguments = [
      "report", "out", "--trusted-key", "lab.pub", "--specification", "moons.yaml", "-o",
      "report.html",
    ]
    #expect(try Program.affidavit.run(arguments, in: workspace.folder).status == 0)
    let page = String(decoding: try workspace.read("report.html"), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains("upper-crest") && page.contains("lower-crest"))
    #expect(!page.contains("there is no certificate"))
    try FileManager.default.removeItem(
      at: workspace.folder.appendingPathComponent("out/lower-crest.cert.json"))
    #expect(try Program.affidavit.run(arguments, in: workspace.folder).status == 2)
    let incomplete = String(decoding: try workspace.read("report.html"), as: UTF8.self)
    #expect(incomplete.contains("there is no certificate"))
  }
}
