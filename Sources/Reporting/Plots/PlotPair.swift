/// Two plots beside each other.
public struct PlotPair: Sendable {
  /// The left one.
  public var map: RegionMapPlot
  /// The right one.
  public var bars: MassBarPlot

  /// A map with the bars of its regions.
  ///
  /// - Parameters:
  ///   - map: The left one.
  ///   - bars: The right one.
  public init(map: RegionMapPlot, bars: MassBarPlot) {
    self.map = map
    self.bars = bars
  }

  /// The picture, a text in SVG.
  public var svg: String {
    let (left, right) = (map.drawing, bars.drawing)
    var pair = Drawing(
      width: left.width + right.width + 16, height: max(left.height, right.height))
    pair.place(left, at: .init(x: 0, y: 0))
    pair.place(right, at: .init(x: left.width + 16, y: 0))
    return pair.text
  }
}
