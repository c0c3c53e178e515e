import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The shapes of a picture, as an XML parser sees them.
private final class Picture: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  private(set) var words = ""

  init?(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) { elements.append((name, attributes)) }

  func parser(_ parser: XMLParser, foundCharacters string: String) { words += string }

  func all(_ name: String, fill: String) -> [[String: String]] {
    elements.filter { $0.name == name && $0.attributes["fill"] == fill }.map(\.attributes)
  }
}

@Suite("Plots")
struct PlotTests {
  @Test("The map's darkest region is the one with the greatest number, and has its corners")
  func map() throws {
    let square = [(0.0, 0.0), (1, 0), (1, 1), (0, 1)].map { (x: $0.0, y: $0.1) }
    let other = square.map { (x: $0.x + 1, y: $0.y) }
    let map = RegionMapPlot(
      cells: [.init(corners: square, value: 0.25), .init(corners: other, value: 0.5)],
      title: "<two> & more", axes: ("x0", "x1"), legend: "probability")
    let picture = try #require(Picture(map.svg))
    #expect(picture.words.contains("<two> & more"))
    let darkest = picture.all("polygon", fill: "#08306b")
    #expect(darkest.count == 1)
    // From the middle of the frame to its right end, over its whole height.
    #expect(darkest[0]["points"] == "257,430 450,430 450,44 257,44")
  }

  @Test("A jump is a line between circles, never a slope")
  func jumps() throws {
    typealias Knot = DistributionFunctionPlot.Knot
    let plot = DistributionFunctionPlot(
      knots: [(0.0, 0.0), (0.5, 0.25), (1, 0.75), (2, 1)].map {
        Knot(at: $0.0, lower: $0.1, upper: $0.1)
      },
      jumps: [
        .init(
          at: 0.75, before: Knot(at: 0.75, lower: 0.375, upper: 0.375),
          after: Knot(at: 0.75, lower: 0.625, upper: 0.625))
      ], title: "law", axis: "y0", legend: "exact")
    let picture = try #require(Picture(plot.svg))
    let curves = picture.elements.filter {
      $0.name == "polyline" && $0.attributes["stroke"] == "#0072b2"
    }.compactMap { $0.attributes["points"] }
    // At 0.75 of 0 to 2: 64 + 0.375 · 556; heights 370 − 326 p.
    #expect(curves.contains("64,370 203,288.5 272.5,247.75"))
    #expect(curves.contains("272.5,166.25 342,125.5 620,44"))
    #expect(curves.contains("272.5,247.75 272.5,166.25"))
    let open = picture.elements.filter {
      $0.name == "circle" && $0.attributes["fill"] == "#ffffff"
    }
    #expect(open.map { $0.attributes["cy"] } == ["247.75"])
  }

  @Test("A band is drawn where the ends are apart")
  func bands() throws {
    typealias Knot = DistributionFunctionPlot.Knot
    func plot(_ width: Double) -> DistributionFunctionPlot {
      DistributionFunctionPlot(
        knots: [Knot(at: 0, lower: 0, upper: width), Knot(at: 1, lower: 1 - width, upper: 1)],
        jumps: [], title: "law", axis: "y0", legend: "band")
    }
    let wide = try #require(Picture(plot(0.25).svg)).all("polygon", fill: "#bcd9ea")
    #expect(wide.map { $0["points"] } == ["64,288.5 620,44 620,125.5 64,370"])
    #expect(try #require(Picture(plot(0).svg)).all("polygon", fill: "#bcd9ea").isEmpty)
  }

  @Test("Bars are as long as their numbers, and the histogram's sum to them")
  func bars() throws {
    let bars = MassBarPlot(
      bars: [
        .init(label: "10", value: 0.5, interval: (0.5, 0.5)),
        .init(label: "01", value: 0.25, interval: (0.125, 0.375)),
      ], title: "masses", note: "all")
    let lengths = try #require(Picture(bars.svg)).all("rect", fill: "#0072b2")
      .compactMap { $0["width"].flatMap(Double.init) }
    #expect(lengths.count == 2 && abs(lengths[0] - 2 * lengths[1]) <= 0.02)
    let histogram = HistogramPlot(
      rows: [.init(title: "one", values: [(0, 0.25), (1, 0.5), (0.999_9, 0.25)])],
      title: "values", axis: "value", note: "")
    let heights = try #require(Picture(histogram.svg)).all("rect", fill: "#0072b2")
      .compactMap { $0["height"].flatMap(Double.init) }
    #expect(heights.count == 2 && abs(heights[1] - 3 * heights[0]) <= 0.05)
  }

  /// Empty, equal and infinite numbers are drawn without a trap.
  @Test func degenerateNumbers() throws {
    let map = RegionMapPlot(cells: [], title: "", axes: ("", ""), legend: "")
    let bars = MassBarPlot(bars: [], title: "", note: "")
    let law = DistributionFunctionPlot(knots: [], jumps: [], title: "", axis: "", legend: "")
    let point = DistributionFunctionPlot(
      knots: [.init(at: 1e300, lower: 0, upper: 1)], jumps: [], title: "", axis: "", legend: "")
    let histogram = HistogramPlot(
      rows: [.init(title: "", values: [(.infinity, 0.5), (.nan, 0.5), (3, 0)])], title: "",
      axis: "", note: "")
    for text in [map.svg, bars.svg, law.svg, point.svg, histogram.svg] {
      #expect(Picture(text) != nil)
      #expect(!text.contains("nan") && !text.contains("inf"))
    }
  }
}
