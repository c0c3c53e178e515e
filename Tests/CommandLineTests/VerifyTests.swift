import Foundation
import Testing

@Suite("affidavit verify and supports")
struct VerifyTests {
  let workspace: Workspace
  let network = "f=networks/two-moons.onnx"

  init() throws { workspace = try Workspace() }

  @Test("prints unsat and writes a proof that the checker accepts")
  func unsat() throws {
    try workspace.write(Workspace.query("(<= Y[0,0] Y[0,1])"), to: "q.vnnlib")
    let result = try workspace.affidavit(
      "verify", "q.vnnlib", "--network", network, "--timeout", "60.0", "--proof", "q.proof")
    #expect(result.status == 0)
    #expect(result.output == "unsat\n")
    let check = try Program.checker.run(
      ["--network", network, "--claim", "q.vnnlib", "--proof", "q.proof"], in: workspace.folder)
    #expect(check.status == 0)
  }

  @Test("prints sat and values in the order of declaration", arguments: ["real", "float32"])
  func sat(type: String) throws {
    try workspace.write(Workspace.query("(> Y[0,0] Y[0,1])", type: type), to: "q.txt")
    let result = try workspace.affidavit("q.txt", "--network", network)
    #expect(result.status == 0)
    let lines = result.lines
    #expect(lines.count == 7)
    #expect(lines[0] == "sat" && lines[1] == "X \(type) [1,2]" && lines[4] == "Y \(type) [1,2]")
    let values = [2, 3, 5, 6].compactMap { Double(lines[$0]) }
    #expect(values.count == 4)
    #expect((-0.1...0.1).contains(values[0]) && (0.9...1.1).contains(values[1]))
    #expect(values[2] > values[3])
    #expect(lines.allSatisfy { !$0.contains("e") || $0.hasPrefix("X") || $0.hasPrefix("Y") })
  }

  @Test("prints the exact decimals of a fixed input")
  func fixedInput() throws {
    let text = Workspace.query("(and (== X[0,0] 0.05) (> Y[0,0] Y[0,1]))")
    try workspace.write(text, to: "q.vnnlib")
    let result = try workspace.affidavit("verify", "q.vnnlib", "--network", network)
    #expect(result.lines.count == 7)
    #expect(result.lines[2] == "0.05")
  }

  @Test("writes tensors instead of values where it is asked to")
  func serialised() throws {
    try workspace.write(Workspace.query("(> Y[0,0] Y[0,1])", type: "float32"), to: "q.vnnlib")
    let result = try workspace.affidavit(
      "verify", "q.vnnlib", "--network", network, "--serialise-assignments", "values")
    #expect(result.output == "sat\n")
    let tensor = try workspace.read("values/X.pb")
    // Dimensions 1 and 2, type FLOAT, the name X, eight bytes of data.
    #expect(tensor.starts(with: [8, 1, 8, 2, 16, 1, 66, 1, UInt8(ascii: "X"), 74, 8]))
    #expect(tensor.count == 19)
    #expect(workspace.exists("values/Y.pb"))
  }

  @Test("reads VNN-LIB 1.0, where the network needs no name")
  func versionOne() throws {
    try workspace.write(
      """
      (declare-const X_0 Real)
      (declare-const X_1 Real)
      (declare-const Y_0 Real)
      (declare-const Y_1 Real)
      (assert (and (>= X_0 -0.1) (<= X_0 0.1) (>= X_1 0.9) (<= X_1 1.1)))
      (assert (<= Y_0 Y_1))
      """, to: "q.vnnlib")
    let result = try workspace.affidavit(
      "verify", "q.vnnlib", "--network", "networks/two-moons.onnx")
    #expect(result.output == "unsat\n")
  }

  @Test("prints one JSON object")
  func json() throws {
    try workspace.write(Workspace.query("(> Y[0,0] Y[0,1])"), to: "q.vnnlib")
    let result = try workspace.affidavit(
      "verify", "q.vnnlib", "--network", network, "--format", "json")
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    #expect((value as? [String: Any])?["result"] as? String == "sat")
  }

  @Test("says that time is up with the word for it")
  func timeout() throws {
    try workspace.write(
      """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input X real [1,2]) (declare-output Y real [1,2]))
      (assert (and (>= X[0,0] -1.5) (<= X[0,0] 2.5) (>= X[0,1] -1.0) (<= X[0,1] 1.5)))
      (assert (> Y[0,0] 16.2237))
      """, to: "q.vnnlib")
    let result = try workspace.affidavit(
      "verify", "q.vnnlib", "--network", network, "--timeout", "0.000001")
    #expect(result.status == 0)
    #expect(result.output == "timed-out\n")
  }

  @Test(
    "answers every question about what it supports",
    arguments: [
      ("--onnx-opset-versions", ["7", "25"]), ("--vnnlib-versions", ["1.0", "2.1"]),
      ("--onnx-element-types", ["real", "float32"]), ("--hidden-node-theories", ["NH"]),
      ("--multiple-input-output-theories", ["SIO", "MIO"]),
      ("--multiple-network-theories", ["SNET", "MENET", "MINET", "MNET"]),
      ("--multiple-node-comparison-theories", ["SNC", "MNC"]),
      ("--arithmetic-complexity-theories", ["BND", "OUTC", "LIN"]),
      ("--optimised-disjunctive-reasoning", ["true"]), ("--serialise-assignments", ["true"]),
    ])
  func supports(question: String, answer: [String]) throws {
    let result = try workspace.affidavit("supports", question)
    #expect(result.status == 0)
    #expect(result.lines == answer)
  }

  @Test("names the operators, one a line")
  func operators() throws {
    let lines = try workspace.affidavit("supports", "--onnx-operators").lines
    #expect(lines.contains("Relu") && lines.contains("Gemm") && lines.contains("Conv"))
    #expect(lines.allSatisfy { !$0.contains(" ") })
  }

  @Test("says its name and version")
  func names() throws {
    #expect(try workspace.affidavit("--name").output == "affidavit\n")
    #expect(try workspace.affidavit("--version").output == "0.1.0\n")
  }
}
