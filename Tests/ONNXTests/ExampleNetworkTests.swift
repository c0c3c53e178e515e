import Approximation
import Foundation
import NetworkModel
import ONNX
import Testing

/// One of the project's own networks with what onnxruntime computes, as `tools/record-onnxruntime`
/// recorded it in `networks.json`.
struct ExampleNetwork: Decodable, Sendable, CustomTestStringConvertible {
  let network: String
  let points: [OperatorCase.Point]

  var testDescription: String { network }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  func bytes() throws -> [UInt8] {
    let root = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: root.appending(path: "specs/networks/\(network)")))
  }

  static let all: [ExampleNetwork] = {
    do {
      let data = try Data(contentsOf: folder.appending(path: "networks.json"))
      return try JSONDecoder().decode([ExampleNetwork].self, from: data)
    } catch {
      Issue.record("networks.json cannot be read: \(error)")
      return []
    }
  }()
}

@Suite struct ExampleNetworkTests {
  @Test(arguments: ExampleNetwork.all)
  func computesWhatTheRuntimeComputes(_ example: ExampleNetwork) throws {
    let network = try ONNXReader.read(try example.bytes())
    for point in example.points {
      let outputs = network.evaluate(point.inputs)
      let scale = point.outputs.joined().map(\.magnitude).max() ?? 1
      for (found, expected) in zip(outputs.joined(), point.outputs.joined()) {
        #expect(abs(found - expected) <= 1e-5 * max(1, scale))
      }
    }
  }

  @Test func everyNetworkIsRecorded() throws {
    #expect(ExampleNetwork.all.count == 7)
    #expect(ExampleNetwork.all.allSatisfy { $0.points.count == 3 })
  }
}
