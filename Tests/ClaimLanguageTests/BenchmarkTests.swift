import ClaimLanguage
import ExactArithmetic
import Foundation
import NetworkModel
import Testing

@Suite(.enabled(if: Benchmarks.arePresent, "the benchmark files are not beside the repository"))
struct BenchmarkTests {
  /// What goes beyond linear rows in boxes (products, unbounded inputs) or has types
  /// other than binary32.
  static let refused = [
    "arithmetic_poly/", "network_isomorphic01", "/shape/", "cast07", "cast08",
    "maxpool03",
  ]

  /// All files take a while in a debug build.
  #if DEBUG
    static let stride = 12
  #else
    static let stride = 1
  #endif

  static var sample: [String] {
    let files = Benchmarks.queries()
    return Swift.stride(from: 0, to: files.count, by: stride).map { files[$0] }
  }

  @Test func everyFileIsReadAndUnderstood() throws {
    #expect(Benchmarks.queries().count > 600)
    for file in Self.sample {
      let bytes = try Benchmarks.bytes(file)
      let isRefused = Self.refused.contains { file.contains($0) }
      do {
        let query = try Query(parsing: bytes)
        let problem = try Problem(query: query, networks: standIns(for: query))
        #expect(!isRefused, "\(file)")
        #expect(!problem.cases.isEmpty)
      } catch {
        #expect(isRefused, "\(file):\(error)")
      }
    }
  }

  @Test func bothVersionsOfAnInstanceSayTheSame() throws {
    for (place, row) in try Benchmarks.table("index_vnnlib2.csv").enumerated()
    where place % Self.stride == 0 {
      let two = try Query(parsing: Benchmarks.bytes(row[1]))
      let one = try Query(parsing: Benchmarks.bytes(row[4]))
      let new = try Problem(query: two, networks: standIns(for: two))
      let old = try Problem(query: one, networks: standIns(for: one))
      try #require(new.cases.count == old.cases.count, "\(row[0])")
      #expect(new.meaning == .float32 && old.meaning == .real)
      for (new, old) in zip(new.cases, old.cases) {
        #expect(new.inputRows == old.inputRows && new.disjuncts == old.disjuncts, "\(row[0])")
        // The ends of the float32 version may be wider, by less than a unit in the last place.
        for (new, old) in zip(new.lower + new.upper, old.lower + old.upper) {
          let difference = (new - old).magnitude
          #expect(difference <= old.magnitude * decimal("0.0000000597"), "\(row[0])")
        }
        #expect(zip(new.lower, old.lower).allSatisfy { $0 <= $1 }, "\(row[0])")
        #expect(zip(new.upper, old.upper).allSatisfy { $0 >= $1 }, "\(row[0])")
      }
    }
  }

  @Test(arguments: [
    ("acasxu/vnnlib/prop_1.vnnlib", 1, 1), ("acasxu/vnnlib/prop_2.vnnlib", 1, 1),
    ("acasxu/vnnlib/prop_5.vnnlib", 1, 4), ("acasxu/vnnlib/prop_7.vnnlib", 1, 2),
    ("test/vnnlib/test_small.vnnlib", 1, 1),
    ("nn4sys_lindex/vnnlib/lindex_3000.vnnlib.gz", 3000, 2),
  ])
  func casesAreGroupedByBox(file: String, cases: Int, disjuncts: Int) throws {
    let query = try Query(parsing: Benchmarks.bytes(file))
    let problem = try Problem(query: query, networks: standIns(for: query))
    #expect(problem.cases.count == cases)
    #expect(problem.cases.allSatisfy { $0.disjuncts.count == disjuncts })
  }
}
