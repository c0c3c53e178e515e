import Approximation
import ClaimLanguage
import ExactArithmetic
import Foundation
import ProofChecker
import Search
import TestSupport
import Testing

/// Random networks, laws and events in two dimensions, against the sums of the masses of exact regions.
@Suite("Twins in two dimensions") struct PlanarTwinTests {
  private static let isSoak = ProcessInfo.processInfo.environment["AFFIDAVIT_SOAK"] == "1"
  #if DEBUG
    private static let count = isSoak ? 100 : 6
  #else
    private static let count = isSoak ? 100 : 25
  #endif
  private let gap = 1e-3

  /// What is known to within 1e-10.
  private let error = 1e-9

  @Test("The proved interval holds the exact probability", arguments: 0..<(isSoak ? 10 : 1))
  func twins(block: Int) throws {
    var narrow = 0
    for seed in 0..<Self.count {
      var generator = SeededGenerator(seed: UInt64(40_000 + block * 1000 + seed))
      let twin = PlanarTwin(using: &generator)
      let event = PlanarEvent(using: &generator)
      let exact = twin.probability(of: event)
      let problem = try probabilityProblem(twin.network, [event.text], twin.law.components)
      let found = try Search.bound(
        problem, gap: Closeness(absolute: gap),
        options: SearchOptions(timeLimit: 20, nodeLimit: 4000)
      ).get()
      let (lower, upper) = (
        found.verified.lower.nearestDouble, found.verified.upper.nearestDouble
      )
      #expect(
        lower <= exact + error && exact <= upper + error,
        "block \(block), seed \(seed): \(exact) is not in \(lower) ... \(upper)")
      if upper - lower <= gap {
        narrow += 1
      } else if Self.isSoak {
        print(
          "block \(block), seed \(seed): \(upper - lower) wide, \(found.cells) cells, \(found.seconds) s, \(String(describing: found.stop))"
        )
      }
    }
    print("block \(block): \(narrow) of \(Self.count) narrower than \(gap)")
    #expect(narrow >= Self.count * 4 / 5)
  }
}
