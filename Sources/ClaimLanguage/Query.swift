/// What a VNN-LIB text asks: whether there are inputs for which every assertion holds.
///
/// Names are resolved; nothing is known yet of the networks' files.
public struct Query: Sendable {
  /// The version that the text announces.
  public enum Version: Hashable, Sendable {
    /// Text without a version: one network, inputs `X_k` and outputs `Y_k`.
    case one
    /// Text of version 2, with its minor version.
    case two(minor: Int)
  }

  /// The version that the text announces.
  public let version: Version
  /// The networks, in the order of declaration; version 1 implies one, `N`, of `X` and `Y`.
  public let networks: [NetworkDeclaration]
  /// Their variables, in the order of declaration: an ``Entry`` counts in this list.
  public let variables: [VariableDeclaration]
  /// The conditions, all of which an answer meets.
  let assertions: [Condition]
  /// The inputs that are asserted equal, apart from alternatives.
  let equalInputs: [(Entry, Entry)]

  /// The number of conditions, all of which an answer meets.
  public var assertionCount: Int { assertions.count }

  /// The name of an entry as the query's own version writes it: `X_3`, `X[0,3]`, or `X` for a scalar.
  ///
  /// - Parameter entry: An entry of one of the query's variables.
  /// - Returns: The name.
  public func name(of entry: Entry) -> String {
    let variable = variables[entry.variable]
    guard version != .one else { return "\(variable.name)_\(entry.index)" }
    guard !variable.shape.isEmpty else { return variable.name }
    var indices: [String] = []
    var rest = entry.index
    for dimension in variable.shape.reversed() {
      indices.append(String(rest % dimension))
      rest /= dimension
    }
    return "\(variable.name)[\(indices.reversed().joined(separator: ","))]"
  }
}

/// A network as a query declares it.
public struct NetworkDeclaration: Sendable {
  /// What a query says of two networks.
  public struct Relation: Hashable, Sendable {
    /// What this network is to the other one, as written.
    public enum Kind: String, Sendable {
      /// It is the other one.
      case equal = "equal-to"
      /// It has the inputs and outputs of the other one.
      case isomorphic = "isomorphic-to"
      /// It is the derivative of the other one at its input, along this one's.
      case derivative = "derivative-of"
    }

    /// What this network is to the other one.
    public let kind: Kind
    /// The name of the other one, which is declared before.
    public let name: String
  }

  /// The name.
  public let name: String
  /// What is said of it and an earlier network.
  public let relation: Relation?
  /// Its inputs, then hidden values, then its outputs.
  public let variables: [VariableDeclaration]
  /// Where it is declared.
  public let position: SourcePosition
}

/// A tensor as a query declares it.
public struct VariableDeclaration: Sendable {
  /// What the tensor is to its network.
  public enum Role: Hashable, Sendable {
    /// An input.
    case input
    /// The value of the file that has this name.
    case hidden(String)
    /// An output.
    case output
  }

  /// What the tensor is to its network.
  public let role: Role
  /// The name.
  public let name: String
  /// The type, as written.
  public let type: String
  /// The dimensions, none for a scalar; all positive.
  public internal(set) var shape: [Int]
  /// Where it is declared.
  public let position: SourcePosition

  /// The number of entries.
  public var size: Int { shape.reduce(1, *) }
}

/// One entry of a declared variable.
public struct Entry: Hashable, Comparable, Sendable {
  /// The place in ``Query/variables``.
  public let variable: Int
  /// The row-major index.
  public let index: Int

  /// Names the entry of a variable at a row-major index.
  public init(variable: Int, index: Int) {
    self.variable = variable
    self.index = index
  }

  /// The order of declaration.
  public static func < (left: Entry, right: Entry) -> Bool {
    (left.variable, left.index) < (right.variable, right.index)
  }
}

/// A condition as a query writes it.
enum Condition: Sendable {
  /// That a number is at most zero, or below.
  case comparison(Polynomial, isStrict: Bool)
  case all([Condition])
  case any([Condition])
}
