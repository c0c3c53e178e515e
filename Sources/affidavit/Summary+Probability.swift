internal import Certificates
internal import ClaimLanguage
internal import ExactArithmetic

extension Summary {
  init(_ claim: ProbabilityQuery) {
    let query = Summary(claim.events[0])
    let (lower, upper) = (claim.lower.text, claim.upper.text)
    let number =
      claim.events.count == 1
      ? "the probability of an event"
      : "a number made of the probabilities of \(claim.events.count) events"
    lines = ["claim that \(number) lies from \(lower) to \(upper)"]
    lines += claim.components.map { component in
      let coordinates = counted(component.laws.count, "independent coordinate")
      let map = component.map.map { ", mapped to \(counted($0.count, "input"))" } ?? ""
      return "law of weight \(component.weight.text): \(coordinates)\(map)"
    }
    lines += query.lines.dropFirst()
    members = [
      .init("kind", "probability"), .init("lower", .string(lower)), .init("upper", .string(upper)),
      .init("events", .count(claim.events.count)),
      .init(
        "laws",
        .array(of: claim.components) {
          [
            "weight": .string($0.weight.text), "coordinates": .count($0.laws.count),
            "inputs": .count($0.map?.count ?? $0.laws.count),
          ]
        }),
    ]
    members += query.members.filter { $0.name == "networks" }
  }
}

extension Rational {
  /// The numeral, or a fraction where there is none.
  fileprivate var text: String { decimalNumeral ?? "\(numerator)/\(denominator)" }
}
