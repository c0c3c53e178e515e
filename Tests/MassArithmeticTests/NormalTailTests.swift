import BigInt
import ExactArithmetic
import Foundation
import MassArithmetic
import TestSupport
import Testing

/// A tail of the standard normal law with 60 digits, as `tools/record-normal-tails` recorded it.
struct RecordedTail: Decodable, Sendable {
  let place: Rational
  let tail: Rational

  init(from decoder: any Decoder) throws {
    var numerals = try decoder.unkeyedContainer()
    place = try #require(Rational(decimal: try numerals.decode(String.self)))
    tail = try #require(Rational(decimal: try numerals.decode(String.self)))
  }

  static let all: [RecordedTail] = {
    do {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "normal-tails.json")
      return try JSONDecoder().decode([RecordedTail].self, from: try Data(contentsOf: file))
    } catch {
      Issue.record("normal-tails.json cannot be read: \(error)")
      return []
    }
  }()
}

/// One unit of the 58th digit: the recorded numbers are rounded.
private let recorded = Rational(1, over: BigInt(10).power(58))

@Suite struct NormalTailTests {
  @Test func enclosesRecordedTails() throws {
    #expect(RecordedTail.all.count == 84)
    // One of six, near and far ones, where it takes long.
    for (number, item) in RecordedTail.all.enumerated() where isOptimised || number % 6 == 0 {
      let place = try #require(item.place.dyadic)
      let found = NormalTail.above(Interval(place))
      let slack = item.tail * recorded
      #expect(Rational(found.lower) <= item.tail + slack, "direction at \(item.place)")
      #expect(Rational(found.upper) >= item.tail - slack, "direction at \(item.place)")
      let width = Rational(found.upper - found.lower)
      #expect(width <= item.tail * Rational(1, over: BigInt(1) << 90), "width at \(item.place)")
    }
  }

  @Test func aWidePlaceGivesTheHullOfBothEnds() {
    let (low, high) = (Dyadic(-1), Dyadic(3))
    let found = NormalTail.above(Interval(low, high))
    #expect(found.lower == NormalTail.above(Interval(high)).lower)
    #expect(found.upper == NormalTail.above(Interval(low)).upper)
  }

  @Test(arguments: [257, 1000, 1 << 40]) func farOutOnlyTheTopIsKnown(place: Int) {
    let (right, left) = (
      NormalTail.above(Interval(Dyadic(place))), NormalTail.above(Interval(Dyadic(-place)))
    )
    #expect(right.lower == .zero)
    #expect(right.upper < Dyadic(1, exponent: -47_000))
    #expect(left.upper == .one)
    #expect(left.lower > Dyadic.one - Dyadic(1, exponent: -116))
  }

  @Test func bothTailsEncloseOne() {
    for place in stride(from: 0, through: 160, by: 7) {
      let x = Interval(Dyadic(BigInt(place), exponent: -4))
      let sum = NormalTail.above(x) + NormalTail.above(-x)
      #expect(sum.lower <= .one && sum.upper >= .one)
    }
  }
}
