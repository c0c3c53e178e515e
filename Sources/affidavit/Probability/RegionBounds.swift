internal import Approximation
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import Probability
internal import Specification

/// Intervals for the probabilities of a claim's events, from the masses of regions, and for the number
/// that is made of them.
struct RegionBounds {
  private let quantity: ProbabilityQuantity
  private(set) var intervals: [EventInterval]

  init(_ quantity: ProbabilityQuantity, events: Int) {
    self.quantity = quantity
    intervals = Array(repeating: EventInterval(), count: events)
  }

  /// Narrows the intervals of all events, each to a tenth of its width in turn.
  ///
  /// - Parameters:
  ///   - questions: One for each event.
  ///   - options: Of sampled masses.
  ///   - isEnough: Gets the bounds after each part; `true` ends all.
  /// - Throws: `MassError`.
  mutating func narrow(
    _ questions: [EventQuestion], options: MassOptions, until isEnough: (RegionBounds) -> Bool
  ) throws(MassError) {
    var open = Array(questions.indices)
    // One event needs no turns.
    var width = questions.count == 1 ? -1 : 0.1
    var isDone = false
    while !open.isEmpty, !isDone {
      for event in open where !isDone {
        var isNarrow = false
        let interval = try questions[event].narrow(options: options) { interval in
          // A new turn begins with nothing; the last one's interval still holds.
          guard interval.width <= intervals[event].width else { return false }
          intervals[event] = interval
          isDone = isEnough(self)
          isNarrow = interval.width <= width
          return isDone || isNarrow
        }
        guard !isDone, !isNarrow else { continue }
        intervals[event] = interval
        open.removeAll { $0 == event }
      }
      width /= 10
    }
  }

  /// The ends of the number; nil where a divisor may be zero.
  var ends: (lower: Double, upper: Double)? {
    if quantity == .probability(0) { return (intervals[0].lower, intervals[0].upper) }
    let exact = intervals.map { interval -> Interval in
      guard let lower = Dyadic(exactly: interval.lower), let upper = Dyadic(exactly: interval.upper)
      else { return Interval(.zero, .one) }
      return Interval(lower, upper)
    }
    return quantity.enclosed(exact).map { ($0.lower.nearestDouble, $0.upper.nearestDouble) }
  }

  /// How far the ends can be trusted.
  var status: UncertainMass.Status {
    intervals.contains { $0.status == .estimate } ? .estimate : .exact
  }

  /// How many parts were looked at.
  var parts: Int { intervals.reduce(0) { $0 + $1.parts } }
  /// The least probability of all parts that were looked at, of any event.
  var covered: UncertainMass {
    intervals.map(\.covered).min { $0.value < $1.value } ?? UncertainMass.zero
  }
  /// The greatest probability that rounding does not decide, of any event.
  var hidden: Double { intervals.map(\.hidden.value).max() ?? 0 }
}

extension EventInterval {
  fileprivate var width: Double { upper - lower }
}
