/// Which points of a cell are excluded, and on which the event is certain, by half-spaces.
public struct Charge: Hashable, Sendable {
  /// Where each open disjunct fails: a derivation for each, ascending; or none.
  public let excluding: [Derivation]
  /// The disjunct whose rows hold where ``holding`` shows it.
  public let disjunct: Int
  /// Where each row of ``disjunct`` holds: a derivation for each; or none.
  public let holding: [Derivation]
  /// Into how many steps masses are counted, as a power of two.
  public let stepBits: Int

  /// States a charge.
  ///
  /// - Parameters:
  ///   - excluding: A derivation for each open disjunct, ascending; or none.
  ///   - disjunct: The disjunct whose rows hold.
  ///   - holding: A derivation for each of its rows; or none.
  ///   - stepBits: Into how many steps masses are counted, as a power of two.
  public init(excluding: [Derivation], disjunct: Int, holding: [Derivation], stepBits: Int) {
    self.excluding = excluding
    self.disjunct = disjunct
    self.holding = holding
    self.stepBits = stepBits
  }
}
