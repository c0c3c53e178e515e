import Foundation
import Testing

@Suite("affidavit distribution")
struct DistributionTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test("fits, shows and samples")
  func fits() throws {
    try workspace.write("x,y\n1,0.5\n2,1.5\n3,1\n4,3\n", to: "points.csv")
    try workspace.write("0\n0\n1\n1\n", to: "labels.csv")
    let printed = try workspace.affidavit("distribution", "fit", "points.csv", "--gaussian")
    #expect(printed.status == 0)
    #expect(printed.output.contains("mean: [2.5, 1.5]"))
    let written = try workspace.affidavit(
      "distribution", "fit", "points.csv", "--mixture", "1", "--covariance", "diagonal",
      "--labels", "labels.csv", "--label", "1", "--floor", "0", "-o", "law.yaml")
    #expect(written.status == 0)
    #expect(written.output.isEmpty)
    let shown = try workspace.affidavit("distribution", "show", "law.yaml", "--format", "json")
    let value = try JSONSerialization.jsonObject(with: Data(shown.output.utf8))
    let object = try #require(value as? [String: Any])
    #expect(object["mean"] as? [Double] == [3.5, 2])
    #expect(object["standardDeviation"] as? [Double] == [0.5, 1])
    let sampled = try workspace.affidavit(
      "distribution", "sample", "law.yaml", "--count", "3", "--seed", "4")
    #expect(sampled.output.split(separator: "\n").count == 3)
    let again = try workspace.affidavit(
      "distribution", "sample", "law.yaml", "--count", "3", "--seed", "4")
    #expect(again.output == sampled.output)
  }

  @Test("names what is wrong, with its place")
  func mistakes() throws {
    try workspace.write("gaussian:\n  mean: [0, 1]\n  variance: [1, -1]\n", to: "bad.yaml")
    let shown = try workspace.affidavit("distribution", "show", "bad.yaml")
    #expect(shown.status == 65)
    #expect(
      shown.errors
        == "affidavit: bad.yaml:3:17: found the variance -1, expected none below zero\n")
    let absent = try workspace.affidavit("distribution", "show", "moons.yaml:noise")
    #expect(absent.status == 65)
    #expect(
      absent.errors
        == "affidavit: moons.yaml: found no distribution `noise`, expected a block `distributions`\n"
    )
    try workspace.write("1\n", to: "one.csv")
    let few = try workspace.affidavit("distribution", "fit", "one.csv", "--gaussian")
    #expect(few.status == 65)
    #expect(few.errors == "affidavit: one.csv: found 1 points, expected at least 2\n")
    #expect(try workspace.affidavit("distribution", "fit", "one.csv").status == 64)
  }
}
