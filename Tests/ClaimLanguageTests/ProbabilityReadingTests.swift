import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import Testing

@Suite("Claims about probabilities") struct ProbabilityReadingTests {
  private let query = """
    (vnnlib-version <2.0>) ; an event
    (declare-network f (declare-input X real [2]) (declare-output Y real [1]))
    (assert (<= Y[0] 0.5))
    """

  private func read(_ form: String) throws -> ProbabilityQuery {
    try ProbabilityQuery(parsing: Array("\(query)\n\(form)\n".utf8))
  }

  @Test func readsEveryLaw() throws {
    let claim = try read(
      """
      (probability 0.0 1e-3
        (component 1/4 (normal 0.1 4e-4) (uniform -1 1.5))
        (component 0.75
          (truncated-normal 0 1 -inf 2)
          (clipped (normal 0 1) -1 1) (points (0 1/3) (1 2/3))
          (map (0.5 1 0 0) (-1 0 2 3))))
      """)
    #expect(claim.lower == .zero && claim.upper == Rational(1, over: 1000))
    #expect(claim.components.map(\.weight) == [Rational(1, over: 4), Rational(3, over: 4)])
    #expect(
      claim.components[0].laws == [
        .normal(mean: Rational(1, over: 10), variance: Rational(1, over: 2500)),
        .uniform(lower: Rational(-1), upper: Rational(3, over: 2)),
      ])
    #expect(
      claim.components[1].laws == [
        .truncatedNormal(mean: .zero, variance: .one, lower: nil, upper: Rational(2)),
        .clipped(.normal(mean: .zero, variance: .one), lower: Rational(-1), upper: .one),
        .points([
          .init(value: .zero, probability: Rational(1, over: 3)),
          .init(value: .one, probability: Rational(2, over: 3)),
        ]),
      ])
    #expect(claim.components[0].map == nil)
    #expect(claim.components[1].map?.count == 2)
    #expect(claim.components[1].map?[1] == [Rational(-1), .zero, Rational(2), Rational(3)])
  }

  @Test func onlySuchTextsAreClaimsAboutProbabilities() throws {
    let text = Array(query.utf8)
    #expect(!ProbabilityQuery.isOne(text))
    #expect(throws: ClaimError.self) { try ProbabilityQuery(parsing: text) }
    #expect(!ProbabilityQuery.isOne(Array("\(query) ; (probability 0 1)".utf8)))
    #expect(!ProbabilityQuery.isOne(Array("(assert (probability 0 1))".utf8)))
    let claim = Array("\(query)(probability 0 1 (component 1 (uniform 0 1) (uniform 0 1)))".utf8)
    #expect(ProbabilityQuery.isOne(claim))
    // A reader of VNN-LIB alone must not take it for something else.
    #expect(throws: ClaimError.self) { try Query(parsing: claim) }
  }

  private static let law = "(component 1 (uniform 0 1) (uniform 0 1))"

  @Test func readsQuantities() throws {
    let claim = try read(
      """
      (probability -1 2
        (difference
          (conditional
            (event (assert (<= X[0] 0.5)) ; with a comment (
              (assert (or (<= X[1] 0) (>= Y[0] 0))))
            (event (assert (> X[0] 0))))
          (event (assert (>= X[1] 0.25))))
        \(Self.law))
      """)
    #expect(
      claim.quantity == .difference(.conditional(0, given: 1), .probability(2)))
    #expect(claim.events.count == 3)
    let ratio = try read(
      "(probability 0 1e300 (ratio (event (assert (<= X[0] 0))) (event (assert (> X[0] 0)))) "
        + "\(Self.law))")
    #expect(ratio.quantity == .ratio(.probability(0), .probability(1)))
    let rest = try read(
      "(probability 0 1 (ratio (event (assert (<= X[0] 0))) (complement (conditional "
        + "(event (assert (<= X[0] 0))) (event (assert (> X[0] 0)))))) \(Self.law))")
    #expect(
      rest.quantity == .ratio(.probability(0), .complement(.conditional(1, given: 2))))
    let one = try read("(probability 0 1 \(Self.law))")
    #expect(one.quantity == .probability(0) && one.events.count == 1)
  }

  @Test("Only a lower bound above zero makes a divisor") func enclosures() {
    let (half, unknown) = (
      Interval(Dyadic(1, exponent: -1)), Interval(.zero, Dyadic(1, exponent: -1))
    )
    let quarter = Interval(Dyadic(1, exponent: -2), Dyadic(3, exponent: -2))
    let ratio = ProbabilityQuantity.ratio(.probability(0), .probability(1))
    #expect(ratio.enclosed([half, unknown]) == nil)
    #expect(ProbabilityQuantity.conditional(0, given: 1).enclosed([half, unknown]) == nil)
    #expect(
      ProbabilityQuantity.difference(ratio, .probability(0)).enclosed([half, unknown]) == nil)
    let quotient = ratio.enclosed([half, quarter])
    #expect(quotient.map { Rational($0.lower) <= Rational(2, over: 3) } == true)
    #expect(quotient?.upper == Dyadic(2))
    let share = ProbabilityQuantity.conditional(0, given: 1).enclosed([half, quarter])
    #expect(share?.upper == .one && share?.lower == quotient?.lower)
    // Each end from the right ends.
    let difference = ProbabilityQuantity.difference(.probability(0), .probability(1))
      .enclosed([quarter, unknown])
    #expect(
      difference?.lower == Dyadic(-1, exponent: -2) && difference?.upper == Dyadic(3, exponent: -2))
    // One less each end, and no more than that: a lower end gives the upper one.
    let rest = ProbabilityQuantity.complement(.probability(0))
    let least = Dyadic(1, exponent: -200)
    let left = rest.enclosed([Interval(least, Dyadic(3, exponent: -2))])
    #expect(left?.lower == Dyadic(1, exponent: -2))
    #expect(left.map { Rational($0.upper) >= Rational.one - Rational(least) } == true)
    #expect(left.map { $0.upper <= .one } == true)
    let greatest = rest.enclosed([Interval(.zero, least)])
    #expect(greatest.map { Rational($0.lower) <= Rational.one - Rational(least) } == true)
    #expect(greatest?.upper == .one)
    #expect(ProbabilityQuantity.complement(ratio).enclosed([half, unknown]) == nil)
    let negative = ProbabilityQuantity.ratio(
      .difference(.probability(0), .probability(1)), .probability(2)
    ).enclosed([unknown, half, quarter])
    #expect(negative?.lower == Dyadic(-2) && negative?.upper == .zero)
  }

  @Test(arguments: [
    ("(probability 0 1 (event) \(law))", "`(`"),
    ("(probability 0 1 (event (declare-input X real [1])) \(law))", "`assert`"),
    ("(probability 0 1 (event (assert (<= X[0] 0)) \(law))", "`assert`"),
    ("(probability 0 1 (event (assert (<= X[0] 0", "`)`"),
    ("(probability 0 1 (event (assert (<= X[0] 0))))", "`(`"),
    ("(probability 0 1 (conditional (event (assert (<= X[0] 0)))) \(law))", "`(`"),
    (
      "(probability 0 1 (conditional (ratio (event (assert (<= X[0] 0))))) \(law))", "`event`"
    ),
    ("(probability 0 1 (ratio (event (assert (<= X[0] 0)))) \(law))", "`(`"),
    ("(probability 0 1 (sum (event (assert (<= X[0] 0)))) \(law))", "`component`, `event`"),
    ("(probability 0 1 (event (assert (<= Q 0))) \(law))", "`Q`"),
    ("(probability 0 1 (ratio (ratio (ratio (ratio", "`event`"),
    ("(probability 0 1 (complement (complement (complement (complement", "`event`"),
    ("(probability 0 1 (complement event (assert (<= X[0] 0))) \(law))", "`(`"),
    ("(probability 0 1 (complement) \(law))", "`(`"),
    ("(probability 0 1 (complement \(law)))", "`component`, `event`"),
    (
      "(probability 0 1 (complement (event (assert (<= X[0] 0))) (event (assert (<= X[0] 0)))) "
        + "\(law))", "`)`"
    ),
    (
      "(probability 0 1 (event (assert (<= X[0] 0))) (event (assert (<= X[0] 0))) \(law))",
      "`component`"
    ),
  ])
  func errorsOfQuantities(form: String, expected: String) {
    do {
      let found = try read(form)
      Issue.record("read as \(found.quantity)")
    } catch let error as ClaimError {
      #expect(error.message.contains(expected), "\(error)")
    } catch { Issue.record("\(error)") }
  }

  @Test(arguments: [
    ("(probability 0.5 0.4 (component 1 (uniform 0 1)))", "a number in its range"),
    ("(probability 0 1)", "`(`"),
    ("(probability 0 1 (component 1))", "the law of a coordinate"),
    ("(probability 0 1 (component 0.5 (uniform 0 1)))", "sum to 1"),
    ("(probability 0 1 (component 0 (uniform 0 1)) (component 1 (uniform 0 1)))", "range"),
    ("(probability 0 1 (component 1 (uniform 1 1)))", "a number in its range"),
    ("(probability 0 1 (component 1 (normal 0 0)))", "a number in its range"),
    ("(probability 0 1 (component 1 (normal 0 -1)))", "a number in its range"),
    ("(probability 0 1 (component 1 (truncated-normal 0 1 2 2)))", "above the lower one"),
    ("(probability 0 1 (component 1 (truncated-normal 0 1 inf 2)))", "a number"),
    ("(probability 0 1 (component 1 (points (0 1/2) (0 1/2))))", "a number in its range"),
    ("(probability 0 1 (component 1 (points (0 1/2) (1 1/3))))", "sum to 1"),
    ("(probability 0 1 (component 1 (points (0 0) (1 1))))", "a number in its range"),
    ("(probability 0 1 (component 1 (clipped (uniform 0 1) 1 0)))", "a number in its range"),
    ("(probability 0 1 (component 1 (clipped (clipped (uniform 0 1) 0 1) 0 1)))", "not clipped"),
    ("(probability 0 1 (component 1 (cauchy 0 1)))", "`normal`"),
    ("(probability 0 1 (component 1 (uniform 0 1) (map (0 1 2) (0 1))))", "2 numbers in a row"),
    ("(probability 0 1 (component 1 (uniform 0 1) (map (0 1)) (uniform 0 1)))", "`)`"),
    ("(probability 0 1 (component 1 (uniform 0 1/0)))", "a number, or a fraction"),
    ("(probability 0 1 (component 1 (uniform 0 1e999)))", "a number, or a fraction"),
    ("(probability 0 nan (component 1 (uniform 0 1)))", "a number, or a fraction"),
    ("(probability 0 1 (component 1 (uniform 0 1)", "`)`"),
    ("(probability 0 1 (component 1 (uniform 0 1))) (probability 0 1)", "`assert`"),
  ])
  func errors(form: String, expected: String) {
    do {
      let found = try read(form)
      Issue.record("read as \(found.components)")
    } catch let error as ClaimError {
      #expect(error.message.contains(expected), "\(error)")
      #expect(error.position.line >= 4)
    } catch { Issue.record("\(error)") }
  }

  /// Each denominator is short, but their least common multiple is as long as all together.
  @Test func sumsOfFractionsStayShort() {
    let denominators = (0..<60).map { BigInt(10).power(300) + BigInt(2 * $0 + 1) }
    let points = denominators.enumerated().map { "(\($0) 1/\($1))" }.joined(separator: " ")
    let components = denominators.map { "(component 1/\($0) (uniform 0 1))" }.joined(separator: " ")
    for form in [
      "(probability 0 1 (component 1 (points \(points))))", "(probability 0 1 \(components))",
    ] {
      #expect {
        try read(form)
      } throws: { ($0 as? ClaimError)?.message.contains("8192 bits") == true }
    }
  }

  @Test func otherErrorsKeepTheirPlaces() {
    let text = "(probability 0 1\n (component 1 (uniform 0 1)))\n(assert (<= Q 0))"
    #expect {
      try read(text)
    } throws: { ($0 as? ClaimError)?.position == SourcePosition(line: 6, column: 13) }
  }
}
