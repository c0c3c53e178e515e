import NetworkModel
import ONNX
import Testing

/// Numbers from a seed (SplitMix64), so that a failure can be repeated.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Files that are cut, altered or made to mislead: they are refused, nothing traps.
@Suite struct HostileFileTests {
  private func refusal(of bytes: [UInt8]) -> String? {
    do throws(ONNXError) {
      _ = try ONNXReader.read(bytes)
      return nil
    } catch {
      return error.description
    }
  }

  @Test(arguments: ["layers", "Conv odd", "shape arithmetic"])
  func everyTruncationIsRefused(_ name: String) throws {
    let bytes = try OperatorCase.named(name).bytes
    for length in 0..<bytes.count {
      #expect(refusal(of: Array(bytes[..<length])) != nil, "the first \(length) bytes")
    }
  }

  @Test func alteredFilesNeverTrap() throws {
    var generator = SeededGenerator(state: 7)
    var refused = 0
    let files = OperatorCase.all.filter { $0.points != nil }.map(\.bytes)
    try #require(!files.isEmpty)
    for round in 0..<4000 {
      var bytes = files[round % files.count]
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(.random(in: .min ... .max, using: &generator), at: place)
        case 2: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][Int.random(in: 0..<5, using: &generator)]
        default: bytes[place] = .random(in: .min ... .max, using: &generator)
        }
      }
      if refusal(of: bytes) != nil { refused += 1 }
    }
    // Most alterations hit the structure; those that hit a weight give another network.
    #expect(refused > 1000)
    #expect(refused < 4000)
  }

  /// An axis as long as the file says, though nothing is on it, would be written out.
  @Test func emptyTensorsAreNotLong() {
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
      [number << 3 | 2, UInt8(bytes.count)] + bytes
    }
    // A FLOAT tensor of the shape [0, 2^40].
    let dimensions: [UInt8] = [0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]
    let tensor = field(1, dimensions) + [0x10, 1] + field(8, Array("a".utf8))
    let node =
      field(1, Array("a".utf8)) + field(2, Array("y".utf8)) + field(4, Array("Transpose".utf8))
    let model =
      [0x08, 8] + field(8, [0x10, 13]) + field(7, field(1, node) + field(5, tensor))
    #expect(refusal(of: model)?.contains("are not those of the shape") == true)
  }

  @Test func malformedBytesAreRefusedWithTheReason() {
    let files: [([UInt8], String)] = [
      ([], "no graph"),
      ([0x08], "cut off"),
      ([0x08, 0x80], "cut off"),
      // Numbers of 71 and of 65 bits.
      ([0x08] + [UInt8](repeating: 0x80, count: 10) + [0x01], "more than 64 bits"),
      ([0x08] + [UInt8](repeating: 0xff, count: 9) + [0x02], "more than 64 bits"),
      ([0x3a, 0x05, 0x00], "ends beyond"),
      // A negative length.
      ([0x3a] + [UInt8](repeating: 0xff, count: 9) + [0x01], "ends beyond"),
      ([0x00, 0x00], "field number"),
      // A group, and wire type 7.
      ([0x0b], "wire type 3"),
      ([0x0f], "wire type 7"),
      // The IR version as a 32-bit number.
      ([0x0d, 0, 0, 0, 0, 0x3a, 0x00], "wrong wire type"),
      ([0x08, 0x08, 0x3a, 0x00, 0x3a, 0x00], "occurs twice"),
      ([0x3a, 0x03, 0x12, 0x01, 0xff], "IR version is 0"),
    ]
    for (bytes, reason) in files {
      #expect(refusal(of: bytes)?.contains(reason) == true, "\(bytes)")
    }
  }
}
