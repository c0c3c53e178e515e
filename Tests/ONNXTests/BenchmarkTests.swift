import Approximation
import Foundation
import Gzip
import NetworkModel
import ONNX
import Testing

/// The published networks that may lie beside the repository.
@Suite(.enabled(if: Benchmarks.arePresent, "the benchmark collection is not there"))
struct BenchmarkTests {
  /// Unoptimised builds read about a hundred times slower: the small files must do there.
  #if DEBUG
    private static let largestSize = 20_000
  #else
    private static let largestSize = Int.max
  #endif

  @Test func everyPiecewiseLinearNetworkIsRead() throws {
    var count = 0
    for file in Benchmarks.networks(upToSize: Self.largestSize)
    where !file.path.contains("unsupported_ops") {
      let bytes = [UInt8](try Data(contentsOf: file))
      #expect(throws: Never.self, "\(file.lastPathComponent)") {
        let bytes = Gzip.isCompressed(bytes) ? try Gzip.contents(of: bytes) : bytes
        let network = try ONNXReader.read(bytes)
        let zero = network.inputs.map { [Double](repeating: 0, count: $0.size) }
        let numbers = network.evaluate(zero).joined()
        #expect(numbers.allSatisfy { $0.isFinite })
      }
      count += 1
    }
    #expect(count >= (Self.largestSize == .max ? 133 : 20))
  }

  @Test(arguments: [
    ("14_ieee_ml4acopf.onnx", "Sigmoid node '/layers.7/Sigmoid'"),
    ("mscn_128d.onnx", "Mul node 'Mul_39'"), ("quadrotor2d_output.onnx", "Cos node '/Cos'"),
    ("quadrotor2d_state.onnx", "Sin node '/Sin'"),
  ])
  func otherNetworksAreRefusedByNode(_ file: String, _ node: String) throws {
    let path = Benchmarks.folder.appending(path: "unsupported_ops/onnx/\(file)")
    let bytes = [UInt8](try Data(contentsOf: path))
    let error = #expect(throws: ONNXError.self) { try ONNXReader.read(bytes) }
    #expect(error?.description.contains(node) == true)
  }
}
