import Foundation
import Testing

@Suite("affidavit certify")
struct CertifyTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    _ = try workspace.affidavit("keygen", "--output", "lab")
  }

  func certify(_ more: String..., format: String = "text") throws -> Program.Result {
    try Program.affidavit.run(
      ["certify", "moons.yaml", "--output", "out", "--key", "lab.key", "--format", format] + more,
      in: workspace.folder)
  }

  @Test("writes text, proof and certificate of every claim that holds")
  func holds() throws {
    let result = try certify()
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.lines.last?.hasPrefix("2 claims: 2 ") == true)
    for claim in ["upper-crest", "lower-crest"] {
      for ending in ["vnnlib", "proof", "cert.json"] {
        #expect(workspace.exists("out/\(claim).\(ending)"))
      }
    }
  }

  @Test("ends with 1 where a claim is refuted")
  func refuted() throws {
    try workspace.write(Workspace.specification + Workspace.refuted, to: "moons.yaml")
    let result = try certify()
    #expect(result.status == 1)
    #expect(result.lines.contains { $0.hasPrefix("everywhere   refuted ") })
    #expect(workspace.exists("out/everywhere.cert.json"))
    #expect(!workspace.exists("out/everywhere.proof"))
  }

  @Test("ends with 2 where a claim is undecided, and swears nothing about it")
  func undecided() throws {
    try workspace.write(Workspace.specification + Workspace.hard, to: "moons.yaml")
    let result = try certify("--timeout", "0.000001")
    #expect(result.status == 2)
    #expect(workspace.exists("out/bounded.vnnlib"))
    #expect(!workspace.exists("out/bounded.cert.json"))
  }

  @Test("leaves nothing of an earlier run behind")
  func stale() throws {
    _ = try certify()
    let text = Workspace.specification
      .replacingOccurrences(of: "argmax(classifier(x)) == 0", with: "argmax(classifier(x)) == 1")
    try workspace.write(text, to: "moons.yaml")
    #expect(try certify().status == 1)
    #expect(!workspace.exists("out/upper-crest.proof"))
    let old = try workspace.affidavit("certify", "moons.yaml", "--output", "out", "--unsigned")
    #expect(old.status == 1)
    #expect(!workspace.exists("out/upper-crest.cert.json"))
    #expect(!workspace.exists("out/lower-crest.cert.json"))
    #expect(workspace.exists("out/lower-crest.proof"))
    let names = try FileManager.default.contentsOfDirectory(
      atPath: workspace.folder.appendingPathComponent("out").path)
    #expect(names.allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test("prints one JSON object")
  func json() throws {
    try workspace.write(Workspace.specification + Workspace.refuted, to: "moons.yaml")
    let result = try certify(format: "json")
    #expect(result.status == 1)
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let claims = try #require((value as? [String: Any])?["claims"] as? [[String: Any]])
    #expect(claims.map { $0["result"] as? String } == ["holds", "holds", "refuted"])
  }

  @Test(
    "prints one machine format",
    arguments: [
      ("sarif", "{\"$schema\""), ("junit", "<?xml version"), ("github", "::notice title=affidavit"),
    ])
  func formats(format: String, beginning: String) throws {
    let result = try certify(format: format)
    #expect(result.status == 0)
    #expect(result.output.hasPrefix(beginning))
    #expect(result.errors == "")
  }

  @Test("takes a query instead of a specification")
  func query() throws {
    try workspace.write(Workspace.query("(<= Y[0,0] Y[0,1])"), to: "crest.vnnlib")
    let network = "f=networks/two-moons.onnx"
    let result = try workspace.affidavit(
      "certify", "crest.vnnlib", "--network", network, "--output", "out", "--key", "lab.key")
    #expect(result.status == 0)
    let text = try workspace.read("out/crest.vnnlib")
    #expect(try text == workspace.read("crest.vnnlib"))
    let check = try workspace.affidavit(
      "check", "out/crest.cert.json", "--trusted-key", "lab.pub", "--network", network)
    #expect(check.status == 0)
    let without = try workspace.affidavit(
      "check", "out/crest.cert.json", "--trusted-key", "lab.pub")
    #expect(without.status == 2)
    #expect(without.output.contains("found no file for the network `f`"))
  }

  @Test("stops soon after Ctrl-C and keeps what is known")
  func interrupted() throws {
    try workspace.write(Workspace.long, to: "moons.yaml")
    let result = try Program.affidavit.run(
      ["certify", "moons.yaml", "--output", "out", "--key", "lab.key"], in: workspace.folder,
      interruptedAfter: 3)
    #expect(result.status == 2)
    #expect(result.lines.last?.hasPrefix("2 claims: 1 ") == true)
    #expect(result.lines.contains("    interrupted"))
    #expect(result.secondsAfterInterrupt < 2)
    #expect(workspace.exists("out/straight.cert.json"))
  }
}
