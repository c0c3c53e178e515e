import Foundation
import Testing

@Suite("affidavit-check")
struct CheckerTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    _ = try workspace.affidavit("certify", "moons.yaml", "--output", "out", "--unsigned")
  }

  func check(_ more: [String] = [], changing name: String? = nil, to value: String = "") throws
    -> Program.Result
  {
    let options = [
      "--network": "classifier=networks/two-moons.onnx", "--claim": "out/upper-crest.vnnlib",
      "--proof": "out/upper-crest.proof",
    ].merging(name.map { [$0: value] } ?? [:]) { $1 }
    return try Program.checker.run(options.flatMap { [$0, $1] } + more, in: workspace.folder)
  }

  @Test("accepts a proof")
  func accepted() throws {
    let result = try check()
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("accepted: the claim holds in the meaning 'real': 1 case"))
    #expect(result.errors == "")
  }

  @Test("rejects another claim's proof, a cut one and one with a tail")
  func rejected() throws {
    let proof = try workspace.read("out/upper-crest.proof")
    for changed in [proof.dropLast(), proof + [0], Data("no proof".utf8), Data()] {
      try changed.write(to: workspace.folder.appendingPathComponent("changed.proof"))
      let result = try check(changing: "--proof", to: "changed.proof")
      #expect(result.status == 1)
      #expect(result.output.hasPrefix("rejected: "))
    }
    let whole = """
      (vnnlib-version <2.0>)
      (declare-network classifier
        (declare-input X real [1,2])
        (declare-output Y real [1,2]))
      (assert (and (>= X[0,0] -1.5) (<= X[0,0] 2.5) (>= X[0,1] -1.0) (<= X[0,1] 1.5)))
      (assert (<= Y[0,0] Y[0,1]))
      """
    try workspace.write(whole, to: "whole.vnnlib")
    let result = try check(changing: "--claim", to: "whole.vnnlib")
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("rejected: "))
  }

  @Test("shows what was understood")
  func show() throws {
    let lines = try check(["--show"]).lines
    #expect(lines.contains("network classifier:"))
    #expect(lines.contains("  x[0,0] in [-0.1, 0.1]"))
    #expect(lines.contains("    classifier_of_x[0,0] - classifier_of_x[0,1] <= 0.0"))
    #expect(lines.last?.hasPrefix("accepted: ") == true)
  }

  @Test("shows the law of a claim about a probability, and how the inputs follow from it")
  func showLaw() throws {
    let claim = """
      (vnnlib-version <2.0>)
      (declare-network classifier
        (declare-input X real [1,2])
        (declare-output Y real [1,2]))
      (assert (<= Y[0,0] Y[0,1]))
      (probability 0 1
        (component 1 (normal 0 1) (uniform -1 1) (map (0.5 1/3 0) (-1 0.25 2))))
      """
    try workspace.write(claim, to: "law.vnnlib")
    // One cell, which is left.
    let proof = Data("affidavit-proof/1\n".utf8) + [0x32]
    try proof.write(to: workspace.folder.appendingPathComponent("law.proof"))
    let result = try Program.checker.run(
      [
        "--network", "classifier=networks/two-moons.onnx", "--claim", "law.vnnlib",
        "--proof", "law.proof", "--show",
      ], in: workspace.folder)
    #expect(result.status == 0)
    for line in [
      "claim: P(1) lies from 0.0 to 1.0, where P(k) is the probability of a point of the case of "
        + "event k",
      "  Z[0]: normal, mean 0.0, variance 1.0", "  Z[1]: uniform from -1.0 to 1.0",
      "  X[0,0] = 0.5 + 1/3*Z[0]", "  X[0,1] = -1.0 + 0.25*Z[0] + 2.0*Z[1]",
    ] {
      #expect(result.lines.contains(line), "\(line)")
    }
  }

  @Test("ends with 2 where it cannot run")
  func couldNotRun() throws {
    try workspace.write("(assert", to: "cut.vnnlib")
    try workspace.write("(assert", to: "packed.vnnlib")
    try workspace.compress("packed.vnnlib")
    let cases: [(String, String, String)] = [
      ("--claim", "nothing", "affidavit-check: nothing: No such file or directory\n"),
      ("--claim", "cut.vnnlib", "affidavit-check: cut.vnnlib:1:"),
      (
        "--claim", "packed.vnnlib",
        "affidavit-check: packed.vnnlib: found a file compressed with gzip, expected it "
      ),
      (
        "--network", "classifier=moons.yaml",
        "affidavit-check: moons.yaml: unreadable ONNX network: "
      ),
      ("--network", "other=networks/two-moons.onnx", "affidavit-check: out/upper-crest.vnnlib:"),
      ("--nothing", "nothing", "affidavit-check: found '--nothing', expected an option"),
    ]
    for (name, value, message) in cases {
      let result = try check(changing: name, to: value)
      #expect(result.status == 2)
      #expect(result.output == "")
      #expect(result.errors.hasPrefix(message), "\(result.errors)")
      #expect(result.errors.filter { $0 == "\n" }.count == 1)
    }
  }
}
