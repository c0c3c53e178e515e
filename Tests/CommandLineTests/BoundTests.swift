import Foundation
import Testing

@Suite("Bounds of probabilities")
struct BoundTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let head = """
    affidavit: 1
    networks:
      classifier: networks/two-moons.onnx
      controller: networks/collision-avoidance.onnx
    distributions:
      noise: {gaussian: {mean: [0, 1], standard-deviation: 0.25}}
    claims:

    """

  private static let claims = """
      - id: rarely-lower
        probability: argmax(classifier(x)) == 1
        under: noise
        at-most: 0.1
      - id: steep
        probability: jacobian(classifier, x) has norm above 0.001
        under: noise
        at-least: 0.9
      - id: given-a-unit
        probability: jacobian(classifier, x) has norm above 5
        given: unit(classifier, x)[0, 5] is active
        under: noise
        at-least: 0.9
      - id: left
        probability: x[0] < 0 and unit(classifier, x)[0, 3] is active or not x[0] >= 0 and unit(classifier,
          x)[0, 3] is inactive
        under: noise
        precision: 1e-9

    """

  private static let refuted = """
      - id: never
        probability: x[0] < 0 and max(classifier(x)) < 1000
        under: noise
        at-most: 0.1

    """

  private static let long = """
      - id: long
        probability: min(controller(x)) < 0
        under: {gaussian: {mean: 0, variance: 4}}
        precision: 1e-12

    """

  private func bound(_ claims: String, _ more: String...) throws -> Program.Result {
    try workspace.write(Self.head + claims, to: "laws.yaml")
    return try Program.affidavit.run(["bound", "laws.yaml"] + more, in: workspace.folder)
  }

  private func claims(of result: Program.Result) throws -> [[String: Any]] {
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require((value as? [String: Any])?["claims"] as? [[String: Any]])
  }

  private func ends(
    of claim: [String: Any], isProved: Bool
  ) throws -> (lower: Double, upper: Double) {
    let interval = try #require(claim["probability"] as? [String: Any])
    #expect((interval["status"] as? String == "proved") == isProved)
    return (
      try #require(interval["lower"] as? Double), try #require(interval["upper"] as? Double)
    )
  }

  @Test("hold, with an interval each")
  func hold() throws {
    let result = try bound(Self.claims, "--format", "json")
    #expect(result.status == 0, "\(result)")
    let claims = try claims(of: result)
    #expect(
      claims.map { $0["id"] as? String } == ["rarely-lower", "steep", "given-a-unit", "left"])
    #expect(claims.allSatisfy { $0["result"] as? String == "holds" })
    let lower = try ends(of: claims[0], isProved: true)
    // 0.072074 by the masses of regions, to 1e-6.
    #expect(lower.lower <= 0.072075 && 0.072073 <= lower.upper && lower.upper <= 0.1)
    // Of Jacobians and units, too.
    #expect(try ends(of: claims[1], isProved: true).lower >= 0.9)
    #expect(try ends(of: claims[2], isProved: true).lower >= 0.9)
    let left = try ends(of: claims[3], isProved: true)
    #expect(left.lower <= 0.5 && 0.5 <= left.upper && left.upper - left.lower <= 1e-9)
    let text = try bound(Self.claims, "--claim", "left")
    #expect(text.output.hasPrefix("left: holds\n") && !text.output.contains("steep"))
  }

  @Test("refute, and narrow further where asked")
  func refute() throws {
    let result = try bound(
      Self.claims + Self.refuted, "--format", "json", "--precision", "1e-6", "--method", "regions")
    #expect(result.status == 1, "\(result)")
    let last = try #require(try claims(of: result).last)
    #expect(last["result"] as? String == "refuted")
    let interval = try ends(of: last, isProved: false)
    #expect(interval.lower > 0.1 && interval.upper - interval.lower <= 1e-6)
    #expect(interval.lower <= 0.5 && 0.5 - 1e-6 <= interval.upper)
  }

  @Test("stay undecided at the time limit, with what is known")
  func undecided() throws {
    let result = try bound(Self.long, "--timeout", "1", "--format", "json")
    #expect(result.status == 2, "\(result)")
    let claim = try #require(try claims(of: result).first)
    #expect(claim["result"] as? String == "undecided")
    #expect(claim["reason"] as? String == "the time limit was reached")
    let interval = try ends(of: claim, isProved: true)
    #expect(interval.lower >= 0 && interval.upper <= 1 && interval.lower < interval.upper)
  }

  @Test("by regions are not proved; ratios and differences of proved ones are")
  func conditionals() throws {
    let ratio = """
        - id: parity
          probability: argmax(classifier(x)) == 0
          given: x[0] > 0
          divided-by:
            given: x[0] <= 0
          under: {uniform: {lower: [-0.5, 0.5], upper: [0.5, 1.5]}}
          between: [0.9, 1.3]
        - id: difference
          probability: argmax(classifier(x)) == 0
          minus:
            probability: argmax(classifier(x)) == 1
          under: {uniform: {lower: [-0.5, 0.5], upper: [0.5, 1.5]}}
          at-least: 0.5

      """
    for (method, isProved) in [("proof", true), ("regions", false)] {
      let result = try bound(ratio, "--format", "json", "--method", method)
      #expect(result.status == 0, "\(result)")
      let claims = try claims(of: result)
      let parity = try ends(of: claims[0], isProved: isProved)
      let difference = try ends(of: claims[1], isProved: isProved)
      #expect(0.9 <= parity.lower && parity.upper <= 1.3)
      // Twice 0.9076, less 1.
      #expect(difference.lower <= 0.82 && 0.81 <= difference.upper && difference.lower >= 0.5)
    }
  }

  @Test("are no proofs where there are none of the law: certify answers undecided")
  func certify() throws {
    let claim = """
        - id: clipped
          probability: argmax(classifier(x)) == 1
          under:
            gaussian: {mean: [0, 1], covariance: [[0.04, 0.01], [0.01, 0.04]]}
            clipped-to: {lower: -2, upper: 2}
          at-most: 0.9

      """
    let bounded = try bound(claim, "--format", "json")
    #expect(try ends(of: #require(claims(of: bounded).first), isProved: false).upper <= 0.9)
    let result = try workspace.affidavit(
      "certify", "laws.yaml", "--output", "out", "--unsigned", "--format", "json")
    #expect(result.status == 2)
    let answer = try #require(try claims(of: result).first)
    #expect(answer["result"] as? String == "undecided")
    #expect((answer["reason"] as? String)?.contains("has no proofs yet") == true)
  }

  /// The whole way: a probability is proved, signed, checked, and not without its network's bytes.
  @Test("are proved by certify where events are about outputs, and checked with the certificate")
  func certified() throws {
    try workspace.write(
      Self.head + """
          - id: often-upper
            probability: argmax(classifier(x)) == 0
            under: {uniform: {lower: [-0.5, 0.5], upper: [0.5, 1.5]}}
            at-least: 0.9

        """, to: "laws.yaml")
    let key = try workspace.affidavit("keygen", "--output", "lab")
    #expect(key.status == 0, "\(key.errors)")
    let result = try workspace.affidavit(
      "certify", "laws.yaml", "--output", "out", "--key", "lab.key", "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    let claim = try #require(try claims(of: result).first)
    #expect(claim["result"] as? String == "holds")
    let interval = try #require(claim["interval"] as? [String: String])
    #expect(interval["status"] == "proved")
    let (lower, upper) = (Double(interval["lower"] ?? ""), Double(interval["upper"] ?? ""))
    // 0.9076 of 20,000 drawn inputs.
    #expect(try #require(lower) >= 0.9 && #require(lower) <= 0.909)
    #expect(try #require(upper) <= 1 && #require(upper) >= 0.906)
    let check = [
      "check", "out/often-upper.cert.json", "--trusted-key", "lab.pub", "--specification",
      "laws.yaml",
    ]
    let accepted = try Program.affidavit.run(check, in: workspace.folder)
    #expect(accepted.status == 0, "\(accepted.errors)")
    try workspace.flip("out/often-upper.proof")
    #expect(try Program.affidavit.run(check, in: workspace.folder).status == 1)
  }

  /// A blank image is an eight; noise leaves it one.
  @Test("of likely events under wide laws are proved by their contraries, and checked so")
  func likely() throws {
    let claims = """
      affidavit: 1
      networks: {digits: networks/digits.onnx}
      distributions:
        noise: {gaussian: {mean: 0, standard-deviation: 0.004}}
      claims:
        - {id: eight, probability: argmax(digits(x)) == 8, under: noise, at-least: 0.999}

      """
    try workspace.write(claims, to: "laws.yaml")
    let bounds = try workspace.affidavit("bound", "laws.yaml", "--format", "json")
    let bound = try ends(of: try #require(try self.claims(of: bounds).first), isProved: true)
    // 0.99999 of 100,000 drawn inputs at least.
    #expect(bound.lower >= 0.999 && bound.lower <= 0.99999999 && bound.upper > 0.99999)
    #expect(try workspace.affidavit("keygen", "--output", "lab").status == 0)
    let result = try workspace.affidavit(
      "certify", "laws.yaml", "--output", "out", "--key", "lab.key")
    #expect(result.status == 0, "\(result)")
    let text = try String(
      contentsOf: workspace.folder.appendingPathComponent("out/eight.vnnlib"), encoding: .utf8)
    #expect(text.contains("; about: argmax(digits(x)) == 8\n") && text.contains("(complement"))
    let check = [
      "check", "out/eight.cert.json", "--trusted-key", "lab.pub", "--specification", "laws.yaml",
    ]
    let accepted = try Program.affidavit.run(check, in: workspace.folder)
    #expect(accepted.status == 0, "\(accepted)")
    // Another number of the same event is not what was signed.
    try workspace.write(claims.replacing("0.999}", with: "0.998}"), to: "laws.yaml")
    #expect(try Program.affidavit.run(check, in: workspace.folder).status == 1)
  }

  @Test("of arithmetic that is not computed are undecided")
  func float32() throws {
    let claims = Self.claims.replacing("steep", with: "steep-too")
    try workspace.write(
      (Self.head + claims).replacing("distributions:", with: "arithmetic: float32\ndistributions:"),
      to: "laws.yaml")
    let result = try workspace.affidavit("bound", "laws.yaml", "--claim", "rarely-lower")
    #expect(result.status == 2)
    #expect(result.output.contains("float32"))
  }

  @Test("Draws end with the time, and say nothing then") func sampling() throws {
    let result = try bound(
      Self.claims, "--claim", "rarely-lower", "--sample", "1000000000", "--timeout", "1",
      "--format", "json")
    #expect(result.status == 0, "\(result)")
    let claim = try #require(try claims(of: result).first)
    let sample = try #require(claim["sample"] as? [String: Any])
    #expect(sample["hits"] is NSNull && sample["lower"] is NSNull && sample["upper"] is NSNull)
    #expect(claim["result"] as? String == "holds")
  }

  @Test(
    "Wrong usage is named",
    arguments: [
      (["--claim", "none"], 65, "found no claim 'none'"),
      (["--timeout", "0"], 64, "found --timeout 0.0"),
      (["--precision", "-1"], 64, "precision"),
    ])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    try workspace.write(Self.head + Self.claims, to: "laws.yaml")
    let result = try Program.affidavit.run(
      ["bound", "laws.yaml"] + arguments, in: workspace.folder)
    #expect(result.status == status, "\(result)")
    #expect(result.errors.contains(message), "\(result)")
    let none = try workspace.affidavit("bound", "moons.yaml")
    #expect(none.status == 65 && none.errors.contains("found no claim with the key `probability`"))
  }
}
