import Certificates
import Foundation
import Testing

@Suite("Claims that ask for a number")
struct NumberTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    _ = try workspace.affidavit("keygen", "--output", "lab")
  }

  private static let head = """
    affidavit: 1
    networks:
      classifier: networks/two-moons.onnx
    claims:

    """

  private static let highest = """
      - id: highest
        for-all: {x: {lower: [-0.1, 0.9], upper: [0.1, 1.1]}}
        maximum: classifier(x)[0] - classifier(x)[1]
        gap: 0.1

    """

  private static let radius = """
      - id: radius
        for-all: {x: {around: [0, 1], radius: largest, norm: inf}}
        holds: argmax(classifier(x)) == 0
        gap: 0.02

    """

  private func certify(_ claims: String, _ more: String..., format: String = "json") throws
    -> Program.Result
  {
    try workspace.write(Self.head + claims, to: "moons.yaml")
    return try Program.affidavit.run(
      ["certify", "moons.yaml", "--output", "out", "--key", "lab.key", "--format", format] + more,
      in: workspace.folder)
  }

  private func check(_ claim: String) throws -> Program.Result {
    try workspace.affidavit(
      "check", "out/\(claim).cert.json", "--trusted-key", "lab.pub", "--specification",
      "moons.yaml")
  }

  private func claims(of result: Program.Result) throws -> [[String: Any]] {
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require((value as? [String: Any])?["claims"] as? [[String: Any]])
  }

  @Test("are answered by an interval whose certificates stand")
  func intervals() throws {
    let result = try certify(Self.highest + Self.radius)
    #expect(result.status == 0)
    for (claim, gap) in zip(try claims(of: result), [0.1, 0.02]) {
      #expect(claim["result"] as? String == "holds")
      let interval = try #require(claim["interval"] as? [String: Any])
      #expect(interval["status"] as? String == "proved")
      let lower = try #require((interval["lower"] as? String).flatMap(Double.init))
      let upper = try #require((interval["upper"] as? String).flatMap(Double.init))
      #expect(lower <= upper && upper - lower <= gap + 1e-12)
    }
    for claim in ["highest", "radius"] {
      let checked = try check(claim)
      #expect(checked.status == 0, "\(checked.output)")
      #expect(checked.output.contains("it is between "))
    }
    // The text beside the proof is the one that is proved.
    let replayed = try Program.checker.run(
      [
        "--network", "classifier=networks/two-moons.onnx", "--claim", "out/highest.vnnlib",
        "--proof", "out/highest.proof",
      ], in: workspace.folder)
    #expect(replayed.status == 0)
  }

  /// An interval that a trusted key signed, but that the evidence does not carry.
  struct Forgery: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// What is added to an end.
    let shifts: [String: Double]
    let sentence: String
  }

  static let forgeries = [
    Forgery(
      testDescription: "a proved end that is too low", shifts: ["upper": -0.01],
      sentence: "has digest "),
    Forgery(
      testDescription: "a refuted end that is too high", shifts: ["lower": 0.08],
      sentence: "the witness is none: "),
    Forgery(
      testDescription: "an interval that is too wide", shifts: ["lower": -1],
      sentence: "its interval is wider than the claim asks for"),
    Forgery(
      testDescription: "crossed ends", shifts: ["lower": 1],
      sentence: "its interval has its lower end above its upper end"),
  ]

  @Test("are refused where a signed interval is not the proved one", arguments: forgeries)
  func forged(_ forgery: Forgery) throws {
    _ = try certify(Self.highest)
    let path = workspace.folder.appendingPathComponent("out/highest.cert.json").path
    let key = try SigningKey(file: workspace.folder.appendingPathComponent("lab.key").path)
    let envelope = try Envelope(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
    var text = String(decoding: envelope.payload, as: UTF8.self)
    for (end, shift) in forgery.shifts {
      let match = try #require(text.firstMatch(of: try Regex("\"\(end)\": ?\"([-0-9.]+)\"")))
      let number = match.output[1]
      let value = try #require(number.substring.flatMap { Double($0) })
      text.replaceSubrange(try #require(number.range), with: "\(value + shift)")
    }
    let forged = try Envelope(
      signing: Array(text.utf8), payloadType: envelope.payloadType, with: [key])
    try Data(forged.fileBytes).write(to: URL(fileURLWithPath: path))
    let result = try check("highest")
    #expect(result.status == 1)
    #expect(result.output.contains(forgery.sentence), "\(result.output)")
  }

  @Test("are said in a sentence")
  func sentence() throws {
    let result = try certify(Self.highest, format: "text")
    #expect(
      result.lines.contains {
        $0.contains("the maximum of classifier(x)[0] - classifier(x)[1] for all x in {")
          && $0.contains(" is between ") && $0.hasSuffix("(proved)")
      })
  }

  @Test("are refuted where the centre breaks the sentence")
  func refuted() throws {
    let result = try certify(Self.radius.replacingOccurrences(of: "== 0", with: "== 1"))
    #expect(result.status == 1)
    let checked = try workspace.affidavit(
      "check", "out/radius.cert.json", "--trusted-key", "lab.pub", "--specification",
      "moons.yaml", "--answer", "refuted")
    #expect(checked.status == 0, "\(checked.output)")
    #expect(try check("radius").status == 1)
  }

  @Test("are undecided where time is short, and nothing is sworn")
  func undecided() throws {
    let result = try certify(
      Self.highest.replacingOccurrences(of: "0.1\n\n", with: "0.0000001\n\n"), "--timeout",
      "0.000001")
    #expect(result.status == 2)
    #expect(!workspace.exists("out/highest.cert.json") && !workspace.exists("out/highest.vnnlib"))
  }

  @Test("are listed by inspect without a text")
  func inspect() throws {
    try workspace.write(Self.head + Self.highest, to: "moons.yaml")
    let result = try workspace.affidavit("inspect", "moons.yaml", "--format", "json")
    #expect(result.status == 0 && result.output.contains("\"query\":null"))
  }
}
