/// The first rectifiers of a pattern, fixed: on their inputs the next pre-activations are affine.
public struct PatternPrefix: Sendable {
  private let forms: PrefixForms

  /// The prefix that fixes nothing.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - chart: The coordinates of which pre-activations are forms.
  ///   - tracksMagnitudes: Whether ``outputMagnitudes`` is wanted.
  public init(_ network: RegionNetwork, on chart: Chart, tracksMagnitudes: Bool = false) {
    forms = PrefixForms(network, on: chart, tracksMagnitudes: tracksMagnitudes)
  }

  private init(_ forms: PrefixForms) { self.forms = forms }

  /// The rectifier that comes next; none when all units are fixed.
  public var ordinal: Int? { forms.ordinal }

  /// The pre-activations of the rectifier that comes next: linear parts and constants.
  public var preActivations: AffineMap? { forms.preActivations.map { AffineMap($0) } }

  /// The outputs, once all units are fixed.
  public var outputs: AffineMap { AffineMap(forms.outputs) }

  /// What the outputs' numbers were summed from, as magnitudes; nothing where nobody asked.
  public var outputMagnitudes: AffineMap? {
    let outputs = forms.outputs
    guard !outputs.magnitudes.isEmpty else { return nil }
    var magnitudes = outputs
    magnitudes.values = outputs.magnitudes
    return AffineMap(magnitudes)
  }

  /// Fixes the next rectifier too.
  ///
  /// - Parameter bits: One a unit.
  /// - Returns: The longer prefix.
  public func fixing(_ bits: [Bool]) -> PatternPrefix {
    var forms = forms
    forms.fix(bits)
    return PatternPrefix(forms)
  }
}
