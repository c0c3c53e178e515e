internal import Foundation
internal import LinearProgramming
internal import NetworkModel
internal import Probability
internal import Regions
internal import Reporting

extension RegionAnswer {
  private static let barCount = 24

  /// The masses: as bars, beside a map where the inputs are two.
  func picture(of path: String) throws(Failure) -> String {
    let shown = listed.prefix(Self.barCount)
    let bars = MassBarPlot(
      bars: shown.map {
        MassBarPlot.Bar(
          label: $0.pattern.description, value: $0.mass.value,
          interval: ($0.mass.lower, $0.mass.upper))
      }, title: "The most probable patterns", note: note(of: shown.count))
    guard law.network.inputs.first?.size == 2 else { return bars.svg }
    return PlotPair(map: try map(of: path), bars: bars).svg
  }

  private func note(of shown: Int) -> String {
    let others = UncertainMass.sum(listed.dropFirst(shown).map(\.mass)).value
    let rest =
      missing > 1e-9 ? "; not listed at most \(missing.significant(3))" : "; nothing is missing"
    return "\(shown) of \(counted(listed.count, "pattern")); all others "
      + "\(others.significant(3))\(rest)"
  }

  private func map(of path: String) throws(Failure) -> RegionMapPlot {
    var masses: [ActivationPattern: Double] = [:]
    for entry in law.masses.entries { masses[entry.pattern] = entry.mass.value }
    do throws(MassError) {
      let range = try DrawnRange.box(of: law.distribution, seed: 1)
      let regions: [Region]
      do throws(RegionsError) {
        let scope = try Scope(box: range.map { .between($0.low, $0.high) })
        regions = try RegionNetwork(law.network).regions(meeting: scope)
      } catch { throw .regions(error) }
      let contours = law.components.flatMap(Self.contours)
      return RegionMapPlot(
        cells: regions.map { region in
          RegionMapPlot.Cell(
            corners: region.corners.map { ($0.x, $0.y) }, value: masses[region.pattern] ?? 0)
        }, contours: contours, title: "Regions of \(Self.fileName(path))", axes: ("x0", "x1"),
        legend: "probability of the region",
        contourLegend: contours.isEmpty ? "" : "the law: one and two standard deviations")
    } catch { throw .badInput(error.description) }
  }

  /// The last part of a path.
  static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Ellipses of one and of two standard deviations.
  private static func contours(of component: LatentComponent) -> [[(x: Double, y: Double)]] {
    let chart = component.scope.chart
    guard chart.dimension == 2, component.normalCount == 2, chart.origin.count == 2 else {
      return []
    }
    return [1.0, 2].map { radius in
      (0...120).map { step in
        let angle = 2 * Double.pi * Double(step) / 120
        let (u, v) = (radius * cos(angle), radius * sin(angle))
        return (
          chart.origin[0] + chart.basis[0] * u + chart.basis[1] * v,
          chart.origin[1] + chart.basis[2] * u + chart.basis[3] * v
        )
      }
    }
  }
}

extension [Region] {
  /// The map of regions in the plane, coloured by the norm of their Jacobians.
  func picture(
    of path: String, axes: (x: String, y: String)
  ) throws(Failure) -> String {
    guard allSatisfy({ !$0.corners.isEmpty }) else {
      throw .badInput("found regions that are not in a plane, expected two entries that are free")
    }
    return RegionMapPlot(
      cells: map { region in
        RegionMapPlot.Cell(
          corners: region.corners.map { ($0.x, $0.y) },
          value: JacobianSize(region.map)?[.two] ?? 0)
      }, title: "\(counted(count, "region")) of \(RegionAnswer.fileName(path))", axes: axes,
      legend: "norm of the Jacobian within the plane"
    ).svg
  }
}

/// Where most of a law is: what a plot shows of it.
enum DrawnRange {
  /// A box around nearly all of many drawn points.
  static func box(
    of law: Distribution, seed: UInt64
  ) throws(MassError) -> [(low: Double, high: Double)] {
    var generator = SeededGenerator(seed: seed)
    var columns = [[Double]](repeating: [], count: law.dimension)
    for _ in 0..<4000 {
      let point: [Double]
      do { point = try law.sample(using: &generator) } catch { throw .distribution(error) }
      for (place, value) in point.enumerated() { columns[place].append(value) }
    }
    return columns.map(around)
  }

  /// An interval around nearly all of some numbers, with a margin.
  static func around(_ values: [Double]) -> (low: Double, high: Double) {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else { return (-1, 1) }
    let cut = sorted.count / 1000
    let (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
    let margin = max(0.06 * (high - low), 1e-3 * max(first.magnitude, last.magnitude), 1e-6)
    return (low - margin, high + margin)
  }
}
