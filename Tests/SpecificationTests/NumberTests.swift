import ClaimLanguage
import ExactArithmetic
import NetworkModel
import Specification
import Testing

@Suite("Claims that ask for a number")
struct NumberTests {
  private func number(_ lines: [String]) throws -> (Specification.Claim, NumberClaim) {
    let claim = try #require(SmallNetworks.read(MeaningTests.file(lines)).claims.first)
    return (claim, try #require(claim.number))
  }

  /// The text that a condition without a threshold is lowered to, without its comments.
  private func text(_ lines: [String]) throws -> Substring {
    let claim = try #require(SmallNetworks.read(MeaningTests.file(lines)).claims.first)
    return body(try #require(claim.condition).text)
  }

  private func body(_ text: String) -> Substring {
    text.drop { $0 != "(" }
  }

  @Test("A threshold makes the claim that could have been written with it")
  func thresholds() throws {
    let sets = "for-all: {x: [unit, diamond]}"
    let given = "given: x[0] <= f(x)[1]"
    let (maximum, greatest) = try number([sets, given, "maximum: max(f(x)) - g(x)[0]"])
    #expect(
      try body(greatest.text(at: ratio(5, 4)).text)
        == text([sets, given, "holds: max(f(x)) - g(x)[0] <= 1.25"]))
    #expect(
      maximum.statement
        == "the maximum of max(f(x)) - g(x)[0] for all x in unit and diamond with x[0] <= f(x)[1]")
    #expect(
      try greatest.text(at: ratio(5, 4)).text.contains(
        "with x[0] <= f(x)[1]: max(f(x)) - g(x)[0] <= 1.25\n"))
    let (_, least) = try number([sets, "minimum: f(x)[0] / 3"])
    #expect(
      try body(least.text(at: ratio(-1)).text) == text([sets, "holds: f(x)[0] / 3 >= -1"]))
  }

  @Test("A radius makes the claim about balls of this radius", arguments: ["1", "2", "inf"])
  func radii(norm: String) throws {
    func lines(_ radius: String) -> [String] {
      [
        "for-all: {x: [unit, {around: [0.25, 0.5], radius: \(radius), norm: \(norm)}]}",
        "holds: f(x)[0] > min(f(x)[1..2])",
      ]
    }
    let (claim, asked) = try number(lines("largest"))
    #expect(try body(asked.text(at: ratio(3, 8)).text) == text(lines("0.375")))
    #expect(
      claim.statement.hasPrefix("the largest radius such that, for all x in unit and {around "))
    guard case .radius(let balls) = asked.number else {
      Issue.record("found \(asked.number)")
      return
    }
    #expect(balls.map(\.variable) == ["x"] && balls[0].centre == [ratio(1, 4), ratio(1, 2)])
    #expect(balls[0].norm.rawValue == norm)
  }

  @Test("A Lipschitz constant bounds derivatives along a unit ball", arguments: ["1", "2", "inf"])
  func lipschitz(norm: String) throws {
    let (claim, asked) = try number([
      "for-all: {x: unit}", "lipschitz: f(x)[0] - 2 * g(x)[1] + x[1]", "norm: \(norm)",
    ])
    #expect(
      claim.statement
        == "the Lipschitz constant of f(x)[0] - 2 * g(x)[1] + x[1] in norm \(norm) for all x in unit"
    )
    let text = try asked.text(at: ratio(3, 2)).text
    #expect(text.contains("(declare-network f_on_direction\n  (derivative-of f)"))
    #expect(text.contains("(declare-network g_on_direction\n  (derivative-of g)"))
    #expect(
      text.contains(
        "(assert (< (+ (* 2.0 g_of_direction[0,1]) 1.5) (+ direction[0,1] f_of_direction[0,0])))"))
    #expect(text.contains("(assert (<= -1.0 direction[0,0]))"))
    #expect(text.contains("(* (- direction[0,0] 0.0) (- direction[0,0] 0.0))") == (norm == "2"))
    #expect(text.contains("(abs (- direction[0,0] 0.0))") == (norm == "1"))
    #expect(asked.allowedWidth(from: ratio(1), to: ratio(2)) == ratio(2, 100))
    #expect(try asked.text(at: ratio(1)).query.networks.count == 4)
  }

  @Test(
    "What has no Lipschitz constant here is refused",
    arguments: [
      (["lipschitz: max(f(x))", "norm: 2"], "without abs, min and max"),
      (["lipschitz: f(x)[0]"], "expected the key norm"),
      (["maximum: f(x)[0]", "norm: 2"], "expected the key norm"),
      (["lipschitz: f(x)[0]", "norm: 3"], "expected 1, 2 or inf"),
    ])
  func refusedLipschitz(lines: [String], message: String) throws {
    let error = #expect(throws: SpecificationError.self) {
      try SmallNetworks.read(MeaningTests.file(["for-all: {x: unit}"] + lines))
    }
    #expect(error?.message.contains(message) == true)
  }

  @Test("The allowed width is the gap, or a share of the ends")
  func widths() throws {
    let sets = "for-all: {x: unit}"
    let (_, given) = try number([sets, "maximum: f(x)[0]", "gap: 0.25"])
    #expect(given.allowedWidth(from: ratio(5), to: ratio(9)) == ratio(1, 4))
    let (_, usual) = try number([sets, "minimum: f(x)[0]"])
    #expect(usual.allowedWidth(from: ratio(-1, 2), to: .zero) == ratio(1, 1000))
    #expect(usual.allowedWidth(from: ratio(-20), to: ratio(-19)) == ratio(20, 1000))
    let (_, radius) = try number([
      "for-all: {x: {around: 0, radius: largest, norm: 2}}", "holds: f(x)[0] <= 4",
    ])
    #expect(radius.allowedWidth(from: ratio(1), to: ratio(2)) == ratio(2, 100))
  }
}
