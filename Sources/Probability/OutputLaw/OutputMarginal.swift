public import ExactArithmetic

internal import Approximation
internal import Foundation
internal import Regions

/// The law of one linear combination of a network's outputs.
public struct OutputMarginal: Sendable {
  let law: OutputLaw
  /// One for each piece of the law.
  let rows: [Row]

  /// The combination on a piece.
  enum Row: Sendable {
    /// An affine function of the noise.
    case varies(VaryingRow)
    /// The same number for all noise.
    case constant(ConstantRow)
  }

  /// `coefficients · u + constant` with coefficients that are not all zero.
  struct VaryingRow: Sendable {
    let coefficients: [Double]
    let constant: Double

    func halfSpace(atMost limit: Double) -> HalfSpace {
      HalfSpace(normal: coefficients.map { -$0 }, offset: limit - constant)
    }

    /// How far the value can be from its constant: far enough that the rest has no mass in binary64.
    func reach(normalCount: Int) -> Double {
      let normal = coefficients[..<normalCount].reduce(0) { $0 + $1 * $1 }.squareRoot()
      return 40 * normal + coefficients[normalCount...].reduce(0) { $0 + $1.magnitude }
    }
  }

  /// A number that may be off by some rounding of the law's own numbers.
  struct ConstantRow: Sendable {
    let value: Rational
    /// Zero where the law's numbers are binary ones.
    let tolerance: Rational

    enum Order { case below, equal, above, tie }

    func compare(with limit: Rational) -> Order {
      let difference = value - limit
      guard tolerance < difference.magnitude else { return tolerance == .zero ? .equal : .tie }
      return difference.signum < 0 ? .below : .above
    }
  }

  /// A value that the combination has with positive probability.
  public struct Atom: Sendable {
    /// The value.
    public let value: Double
    /// The value, exactly, up to the rounding of the law's own numbers.
    public let exactValue: Rational
    /// Its probability.
    public let mass: UncertainMass
  }

  /// The values with positive probability, in ascending order.
  ///
  /// Edge cases: values within rounding of each other are one.
  public var atoms: [Atom] {
    var found: [(row: ConstantRow, mass: UncertainMass)] = []
    for (piece, row) in zip(law.pieces, rows) {
      if case .constant(let constant) = row { found.append((constant, piece.mass)) }
    }
    found.sort { $0.row.value < $1.row.value }
    var atoms: [Atom] = []
    var group: [(row: ConstantRow, mass: UncertainMass)] = []
    func close() {
      guard let first = group.first else { return }
      let mass = UncertainMass.sum(group.map(\.mass).sorted { $0.value < $1.value })
      atoms.append(
        Atom(value: first.row.value.nearestDouble, exactValue: first.row.value, mass: mass))
      group = []
    }
    for entry in found {
      if let last = group.last,
        entry.row.value - last.row.value > max(entry.row.tolerance, last.row.tolerance)
      {
        close()
      }
      group.append(entry)
    }
    close()
    return atoms
  }

  /// The probability of at most a number, or of less.
  ///
  /// - Parameters:
  ///   - limit: The number.
  ///   - isStrict: Whether the number itself does not count.
  /// - Returns: The probability.
  /// - Throws: ``MassError`` for numbers that are out of range.
  public func probability(
    atMost limit: Rational, isStrict: Bool = false
  ) throws(MassError) -> OutputProbability {
    var sum = ProbabilitySum()
    let number = limit.nearestDouble
    for (piece, row) in zip(law.pieces, rows) {
      switch row {
      case .constant(let constant):
        switch constant.compare(with: limit) {
        case .below: sum.add(piece.mass, isTie: false)
        case .equal: if !isStrict { sum.add(piece.mass, isTie: false) }
        case .tie: sum.add(piece.mass, isTie: true)
        case .above: break
        }
      case .varies(let varying):
        let reach = varying.reach(normalCount: piece.region.component.normalCount)
        guard number >= varying.constant - reach else { continue }
        if number >= varying.constant + reach {
          sum.add(piece.mass, isTie: false)
        } else {
          let spaces = piece.region.halfSpaces + [varying.halfSpace(atMost: number)]
          sum.add(try law.mass(of: piece, within: spaces), isTie: false)
        }
      }
    }
    return sum.probability(of: law)
  }

  /// The probability of more than a number, or of at least it, as accurate as it is small.
  ///
  /// - Parameters:
  ///   - limit: The number.
  ///   - isStrict: Whether the number itself does not count.
  /// - Returns: The probability.
  /// - Throws: ``MassError`` for numbers that are out of range.
  public func probability(
    above limit: Rational, isStrict: Bool = true
  ) throws(MassError) -> OutputProbability {
    try negated.probability(atMost: Rational(0) - limit, isStrict: isStrict)
  }

