import ExactArithmetic
import Foundation
import NetworkModel
import ONNX
import Probability
import Regions
import Testing

/// A file of the folder beside the project, where that folder is.
func sharedFile(_ name: String) -> Data? {
  let file = URL(filePath: #filePath)
    .appending(path: "../../../../shared/\(name)").standardizedFileURL
  guard let data = try? Data(contentsOf: file) else {
    print("skipped: no ../shared/\(name)")
    return nil
  }
  return data
}

func sharedNetwork(_ name: String) -> Network? {
  sharedFile(name).flatMap { try? ONNXReader.read(Array($0)) }
}

/// A mixture of normal laws with diagonal covariances.
func mixture(
  weights: [Double], means: [[Double]], variances: [[Double]]
) throws -> Distribution {
  func exact(_ number: Double) -> Rational { Rational(decimal: "\(number)") ?? .zero }
  let parts = try zip(weights, zip(means, variances)).map { weight, law in
    let mean = try #require(ExactNumbers(law.0.map(exact)))
    let spread = try #require(ExactNumbers(law.1.map(exact)))
    return (exact(weight), Distribution(try Gaussian(mean: mean, spread: .variances(spread))))
  }
  return try Distribution(mixing: parts)
}

@Suite struct MassReferenceTests {
  private struct Law: Decodable {
    let weights: [Double]
    let means: [[Double]]
    let diag_cov: [[Double]]
  }

  @Test(arguments: ["moons"])
  func massesOfTheMoonsNetwork(name: String) throws {
    guard let network = sharedNetwork("probability/\(name).onnx"),
      let exact = sharedFile("probability/\(name)_exact.json"),
      let laws = sharedFile("probability/moons_distributions.json")
    else { return }
    let parsed = try #require(try JSONSerialization.jsonObject(with: exact) as? [String: Any])
    let results = try #require(parsed["results"] as? [String: [String: Any]])
    for (law, parameters) in try JSONDecoder().decode([String: Law].self, from: laws) {
      let distribution = try mixture(
        weights: parameters.weights, means: parameters.means, variances: parameters.diag_cov)
      let masses = try MassFunction.complete(
        LatentComponent.components(of: distribution, seenBy: network))
      let result = try #require(results[law])
      let expected = try #require(result["pmf"] as? [String: String])
      #expect(masses.entries.count == expected.count)
      for entry in masses.entries {
        let value = try #require(expected[entry.pattern.description].flatMap(Double.init))
        #expect(abs(entry.mass.value - value) <= 1e-14, "\(law) \(entry.pattern)")
        #expect(entry.mass.lower <= value && value <= entry.mass.upper, "\(law) \(entry.pattern)")
      }
      #expect(abs(masses.covered.value - 1) < 1e-14)
      #expect(masses.covered.status == .exact)
      let jacobian = try JacobianLaw(masses, of: network)
      for (limit, text) in try #require(result["P(jacobian_norm>t)"] as? [String: String]) {
        let tail = jacobian.probability(of: .two, above: Double(limit) ?? .nan)
        #expect(abs(tail.known.value - (Double(text) ?? .nan)) < 1e-12)
      }
    }
  }

  @Test func massesUnderAUniformLaw() throws {
    guard let network = sharedNetwork("probability/moons.onnx"),
      let exact = sharedFile("probability/moons_exact.json")
    else { return }
    let parsed = try #require(try JSONSerialization.jsonObject(with: exact) as? [String: Any])
    let results = try #require(parsed["results"] as? [String: [String: Any]])
    let expected = try #require(results["uniform_box"]?["pmf"] as? [String: String])
    func exactly(_ text: String) -> Rational? { Rational(decimal: text) }
    let box = try Box(
      lower: [exactly("-1.5"), exactly("-1")], upper: [exactly("2.5"), exactly("1.5")])
    let masses = try MassFunction.complete(
      LatentComponent.components(of: Distribution(uniformOn: box), seenBy: network))
    #expect(masses.entries.count == expected.count)
    for entry in masses.entries {
      let value = try #require(expected[entry.pattern.description].flatMap(Double.init))
      #expect(abs(entry.mass.value - value) < 1e-14)
    }
  }

  @Test func massesOfTheBrusselatorStep() throws {
    guard let network = sharedNetwork("invertibility/brusselator_b_2.1.onnx") else { return }
    for (mean, variance, entropy) in [
      ([1.96433, 1.24951], 0.25, 6.781988), ([0.666201, 1.99221], 0.0625, 5.162053),
    ] {
      let distribution = try mixture(
        weights: [1], means: [mean], variances: [[variance, variance]])
      let masses = try MassFunction.complete(
        LatentComponent.components(of: distribution, seenBy: network))
      #expect(abs(masses.entropy.lower - entropy) < 5e-7)
      #expect(abs(masses.covered.value - 1) < 1e-12)
      guard variance == 0.25 else { continue }
      let largest = [0.05077129, 0.04461974, 0.03516187, 0.0339945, 0.02971468, 0.028922]
      for (entry, value) in zip(masses.entries, largest) {
        #expect(abs(entry.mass.value - value) < 5e-9)
      }
      #expect(masses.entries.count { $0.mass.value > 1e-6 } == 643)
      #expect(masses.entries.count { $0.mass.value > 1e-3 } == 139)
      let prepared = try RegionNetwork(network)
      let nine = try prepared.regions(meeting: Scope(around: mean, radius: 4.5, norm: .infinity))
      #expect(nine.count == 2431)
      // Orientation is lost where the determinant is negative.
      var lost = 0.0
      for entry in masses.entries {
        let matrix = prepared.map(under: entry.pattern).matrix
        if matrix[0] * matrix[3] - matrix[1] * matrix[2] < 0 { lost += entry.mass.value }
      }
      #expect(abs(lost - 0.02019902589729341) < 1e-12)
    }
  }
}
