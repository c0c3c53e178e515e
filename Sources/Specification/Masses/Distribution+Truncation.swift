internal import ExactArithmetic
internal import Probability

extension Distribution {
  /// That an input lies in the box to which this law is truncated, where a proof can only be about the law
  /// before: entries that depend on one another, or a mixture; nothing for other laws.
  var truncationForProofs: Formula? {
    guard case .truncated(let whole, let box) = form, (try? LatentLaw(self)) == nil,
      (try? LatentLaw(whole)) != nil
    else { return nil }
    var ends: [Formula] = []
    for entry in 0..<dimension {
      let value = Term(Quantity(source: .variable(0), index: entry))
      if let lower = box.lower[entry] { ends.append(.atom(Term(lower) - value, .atMost)) }
      if let upper = box.upper[entry] { ends.append(.atom(value - Term(upper), .atMost)) }
    }
    return .all(ends)
  }
}
