internal import Approximation
internal import ExactArithmetic
internal import NetworkModel

/// What is asked of the law of some outputs.
struct OutputQuestion {
  /// What the law is of, as it is printed.
  let name: String
  /// The combination of outputs that it is of.
  let weights: [Rational]
  /// What is added to it.
  let constant: Rational
  let thresholds: [Rational]
  let densities: [Double]
  let levels: [Double]
  let events: [OutputEvent]

  /// Reads a command's arguments.
  init(_ command: OutputCommand, of network: Network) throws(Failure) {
    let size = network.outputs.reduce(0) { $0 + $1.size }
    if let combination = command.combination {
      let expression = try OutputExpression(combination, outputs: size)
      (name, weights, constant) = (combination, expression.weights, expression.constant)
    } else {
      guard let output = command.coordinate ?? (size == 1 ? 0 : nil) else {
        throw Failure(
          "found \(size) outputs, expected --coordinate or --combination", status: .usage)
      }
      guard (0..<size).contains(output) else {
        throw .badInput("found --coordinate \(output), expected 0 to \(size - 1)")
      }
      var weights = [Rational](repeating: .zero, count: size)
      weights[output] = .one
      (name, self.weights, constant) = ("y\(output)", weights, .zero)
    }
    thresholds = try Self.numbers(command.thresholds, "at")
    densities = try Self.numbers(command.density, "density").map(\.nearestDouble)
    levels = try Self.numbers(command.levels, "quantile").map(\.nearestDouble)
    if let level = levels.first(where: { !($0 > 0 && $0 < 1) }) {
      throw Failure("found --quantile \(level), expected levels between 0 and 1", status: .usage)
    }
    var events: [OutputEvent] = []
    for event in command.events { events.append(try OutputEvent(event, outputs: size)) }
    self.events = events
  }

  /// Asks for the law of one output, of so many.
  init(output: Int, of size: Int) {
    (name, constant) = ("y\(output)", .zero)
    weights = (0..<size).map { $0 == output ? .one : .zero }
    (thresholds, densities, levels, events) = ([], [], [], [])
  }

  private static func numbers(
    _ text: String?, _ option: String
  ) throws(Failure) -> [Rational] {
    var numbers: [Rational] = []
    for part in (text ?? "").split(separator: ",") {
      let numeral = part.filter { !$0.isWhitespace }
      guard let number = Rational(decimal: numeral), number.nearestDouble.isFinite else {
        throw Failure(
          "found --\(option) \(part), expected numbers between commas", status: .usage)
      }
      numbers.append(number)
    }
    return numbers
  }
}
