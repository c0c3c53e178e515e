extension FloatNetwork {
  /// Whether interval arithmetic alone bounds a rectifier's units as tightly as substitution would.
  ///
  /// - Parameter ordinal: The rectifier's ordinal.
  /// - Returns: Whether its pre-activation is one affine map of a box.
  public func intervalsAreExact(of ordinal: Int) -> Bool {
    nodes[rectifiers[ordinal].source].intervalsAreExact
  }
}
