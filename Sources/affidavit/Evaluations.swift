internal import Approximation
internal import Certificates
internal import ExactArithmetic
internal import NetworkModel

/// The outputs of a network at given points, in binary64 and in binary32.
struct Evaluations {
  /// The outputs at one point.
  struct Outputs {
    let double: [[Double]]
    let single: [[Float]]
  }

  let outputs: [Outputs]

  /// Evaluates at each point of a file: one a line, the entries of all inputs between blanks.
  init(of network: Network, at file: InputFile) throws(Failure) {
    let size = network.inputs.reduce(0) { $0 + $1.size }
    let lines = try file.text().split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var outputs: [Outputs] = []
    for (number, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let place = "\(file.path):\(number + 1)"
      var point: [Double] = []
      for word in line.split(whereSeparator: \.isWhitespace) {
        guard let value = Rational(decimal: word)?.nearestDouble, value.isFinite else {
          throw .badInput("\(place): found '\(word)', expected a finite decimal number")
        }
        point.append(value)
      }
      guard point.count == size else {
        throw .badInput("\(place): found \(point.count) numbers, expected \(size)")
      }
      outputs.append(
        Outputs(
          double: network.evaluate(network.parts(of: point)),
          single: network.evaluate(network.parts(of: point.map { Float($0) }))))
    }
    self.outputs = outputs
  }
}

extension Network {
  /// Cuts the entries of all inputs into those of each.
  fileprivate func parts<Scalar>(of entries: [Scalar]) -> [[Scalar]] {
    var rest = entries[...]
    return inputs.map { port in
      defer { rest = rest.dropFirst(port.size) }
      return Array(rest.prefix(port.size))
    }
  }
}

extension Summary {
  init(_ evaluations: Evaluations) {
    lines = evaluations.outputs.enumerated().flatMap { place, outputs in
      zip(outputs.double, outputs.single).enumerated().map { port, values in
        "point \(place + 1), output \(port + 1): \(values.0) in binary64, \(values.1) in binary32"
      }
    }
    let objects = JSON.array(of: evaluations.outputs) { outputs in
      [
        "outputs": .array(of: outputs.double) { .array(of: $0, JSON.finite) },
        "outputsInBinary32": .array(of: outputs.single) { .array(of: $0, JSON.finite) },
      ]
    }
    members = [.init("evaluations", objects)]
  }
}

extension JSON {
  /// A number, the shortest that reads back; one that is not finite becomes a string.
  fileprivate static func finite(_ value: some BinaryFloatingPoint & CustomStringConvertible)
    -> JSON
  {
    value.isFinite ? .number(value.description) : .string(value.description)
  }
}
