public import ExactArithmetic
public import NetworkModel

/// What a claim denies, in the form in which it is searched and checked.
///
/// The claim *holds* when no case has a point: an input in the case's set whose outputs satisfy every
/// row of one of its disjuncts. It is derived from the claim's and the networks' bytes alone.
public struct Problem: Sendable {
  /// All networks of the claim side by side, over one joint input.
  ///
  /// It has exactly one input node, node 0, whose entries are the ``inputNames``. Inputs that the
  /// claim declares equal are one entry.
  public let network: Network
  /// The query's name of each joint input entry, as `X[0]`; the first of those merged.
  public let inputNames: [String]
  /// Where each declared variable's entries are found, in the order of declaration.
  public let variables: [Variable]
  /// The sets to be shown empty.
  public let cases: [Case]
  /// Which arithmetic the claim speaks of.
  public let meaning: Meaning

  /// Creates a problem of its parts.
  public init(
    network: Network, inputNames: [String], variables: [Variable], cases: [Case], meaning: Meaning
  ) {
    self.network = network
    self.inputNames = inputNames
    self.variables = variables
    self.cases = cases
    self.meaning = meaning
  }

  /// The entries of all outputs, in order of declaration: row coefficients index this list.
  public var outputs: [OutputEntry] {
    network.outputs.flatMap { port in
      (0..<port.size).map { OutputEntry(node: port.node, index: $0) }
    }
  }
}

/// One entry of an output node.
public struct OutputEntry: Hashable, Sendable {
  /// The node.
  public let node: NodeIndex
  /// The entry within it.
  public let index: Int
}

/// A declared variable of the query: a tensor that an answer gives values for.
public struct Variable: Hashable, Sendable {
  /// Whether it is an input or an output, and where its entries are.
  public enum Place: Hashable, Sendable {
    /// The joint input entry of each of its entries.
    case input([Int])
    /// The position of its first entry in ``Problem/outputs``.
    case output(Int)
  }

  /// The name in the query.
  public let name: String
  /// The declared type as written, such as `real`.
  public let type: String
  /// The dimensions.
  public let shape: [Int]
  /// Where its entries are.
  public let place: Place
}

/// Which function a network's file denotes.
public enum Meaning: String, Hashable, Sendable {
  /// The function over the reals with the stored weights.
  case real
  /// Every execution in IEEE binary32, in any order of summation, fused or not.
  case float32
}

/// One input set with the output conditions to be refuted on it.
public struct Case: Sendable {
  /// The lower end of each joint input entry.
  public let lower: [Rational]
  /// The upper end of each joint input entry; below the lower end in an empty box.
  public let upper: [Rational]
  /// Further conditions on the inputs, all of which hold in the set.
  public let inputRows: [Row]
  /// The alternatives, in each of which all rows hold; with none, the case has no point.
  public let disjuncts: [[Row]]

  /// Creates a case of its parts.
  public init(lower: [Rational], upper: [Rational], inputRows: [Row], disjuncts: [[Row]]) {
    self.lower = lower
    self.upper = upper
    self.inputRows = inputRows
    self.disjuncts = disjuncts
  }
}

/// `Σ inputs + Σ outputs + Σ curved + norm ≤ bound`, or `<`.
public struct Row: Hashable, Sendable {
  /// A coefficient of one entry.
  public struct Entry: Hashable, Sendable {
    /// The joint input entry, or the place in ``Problem/outputs``.
    public let index: Int
    /// The factor.
    public let coefficient: Rational

    /// Creates an entry of its parts.
    public init(index: Int, coefficient: Rational) {
      self.index = index
      self.coefficient = coefficient
    }
  }

  /// A convex function of one input entry, for balls in the norms 1 and 2.
  public enum Curve: Hashable, Sendable {
    /// `coefficient · (x − centre)²`, the coefficient positive.
    case square(index: Int, centre: Rational, coefficient: Rational)
    /// `coefficient · |x − centre|`, the coefficient positive.
    case absolute(index: Int, centre: Rational, coefficient: Rational)
  }

  /// The spectral norm of a matrix of outputs, or its negative.
  public struct Norm: Hashable, Sendable {
    /// The places in ``Problem/outputs``: rows of one length, neither empty.
    public let outputs: [[Int]]
    /// Whether it is the negative.
    public let isNegated: Bool
  }

  /// Linear in the joint inputs, by ascending index.
  public let inputs: [Entry]
  /// Linear in the outputs, by ascending index.
  public let outputs: [Entry]
  /// Convex terms in the inputs, by ascending index; only rows of a ball have any.
  public let curves: [Curve]
  /// A norm of outputs; only rows of an event have one.
  public let norm: Norm?
  /// The right-hand side.
  public let bound: Rational
  /// Whether equality is excluded.
  public let isStrict: Bool

  /// Creates a row of its parts.
  public init(
    inputs: [Entry], outputs: [Entry], curves: [Curve] = [], norm: Norm? = nil, bound: Rational,
    isStrict: Bool
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.curves = curves
    self.norm = norm
    self.bound = bound
    self.isStrict = isStrict
  }
}
