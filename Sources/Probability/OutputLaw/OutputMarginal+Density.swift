internal import Approximation
internal import ExactArithmetic
internal import Foundation
internal import Regions

extension OutputMarginal {
  /// The density of the part of the law that has one, at a number; atoms are not in it.
  ///
  /// Edge cases: where it jumps, the mean of both sides.
  ///
  /// - Parameter number: Where.
  /// - Returns: The density; `nil` where more than two coordinates matter and some are uniform.
  /// - Throws: ``MassError`` for numbers that are out of range.
  public func density(at number: Double) throws(MassError) -> UncertainMass? {
    var parts: [UncertainMass] = []
    for (piece, row) in zip(law.pieces, rows) {
      guard case .varies(let varying) = row else { continue }
      let reach = varying.reach(normalCount: piece.region.component.normalCount)
      guard (number - varying.constant).magnitude < reach else { continue }
      let slice = DensitySlice(piece.region, varying, at: number)
      do throws(NormalError) {
        guard let part = try slice.density(law.options) else { return nil }
        parts.append(piece.region.component.weight * part)
      } catch { throw .normal(error) }
    }
    return .sum(parts.sorted { $0.value < $1.value })
  }
}

/// The noise of one region at which a combination of outputs has a given value.
private struct DensitySlice {
  /// Where a slice lies that is parallel to a half-space's boundary; in it, two regions share it.
  private enum Side {
    case inside, boundary, outside

    init(of sum: Double, between one: Double, and other: Double) {
      let rounding = 16 * Double.ulpOfOne * (one.magnitude + other.magnitude)
      self = sum.magnitude <= rounding ? .boundary : sum > 0 ? .inside : .outside
    }
  }

  private let normalCount: Int
  private let coefficients: [Double]
  /// What `coefficients · u` has to be.
  private let level: Double
  private let spaces: [HalfSpace]

  init(_ region: RegionPiece, _ row: OutputMarginal.VaryingRow, at number: Double) {
    normalCount = region.component.normalCount
    coefficients = row.coefficients
    level = number - row.constant
    spaces = region.halfSpaces + region.component.ownHalfSpaces
  }

  func density(_ options: MassOptions) throws(NormalError) -> UncertainMass? {
    switch (coefficients.count, normalCount) {
    case (let dimension, let normals) where dimension == normals: return try normalDensity(options)
    case (1, _): return eliminating(0, density: 0.5)
    case (2, _):
      // A uniform coordinate has the same density everywhere, which then stands before the integral.
      if coefficients[1] != 0 { return eliminating(1, density: 0.5) }
      let place = level / coefficients[0]
      return eliminating(0, density: normalCount == 1 ? StandardNormal.density(place) : 0.5)
    default: return nil
    }
  }

  /// Solves for one of at most two coordinates and integrates over the other.
  private func eliminating(_ place: Int, density: Double) -> UncertainMass {
    let other = coefficients.count == 2 ? 1 - place : nil
    let start = level / coefficients[place]
    let slope = other.map { -coefficients[$0] / coefficients[place] } ?? 0
    var (low, high) = (-Double.infinity, Double.infinity)
    var isOnTheBoundary = false
    for space in spaces {
      let along = (other.map { space.normal[$0] } ?? 0) + space.normal[place] * slope
      let constant = space.offset + space.normal[place] * start
      if along == 0 {
        switch Side(of: constant, between: space.offset, and: space.normal[place] * start) {
        case .inside: break
        case .boundary: isOnTheBoundary = true
        case .outside: return .zero
        }
      } else if along > 0 {
        low = max(low, -constant / along)
      } else {
        high = min(high, -constant / along)
      }
    }
    guard low < high else { return .zero }
    let share: Double
    switch other {
    case nil: share = 1
    case .some(let other) where other < normalCount: share = StandardNormal.probability(low, high)
    case .some: share = (high - low) / 2
    }
    let value = (isOnTheBoundary ? 0.5 : 1) * density * share / coefficients[place].magnitude
    return UncertainMass(value, error: 8 * .ulpOfOne * value, status: .exact)
  }

  /// The normal density along the coefficients, times the mass of what is across.
  private func normalDensity(_ options: MassOptions) throws(NormalError) -> UncertainMass {
    let length = coefficients.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let direction = coefficients.map { $0 / length }
    let place = level / length
    let across = Self.complement(of: direction)
    var (rows, offsets): ([Double], [Double]) = ([], [])
    var isOnTheBoundary = false
    for space in spaces {
      let along = zip(space.normal, direction).reduce(0) { $0 + $1.0 * $1.1 }
      let offset = space.offset + along * place
      let row = across.map { zip($0, space.normal).reduce(0) { $0 + $1.0 * $1.1 } }
      let size = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard size > 1e-14 * space.normal.reduce(0, { $0 + $1.magnitude }) else {
        switch Side(of: offset, between: space.offset, and: along * place) {
        case .inside: break
        case .boundary: isOnTheBoundary = true
        case .outside: return .zero
        }
        continue
      }
      rows += row.map { $0 / size }
      offsets.append(offset / size)
    }
    let density = (isOnTheBoundary ? 0.5 : 1) * StandardNormal.density(place) / length
    guard !offsets.isEmpty else {
      return UncertainMass(density, error: 8 * .ulpOfOne * density, status: .exact)
    }
    let rectangle = try NormalRectangle(
      rows: rows, dimension: across.count, lower: offsets.map { -$0 },
      upper: [Double](repeating: .infinity, count: offsets.count))
    return density
      * UncertainMass(
        rectangle.probability(
          accuracy: options.accuracy, seed: options.seed, threads: options.threads))
  }

  /// Orthonormal directions across a unit vector, by Householder's reflection.
  private static func complement(of direction: [Double]) -> [[Double]] {
    var mirror = direction
    mirror[0] += direction[0] < 0 ? -1 : 1
    let square = mirror.reduce(0) { $0 + $1 * $1 }
    return direction.indices.dropFirst().map { column in
      direction.indices.map { row in
        (row == column ? 1 : 0) - 2 * mirror[row] * mirror[column] / square
      }
    }
  }
}
