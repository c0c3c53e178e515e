import Foundation
import Testing

/// One tiny network of `operators.json`, which `tools/make-test-networks` makes.
struct OperatorCase: Decodable, Sendable, CustomTestStringConvertible {
  /// An input of the network and what onnxruntime computes there.
  struct Point: Decodable, Sendable {
    let inputs: [[Double]]
    let outputs: [[Double]]
  }

  let name: String
  let network: Data
  let points: [Point]?
  let refused: String?

  var testDescription: String { name }
  var bytes: [UInt8] { [UInt8](network) }

  static let all: [OperatorCase] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "operators.json")
    do {
      return try JSONDecoder().decode([OperatorCase].self, from: try Data(contentsOf: file))
    } catch {
      Issue.record("operators.json cannot be read: \(error)")
      return []
    }
  }()

  static func named(_ name: String) throws -> OperatorCase {
    try #require(all.first { $0.name == name })
  }
}

/// Files of the benchmark collection that may lie beside the repository.
enum Benchmarks {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/benchmarks")

  static var arePresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  /// All networks of the families, by path and size; without the VNN-LIB conformance suite.
  static func networks(upToSize largest: Int) -> [URL] {
    let files = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: [.fileSizeKey])
    var networks: [URL] = []
    while let file = files?.nextObject() as? URL {
      let size = try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize
      guard file.lastPathComponent.contains(".onnx"), !file.path.contains("vnnlib2"),
        let size, size <= largest
      else { continue }
      networks.append(file)
    }
    return networks.sorted { $0.path < $1.path }
  }
}
