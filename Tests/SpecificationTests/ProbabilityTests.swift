import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import Probability
import Specification
import Testing

@Suite("Claims about probabilities")
struct ProbabilityTests {
  private func file(_ lines: [String]) -> String {
    ([
      "affidavit: 1", "networks: {f: f.onnx, g: g.onnx, wide: wide.onnx, broad: broad.onnx}",
      "distributions: {noise: {gaussian: {mean: 0, variance: 1}}}", "claims:", "  - id: one",
    ] + lines.map { "    " + $0 }).joined(separator: "\n")
  }

  private func claim(_ lines: [String]) throws -> (Specification.Claim, ProbabilityClaim) {
    let claim = try #require(SmallNetworks.read(file(lines)).claims.first)
    guard case .probability(let probability) = claim.form else { throw SmallNetworks.Missing() }
    return (claim, probability)
  }

  private func event(_ sentence: String) throws -> Event {
    try claim(["probability: \"\(sentence)\"", "under: noise", "precision: 0.1"]).1.events[0]
  }

  private func form(
    _ constant: Rational, _ coefficients: [EventQuantity: Rational]
  ) -> EventForm { EventForm(constant: constant, coefficients: coefficients) }

  private func unit(_ index: Int, _ isActive: Bool) -> Event {
    .unit(UnitCondition(network: 0, rectifier: 0, index: index, isActive: isActive))
  }

