import Foundation
import TestSupport
import Testing

/// `docs/json.md` lists the keys that the commands about laws print, no more and no fewer.
@Suite("docs/json.md")
struct AnswerPageTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      "gaussian:\n  mean: [0.5, 0.25]\n  standard-deviation: 0.75\n", to: "law.yaml")
    try workspace.write("0.5,0.25\n1,0\n", to: "points.csv")
    // With an atom.
    try workspace.write(
      """
      mixture:
        - weight: 0.5
          gaussian:
            mean: [0.5, 0.25]
            standard-deviation: 0.75
        - weight: 0.5
          discrete:
            values: [[0, 1]]

      """, to: "mixed.yaml")
  }

  private static let kinds = [
    "interval": ["value", "lower", "upper", "status"],
    "share": ["hits", "of", "lower", "upper", "confidence", "status"],
  ]

  /// The paths of a section's table.
  private static func documented(_ section: String) throws -> Set<String> {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/json.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let part = try #require(
      text.components(separatedBy: "\n## ").first { $0.hasPrefix(section + "\n") })
    var paths: Set<String> = []
    for line in part.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let path = cells[0].trimmingCharacters(in: ["`"])
      guard let members = kinds[cells[1]] else {
        paths.insert(path)
        continue
      }
      for member in members { paths.insert("\(path).\(member)") }
    }
    return paths
  }

  /// The paths of all values that are no objects; arrays of numbers are values.
  private static func paths(_ value: Any, _ path: String = "") -> Set<String> {
    if let object = value as? [String: Any] {
      return object.reduce(into: []) { paths, member in
        let name = path.isEmpty ? member.key : "\(path).\(member.key)"
        paths.formUnion(Self.paths(member.value, name))
      }
    }
    if let array = value as? [[String: Any]] {
      return array.isEmpty ? [] : array.reduce(into: []) { $0.formUnion(paths($1, "\(path)[]")) }
    }
    return [path]
  }

  @Test(
    "lists what is printed", .enabled(if: isOptimised, "minutes without optimisation"),
    arguments: [
      ("regions --around", "regions NET --around 0,0 --radius 1"),
      (
        "regions --distribution",
        "regions NET --distribution law.yaml --data points.csv --sample 50 --diagonal "
          + "--expected-map --margin 0.2"
      ),
      (
        "output",
        "output NET --distribution mixed.yaml --coordinate 0 --at 0 --density 0 --quantile 0.5 "
          + "--sample 50 --event y0<=y1"
      ),
      (
        "output --negatives --positives",
        "output NET --negatives law.yaml --positives law.yaml --coordinate 0 --at 0 --sample 50"
      ),
      ("jacobian", "jacobian NET --distribution law.yaml --above 1 --sample 50"),
      ("distribution show", "distribution show law.yaml"),
    ])
  func keys(section: String, command: String) throws {
    let arguments = command.split(separator: " ").map {
      $0 == "NET" ? "networks/two-moons.onnx" : String($0)
    }
    let result = try Program.affidavit.run(arguments + ["--format", "json"], in: workspace.folder)
    #expect(result.status == 0, "\(result.errors)")
    let printed = Self.paths(try JSONSerialization.jsonObject(with: Data(result.output.utf8)))
    let documented = try Self.documented(section)
    #expect(documented.subtracting(printed) == [])
    #expect(printed.subtracting(documented) == [])
  }

  @Test("lists what orthant prints")
  func orthantKeys() throws {
    try workspace.write(
      #"{"cases": [{"id": "a", "n": 2, "mean": 0, "cov": {"type": "equi", "rho": 0.5}, "#
        + #""lower": 0, "upper": "inf"}]}"#, to: "cases.json")
    let result = try Program.affidavit.run(["orthant", "cases.json"], in: workspace.folder)
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    #expect(try Self.documented("orthant") == Self.paths(value))
  }
}
