public import ExactArithmetic

/// What a VNN-LIB text asks: whether there are inputs for which every assertion holds.
///
/// The syntax tree of a text, with names resolved; nothing is known yet of the networks' files.
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
  public let assertions: [Condition]

  /// Creates a query.
  ///
  /// - Parameters:
  ///   - version: The version of its text.
  ///   - networks: The networks, in the order of declaration.
  ///   - assertions: The conditions, all of which an answer meets.
  public init(version: Version, networks: [NetworkDeclaration], assertions: [Condition]) {
    self.version = version
    self.networks = networks
    self.variables = networks.flatMap(\.variables)
    self.assertions = assertions
  }
}

/// A network as a query declares it.
public struct NetworkDeclaration: Sendable {
  /// What a query says of two networks.
  public enum Relation: Hashable, Sendable {
    /// This network is the one of that name.
    case equal(to: String)
    /// This network has the inputs and outputs of the one of that name.
    case isomorphic(to: String)
  }

  /// The name.
  public let name: String
  /// What is said of it and an earlier network.
  public let relation: Relation?
  /// Its inputs, hidden values and outputs, in this order.
  public let variables: [VariableDeclaration]
  /// Where it is declared.
  public let position: SourcePosition

  /// Creates a declaration.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - relation: What is said of it and an earlier network.
  ///   - variables: Its inputs, hidden values and outputs, in this order.
  ///   - position: Where it is declared.
  public init(
    name: String, relation: Relation?, variables: [VariableDeclaration], position: SourcePosition
  ) {
    self.name = name
    self.relation = relation
    self.variables = variables
    self.position = position
  }
}

/// A tensor as a query declares it.
public struct VariableDeclaration: Sendable {
  /// What the tensor is to its network.
  public enum Role: Hashable, Sendable {
    /// An input.
    case input
    /// The value of that name in the network's file.
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
  /// The dimensions, none for a scalar.
  public let shape: [Int]
  /// Where it is declared.
  public let position: SourcePosition

  /// Creates a declaration.
  ///
  /// - Parameters:
  ///   - role: What the tensor is to its network.
  ///   - name: The name.
  ///   - type: The type, as written.
  ///   - shape: The dimensions, none for a scalar; all positive.
  ///   - position: Where it is declared.
  public init(role: Role, name: String, type: String, shape: [Int], position: SourcePosition) {
    self.role = role
    self.name = name
    self.type = type
    self.shape = shape
    self.position = position
  }

  /// The number of entries.
  public var size: Int { shape.reduce(1, *) }
}

/// One entry of a declared variable.
public struct Entry: Hashable, Sendable {
  /// The place in ``Query/variables``.
  public let variable: Int
  /// The row-major index.
  public let index: Int

  /// Names an entry.
  ///
  /// - Parameters:
  ///   - variable: The place in ``Query/variables``.
  ///   - index: The row-major index.
  public init(variable: Int, index: Int) {
    self.variable = variable
    self.index = index
  }
}

/// A number as a query writes it.
public enum Expression: Sendable {
  /// A constant.
  case constant(Rational)
  /// An entry of a variable.
  case entry(Entry)
  /// The sum of all.
  case sum([Expression])
  /// The first less all others; of one alone, its negation.
  case difference([Expression])
  /// The product of all.
  case product([Expression])
  /// The absolute value.
  indirect case absolute(Expression)
}

/// A condition as a query writes it.
public enum Condition: Sendable {
  /// A comparison of two numbers.
  case comparison(Comparison)
  /// All of these.
  case all([Condition])
  /// At least one of these.
  case any([Condition])
}

/// A comparison as a query writes it.
public struct Comparison: Sendable {
  /// How two numbers are compared.
  public enum Relation: String, Hashable, Sendable {
    /// Less.
    case less = "<"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="
    /// Equal.
    case equal = "=="
    /// Not equal.
    case unequal = "!="
  }

  /// The number on the left.
  public let left: Expression
  /// How they are compared.
  public let relation: Relation
  /// The number on the right.
  public let right: Expression
  /// Where it stands.
  public let position: SourcePosition

  /// Creates a comparison.
  ///
  /// - Parameters:
  ///   - left: The number on the left.
  ///   - relation: How they are compared.
  ///   - right: The number on the right.
  ///   - position: Where it stands.
  public init(
    _ left: Expression, _ relation: Relation, _ right: Expression, position: SourcePosition
  ) {
    self.left = left
    self.relation = relation
    self.right = right
    self.position = position
  }
}
