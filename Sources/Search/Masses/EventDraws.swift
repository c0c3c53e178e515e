internal import BoundPropagation
internal import Glibc

/// Draws from the law of a component given that its event happens, or given that it does not.
///
/// There are levels, each of which a fifth of the draws before has reached (subset simulation; Au and Beck, *Estimation of
/// small failure probabilities*, 2001). Draws say where to look and how much there is, and prove nothing.
struct EventDraws: Sendable {
  /// A place in standard normal coordinates.
  struct Draw: Sendable {
    let place: [Double]
    /// Whether each unit's argument is positive.
    let isActive: [Bool]
    /// The disjunct that holds by most, or fails by least.
    let disjunct: Int
  }

  /// The draws.
  private(set) var draws: [Draw] = []
  /// About how probable it is.
  private(set) var probability = 1.0

  private static let count = 1024
  private static let mostLevels = 24
  private static let movesPerLevel = 4
  private static let share = 5
  /// How far a draw moves: `z ← √(1 − β²) z + β ξ` keeps the law.
  private static let reach = 0.5

  /// In what share of as many draws as a level has the event happens.
  static func share(of bounding: TailBounding, seed: UInt64, with propagator: Propagator) -> Double
  {
    var generator = SplitMix(seed: seed)
    let scorer = EventScorer(bounding: bounding, isInside: true)
    let places = places(of: bounding, using: &generator)
    let hits = scorer.scores(of: places, with: propagator).count { $0 >= 0 }
    return Double(hits) / Double(Self.count)
  }

  private static func places(of bounding: TailBounding, using generator: inout SplitMix)
    -> [[Double]]
  {
    (0..<count).map { _ in (0..<bounding.laws.count).map { _ in generator.normal() } }
  }

  /// Draws; without draws where no level reaches the event.
  init(
    of bounding: TailBounding, isInside: Bool, seed: UInt64, with propagator: Propagator
  ) {
    var generator = SplitMix(seed: seed)
    let scorer = EventScorer(bounding: bounding, isInside: isInside)
    var places = Self.places(of: bounding, using: &generator)
    var scores = scorer.scores(of: places, with: propagator)
    for _ in 0..<Self.mostLevels {
      let order = scores.indices.sorted { scores[$0] > scores[$1] }
      let hits = order.prefix { scores[$0] >= 0 }.count
      let isLast = hits >= Self.count / Self.share
      let kept = isLast ? hits : Self.count / Self.share
      let level = isLast ? 0 : scores[order[kept - 1]]
      probability *= Double(kept) / Double(Self.count)
      let seeds = order.prefix(kept)
      places = (0..<Self.count).map { places[seeds[$0 % kept]] }
      scores = (0..<Self.count).map { scores[seeds[$0 % kept]] }
      for _ in 0..<(isLast && hits == Self.count ? 0 : Self.movesPerLevel) {
        scorer.move(
          &places, &scores, by: Self.reach, above: level, using: &generator, with: propagator)
      }
      if isLast {
        draws = scorer.draws(at: places, with: propagator)
        return
      }
    }
  }
}

/// How surely an event happens at a place, or how surely it does not.
struct EventScorer: Sendable {
  let bounding: TailBounding
  let isInside: Bool

  private func inputs(_ place: [Double]) -> [Double] {
    zip(place, bounding.laws).map { value, law in
      law.map { $0.mean + $0.deviation * value } ?? 0
    }
  }

  /// By how much each disjunct holds: not negative where it does.
  private func heights(_ places: [[Double]], with propagator: Propagator) -> [[Double]] {
    let points = places.map(inputs)
    let outputs = propagator.evaluate(points.flatMap { $0 })
    let width = outputs.count / max(1, places.count)
    return points.enumerated().map { place, point in
      let values = Array(outputs[place * width..<(place + 1) * width])
      return bounding.problem.cases[0].disjuncts.map { rows in
        rows.map { -$0.excess(inputs: point, outputs: values) }.min() ?? 0
      }
    }
  }

  /// Not negative where the event happens, or does not.
  func scores(of places: [[Double]], with propagator: Propagator) -> [Double] {
    heights(places, with: propagator).map { isInside ? $0.max() ?? 0 : -($0.max() ?? 0) }
  }

  /// Moves each place where its score stays at a level.
  func move(
    _ places: inout [[Double]], _ scores: inout [Double], by reach: Double, above level: Double,
    using generator: inout SplitMix, with propagator: Propagator
  ) {
    let rest = (1 - reach * reach).squareRoot()
    let moved = places.map { $0.map { rest * $0 + reach * generator.normal() } }
    for (place, score) in self.scores(of: moved, with: propagator).enumerated()
    where score >= level {
      (places[place], scores[place]) = (moved[place], score)
    }
  }

  /// What is known of places.
  func draws(at places: [[Double]], with propagator: Propagator) -> [EventDraws.Draw] {
    let arguments = propagator.arguments(places.flatMap(inputs))
    let width = bounding.network.unitCount
    return zip(places, heights(places, with: propagator)).enumerated().map { order, draw in
      let (place, heights) = draw
      return EventDraws.Draw(
        place: place,
        isActive: arguments[order * width..<(order + 1) * width].map { $0 > 0 },
        disjunct: heights.indices.max { heights[$0] < heights[$1] } ?? 0)
    }
  }
}

extension SplitMix {
  /// A standard normal number, by Box and Muller.
  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &self))).squareRoot()
    return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &self))
  }
}
