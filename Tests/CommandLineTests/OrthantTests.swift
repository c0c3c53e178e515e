import Foundation
import Testing

@Suite("affidavit orthant")
struct OrthantTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Two cases with known answers, one that is empty, and one below the range of binary64.
  static let cases = """
    {"cases": [
      {"id": "equal", "n": 4, "mean": 0, "cov": {"type": "equi", "rho": 0.5}, "lower": 0,
       "upper": "inf"},
      {"id": "walk", "n": 3, "mean": [0, 0, 0], "cov": {"type": "brownian"}, "lower": [0, 0, 0],
       "upper": ["inf", "inf", "inf"]},
      {"id": "empty", "n": 2, "mean": 0, "cov": {"type": "factor", "A": [[1], [-1]], "d": [0, 0]},
       "lower": 1, "upper": "inf"},
      {"id": "tiny", "n": 1, "mean": -40, "cov": {"type": "dense", "rows": [[1]]}, "lower": 0,
       "upper": "inf"}
    ]}
    """

  /// The objects of the lines, with the digits of their numbers kept by the caller where needed.
  static func answers(_ result: Program.Result) throws -> [[String: Any]] {
    try result.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("answers every case in a line, with the same keys")
  func all() throws {
    try workspace.write(Self.cases, to: "cases.json")
    let result = try workspace.affidavit("orthant", "cases.json", "--threads", "1")
    #expect(result.status == 0 && result.errors.isEmpty)
    let answers = try Self.answers(result)
    #expect(answers.map { $0["id"] as? String } == ["equal", "walk", "empty", "tiny"])
    let keys: Set = [
      "id", "probability", "log10-probability", "relative-error", "status", "seconds",
    ]
    for answer in answers { #expect(Set(answer.keys) == keys) }
    for (answer, expected) in zip(answers, [0.2, 0.3125]) {
      let found = try #require(answer["probability"] as? Double)
      let error = try #require(answer["relative-error"] as? Double)
      #expect(abs(found / expected - 1) <= error && error < 1e-10)
      #expect(answer["status"] as? String == "exact")
    }
    #expect(answers[2]["probability"] as? Double == 0)
    #expect(answers[2]["log10-probability"] is NSNull)
    // The logarithm of the upper tail at 40, to base ten.
    let logarithm = try #require(answers[3]["log10-probability"] as? Double)
    #expect(abs(logarithm - -349.436_9) < 1e-3)
    #expect(result.lines[3].contains("e-350"))
  }

  @Test("answers one case alone, the same each time")
  func one() throws {
    try workspace.write(Self.cases, to: "cases.json")
    func answer(_ more: String...) throws -> [String: Any] {
      let result = try Program.affidavit.run(
        ["orthant", "cases.json", "--case", "equal"] + more, in: workspace.folder)
      #expect(result.status == 0 && result.lines.count == 1)
      return try #require(try Self.answers(result).first)
    }
    let sampled = try answer("--sampled", "--accuracy", "0.01", "--seed", "3")
    let found = try #require(sampled["probability"] as? Double)
    let error = try #require(sampled["relative-error"] as? Double)
    #expect(sampled["status"] as? String == "estimate")
    #expect(error <= 0.01 && abs(found / 0.2 - 1) <= error)
    #expect(
      try answer("--sampled", "--accuracy", "0.01", "--seed", "3")["probability"] as? Double
        == found)
    #expect(
      try answer("--sampled", "--accuracy", "0.01", "--seed", "4")["probability"] as? Double
        != found)
  }

  /// A mistake in a case: what stands in the place of something else, and what the message says.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let message: String

    var testDescription: String { "\(old) → \(new)" }
  }

  static let right = """
    {"cases": [{"id": "a", "n": 2, "mean": 0, "cov": {"type": "dense", "rows": [[1, 0.5], [0.5, 1]]},
    "lower": [0, -1], "upper": "inf"}]}
    """

  static let mistakes = [
    Mistake(old: #""cases""#, new: #""case""#, message: #"found no list "cases""#),
    Mistake(old: #""id": "a", "#, new: "", message: #"case 0: found no "id" of its own"#),
    Mistake(old: #""n": 2"#, new: #""n": 0"#, message: #"case 'a': found no usable "n""#),
    Mistake(old: #""n": 2"#, new: #""n": 3"#, message: #""lower": found 2 numbers, expected 3"#),
    Mistake(old: #""mean": 0, "#, new: "", message: #""mean": found something else"#),
    Mistake(old: #""mean": 0"#, new: #""mean": "nan""#, message: #""mean": found something else"#),
    Mistake(old: #""mean": 0"#, new: #""mean": "inf""#, message: "inf"),
    Mistake(old: "[0, -1]", new: "[0, null]", message: #""lower": found something else"#),
    Mistake(old: "[0, -1]", new: #"[0, "nan"]"#, message: #""lower": found something else"#),
    Mistake(old: #""upper": "inf""#, new: #""upper": -2"#, message: "-2"),
    Mistake(old: "[0.5, 1]]", new: "[0.5]]", message: #""rows": found 1 numbers, expected 2"#),
    Mistake(old: ", [0.5, 1]]", new: "]", message: #""rows": found 1 rows, expected 2"#),
    Mistake(old: "[0.5, 1]]", new: "[0.25, 1]]", message: "covariance[1][0]: found an entry"),
    Mistake(old: "[0.5, 1]]", new: "[0.5, 0.1]]", message: "covariance[1][0]: found an entry"),
    Mistake(old: #""dense""#, new: #""dens""#, message: "found 'dens', expected dense, equi"),
    Mistake(old: #""dense""#, new: #""equi""#, message: #""rho": found something else"#),
    Mistake(old: #""type": "dense", "#, new: "", message: #"found no "cov" with a "type""#),
    Mistake(old: "}]}", new: "}]", message: "malformed JSON at byte 132"),
  ]

  @Test("refuses bad cases with their place", arguments: mistakes)
  func refuses(mistake: Mistake) throws {
    let text = Self.right.replacingOccurrences(of: mistake.old, with: mistake.new)
    #expect(text != Self.right)
    try workspace.write(text, to: "bad.json")
    let result = try workspace.affidavit("orthant", "bad.json")
    #expect(result.status == 65 && result.output.isEmpty)
    #expect(result.errors.hasPrefix("affidavit: bad.json: "))
    #expect(result.errors.contains(mistake.message))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test("refuses unknown cases, missing files and options out of range")
  func refusesArguments() throws {
    try workspace.write(Self.right, to: "right.json")
    #expect(try workspace.affidavit("orthant", "right.json").status == 0)
    let unknown = try workspace.affidavit("orthant", "right.json", "--case", "b")
    #expect(unknown.status == 65)
    #expect(unknown.errors == "affidavit: right.json: found no case 'b'\n")
    #expect(try workspace.affidavit("orthant", "none.json").status == 65)
    for options in [["--accuracy", "0"], ["--accuracy", "nan"], ["--threads", "0"]] {
      let result = try Program.affidavit.run(
        ["orthant", "right.json"] + options, in: workspace.folder)
      #expect(result.status == 64)
    }
  }
}