  @Test("Sentences about values become comparisons of forms")
  func values() throws {
    let (stated, read) = try claim([
      "probability: f(x)[0] <= g(x)[2] and x[1] > 0.5", "under: noise", "at-most: 1e-3",
    ])
    let first = form(
      .zero, [.output(network: 0, entry: 0): .one, .output(network: 1, entry: 2): -.one])
    let second = form(ratio(1, 2), [.input(1): -.one])
    #expect(read.events[0] == .all([.comparison(first, .atMost), .comparison(second, .below)]))
    #expect(read.eventNetworks == ["f", "g"] && stated.networks == ["f", "g"])
    #expect(read.law.dimension == 2)
    #expect(
      stated.statement
        == "the probability of f(x)[0] <= g(x)[2] and x[1] > 0.5 under noise is at most 0.001")
    // The query's answers are the points of the event.
    let text = try #require(read.text).text
    #expect(text.contains("(assert (<= f_of_x[0,0] g_of_x[0,2]))"))
    #expect(text.contains("(assert (< 0.5 x[0,1]))"))
  }

  @Test("Conditions and comparisons become quantities with the events of each")
  func quantities() throws {
    let (stated, parity) = try claim([
      "probability: f(x)[0] > 0", "given: x[1] <= 0", "divided-by:", "  given: x[1] > 0",
      "under: noise", "at-least: 0.8",
    ])
    #expect(
      stated.statement
        == "the probability of f(x)[0] > 0, given x[1] <= 0, divided by that of f(x)[0] > 0, "
        + "given x[1] > 0, under noise is at least 0.8")
    #expect(
      parity.quantity == .ratio(.conditional(0, given: 1), .conditional(2, given: 3)))
    let positive = form(.zero, [.output(network: 0, entry: 0): -.one])
    let (low, high) = (form(.zero, [.input(1): .one]), form(.zero, [.input(1): -.one]))
    #expect(
      parity.events == [
        .all([.comparison(positive, .below), .comparison(low, .atMost)]),
        .comparison(low, .atMost),
        .all([.comparison(positive, .below), .comparison(high, .below)]),
        .comparison(high, .below),
      ])
    let text = try parity.provedText(from: "0.8", to: "1e300")
    let query = try ProbabilityQuery(parsing: Array(text.utf8))
    #expect(query.quantity == parity.quantity && query.events.count == 4)
    #expect(parity.text == nil)
    let minus = try claim([
      "probability: f(x)[0] > 0", "minus:", "  probability: g(x)[0] > 0", "under: noise",
      "between: [-0.1, 0.1]",
    ]).1
    #expect(minus.quantity == .difference(.probability(0), .probability(1)))
    #expect(minus.eventNetworks == ["f", "g"])
    let unit = try claim([
      "probability: f(x)[0] > 0", "given: \"unit(f, x)[0, 2] is active\"", "under: noise",
      "precision: 0.1",
    ]).1
    #expect(unit.quantity == .conditional(0, given: 1))
    #expect(try unit.provedText(from: "0", to: "1").contains("preactivation_0_of_f[0,2]"))
  }

  @Test("A likely event is worded by its contrary, each of two that are compared apart")
  func wordings() throws {
    func read(_ lines: [String], drawn: [Double]) throws -> (String, ProbabilityQuery) {
      let claim = try claim(lines + ["under: noise", "at-least: 0.1"]).1
      let wording = claim.wording(of: drawn)
      #expect(claim.wordings.first == .plain && claim.wordings.contains(wording))
      #expect(Set(claim.wordings).count == claim.wordings.count)
      let text = try claim.provedText(from: "0.1", to: "1", wording: wording)
      return (text, try ProbabilityQuery(parsing: Array(text.utf8)))
    }
    let single = ["probability: f(x)[0] <= 0 and x[1] > 0.5"]
    let (plain, event) = try read(single, drawn: [0.5])
    #expect(event.quantity == .probability(0) && !plain.contains("(event"))
    let (text, other) = try read(single, drawn: [0.51])
    #expect(other.quantity == .complement(.probability(0)))
    // The contrary of a conjunction, and beside it the sentence as it was asked.
    #expect(text.contains("(assert (or (< 0.0 f_of_x[0,0]) (<= x[0,1] 0.5)))"))
    #expect(text.contains("; about: f(x)[0] <= 0 and x[1] > 0.5\n"))
    let ratio = [
      "probability: f(x)[0] > 0", "given: x[1] <= 0", "divided-by:", "  probability: f(x)[1] > 0",
    ]
    // 0.3 of 0.5 is more than half of it, and so is 0.3 of 0.59; of 0.61 it is less.
    let (_, second) = try read(ratio, drawn: [0.2, 0.5, 0.3, 0.59])
    #expect(
      second.quantity
        == .ratio(.conditional(0, given: 1), .complement(.conditional(2, given: 3))))
    let (_, first) = try read(ratio, drawn: [0.3, 0.5, 0.3, 0.61])
    #expect(
      first.quantity
        == .ratio(.complement(.conditional(0, given: 1)), .conditional(2, given: 3)))
    // What has no contrary in the language has no other wording.
    let unit = try claim([
      "probability: \"unit(g, x)[0, 2] is active\"", "under: noise", "precision: 0.1",
    ]).1
    #expect(throws: LawWithoutProof.self) {
      try unit.provedText(from: "0", to: "1", wording: unit.wording(of: [0.9]))
    }
  }

  /// [[4, 2], [2, 2]]: the first entry's share of the second is 1/2; what is left has the variance 1.
  @Test("A covariance is factorised in exact numbers, also a singular one")
  func covariances() throws {
    func components(_ covariance: String) throws -> [ProbabilityQuery.Component] {
      let claim = try claim([
        "probability: f(x)[0] > 0",
        "under: {gaussian: {mean: [1, 0.1], covariance: \(covariance)}}", "at-most: 1",
      ]).1
      return try ProbabilityQuery(
        parsing: Array(try claim.provedText(from: "0", to: "1").utf8)
      ).components
    }
    let full = try #require(try components("[[4, 2], [2, 2]]").first)
    #expect(
      full.laws == [
        .normal(mean: .zero, variance: ratio(4)), .normal(mean: .zero, variance: .one),
      ])
    #expect(full.map == [[.one, .one, .zero], [ratio(1, 10), ratio(1, 2), .one]])
    let singular = try #require(try components("[[0.1, 0.3], [0.3, 0.9]]").first)
    #expect(singular.laws.count == 1)
    let (law, map) = (singular.laws[0], try #require(singular.map))
    guard case .normal(_, let variance) = law else {
      Issue.record("\(law)")
      return
    }
    for (row, column, value) in [(0, 0, 0.1), (0, 1, 0.3), (1, 1, 0.9)] {
      let exact = try #require(Rational(decimal: "\(value)"))
      #expect(map[row][1] * map[column][1] * variance == exact)
    }
  }

  @Test("Sentences about Jacobians")
  func jacobians() throws {
    #expect(
      try event("jacobian(f, x) has norm above 40")
        == .norm(NormCondition(network: 0, norm: .two, side: .above, limit: ratio(40))))
    #expect(
      try event("not jacobian(f, x) has norm inf at least 1/2")
        == .norm(NormCondition(network: 0, norm: .infinity, side: .below, limit: ratio(1, 2))))
    let entry = EventQuantity.jacobian(network: 0, entry: 2, input: 1)
    #expect(
      try event("jacobian(f, x)[2, 1] < 0") == .comparison(form(.zero, [entry: .one]), .below))
    #expect(
      try event("2 * f(x)[2] - x[1] is nondecreasing in x[1]")
        == .comparison(form(.one, [entry: ratio(-2)]), .atMost))
    #expect(
      try event("f(x)[2] is constant in x")
        == .all([
          .comparison(form(.zero, [.jacobian(network: 0, entry: 2, input: 0): .one]), .equal),
          .comparison(form(.zero, [entry: .one]), .equal),
        ]))
    #expect(try event("jacobian(f, x)[2] >= 0") == event("f(x)[2] is nondecreasing in x"))
    guard case .all(let all) = try event("jacobian(f, x) >= 0") else {
      Issue.record("no conjunction")
      return
    }
    #expect(all.count == 6)
  }

  /// Given the box, where a truncated law is no product of truncated ones.
  @Test("Truncated laws in the words of queries")
  func truncations() throws {
    func claim(_ law: String, _ more: [String] = []) throws -> ProbabilityClaim {
      try self.claim(
        ["probability: f(x)[0] > 0", "under: {\(law), truncated-to: {lower: 0, upper: [1, inf]}}"]
          + more + ["precision: 0.1"]
      ).1
    }
    func query(_ claim: ProbabilityClaim, drawn: [Double] = []) throws -> ProbabilityQuery {
      let text = try claim.provedText(
        from: "0", to: "1", wording: drawn.isEmpty ? .plain : claim.wording(of: drawn))
      return try ProbabilityQuery(parsing: Array(text.utf8))
    }
    let plain = try query(claim("gaussian: {mean: 0, variance: 1}"))
    #expect(plain.quantity == .probability(0))
    let correlated = try claim("gaussian: {mean: 0, covariance: [[2, 1], [1, 2]]}")
    #expect(correlated.quantity == .probability(0))
    let given = try query(correlated)
    #expect(given.quantity == .conditional(0, given: 1))
    #expect(given.events.map(\.assertionCount) == [4, 3])
    #expect(given.components[0].map?.count == 2)
    let text = try correlated.provedText(from: "0", to: "1")
    for assertion in ["(<= 0.0 x[0,0])", "(<= x[0,0] 1.0)", "(<= 0.0 x[0,1])"] {
      #expect(text.ranges(of: "(assert \(assertion))").count == 1)
    }
    // 0.3 of 0.5 is more than half of it.
    #expect(
      try query(correlated, drawn: [0.3, 0.5]).quantity
        == .complement(.conditional(0, given: 1)))
    #expect(try query(correlated, drawn: [0.2, 0.5]).quantity == given.quantity)
    let mixture = try query(
      claim(
        "mixture: [{weight: 0.5, law: noise}, {weight: 0.5, law: {uniform: {lower: -1, upper: 1}}}]",
        ["given: x[1] < 0.5"]))
    #expect(mixture.quantity == .conditional(0, given: 1) && mixture.components.count == 2)
    #expect(mixture.events.map(\.assertionCount) == [5, 4])
  }

  /// A column of a Jacobian is the value of a derivative whose direction is constant, an offset of a map.
  @Test("Jacobians in the words of queries")
  func statedJacobians() throws {
    func claim(_ sentence: String, _ law: String = "noise") throws -> ProbabilityClaim {
      try self.claim(["probability: \"\(sentence)\"", "under: \(law)", "precision: 0.1"]).1
    }
    let entry = try claim("jacobian(f, x)[2, 1] < f(x)[0]").provedText(from: "0", to: "1")
    #expect(
      entry.contains(
        """
        (declare-network f_on_direction
          (derivative-of f)
          (declare-input direction real [1,2])
          (declare-output f_of_direction real [1,3])
        )
        """))
    #expect(entry.contains("(assert (< f_of_direction[0,2] f_of_x[0,0]))"))
    let query = try ProbabilityQuery(parsing: Array(entry.utf8))
    #expect(query.components[0].laws.count == 2)
    #expect(
      query.components[0].map == [
        [.zero, .one, .zero], [.zero, .zero, .one], [.zero, .zero, .zero], [.one, .zero, .zero],
      ])
    let mapped = try claim(
      "jacobian(f, x)[0, 0] > 0", "{gaussian: {mean: 0, covariance: [[2, 1], [1, 2]]}}")
    let component = try ProbabilityQuery(
      parsing: Array(mapped.provedText(from: "0", to: "1").utf8)
    ).components[0]
    #expect(component.laws.count == 2)
    #expect(component.map?.dropFirst(2) == [[.one, .zero, .zero], [.zero, .zero, .zero]])
    // The norm 1 is the largest sum of a column: |a| + |b| + |c| has eight signs.
    let norm = try claim("jacobian(f, x) has norm 1 above 4").provedText(from: "0", to: "1")
    #expect(norm.ranges(of: "(< ").count == 16)
    #expect(norm.contains("(derivative-of f)\n  (declare-input direction_ real"))
    let two = try claim("not jacobian(f, x) has norm above 1/3").provedText(from: "0", to: "1")
    #expect(
      two.contains(
        """
        (assert (<= (norm (f_of_direction[0,0] f_of_direction_[0,0]) (f_of_direction[0,1] \
        f_of_direction_[0,1]) (f_of_direction[0,2] f_of_direction_[0,2])) (/ 1.0 3.0)))
        """))
    // 22 columns of 23 entries are few enough, 23 are not.
    let columns = (0..<22).map { "jacobian(broad, x)[0, \($0)] > 0" }.joined(separator: " and ")
    #expect(try claim(columns).text != nil)
    #expect(try claim("jacobian(broad, x)[0] > 0").text == nil)
    let frobenius = try claim("jacobian(f, x) has norm frobenius above 4")
    #expect(
      try frobenius.provedText(from: "0", to: "1").contains(
        "(> (norm (f_of_direction[0,0] f_of_direction_[0,0] f_of_direction[0,1]"))
  }

  @Test("Units without a named pre-activation have no query")
  func namelessUnits() throws {
    let named = try claim([
      "probability: \"pattern(f, x) is 0?1\"", "under: noise", "precision: 0.1",
    ]).1
    let text = try named.provedText(from: "0", to: "1")
    #expect(text.contains("(declare-hidden preactivation_0_of_f real [1,3] \"a\")"))
    #expect(
      text.contains(
        "(assert (<= preactivation_0_of_f[0,0] 0.0))\n(assert (< 0.0 preactivation_0_of_f[0,2]))"))
    let nameless = try claim([
      "probability: \"unit(g, x)[0, 1] is active\"", "under: noise", "precision: 0.1",
    ]).1
    #expect(nameless.text == nil)
    #expect(throws: LawWithoutProof.self) { try nameless.provedText(from: "0", to: "1") }
  }

  @Test("Sentences about units and patterns")
  func units() throws {
    #expect(try event("unit(f, x)[0, 2] is active") == unit(2, true))
    #expect(try event("not unit(f, x)[0, 2] is active") == unit(2, false))
    #expect(try event("pattern(f, x) is 0?1") == .all([unit(0, false), unit(2, true)]))
    #expect(
      try event("not pattern(f, x) is 0?1") == .any([unit(0, true), unit(2, false)]))
  }

  @Test("Maxima become alternatives")
  func alternatives() throws {
    let entries = (0..<3).map { form(.zero, [.output(network: 0, entry: $0): .one]) }
    #expect(
      try event("min(f(x)) <= 0") == .any(entries.map { .comparison($0, .atMost) }))
    #expect(try event("max(f(x)) < 0") == .all(entries.map { .comparison($0, .below) }))
  }

  @Test(
    "What an interval says",
    arguments: [
      ("at-most: 0.2", 0.1, 0.2, ProbabilityClaim.Answer.holds),
      ("at-most: 0.2", 0.1, 0.3, .undecided), ("at-most: 0.2", 0.25, 0.3, .refuted),
      ("at-least: 0.2", 0.25, 0.3, .holds), ("at-least: 0.2", 0.1, 0.125, .refuted),
      ("at-least: 0.2", 0.1, 0.25, .undecided), ("between: [0.1, 0.2]", 0.125, 0.1875, .holds),
      ("between: [0.1, 0.2]", 0, 0.0625, .refuted), ("between: [0.1, 0.2]", 0.25, 1, .refuted),
      ("between: [0.1, 0.2]", 0.125, 0.25, .undecided), ("precision: 0.1", 0.5, 0.5625, .holds),
      ("precision: 0.1", 0.5, 0.75, .undecided), ("precision: 12.5%", 0.4375, 0.5, .holds),
      ("precision: 12.5%", 0.375, 0.5, .undecided), ("precision: 50%", 0, 0, .holds),
    ])
  func answers(
    demand: String, lower: Double, upper: Double, answer: ProbabilityClaim.Answer
  ) throws {
    let claim = try claim(["probability: f(x)[0] < 0", "under: noise", demand]).1
    func exact(_ value: Double) -> Rational { ratio(Int(value * 10000), 10000) }
    #expect(claim.answer(lower: exact(lower), upper: exact(upper)) == answer)
  }

  @Test(
    "A mistake is named with its place",
    arguments: [
      (
        "probability: f(x)[0] < 0", "under: none", "at-most: 0",
        "7:12: found no distribution `none` above, expected one with that name"
      ),
      (
        "probability: f(x)[0] < 0", "under: noise", "at-most: 2",
        "8:14: found `2`, expected a number from 0 to 1"
      ),
      (
        "probability: f(x)[0] < 0", "under: noise", "between: [0.5, 0.1]",
        "8:14: the lower end is above the upper end"
      ),
      (
        "probability: f(x)[0] < 0", "under: noise", "precision: 0",
        "8:16: found `0`, expected a positive number"
      ),
      (
        "probability: f(x)[0] < 0", "under: noise", "precision: 100%",
        "8:16: found `100%`, expected a percentage between 0 and 100"
      ),
      (
        "probability: f(x)[0] < 0", "under: noise", "precision: few%",
        "8:16: found `few%`, expected a finite decimal number"
      ),
      (
        "probability: f(x)[0] < 0", "under: noise", "precisely: 0",
        "8:5: found the key `precisely`, expected one of id, probability, given, divided-by, minus, "
          + "under, at-most, at-least, between, precision"
      ),
      (
        "probability: f(x)[0] < 0", "under: {gaussian: {mean: [1, 2, 3], variance: 1}}",
        "at-most: 1",
        "7:12: found a distribution of 3 entries, expected 2, one for each input"
      ),
      (
        "probability: f(x)[0] < f(y)[0]", "under: noise", "at-most: 1",
        "6:28: found the variables `x` and `y`, expected one, as one law is that of one input"
      ),
      (
        "probability: f(x)[0] < wide(x)[0]", "under: noise", "at-most: 1",
        "6:28: `wide` has 3 inputs, but `x` is the input of a network with 2"
      ),
      (
        "probability: x[0] < 0", "under: noise", "at-most: 1",
        "6:18: no network is applied to a variable, expected one as in `f(x)`"
      ),
      (
        "probability: jacobian(f, x) has norm over 4", "under: noise", "at-most: 1",
        "6:42: found `over`, expected `above`, `below`, `at least` or `at most`"
      ),
      (
        "probability: jacobian(f, x) has norm above x[0]", "under: noise", "at-most: 1",
        "6:48: expected a number that depends on nothing and is not negative"
      ),
      (
        "probability: jacobian(f, x)[3, 0] < 0", "under: noise", "at-most: 1",
        "6:33: found `3`, expected an index from 0 to 2"
      ),
      (
        "probability: jacobian(f)[0, 0] < f(x)[0]", "under: noise", "at-most: 1",
        "6:27: found `f`, expected a network and the variable, as in `jacobian(f, x)`"
      ),
      (
        "probability: pattern(f, x) is 01|1", "under: noise", "at-most: 1",
        "6:35: found the pattern `01|1`, expected 0, 1 or ? for each unit: 3"
      ),
      (
        "probability: pattern(f, x) is 0 11", "under: noise", "at-most: 1",
        "6:35: found the pattern `0`, expected 0, 1 or ? for each unit: 3"
      ),
      (
        "probability: unit(f, x)[1, 0] is active", "under: noise", "at-most: 1",
        "6:29: found `1`, expected an index from 0 to 0"
      ),
      (
        "probability: abs(f(x)[0]) is constant in x", "under: noise", "at-most: 1",
        "6:31: found a maximum, a minimum, an absolute value or a derivative, expected a sum of "
          + "outputs and inputs"
      ),
    ])
  func mistakes(event: String, law: String, demand: String, message: String) {
    let text = file([event, law, demand])
    #expect(throws: SpecificationError.self) { try SmallNetworks.read(text) }
    do throws(SpecificationError) { _ = try SmallNetworks.read(text) } catch {
      #expect(error.description == "specs/test.yaml:\(message)")
    }
  }
}
