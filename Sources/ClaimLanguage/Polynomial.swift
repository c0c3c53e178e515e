internal import BigInt
internal import ExactArithmetic

/// A number that depends on inputs and outputs, as far as a row can hold it.
struct Polynomial: Sendable {
  /// What a coefficient belongs to; ordered as in a row.
  struct Term: Hashable, Comparable {
    enum Kind: Int {
      case input, output, square, absolute
    }

    let kind: Kind
    let entry: Entry
    /// What is taken from the entry before it is squared, or made absolute.
    var centre = Rational.zero

    static func < (left: Term, right: Term) -> Bool {
      (left.entry.index, left.kind.rawValue, left.centre)
        < (right.entry.index, right.kind.rawValue, right.centre)
    }
  }

  /// Where the comparison that holds this stands.
  private let position: SourcePosition
  private var coefficients: [Term: Rational] = [:]
  private var constant = Rational.zero
  /// The norm of a matrix that is added, or subtracted.
  private var norm: (entries: [[Entry]], isNegated: Bool)?

  init(normOf entries: [[Entry]], at position: SourcePosition) {
    norm = (entries, false)
    self.position = position
  }

  init(_ constant: Rational, at position: SourcePosition) {
    self.constant = constant
    self.position = position
  }

  init(_ term: Term, at position: SourcePosition) {
    coefficients = [term: .one]
    self.position = position
  }

  /// The value, where it depends on nothing.
  var constantValue: Rational? { coefficients.isEmpty && norm == nil ? constant : nil }

  /// The two inputs that are equal where this is zero.
  var equalInputs: (Entry, Entry)? {
    let terms = coefficients.keys.sorted()
    guard terms.count == 2, constant == .zero, norm == nil, terms.allSatisfy({ $0.kind == .input }),
      coefficients.values.allSatisfy({ $0.magnitude == .one }),
      coefficients[terms[0]] != coefficients[terms[1]]
    else { return nil }
    return (terms[0].entry, terms[1].entry)
  }

  // MARK: Arithmetic

  static prefix func - (polynomial: Polynomial) -> Polynomial {
    var opposite = polynomial
    opposite.coefficients = polynomial.coefficients.mapValues { -$0 }
    opposite.constant = -polynomial.constant
    opposite.norm?.isNegated.toggle()
    return opposite
  }

  mutating func add(_ other: Polynomial) throws(ClaimError) {
    for (term, coefficient) in other.coefficients { try add(term, coefficient) }
    constant = try short(constant == .zero ? other.constant : constant + other.constant)
    try expect(norm == nil || other.norm == nil, at: position, "found two norms in a comparison")
    norm = norm ?? other.norm
  }

  private mutating func add(_ term: Term, _ coefficient: Rational) throws(ClaimError) {
    let sum = try short(coefficients[term].map { $0 + coefficient } ?? coefficient)
    coefficients[term] = sum == .zero ? nil : sum
  }

  func scaled(by factor: Rational) throws(ClaimError) -> Polynomial {
    try expect(norm == nil, at: position, "found a multiple of a norm, expected the norm alone")
    var product = Polynomial(try short(constant * factor), at: position)
    for (term, coefficient) in coefficients { try product.add(term, coefficient * factor) }
    return product
  }

  /// The product of all, of which at most two are no constants.
  static func product(_ operands: [Polynomial]) throws(ClaimError) -> Polynomial {
    var factor = Polynomial(.one, at: operands[0].position)
    var product: Polynomial?
    for operand in operands {
      if let value = operand.constantValue {
        factor = try factor.scaled(by: value)
      } else {
        product = try product?.square(with: operand) ?? operand
      }
    }
    return try product?.scaled(by: factor.constant) ?? factor
  }

  private func square(with other: Polynomial) throws(ClaimError) -> Polynomial {
    guard let left = distance, let right = other.distance, left.entry == right.entry,
      left.centre == right.centre
    else {
      throw ClaimError(
        position,
        "found a product of variables; of these only squares of one input entry, or of its "
          + "distance from a number, are supported")
    }
    let square = Term(kind: .square, entry: left.entry, centre: left.centre)
    return try Polynomial(square, at: position).scaled(by: left.slope * right.slope)
  }

  func magnitude() throws(ClaimError) -> Polynomial {
    if let value = constantValue { return Polynomial(value.magnitude, at: position) }
    guard let distance else {
      throw ClaimError(
        position,
        "found an absolute value of something else than one input entry, or its distance from a "
          + "number")
    }
    let absolute = Term(kind: .absolute, entry: distance.entry, centre: distance.centre)
    return try Polynomial(absolute, at: position).scaled(by: distance.slope.magnitude)
  }

  /// The parts of `slope · (x − centre)`, for one input entry x.
  private var distance: (entry: Entry, slope: Rational, centre: Rational)? {
    guard let (term, slope) = coefficients.first, coefficients.count == 1, term.kind == .input,
      norm == nil
    else { return nil }
    return (term.entry, slope, -constant / slope)
  }

  private func short(_ value: Rational) throws(ClaimError) -> Rational {
    try expect(
      max(value.numerator.bitWidth, value.denominator.bitWidth) <= 8_192, at: position,
      "found numbers of more than 8192 bits")
    return value
  }

  // MARK: Rows

  /// The row `self ≤ 0`, or `self < 0`, over the places of entries; inputs declared equal share one.
  func row(isStrict: Bool, place: (Entry) -> Int) throws(ClaimError) -> Row {
    var joined = Polynomial(constant, at: position)
    for (term, coefficient) in coefficients {
      let entry = Entry(variable: 0, index: place(term.entry))
      try joined.add(Term(kind: term.kind, entry: entry, centre: term.centre), coefficient)
    }
    var (inputs, outputs): ([Row.Entry], [Row.Entry]) = ([], [])
    var curves: [Row.Curve] = []
    // The order of a dictionary is not the same in two runs; that of the row must be.
    for (term, coefficient) in joined.coefficients.sorted(by: { $0.key < $1.key }) {
      let (index, centre) = (term.entry.index, term.centre)
      switch term.kind {
      case .input: inputs.append(Row.Entry(index: index, coefficient: coefficient))
      case .output: outputs.append(Row.Entry(index: index, coefficient: coefficient))
      case .square:
        curves.append(.square(index: index, centre: centre, coefficient: coefficient))
      case .absolute:
        curves.append(.absolute(index: index, centre: centre, coefficient: coefficient))
      }
      try expect(
        term.kind.rawValue < 2 || coefficient > .zero, at: position,
        "found squares or absolute values that are not bounded from above, as those of a ball are")
    }
    try expect(
      curves.isEmpty || outputs.isEmpty && norm == nil, at: position,
      "found squares or absolute values beside outputs; they may only bound inputs")
    return Row(
      inputs: inputs, outputs: outputs, curves: curves,
      norm: norm.map { norm in
        Row.Norm(outputs: norm.entries.map { $0.map(place) }, isNegated: norm.isNegated)
      }, bound: -constant, isStrict: isStrict)
  }
}
