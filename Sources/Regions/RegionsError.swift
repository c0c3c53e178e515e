public import LinearProgramming

/// Why regions could not be found.
public enum RegionsError: Error, Hashable, Sendable {
  /// The network does not have exactly one input.
  case notOneInput(found: Int)
  /// A weight or a bias is infinite or not a number.
  case notFinite(node: String)
  /// A vector of the wrong length.
  case wrongCount(of: String, found: Int, expected: Int)
  /// A set that is empty, or whose numbers are not finite where they must be.
  case unusableSet(String)
  /// There are more regions than the caller wants.
  case tooMany(limit: Int)
  /// A linear program ended without an answer.
  case stopped(StopReason)
  /// The caller's check asked for an end.
  case cancelled
}

extension RegionsError: CustomStringConvertible {
  /// One sentence: what was found, and what was expected.
  public var description: String {
    switch self {
    case .notOneInput(let found): "found \(found) inputs, expected a network with one"
    case .notFinite(let node):
      "node \(node): found a weight that is infinite or not a number, expected finite numbers"
    case .wrongCount(let what, let found, let expected):
      "found \(found) \(what), expected \(expected)"
    case .unusableSet(let why): why
    case .tooMany(let limit): "found more than \(limit) regions"
    case .stopped(let reason): "a linear program ended without an answer: \(reason)"
    case .cancelled: "interrupted"
    }
  }
}
