public import ExactArithmetic

/// A condition on an input and on what some networks are there: on their values, their Jacobians and
/// their activation patterns.
///
/// Networks are numbered by whoever states the event; all of them have the same input. Numbers are
/// exact, as they were written.
public indirect enum Event: Hashable, Sendable {
  /// That a linear form is at most zero, below zero or zero.
  case comparison(EventForm, Relation)
  /// That a norm of a Jacobian is on a side of a number.
  case norm(NormCondition)
  /// That a unit is active, or that it is not.
  case unit(UnitCondition)
  /// That all of some events happen; with none, this is certain.
  case all([Event])
  /// That one of some events happens; with none, this is impossible.
  case any([Event])

  /// How a form is compared with zero.
  public enum Relation: Hashable, Sendable {
    /// At most zero.
    case atMost
    /// Below zero.
    case below
    /// Zero.
    case equal
  }
}

/// A number that an event speaks of.
public enum EventQuantity: Hashable, Sendable {
  /// An entry of the input.
  case input(Int)
  /// An entry of a network's value.
  case output(network: Int, entry: Int)
  /// A partial derivative of an entry of a network's value.
  case jacobian(network: Int, entry: Int, input: Int)
}

/// `constant + Σ coefficient · quantity`.
public struct EventForm: Hashable, Sendable {
  /// The constant.
  public var constant: Rational
  /// The coefficients that are not zero.
  public var coefficients: [EventQuantity: Rational]

  /// Creates a form.
  ///
  /// - Parameters:
  ///   - constant: The constant.
  ///   - coefficients: By quantity.
  public init(constant: Rational, coefficients: [EventQuantity: Rational]) {
    self.constant = constant
    self.coefficients = coefficients.filter { $0.value != .zero }
  }
}

/// That a norm of a network's Jacobian is on a side of a number.
public struct NormCondition: Hashable, Sendable {
  /// Which side.
  public enum Side: Hashable, Sendable {
    /// Greater than the number.
    case above
    /// Not less.
    case atLeast
    /// Less than the number.
    case below
    /// Not greater.
    case atMost

    /// The other side.
    public var opposite: Side {
      switch self {
      case .above: .atMost
      case .atLeast: .below
      case .below: .atLeast
      case .atMost: .above
      }
    }
  }

  /// The network.
  public let network: Int
  /// Which norm.
  public let norm: MatrixNorm
  /// Which side.
  public let side: Side
  /// The number.
  public let limit: Rational

  /// Creates a condition.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - norm: Which norm.
  ///   - side: Which side.
  ///   - limit: The number.
  public init(network: Int, norm: MatrixNorm, side: Side, limit: Rational) {
    self.network = network
    self.norm = norm
    self.side = side
    self.limit = limit
  }

  /// The condition that holds where this one does not.
  public var opposite: NormCondition {
    NormCondition(network: network, norm: norm, side: side.opposite, limit: limit)
  }
}

/// That a unit of a network is active, its pre-activation above zero, or that it is not.
public struct UnitCondition: Hashable, Sendable {
  /// The network.
  public let network: Int
  /// The rectifier's ordinal.
  public let rectifier: Int
  /// The place in it.
  public let index: Int
  /// Whether the unit is active.
  public let isActive: Bool

  /// Creates a condition.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - rectifier: The rectifier's ordinal.
  ///   - index: The place in it.
  ///   - isActive: Whether the unit is active.
  public init(network: Int, rectifier: Int, index: Int, isActive: Bool) {
    self.network = network
    self.rectifier = rectifier
    self.index = index
    self.isActive = isActive
  }

  /// The condition that holds where this one does not.
  public var opposite: UnitCondition {
    UnitCondition(network: network, rectifier: rectifier, index: index, isActive: !isActive)
  }
}
