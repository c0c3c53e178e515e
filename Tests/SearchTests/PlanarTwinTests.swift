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
    var kinds: [String: Int] = [:]
    for seed in 0..<Self.count {
      var generator = SeededGenerator(seed: UInt64(40_000 + block * 1000 + seed))
      let twin = PlanarTwin(using: &generator)
      let event = PlanarEvent(using: &generator)
      for kind in Self.kinds where twin.law.components.contains(where: { $0.contains(kind) }) {
        kinds[kind, default: 0] += 1
      }
      let width = try width(of: twin, event, "block \(block), seed \(seed)")
      if width <= gap { narrow += 1 }
    }
    print(
      "block \(block): \(narrow) of \(Self.count) narrower than \(gap); laws: "
        + kinds.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }.joined(
          separator: ", "))
    #expect(narrow >= Self.count * 4 / 5)
  }

  /// What is in the text of a law.
  private static let kinds = [
    "(normal", "(uniform", "truncated-normal", "clipped", "points", "(map",
  ]

  /// Finds an interval, and expects the exact probability in it.
  ///
  /// - Returns: How wide it is; 1 where there is none.
  private func width(of twin: PlanarTwin, _ event: PlanarEvent, _ name: String) throws -> Double {
    let exact = twin.probability(of: event)
    let problem = try probabilityProblem(twin.network, [event.text], twin.law.components)
    let result = Search.bound(
      problem, gap: Closeness(absolute: gap),
      options: SearchOptions(timeLimit: 20, nodeLimit: 4000))
    let (width, words): (Double, String)
    switch result {
    case .success(let found):
      let (lower, upper) = (
        found.verified.lower.nearestDouble, found.verified.upper.nearestDouble
      )
      #expect(
        lower <= exact + error && exact <= upper + error,
        "\(name): \(exact) is not in \(lower) ... \(upper)")
      width = upper - lower
      words =
        "\(width) wide, \(found.cells) cells, \(found.seconds) s, "
        + String(describing: found.stop)
    case .failure(let reason):
      #expect(reason == .timeLimit, "\(name)")
      (width, words) = (1, "nothing found: \(reason)")
    }
    if Self.isSoak, width > gap {
      print("\(name): \(words); \(event.text); \(twin.law.components)")
    }
    return width
  }
}
