internal import ExactArithmetic
internal import Probability

extension DistributionReader {
  /// Reads `{mean, variance | standard-deviation | covariance}`.
  func gaussian(_ value: YAMLValue) throws(SpecificationError) -> Reading {
    let fields = try value.fields(["mean", "variance", "standard-deviation", "covariance"])
    guard let meanValue = fields["mean"] else { throw value.error("expected the key mean") }
    let (mean, isSingle) = try numbers(meanValue)
    let (spread, place, size) = try spread(value, fields)
    guard mean.count == 1 || size == nil || size == mean.count else {
      throw place.error(
        "found a spread of \(size ?? 0) entries, expected \(mean.count), as the mean has")
    }
    let target = max(mean.count, size ?? 1)
    let law = try locating(value, [.values: meanValue, .spread: place]) {
      () throws(DistributionError) in
      Distribution(
        try Gaussian(mean: mean.spread(to: target), spread: spread.spread(to: target)))
    }
    return Reading(law: law, isScalar: isSingle && size == nil)
  }

  /// Reads the one of three keys that says how wide a normal law is.
  ///
  /// - Parameters:
  ///   - value: The mapping.
  ///   - fields: Its values.
  /// - Returns: The spread, its place, and for how many entries it is; `nil` where a single number
  ///   stands for all of them.
  /// - Throws: ``SpecificationError`` where there is not exactly one.
  private func spread(
    _ value: YAMLValue, _ fields: [String: YAMLValue]
  ) throws(SpecificationError) -> (Gaussian.Spread, YAMLValue, Int?) {
    let keys = ["variance", "standard-deviation", "covariance"].filter { fields[$0] != nil }
    guard keys.count == 1, let place = fields[keys[0]] else {
      throw value.error(
        "found \(keys.isEmpty ? "none" : keys.joined(separator: " and ")), expected one of "
          + "variance, standard-deviation and covariance")
    }
    switch keys[0] {
    case "variance":
      let (numbers, isSingle) = try numbers(place)
      return (.variances(numbers), place, isSingle ? nil : numbers.count)
    case "standard-deviation":
      let (numbers, isSingle) = try numbers(place)
      return (.standardDeviations(numbers), place, isSingle ? nil : numbers.count)
    default:
      guard !place.isMapping else { return try lowRank(place) }
      let matrix = try matrix(place)
      return (.covariance(matrix), place, matrix.rows)
    }
  }

  /// Reads `{factor, diagonal}`.
  private func lowRank(
    _ value: YAMLValue
  ) throws(SpecificationError) -> (Gaussian.Spread, YAMLValue, Int?) {
    let fields = try value.fields(["factor", "diagonal"])
    guard let factorValue = fields["factor"], let diagonalValue = fields["diagonal"] else {
      throw value.error("expected the keys factor and diagonal")
    }
    let factor = try matrix(factorValue)
    let (diagonal, isSingle) = try numbers(diagonalValue)
    guard isSingle || diagonal.count == factor.rows else {
      throw diagonalValue.error(
        "found \(diagonal.count) numbers, expected \(factor.rows), one for each row of the factor")
    }
    let spread = Gaussian.Spread.lowRank(factor: factor, diagonal: diagonal.spread(to: factor.rows))
    return (spread, diagonalValue, factor.rows)
  }

  /// Reads `{values, probabilities | weights}`.
  func discrete(_ value: YAMLValue) throws(SpecificationError) -> DiscreteLaw {
    let fields = try value.fields(["values", "probabilities", "weights"])
    return try points(value, fields)
  }

  private func points(
    _ value: YAMLValue, _ fields: [String: YAMLValue]
  ) throws(SpecificationError) -> DiscreteLaw {
    guard let pointsValue = fields["values"] else { throw value.error("expected the key values") }
    let points = try matrix(pointsValue)
    guard let place = fields["probabilities"] ?? fields["weights"] else {
      return try locating(value, [.values: pointsValue]) { () throws(DistributionError) in
        try DiscreteLaw(points: points)
      }
    }
    guard fields["probabilities"] == nil || fields["weights"] == nil else {
      throw value.error("found probabilities and weights, expected one of them")
    }
    let (numbers, _) = try numbers(place)
    return try locating(value, [.values: pointsValue, .spread: place]) {
      () throws(DistributionError) in
      fields["weights"] == nil
        ? try DiscreteLaw(points: points, probabilities: numbers)
        : try DiscreteLaw(points: points, weights: numbers)
    }
  }

  /// Reads `{values, weights, variance | standard-deviation | covariance}`.
  func kernel(_ value: YAMLValue) throws(SpecificationError) -> Reading {
    let fields = try value.fields(
      ["values", "probabilities", "weights", "variance", "standard-deviation", "covariance"])
    let points = try points(value, fields)
    let (spread, place, size) = try spread(value, fields)
    guard size == nil || size == points.points.columns else {
      throw place.error(
        "found a spread of \(size ?? 0) entries, expected \(points.points.columns), as the values "
          + "have")
    }
    let law = try locating(value, [.spread: place]) { () throws(DistributionError) in
      try Distribution(kernelAround: points, spread: spread.spread(to: points.points.columns))
    }
    return Reading(law: law, isScalar: false)
  }
}
