internal import Glibc

/// Foresees what the checker takes for a proof, by what it took for smaller ones.
struct CheckForesight {
  /// What part of the time passes before the first proof is checked.
  private static let beginning = 0.003
  /// Proofs are checked only to see how long that takes when they are this much larger than the last one that was, and
  /// for not more than this part of the time together, as foreseen.
  private static let (growth, share) = (2.5, 0.12)
  /// Without a limit of the time: the least size of a proof that is checked, and how much larger the next one is.
  private static let unlimited = (first: 256.0, growth: 4.0)
  /// When they are this much larger, and no more seems to fit into the time.
  private static let lastGrowth = 1.1
  /// Of what is foreseen, and of the time: a proof that is not checked in time is lost.
  private static let (factor, margin) = (1.3, 0.02)
  /// How the time may grow with the size; rather too much, since a check that took less is no reason to stop.
  private static let powers = 1.3...1.8

  private var last: (size: Double, seconds: Double)?
  private var power = Self.powers.lowerBound
  private var spent = 0.0
  /// When was asked last, and the longest time between two questions; what was long ago counts less.
  private var (asked, step) = (0.0, 0.0)

  /// What a proof is foreseen to take.
  private func seconds(for size: Double) -> Double {
    guard let last, last.size > 0 else { return 0 }
    return last.seconds * pow(max(1, size / last.size), power) * min(1, size / last.size)
  }

  /// Whether a proof is to be checked for that, after so many seconds; also where no more seems to fit into the time,
  /// because what is foreseen of a larger proof may be too much: then it stands.
  func isDue(size: Double, at now: Double, of limit: Double?) -> Bool {
    guard let limit else {
      return size > max(Self.unlimited.first, Self.unlimited.growth * (last?.size ?? 0))
    }
    guard let last else { return now > Self.beginning * limit }
    return size > Self.growth * last.size && spent + seconds(for: size) < Self.share * limit
      || size > Self.lastGrowth * last.size && isTime(size: size, at: now, of: limit)
  }

  /// Takes how long the search went on before it asked, and when that is.
  mutating func note(_ now: Double) {
    if asked > 0 { step = max(0.9 * step, now - asked) }
    asked = now
  }

  /// Takes what a proof took.
  mutating func learn(size: Double, seconds: Double) {
    if let last, last.size > 0, last.seconds > 0, size > Self.growth * last.size {
      let power = log(seconds / last.seconds) / log(size / last.size)
      self.power = max(Self.powers.lowerBound, min(Self.powers.upperBound, power))
    }
    last = (size, seconds)
    spent += seconds
    asked += seconds
  }

  /// Whether no more than the check fits into the time.
  func isTime(size: Double, at now: Double, of limit: Double) -> Bool {
    now + step + Self.factor * seconds(for: size) + Self.margin * limit >= limit
  }
}
