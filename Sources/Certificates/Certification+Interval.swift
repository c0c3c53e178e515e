extension Certification {
  /// Where the number lies that a claim asks for: one end is proved, a witness confirms the other.
  public struct Interval: Equatable, Sendable {
    /// The lower end, an exact decimal number; nil where there is none.
    public var lower: String?
    /// The upper end, an exact decimal number; nil where there is none.
    public var upper: String?

    /// An interval; at least one end is there.
    ///
    /// - Parameters:
    ///   - lower: The lower end, an exact decimal number; nil where there is none.
    ///   - upper: The upper end, an exact decimal number; nil where there is none.
    public init(lower: String?, upper: String?) {
      self.lower = lower
      self.upper = upper
    }

    /// The interval as the end of a sentence about the number.
    public var phrase: String {
      switch (lower, upper) {
      case (let lower?, let upper?): "between \(lower) and \(upper)"
      case (let lower?, nil): "at least \(lower)"
      case (nil, let upper?): "at most \(upper)"
      case (nil, nil): "not bounded"
      }
    }
  }
}

extension Certification.Interval {
  init(reading fields: Fields) throws(CertificateError) {
    lower = fields.has("lower") ? try fields.string("lower") : nil
    upper = fields.has("upper") ? try fields.string("upper") : nil
  }

  var json: JSON {
    .object(
      [("lower", lower), ("upper", upper)].compactMap { name, value in
        value.map { JSON.Member(name, .string($0)) }
      })
  }
}
