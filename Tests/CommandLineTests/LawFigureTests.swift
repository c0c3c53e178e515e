import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("pages about claims and their laws")
struct LawFigureTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      """
      affidavit: 1
      networks:
        classifier: networks/two-moons.onnx
      distributions:
        noise: {gaussian: {mean: [0, 1], standard-deviation: 0.25}}
      claims:
        - id: bounded
          probability: max(classifier(x)) <= 1000
          under: noise
          at-least: 0.5

      """, to: "laws.yaml")
  }

  /// The figures of a page, each an SVG that is well formed, with its caption.
  private func figures(of page: String) throws -> [Substring] {
    let figures = page.split(separator: "<figure>").dropFirst().map {
      $0.prefix(upTo: $0.range(of: "</figure>")?.lowerBound ?? $0.endIndex)
    }
    for figure in figures {
      let parser = XMLParser(data: Data("<figure>\(figure)</figure>".utf8))
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(figure.contains("<svg") && figure.contains("<figcaption>"))
    }
    return figures
  }

  /// Regions with their masses, and a distribution function for each of two outputs.
  @Test(
    "show the law", .enabled(if: isOptimised, "minutes without optimisation"),
    arguments: [
      ["certify", "laws.yaml", "--output", "out", "--unsigned", "--format", "html"],
      ["bound", "laws.yaml", "--report", "page.html"],
    ])
  func pages(arguments: [String]) throws {
    let result = try Program.affidavit.run(arguments, in: workspace.folder)
    #expect(result.status == 0, "\(result.errors)")
    let file = workspace.folder.appendingPathComponent("page.html")
    let page =
      arguments[0] == "bound" ? try String(contentsOf: file, encoding: .utf8) : result.output
    let figures = try figures(of: page)
    #expect(figures.count == 3)
    #expect(page.contains("Of the claims: bounded") == (arguments[0] == "bound"))
    #expect(figures.first?.contains("Regions of two-moons.onnx") == true)
    #expect(figures.last?.contains("Law of y1 of two-moons.onnx") == true)
    #expect(page.contains("bounded"))
  }
}
