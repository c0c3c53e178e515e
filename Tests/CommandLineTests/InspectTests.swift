import Foundation
import Testing

@Suite("affidavit inspect and keygen")
struct InspectTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  func object(_ arguments: String...) throws -> [String: Any] {
    let result = try Program.affidavit.run(
      arguments + ["--format", "json"], in: workspace.folder)
    #expect(result.status == 0)
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(value as? [String: Any])
  }

  @Test("shows a network and evaluates it")
  func network() throws {
    try workspace.write("0 1\n1 -0.5\n", to: "points")
    let shown = try object("inspect", "networks/two-moons.onnx", "--input", "points")
    #expect(shown["kind"] as? String == "network")
    #expect(shown["units"] as? Int == 48)
    #expect(shown["parameters"] as? Int == 722)
    let evaluations = try #require(shown["evaluations"] as? [[String: [[Double]]]])
    #expect(evaluations.count == 2)
    for (evaluation, isUpper) in zip(evaluations, [true, false]) {
      let scores = try #require(evaluation["outputs"]?.first)
      let single = try #require(evaluation["outputsInBinary32"]?.first)
      #expect((scores[0] > scores[1]) == isUpper)
      #expect(zip(scores, single).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test("tells the kinds of files apart")
  func kinds() throws {
    try workspace.certify()
    let files = [
      "moons.yaml": "specification", "out/upper-crest.vnnlib": "query",
      "out/upper-crest.proof": "proof", "out/upper-crest.cert.json": "certificate",
    ]
    for (file, kind) in files {
      #expect(try object("inspect", file)["kind"] as? String == kind)
      #expect(try workspace.affidavit("inspect", file).status == 0)
    }
  }

  @Test("shows a claim about a probability, its law and its hidden values")
  func probability() throws {
    try workspace.write(
      """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input X real [2]) (declare-hidden H real [24] "value0")
        (declare-output Y real [2]))
      (probability 1/3 0.5
        (difference (event (assert (> H[3] 0))) (event (assert (> Y[0] Y[1]))))
        (component 1 (normal 0 1) (map (0 1) (1/3 2))))
      """, to: "claim.vnnlib")
    let shown = try object("inspect", "claim.vnnlib")
    #expect(shown["kind"] as? String == "probability" && shown["events"] as? Int == 2)
    #expect(shown["lower"] as? String == "1/3" && shown["upper"] as? String == "0.5")
    let law = try #require((shown["laws"] as? [[String: Any]])?.first)
    #expect(law["coordinates"] as? Int == 1 && law["inputs"] as? Int == 2)
    #expect((shown["networks"] as? [Any])?.count == 1)
    let text = try workspace.affidavit("inspect", "claim.vnnlib").output
    #expect(text.contains("made of the probabilities of 2 events lies from 1/3 to 0.5\n"))
    #expect(text.contains("  hidden H real [24]\n"))
  }

  @Test("makes keys that openssl would read, and overwrites none", arguments: ["p256", "ed25519"])
  func keys(type: String) throws {
    let made = try workspace.affidavit("keygen", "--output", "keys/lab", "--type", type)
    #expect(made.status == 0)
    let secret = try workspace.read("keys/lab.key")
    #expect(secret.starts(with: Data("-----BEGIN PRIVATE KEY-----\n".utf8)))
    let shared = try workspace.read("keys/lab.pub")
    #expect(shared.starts(with: Data("-----BEGIN PUBLIC KEY-----\n".utf8)))
    let attributes = try FileManager.default.attributesOfItem(
      atPath: workspace.folder.appendingPathComponent("keys/lab.key").path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try workspace.affidavit("keygen", "--output", "keys/lab").status == 65)
    #expect(try workspace.read("keys/lab.key") == secret)
  }
}