  /// The law of minus the combination.
  var negated: OutputMarginal {
    OutputMarginal(
      law: law,
      rows: rows.map { row in
        switch row {
        case .varies(let varying):
          .varies(
            VaryingRow(
              coefficients: varying.coefficients.map { -$0 }, constant: -varying.constant))
        case .constant(let constant):
          .constant(ConstantRow(value: -constant.value, tolerance: constant.tolerance))
        }
      })
  }
}

extension OutputLaw {
  /// The law of one output.
  ///
  /// - Parameter output: Its place.
  /// - Returns: The law.
  public func marginal(ofOutput output: Int) -> OutputMarginal {
    precondition((0..<outputSize).contains(output), "an output of the network")
    var weights = [Rational](repeating: .zero, count: outputSize)
    weights[output] = .one
    return marginal(of: weights)
  }

  /// The law of a linear combination of the outputs.
  ///
  /// Where the combination hardly depends on the noise it is computed exactly: only if it does not
  /// depend on it at all, or by less than 2⁻⁴⁴ of what its coefficients would do alone, its value is an
  /// atom.
  ///
  /// - Parameter weights: One for each output.
  /// - Returns: The law.
  public func marginal(of weights: [Rational]) -> OutputMarginal {
    precondition(weights.count == outputSize, "one weight for each output")
    let numbers = weights.map(\.nearestDouble)
    var scales: [Double] = []
    var rows: [OutputMarginal.VaryingRow] = []
    for piece in pieces {
      let map = piece.region.map
      let coefficients = (0..<map.columns).map { column in
        (0..<map.rows).reduce(0) { $0 + numbers[$1] * map.matrix[$1 * map.columns + column] }
      }
      let constant = (0..<map.rows).reduce(0) { $0 + numbers[$1] * map.offset[$1] }
      rows.append(OutputMarginal.VaryingRow(coefficients: coefficients, constant: constant))
      scales.append(piece.region.scale(of: numbers))
    }
    let largest = scales.max() ?? 0
    return OutputMarginal(
      law: self,
      rows: zip(pieces, rows).map { piece, row in
        let size = row.coefficients.reduce(0) { max($0, $1.magnitude) }
        // Forms are computed to about 1e-14 of the largest; all others are surely not zero.
        guard size <= 1e-6 * largest else { return .varies(row) }
        return piece.region.exactRow(weights, row, scale: largest)
      })
  }
}

extension RegionPiece {
  /// How large a combination's coefficients could be if nothing cancelled between the inputs.
  fileprivate func scale(of weights: [Double]) -> Double {
    let chart = component.scope.chart
    guard chart.dimension > 0 else { return 0 }
    let map = component.network.map(under: clippedPattern)
    var sizes = [Double](repeating: 0, count: chart.dimension)
    for input in chart.origin.indices {
      let combined = (0..<map.rows).reduce(0) {
        $0 + weights[$1] * map.matrix[$1 * map.columns + input]
      }
      guard combined != 0 else { continue }
      for coordinate in 0..<chart.dimension {
        sizes[coordinate] +=
          (combined * chart.basis[input * chart.dimension + coordinate]).magnitude
      }
    }
    return sizes.max() ?? 0
  }

  /// A combination in exact numbers, where its coefficients may be zero.
  fileprivate func exactRow(
    _ weights: [Rational], _ row: OutputMarginal.VaryingRow, scale: Double
  ) -> OutputMarginal.Row {
    let used = weights.indices.filter { weights[$0] != .zero }
    let forms = component.network.exactOutputs(
      used, under: clippedPattern, on: component.scope.chart)
    var value = Rational.zero
    var coefficients = [Rational](repeating: .zero, count: row.coefficients.count)
    for (form, output) in zip(forms, used) {
      value = value + weights[output] * Rational(form.constant)
      for (place, coefficient) in form.coefficients.enumerated() {
        coefficients[place] = coefficients[place] + weights[output] * Rational(coefficient)
      }
    }
    let doubles = coefficients.map(\.nearestDouble)
    guard doubles.allSatisfy({ $0.magnitude <= 0x1p-44 * scale }) else {
      return .varies(
        OutputMarginal.VaryingRow(coefficients: doubles, constant: value.nearestDouble))
    }
    return .constant(
      OutputMarginal.ConstantRow(
        value: value, tolerance: tolerance(near: value, weights.map(\.nearestDouble))))
  }

  /// How far a constant may be off because the law's numbers are not binary ones.
  private func tolerance(near value: Rational, _ weights: [Double]) -> Rational {
    guard !component.hasBinaryNumbers else { return .zero }
    let map = component.network.map(under: clippedPattern)
    let isSeen = (0..<map.rows).contains { row in
      weights[row] != 0 && map.row(row).contains { $0 != 0 }
    }
    // What the inputs do not reach has none of their rounding.
    guard isSeen || component.clippingGroups > 0 else { return .zero }
    let size = component.scope.chart.origin.reduce(value.nearestDouble.magnitude) {
      max($0, $1.magnitude)
    }
    return Rational(Dyadic(exactly: size * 0x1p-40) ?? .zero)
  }
}
