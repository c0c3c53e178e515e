import Foundation
import Testing

@Suite("bad input gets one sentence")
struct BadInputTests {
  /// A mistake: the files beside the networks, the arguments, the status and how the message begins.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let what: String
    var files: [String: String] = [:]
    let arguments: [String]
    var status: Int32 = 65
    let message: String

    var testDescription: String { what }
  }

  static let certify = ["certify", "moons.yaml", "--output", "out", "--unsigned"]

  static func changed(_ old: String, _ new: String) -> [String: String] {
    ["moons.yaml": Workspace.specification.replacingOccurrences(of: old, with: new)]
  }

  static let mistakes = [
    Mistake(
      what: "missing file", arguments: ["certify", "no.yaml", "--output", "out", "--unsigned"],
      message: "no.yaml: No such file or directory"),
    Mistake(
      what: "missing network", files: changed("two-moons.onnx", "none.onnx"), arguments: certify,
      message: "moons.yaml:3:15: cannot read the network `classifier`: "
        + "networks/none.onnx: No such file or directory"),
    Mistake(
      what: "unknown key", files: changed("holds:", "hold:"), arguments: certify,
      message: "moons.yaml:7:5: "),
    Mistake(
      what: "wrong shape", files: changed("[0, 1]", "[0, 1, 2]"), arguments: certify,
      message: "moons.yaml:6:"),
    Mistake(
      what: "unknown network in a sentence", files: changed("argmax(classifier", "argmax(other"),
      arguments: certify, message: "moons.yaml:7:"),
    Mistake(
      what: "broken YAML", files: changed("claims:", "claims: ["), arguments: certify,
      message: "moons.yaml:"),
    Mistake(
      what: "text as network", files: ["bad.onnx": "this is no network"],
      arguments: ["inspect", "bad.onnx"], message: "bad.onnx: unreadable ONNX network: "),
    Mistake(
      what: "broken query", files: ["q.vnnlib": "(vnnlib-version <2.0>)\n(declare-netwrk f)"],
      arguments: ["verify", "q.vnnlib", "--network", "f=networks/two-moons.onnx"],
      message: "q.vnnlib:2:"),
    Mistake(
      what: "query without its network", files: ["q.vnnlib": Workspace.query("(<= Y[0,0] 0.0)")],
      arguments: ["verify", "q.vnnlib", "--network", "g=networks/two-moons.onnx"],
      message: "q.vnnlib:2:1: found no file for the network `f`"),
    Mistake(
      what: "query with another shape",
      files: [
        "q.vnnlib": Workspace.query("(<= Y[0,0] 0.0)")
          .replacingOccurrences(of: "real [1,2])", with: "real [1,3])")
      ],
      arguments: ["verify", "q.vnnlib", "--network", "f=networks/two-moons.onnx"],
      message: "q.vnnlib:3:"),
    Mistake(
      what: "query without lower bound",
      files: [
        "q.vnnlib": Workspace.query("(<= Y[0,0] 0.0)")
          .replacingOccurrences(of: "(>= X[0,0] -0.1) ", with: "")
      ],
      arguments: ["verify", "q.vnnlib", "--network", "f=networks/two-moons.onnx"],
      message: "q.vnnlib:3:"),
    Mistake(
      what: "points of another size", files: ["points": "0.5 0.5\n1\n"],
      arguments: ["inspect", "networks/two-moons.onnx", "--input", "points"],
      message: "points:2: found 1 numbers, expected 2"),
    Mistake(
      what: "points that are no numbers", files: ["points": "0.5 nan\n"],
      arguments: ["inspect", "networks/two-moons.onnx", "--input", "points"],
      message: "points:1: found 'nan', expected a finite decimal number"),
    Mistake(
      what: "key that others can read", files: ["open.key": "text"],
      arguments: ["certify", "moons.yaml", "--output", "out", "--key", "open.key"],
      message: "open.key: private key with mode 644, expected 600"),
    Mistake(
      what: "existing key", files: ["old.pub": "text"],
      arguments: ["keygen", "--output", "old"], message: "old.pub: there already is such a file"),
    Mistake(
      what: "neither key nor --unsigned", arguments: ["certify", "moons.yaml", "--output", "out"],
      status: 64, message: "found no --key (or --unsigned) (try: affidavit help certify)"),
    Mistake(
      what: "unknown option", arguments: ["inspect", "moons.yaml", "--loud"], status: 64,
      message: "Unknown option '--loud' (try: affidavit help inspect)"),
    Mistake(
      what: "negative timeout", arguments: certify + ["--timeout=-1"], status: 64,
      message: "found --timeout -1.0, expected a positive number of seconds"),
    Mistake(
      what: "unknown command", arguments: ["prove"], status: 64, message: "Unexpected argument"),
    Mistake(
      what: "networks beside a specification",
      arguments: certify + ["--network", "f=networks/two-moons.onnx"], status: 64,
      message: "a specification names its networks, found --network too"),
  ]

  @Test("on standard error, with the status for it", arguments: mistakes)
  func mistake(_ mistake: Mistake) throws {
    let workspace = try Workspace()
    for (name, text) in mistake.files { try workspace.write(text, to: name) }
    let result = try Program.affidavit.run(mistake.arguments, in: workspace.folder)
    #expect(result.status == mistake.status)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("affidavit: \(mistake.message)"), "\(result.errors)")
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
    #expect(!workspace.exists("out"))
  }

  @Test("also where a network was cut off")
  func truncated() throws {
    let workspace = try Workspace()
    let whole = try workspace.read("networks/two-moons.onnx")
    let cut = workspace.folder.appendingPathComponent("cut.onnx")
    for length in [1, 20, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: cut)
      let result = try workspace.affidavit("inspect", "cut.onnx")
      #expect(result.status == 65)
      #expect(result.errors.hasPrefix("affidavit: cut.onnx: "), "\(result.errors)")
      #expect(result.errors.filter { $0 == "\n" }.count == 1)
    }
  }
}
