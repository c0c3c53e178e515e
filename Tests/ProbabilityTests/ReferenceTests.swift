import Foundation
import Probability
import Testing

/// The reference set beside the project, where it is there.
@Suite struct ReferenceTests {
  private static let file = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/probability/orthant-public.json").standardizedFileURL

  private struct Cases: Decodable {
    var cases: [Case]
  }

  private struct Case: Decodable {
    var id: String
    var n: Int
    var cov: Covariance
    var lower: Limit
    var upper: Limit
    var log10_ref: Double?
  }

  private struct Covariance: Decodable {
    var type: String
    var rho: Double?
  }

  /// A number, a word for infinity, or a list, of which nothing is read here.
  private enum Limit: Decodable {
    case one(Double)
    case many

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .one(number)
      } else if let word = try? container.decode(String.self), let number = Double(word) {
        self = .one(number)
      } else {
        self = .many
      }
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: file.path), "no reference values here"))
  func correlationsByOneNumberAgree() throws {
    let cases = try JSONDecoder().decode(Cases.self, from: Data(contentsOf: Self.file)).cases
    var count = 0
    for one in cases where one.n <= 200 {
      guard case .one(let lower) = one.lower, case .one(let upper) = one.upper,
        let rho = one.cov.rho, ["equi", "ar1"].contains(one.cov.type),
        let expected = one.log10_ref, !one.id.contains("shifted")
      else { continue }
      let answer = try NormalCases.rectangle(
        one.n, { $0 == $1 ? 1 : one.cov.type == "equi" ? rho : pow(rho, Double(abs($0 - $1))) },
        lower: Array(repeating: lower, count: one.n), upper: Array(repeating: upper, count: one.n)
      ).probability()
      #expect(abs(answer.logProbability - expected * log(10)) <= 1e-10, "\(one.id)")
      count += 1
    }
    #expect(count >= 20)
  }
}
