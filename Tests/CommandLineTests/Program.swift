import Foundation

/// One of the built programs, beside the test bundle.
enum Program: String {
  case affidavit
  case checker = "affidavit-check"

  /// What a run of a program did.
  struct Result: Sendable {
    let status: Int32
    let output: String
    let errors: String
    /// How long it took to end after it was asked to.
    var secondsAfterInterrupt = 0.0

    /// The lines on standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  private var url: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent(rawValue)
  }

  /// Runs the program to its end; its output goes through files, so that none can block it.
  ///
  /// - Parameters:
  ///   - arguments: Its arguments.
  ///   - folder: The folder it runs in.
  ///   - interruptedAfter: Seconds after which it is asked to stop, as by Ctrl-C.
  /// - Returns: What it did.
  /// - Throws: Where it cannot be started.
  func run(
    _ arguments: [String], in folder: URL, interruptedAfter: Double? = nil
  ) throws -> Result {
    let streams = ["output", "errors"].map {
      folder.appendingPathComponent("\($0)-\(UUID().uuidString)")
    }
    for stream in streams { try Data().write(to: stream) }
    defer { for stream in streams { try? FileManager.default.removeItem(at: stream) } }
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    try process.run()
    if let interruptedAfter {
      Thread.sleep(forTimeInterval: interruptedAfter)
      process.interrupt()
    }
    let start = Date()
    process.waitUntilExit()
    let seconds = Date().timeIntervalSince(start)
    let texts = try streams.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Result(
      status: process.terminationStatus, output: texts[0], errors: texts[1],
      secondsAfterInterrupt: seconds)
  }
}
