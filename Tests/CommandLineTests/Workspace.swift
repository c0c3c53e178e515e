import Foundation

/// A temporary folder with the networks of `specs`, a specification and what a session makes there.
final class Workspace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("affidavit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    try FileManager.default.copyItem(
      at: package.appendingPathComponent("specs/networks"),
      to: folder.appendingPathComponent("networks"))
    try write(Self.specification, to: "moons.yaml")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Two claims that hold.
  static let specification = """
    affidavit: 1
    networks:
      classifier: networks/two-moons.onnx
    claims:
      - id: upper-crest
        for-all: {x: {around: [0, 1], radius: 0.1, norm: inf}}
        holds: argmax(classifier(x)) == 0
      - id: lower-crest
        for-all: {x: {around: [1, -0.5], radius: 0.1, norm: inf}}
        holds: argmax(classifier(x)) == 1

    """

  /// A claim that a witness refutes.
  static let refuted = """
      - id: everywhere
        for-all: {x: {lower: [-1.5, -1], upper: [2.5, 1.5]}}
        holds: argmax(classifier(x)) == 0

    """

  /// A claim that is true, but not seen so in no time.
  static let hard = """
      - id: bounded
        for-all: {x: {lower: [-1.5, -1], upper: [2.5, 1.5]}}
        holds: classifier(x)[0] <= 16.2237

    """

  /// A claim that holds, and one that takes very long.
  static let long = """
    affidavit: 1
    networks:
      controller: networks/collision-avoidance.onnx
      quantised: networks/collision-avoidance-quantised.onnx
    claims:
      - id: straight
        for-all: {x: {around: [0, 0, 0, 0, 0], radius: 0.001, norm: inf}}
        holds: controller(x)[0] <= 100
      - id: agree
        for-all: {x: {lower: [-1, -1, -1, -1, -1], upper: [1, 1, 1, 1, 1]}}
        holds: abs(controller(x) - quantised(x)) <= 0.3

    """

  /// The query of a claim about the classifier on a box.
  static func query(_ condition: String, type: String = "real") -> String {
    """
    (vnnlib-version <2.0>)
    (declare-network f
      (declare-input X \(type) [1,2])
      (declare-output Y \(type) [1,2]))
    (assert (and (>= X[0,0] -0.1) (<= X[0,0] 0.1) (>= X[0,1] 0.9) (<= X[0,1] 1.1)))
    (assert \(condition))
    """
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  func read(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(name))
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  /// Flips the lowest bit of one byte.
  func flip(_ name: String, at place: (Data) -> Int = { $0.count / 2 }) throws {
    var bytes = try read(name)
    bytes[place(bytes)] ^= 1
    try bytes.write(to: folder.appendingPathComponent(name))
  }

  /// Puts a gzip file in the place of what it compresses.
  func compress(_ name: String) throws {
    let file = folder.appendingPathComponent(name)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = [file.path]
    try process.run()
    process.waitUntilExit()
    try FileManager.default.moveItem(at: file.appendingPathExtension("gz"), to: file)
  }

  /// Runs `affidavit` here.
  func affidavit(_ arguments: String...) throws -> Program.Result {
    try Program.affidavit.run(arguments, in: folder)
  }

  /// Makes a key and certifies the specification into the folder `out`.
  func certify() throws {
    _ = try affidavit("keygen", "--output", "lab")
    _ = try affidavit("certify", "moons.yaml", "--output", "out", "--key", "lab.key")
  }

  /// Checks the certificate of the first claim.
  func check() throws -> Program.Result {
    try affidavit(
      "check", "out/upper-crest.cert.json", "--trusted-key", "lab.pub", "--specification",
      "moons.yaml")
  }
}
