import Foundation
import LinearProgramming
import NetworkModel
import ONNX
import Regions
import Testing

/// A network of the folder beside the project, where that folder is.
func sharedNetwork(_ name: String) -> Network? {
  let file = URL(filePath: #filePath)
    .appending(path: "../../../../shared/\(name)").standardizedFileURL
  guard let data = try? Data(contentsOf: file) else {
    print("skipped: no ../shared/\(name)")
    return nil
  }
  return try? ONNXReader.read(Array(data))
}

@Suite struct ReferenceTests {
  @Test(arguments: [("moons", 42), ("moons_b", 58)])
  func regionsOfTheMoonsNetworks(name: String, count: Int) throws {
    guard let network = sharedNetwork("probability/\(name).onnx") else { return }
    let prepared = try RegionNetwork(network)
    #expect(try prepared.regions(meeting: Scope(allInputsOf: prepared)).count == count)
    for exponent in [26, 46] {
      let size = Double(1 << exponent)
      let box = Array(repeating: Bounds.between(-size, size), count: 2)
      #expect(try prepared.regions(meeting: Scope(box: box)).count == count)
    }
  }

  @Test func regionsOfTheBrusselatorStep() throws {
    guard let network = sharedNetwork("invertibility/brusselator_xyb.onnx") else { return }
    let prepared = try RegionNetwork(network)
    let centre = [1.96433, 1.24951, 2.1]
    let near = try prepared.regions(
      meeting: Scope(around: centre, radius: 5, norm: .infinity, fixed: [2]))
    #expect(near.count == 2654)
    let regions = try prepared.regions(
      meeting: Scope(around: centre, radius: 30, norm: .infinity, fixed: [2]))
    #expect(regions.count == 5027)
    #expect(abs(regions.reduce(0) { $0 + ($1.area ?? .nan) } - 3600) < 1e-9)
  }
}
