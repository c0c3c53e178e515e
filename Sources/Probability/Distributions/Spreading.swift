internal import ExactArithmetic

extension ExactNumbers {
  /// One number repeated; several stay as they are.
  ///
  /// - Parameter count: How many numbers are wanted.
  /// - Returns: As many, where there is one.
  public func spread(to count: Int) -> ExactNumbers {
    self.count == 1 && count != 1
      ? repeated(count) : self
  }
}

extension Gaussian.Spread {
  /// A spread of independent entries that are alike, for another number of them.
  ///
  /// - Parameter count: How many entries are wanted.
  /// - Returns: Of as many entries, where it is given by one number; others as they are.
  public func spread(to count: Int) -> Gaussian.Spread {
    switch self {
    case .standardDeviations(let numbers): .standardDeviations(numbers.spread(to: count))
    case .variances(let numbers): .variances(numbers.spread(to: count))
    case .covariance, .lowRank: self
    }
  }
}

extension Distribution {
  /// A law of one entry for several: the same numbers for every entry.
  ///
  /// A mixture's part is still chosen once, for all entries.
  ///
  /// - Parameter count: How many entries are wanted.
  /// - Returns: The law; `nil` for a law of several entries or one that is no such pattern: a product,
  ///   a covariance, points.
  public func spread(to count: Int) -> Distribution? {
    guard dimension == 1, count >= 1 else { return nil }
    switch form {
    case .gaussian(let gaussian):
      switch gaussian.spread {
      case .covariance, .lowRank: return nil
      case .standardDeviations, .variances:
        let wide = try? Gaussian(
          mean: gaussian.mean.spread(to: count), spread: gaussian.spread.spread(to: count))
        return wide.map { Distribution($0) }
      }
    case .uniform(let box): return try? Distribution(uniformOn: box.spread(to: count))
    case .mixture(let parts):
      let wide = parts.compactMap { part in
        part.law.spread(to: count).map { (weight: part.weight, law: $0) }
      }
      return wide.count == parts.count ? try? Distribution(mixing: wide) : nil
    case .truncated(let law, let box):
      return try? law.spread(to: count)?.truncated(to: box.spread(to: count))
    case .clipped(let law, let box):
      return try? law.spread(to: count)?.clipped(to: box.spread(to: count))
    case .product, .discrete, .kernel: return nil
    }
  }
}

extension Box {
  fileprivate func spread(to count: Int) throws(DistributionError) -> Box {
    try Box(
      lower: Array(repeating: lower[0], count: count),
      upper: Array(repeating: upper[0], count: count))
  }
}
