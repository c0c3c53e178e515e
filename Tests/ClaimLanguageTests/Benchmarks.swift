import Foundation

/// The benchmark files beside the repository, where they are.
enum Benchmarks {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/benchmarks").standardized

  static var arePresent: Bool { FileManager.default.fileExists(atPath: root.path) }

  /// Every VNN-LIB file, by its path under the root.
  static func queries() -> [String] {
    guard let files = FileManager.default.enumerator(atPath: root.path) else { return [] }
    return files.compactMap { $0 as? String }
      .filter { $0.hasSuffix(".vnnlib") || $0.hasSuffix(".vnnlib.gz") }.sorted()
  }

  /// A file's bytes, decompressed.
  static func bytes(_ path: String) throws -> [UInt8] {
    let file = root.appending(path: path)
    guard path.hasSuffix(".gz") else { return [UInt8](try Data(contentsOf: file)) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/gzip")
    process.arguments = ["-dc", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return [UInt8](data)
  }

  /// The rows of a table without quotation marks.
  static func table(_ path: String) throws -> [[String]] {
    String(decoding: try bytes(path), as: UTF8.self).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }
}
