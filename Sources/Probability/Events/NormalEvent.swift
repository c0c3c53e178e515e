internal import NetworkModel

/// An event under a normal law, as one of independent standard normal coordinates.
struct NormalEvent {
  private let evaluation: EventEvaluation
  private let event: Event
  private let gaussian: Gaussian
  /// The entries that have noise of their own; the others need no coordinate for it.
  private let spread: [Int]
  private let isCancelled: () -> Bool

  /// How many coordinates there are.
  let dimension: Int

  init(
    _ event: Event, of evaluation: EventEvaluation, under gaussian: Gaussian,
    isCancelled: @escaping () -> Bool
  ) {
    (self.event, self.evaluation, self.gaussian) = (event, evaluation, gaussian)
    self.isCancelled = isCancelled
    spread = gaussian.scales.indices.filter { gaussian.scales[$0] != 0 }
    dimension = gaussian.factor.columns + spread.count
  }

  /// How far a point is from the event: not above zero where it happens.
  ///
  /// - Throws: ``MassError``, also where it is cancelled.
  func distance(_ z: [Double]) throws(MassError) -> Double {
    guard !isCancelled() else { throw .cancelled }
    let columns = gaussian.factor.columns
    var point = gaussian.mean.doubles
    for entry in point.indices {
      for column in 0..<columns {
        point[entry] += gaussian.factor.weights[entry * columns + column] * z[column]
      }
    }
    for (place, entry) in spread.enumerated() {
      point[entry] += gaussian.scales[entry] * z[columns + place]
    }
    return try evaluation.distance(of: point, to: event)
  }
}

extension SeededGenerator {
  /// Independent normal numbers with deviations of one.
  mutating func normals(around centre: [Double]) -> [Double] {
    var z = centre
    for entry in z.indices { z[entry] += normal() }
    return z
  }
}

/// Σ left · right.
func product(_ left: [Double], _ right: [Double]) -> Double {
  var sum = 0.0
  for entry in left.indices { sum += left[entry] * right[entry] }
  return sum
}
