internal import ExactArithmetic

extension Interval {
  /// Below this the terms of a series are small.
  static let unit = WideDyadic(1, exponent: -keptBits)

  /// `e^−q` for a number `q` that is not negative.
  ///
  /// With `q = 2^k r` and `r ≤ 1/2`: the series of `e^r`, whose terms are positive, then `k` squares
  /// and a quotient. The terms after the last one counted are together less than that one.
  static func exponential(ofNegative q: Interval) -> Interval {
    precondition(q.low.signum >= 0, "the exponent is not positive")
    var (rest, halvings) = (q, 0)
    while rest.high > half.high {
      rest = rest.halved
      halvings += 1
    }
    var (sum, term) = (Interval.one, Interval.one)
    var place = 0
    while term.high > unit {
      place += 1
      term = term * rest / Interval(place)
      sum = sum + term
    }
    sum = sum + Interval(.zero, term.high)
    for _ in 0..<halvings { sum = sum * sum }
    return one / sum
  }

  /// `e^q`, with `|q| ≤ 2^15`.
  static func exponential(of q: WideDyadic) -> Interval {
    let power = exponential(ofNegative: q.signum < 0 ? Interval(-q, -q) : Interval(q, q))
    return q.signum < 0 ? power : one / power
  }

  /// π, by Machin's formula: 16 arctan(1/5) − 4 arctan(1/239).
  static let pi = multiple(16, ofArctangentOfOneOver: 5) - multiple(4, ofArctangentOfOneOver: 239)

  /// `factor · arctan(1/n)`: an alternating series, off by less than its first missing term.
  private static func multiple(_ factor: Int, ofArctangentOfOneOver n: Int) -> Interval {
    let square = Interval(n * n)
    var power = Interval(factor) / Interval(n)
    var sum = power
    var place = 0
    while power.high > unit {
      place += 1
      power = power / square
      let term = power / Interval(2 * place + 1)
      sum = place % 2 == 0 ? sum + term : sum - term
    }
    return sum + Interval(-power.high, power.high)
  }
}
