import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("affidavit output")
struct OutputTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      "gaussian:\n  mean: [0.5, 0.25]\n  standard-deviation: 0.75\n", to: "law.yaml")
  }

  private func json(_ arguments: String...) throws -> [String: Any] {
    let result = try Program.affidavit.run(arguments, in: workspace.folder)
    #expect(result.status == 0, "\(result.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(value as? [String: Any])
  }

  /// The same event said in three ways, and its complement; a sample agrees.
  @Test(
    "says the distribution function, events and a sample of them",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func functions() throws {
    let answer = try json(
      "output", "networks/two-moons.onnx", "--distribution", "law.yaml", "--combination",
      "y1 - y0", "--at", "0,1", "--event", "y1 <= y0", "--event", "0 >= y1 - y0, y0 < 1e6",
      "--event", "y1 > y0", "--sample", "4000", "--confidence", "0.9999", "--quantile", "0.5",
      "--format", "json")
    let cdf = try #require(answer["cdf"] as? [[String: Any]])
    #expect(cdf.map { $0["at"] as? Double } == [0, 1])
    let value = try #require(cdf[0]["value"] as? Double)
    let lower = try #require(cdf[0]["lower"] as? Double)
    let upper = try #require(cdf[0]["upper"] as? Double)
    #expect(lower <= value && value <= upper && upper - lower <= 1e-9)
    #expect(cdf[0]["status"] as? String == "exact")
    let events = try #require(answer["events"] as? [[String: Any]]).map { $0["value"] as? Double }
    #expect(abs(try #require(events[0]) - value) <= 1e-12)
    #expect(abs(try #require(events[1]) - value) <= 1e-12)
    #expect(abs(try #require(events[2]) + value - 1) <= 1e-12)
    let sampled = try #require(cdf[0]["sampled"] as? [String: Any])
    #expect(sampled["status"] as? String == "estimate")
    #expect(try #require(sampled["lower"] as? Double) <= value)
    #expect(try #require(sampled["upper"] as? Double) >= value)
    let quantile = try #require(answer["quantiles"] as? [[String: Any]])
    let median = try #require(quantile[0]["upper"] as? Double)
    #expect((median <= 0) == (value >= 0.5))
    #expect(answer["missing"] as? Double == 0)
  }

  @Test("says how often a threshold decides wrongly")
  func rates() throws {
    try workspace.write("discrete:\n  values: [[0, 1]]\n", to: "upper.yaml")
    try workspace.write("discrete:\n  values: [[1, -0.5]]\n", to: "lower.yaml")
    let right = try json(
      "output", "networks/two-moons.onnx", "--negatives", "upper.yaml", "--positives",
      "lower.yaml", "--combination", "y1 - y0", "--at", "0", "--format", "json")
    let wrong = try json(
      "output", "networks/two-moons.onnx", "--negatives", "lower.yaml", "--positives",
      "upper.yaml", "--combination", "y1 - y0", "--at", "0", "--format", "json")
    for (answer, expected) in [(right, 0.0), (wrong, 1)] {
      let rates = try #require(answer["rates"] as? [[String: Any]])
      for name in ["falsePositives", "falseNegatives"] {
        let rate = try #require(rates[0][name] as? [String: Any])
        #expect(abs(try #require(rate["value"] as? Double) - expected) <= 1e-15)
      }
    }
  }

  @Test(
    "draws its pictures",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func pictures() throws {
    for (command, extra) in [
      ("output", ["--coordinate", "0", "--sample", "500"]), ("regions", []), ("jacobian", []),
    ] {
      let result = try Program.affidavit.run(
        [
          command, "networks/two-moons.onnx", "--distribution", "law.yaml", "--plot",
          "\(command).svg",
        ] + extra, in: workspace.folder)
      #expect(result.status == 0, "\(result.errors)")
      let picture = String(decoding: try workspace.read("\(command).svg"), as: UTF8.self)
      #expect(picture.hasPrefix("<svg"))
      #expect(XMLParser(data: Data(picture.utf8)).parse())
      #expect(!picture.contains("<script") && !picture.contains("nan"))
    }
  }

  @Test(
    "names what is wrong",
    arguments: [
      (["--coordinate", "7"], 65, "found --coordinate 7, expected 0 to 1"),
      ([], 64, "found 2 outputs, expected --coordinate or --combination"),
      (["--combination", "y0 y2"], 65, "found `y2` in `y0 y2`, expected terms such as y0"),
      (["--combination", "y2"], 65, "found the output `y2` in `y2`, expected y0 to y1"),
      (["--coordinate", "0", "--at", "1,x"], 64, "found --at x, expected numbers"),
      (["--coordinate", "0", "--quantile", "1"], 64, "found --quantile 1.0, expected levels"),
      (["--coordinate", "0", "--event", "y0 = 1"], 65, "found `y0 = 1`, expected a condition"),
      (["--coordinate", "0", "--event", "y0 < 1,"], 65, "found ``, expected a condition"),
      (["--coordinate", "0", "--plot", "a.png"], 64, "found --plot a.png, expected a file"),
    ] as [([String], Int32, String)])
  func mistakes(extra: [String], status: Int32, message: String) throws {
    let result = try Program.affidavit.run(
      ["output", "networks/two-moons.onnx", "--distribution", "law.yaml"] + extra,
      in: workspace.folder)
    #expect(result.status == status)
    #expect(result.errors.hasPrefix("affidavit: \(message)"), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
