import LinearProgramming
import NetworkModel
import Regions
import TestSupport

/// All patterns whose polytope within a box has interior, by trying every one.
///
/// Stands on its own: dense matrices, one linear program a pattern.
func patternsByBruteForce(
  _ layers: [(weights: [[Double]], bias: [Double])], box: [Bounds]
) throws -> Set<String> {
  let hidden = layers.dropLast()
  let units = hidden.reduce(0) { $0 + $1.bias.count }
  var found: Set<String> = []
  for code in 0..<1 << units {
    var polytope = try Polytope(box: box)
    var forms = box.indices.map { place in
      box.indices.map { $0 == place ? 1.0 : 0.0 } + [0]
    }
    var (text, unit, isPossible) = ("", 0, true)
    for (depth, layer) in hidden.enumerated() {
      if depth > 0 { text += "|" }
      forms = zip(layer.weights, layer.bias).map { row, bias in
        var form = [Double](repeating: 0, count: box.count) + [bias]
        for (weight, source) in zip(row, forms) {
          for place in form.indices { form[place] += weight * source[place] }
        }
        return form
      }
      for place in forms.indices {
        let isActive = code >> unit & 1 == 1
        let form = forms[place]
        text += isActive ? "1" : "0"
        unit += 1
        if form.dropLast().allSatisfy({ $0 == 0 }) {
          isPossible = isPossible && (form[box.count] > 0) == isActive
        } else {
          let sign = isActive ? -1.0 : 1
          try polytope.add(form.dropLast().map { sign * $0 }, atMost: -sign * form[box.count])
        }
        if !isActive { forms[place] = form.map { _ in 0 } }
      }
    }
    guard isPossible else { continue }
    switch try polytope.largestBall() {
    case .ball(_, let radius): if radius > 1e-9 { found.insert(text) }
    case .flat, .reportedEmpty: break
    case .stopped(let reason): throw RegionsError.stopped(reason)
    }
  }
  return found
}

/// Random layers with weights that are multiples of 1/8, so that ties and parallels occur.
func coarseLayers(
  _ sizes: [Int], using generator: inout SeededGenerator
) -> [(weights: [[Double]], bias: [Double])] {
  zip(sizes, sizes.dropFirst()).map { columns, rows in
    (
      (0..<rows).map { _ in
        (0..<columns).map { _ in Double(Int.random(in: -6...6, using: &generator)) / 8 }
      },
      (0..<rows).map { _ in Double(Int.random(in: -4...4, using: &generator)) / 8 }
    )
  }
}
