/// The mass of the part of a cell where an affine function is positive, in binary64: close to what the
/// checker finds, to choose by.
struct CellPart {
  let lower: [Double]
  let upper: [Double]
  let laws: [FloatLaw]
  /// Of each coordinate, nil where it is not integrated.
  private let pieces: [[FloatPiece]?]

  /// How many steps the range of the sum has where it is counted.
  private static let steps = 128
  /// Of how many coordinates, and of how many corners, the checker integrates at most.
  private static let (mostIntegrated, mostCorners) = (4, 64)

  init(lower: [Double], upper: [Double], laws: [FloatLaw]) {
    (self.lower, self.upper, self.laws) = (lower, upper, laws)
    pieces = laws.indices.map { FloatPiece.pieces(of: lower[$0], upper[$0], laws[$0]) }
  }

  /// How the checker finds a mass.
  private enum Method {
    /// Exactly, or nearly.
    case computed
    /// By series in several coordinates, shorter with fewer steps.
    case series
    /// On a lattice of so many steps.
    case counted
  }

  /// Whether the checker finds the mass exactly, or nearly.
  func isComputed(_ function: LowerFunction) -> Bool {
    method(active(withoutConstants(function))) == .computed
  }

  /// Whether it counts.
  func isCounted(_ function: LowerFunction) -> Bool {
    method(active(withoutConstants(function))) == .counted
  }

  /// The coordinates on which a function depends.
  private func active(_ function: LowerFunction) -> [Int] {
    function.coefficients.indices.filter { function.coefficients[$0] != 0 }
  }

  private func method(_ active: [Int]) -> Method {
    if active.count <= UniformPart.mostCoordinates, active.allSatisfy({ laws[$0].isUniform }) {
      return .computed
    }
    if active.contains(where: { !laws[$0].isSpread(lower[$0], upper[$0]) }) { return .counted }
    guard active.count > 2 else { return .computed }
    guard active.count <= Self.mostIntegrated else { return .counted }
    let corners = active.reduce(1) { $0 * 2 * (pieces[$1]?.count ?? Self.mostCorners) }
    return corners <= Self.mostCorners ? .series : .counted
  }

  /// What may be lost of a mass that is counted, or integrated by series that are as long as that asks for.
  func lost(stepBits: Int) -> Double {
    let whole = mass
    guard method(Array(lower.indices)) == .series else {
      return 4 * Double(lower.count) * whole / Double(1 << stepBits)
    }
    var (most, known) = (1.0, 1.0)
    for pieces in pieces.compactMap(\.self) {
      let bounds = pieces.map { $0.bounds(bits: 2 * stepBits) }
      let sum = bounds.reduce(0) { $0 + $1.most }
      most *= sum
      known *= bounds.reduce(sum) { $0 - $1.left }
    }
    return most - known
  }

  /// The mass of the cell.
  var mass: Double { lower.indices.reduce(1) { $0 * laws[$1].mass(lower[$1], upper[$1]) } }

  /// The mass where a function is positive, that is nowhere as a rule, so closely as the checker can find it.
  func mass(positive function: LowerFunction) -> Double {
    function.maximum(lower: lower, upper: upper) > 0
      ? mass(function, stepBits: CellParts.exactBits) : 0
  }

  /// The mass where the function is positive.
  ///
  /// - Parameters:
  ///   - function: The function.
  ///   - stepBits: Where sums are counted, in how many steps, as a power of two.
  /// - Returns: The mass.
  func mass(_ function: LowerFunction, stepBits: Int) -> Double {
    guard function.constant.isFinite, function.coefficients.allSatisfy(\.isFinite) else { return 0 }
    let function = withoutConstants(function)
    let active = active(function)
    let others = lower.indices.filter { function.coefficients[$0] == 0 }
      .reduce(1) { $0 * laws[$1].mass(lower[$1], upper[$1]) }
    guard let last = active.last else { return function.constant > 0 ? others : 0 }
    if active.allSatisfy({ laws[$0].isUniform }), method(active) == .computed {
      let share = UniformPart.share(
        active.map { function.coefficients[$0] * (upper[$0] - lower[$0]) },
        greatest: function.maximum(lower: lower, upper: upper))
      return active.reduce(others * share) { $0 * laws[$1].mass(lower[$1], upper[$1]) }
    }
    switch method(active) {
    case .counted:
      return others * (byValues(function, active, stepBits) ?? counted(function, active, stepBits))
    case .series: return others * integrated(function, active[...], [])
    case .computed:
      return others
        * (active.count == 2
          ? integral(function, active[0], last)
          : beyond(-function.constant, function.coefficients[last], last))
    }
  }

  /// How many choices of single values are gone through.
  private static let mostChoices = 64

  /// The mass, by what it is for each choice of the coordinates that have single values only, less what counting
  /// loses; nil where there are none, or too many choices.
  private func byValues(_ function: LowerFunction, _ active: [Int], _ stepBits: Int) -> Double? {
    let values = active.compactMap { entry in
      laws[entry].values(lower[entry], upper[entry]).map { (entry: entry, values: $0) }
    }
    guard !values.isEmpty,
      values.reduce(1, { min($0, Self.mostChoices) * $1.values.count }) <= Self.mostChoices
    else { return nil }
    var function = function
    function.constant -= lost(function, active, stepBits)
    var choices = [(function: function, probability: 1.0)]
    for (entry, values) in values {
      choices = choices.flatMap { choice in
        values.map { value in
          var function = choice.function
          function.constant += function.coefficients[entry] * value.value
          function.coefficients[entry] = 0
          return (function, choice.probability * value.probability)
        }
      }
    }
    let rest = active.filter { entry in !values.contains { $0.entry == entry } }
    let part = CellPart(
      lower: rest.map { lower[$0] }, upper: rest.map { upper[$0] }, laws: rest.map { laws[$0] })
    return choices.reduce(0) { sum, choice in
      var own = choice.function
      own.coefficients = rest.map { own.coefficients[$0] }
      return sum + choice.probability * part.mass(own, stepBits: stepBits)
    }
  }

  /// The same function, with the least values of terms that hardly change in its constant.
  private func withoutConstants(_ function: LowerFunction) -> LowerFunction {
    var function = function
    let spreads = lower.indices.map {
      function.coefficients[$0].magnitude * (upper[$0] - lower[$0])
    }
    let grain = spreads.reduce(0, +) * 0x1p-40
    for entry in lower.indices where spreads[entry] <= grain {
      let factor = function.coefficients[entry]
      function.constant += factor * (factor > 0 ? lower[entry] : upper[entry])
      function.coefficients[entry] = 0
    }
    return function
  }

  /// The mass that the parts where functions are positive have in common, as the checker finds it.
  func commonMass(_ functions: [LowerFunction], stepBits: Int) -> Double {
    let whole = mass
    let masses = functions.map { mass($0, stepBits: stepBits) }
    guard let least = masses.indices.min(by: { masses[$0] < masses[$1] }) else { return 0 }
    let others = masses.indices.filter { $0 != least }.map {
      (moved: moved(functions[least], into: functions[$0]), mass: masses[$0])
    }.sorted { $0.moved.constant < $1.moved.constant }
    var (best, lost) = (0.0, 0.0)
    for (moved, mass) in others {
      best = max(best, self.mass(moved, stepBits: stepBits) - lost)
      lost += whole - mass
    }
    return max(best, masses[least] - lost)
  }

  /// A function less what it exceeds another one by somewhere.
  private func moved(_ function: LowerFunction, into other: LowerFunction) -> LowerFunction {
    var moved = function
    moved.constant -= max(
      0,
      lower.indices.reduce(function.constant - other.constant) {
        let slope = function.coefficients[$1] - other.coefficients[$1]
        return $0 + slope * (slope > 0 ? upper[$1] : lower[$1])
      })
    return moved
  }

  /// The mass of `a z > place` in the slice of one coordinate.
  private func beyond(_ place: Double, _ coefficient: Double, _ entry: Int) -> Double {
    let cut = max(lower[entry], min(upper[entry], place / coefficient))
    return coefficient > 0
      ? laws[entry].mass(cut, upper[entry]) : laws[entry].mass(lower[entry], cut)
  }

  private static let nodes: [(place: Double, weight: Double)] = [
    (0.1488743389816312, 0.2955242247147529), (0.4333953941292472, 0.2692667193099963),
    (0.6794095682990244, 0.2190863625159820), (0.8650633666889845, 0.1494513491505806),
    (0.9739065285171717, 0.0666713443086881),
  ].flatMap { [($0.0, $0.1), (-$0.0, $0.1)] }

  /// By Gauss and Legendre, between the kinks.
  private func integral(_ function: LowerFunction, _ x: Int, _ y: Int) -> Double {
    let (a, b) = (function.coefficients[x], function.coefficients[y])
    let kinks = [lower[y], upper[y]].map { (-function.constant - b * $0) / a }
    let breaks = ([lower[x], upper[x]] + kinks).map { max(lower[x], min(upper[x], $0)) }.sorted()
    var sum = 0.0
    for (low, high) in zip(breaks, breaks.dropFirst()) where low < high {
      let pieces = max(1, min(64, ((high - low) / laws[x].scale).rounded(.up)))
      let reach = (high - low) / (2 * pieces)
      for piece in 0..<Int(pieces) {
        let centre = low + (2 * Double(piece) + 1) * reach
        for (place, weight) in Self.nodes {
          let value = centre + reach * place
          let density = laws[x].density(value) ?? 0
          sum += weight * reach * density * beyond(-function.constant - a * value, b, y)
        }
      }
    }
    return sum
  }

  /// By series, over the products of the coordinates' pieces.
  private func integrated(
    _ function: LowerFunction, _ active: ArraySlice<Int>,
    _ terms: [(coefficient: Double, piece: FloatPiece)]
  ) -> Double {
    guard let entry = active.first else {
      return IntegratedPart(terms, constant: function.constant).mass
    }
    return (pieces[entry] ?? []).reduce(0) {
      let term = (coefficient: function.coefficients[entry], piece: $1)
      return $0 + integrated(function, active.dropFirst(), terms + [term])
    }
  }

  /// Counts in fewer steps than the checker, less what it loses by rounding.
  private func counted(_ function: LowerFunction, _ active: [Int], _ stepBits: Int) -> Double {
    let terms = active.map { entry in
      let ends = [lower[entry], upper[entry]].map { function.coefficients[entry] * $0 }
      return (entry: entry, low: ends.min() ?? 0, high: ends.max() ?? 0)
    }
    let range = terms.reduce(0) { $0 + $1.high - $1.low }
    let step = range / Double(Self.steps)
    guard step > 0, step.isFinite else { return 0 }
    let missing =
      (lost(function, active, stepBits) - function.constant - terms.reduce(0) { $0 + $1.low })
      / step
    var masses = [1.0]
    for (order, term) in terms.enumerated() {
      let slices = slices(term.entry, low: term.low, high: term.high, step, function)
      guard order < terms.count - 1 else {
        // The rests of the terms add up to half a step each; a count covers half a step on both sides.
        return Self.atLeast(missing - Double(order) / 2, masses, slices)
      }
      var sums = [Double](repeating: 0, count: masses.count + slices.count - 1)
      for (place, mass) in slices.enumerated() where mass > 0 {
        for start in masses.indices { sums[start + place] += mass * masses[start] }
      }
      masses = sums
    }
    return 0
  }

  /// What the checker's steps and thin slices take from a sum, on average.
  private func lost(_ function: LowerFunction, _ active: [Int], _ stepBits: Int) -> Double {
    let widths = active.map { function.coefficients[$0].magnitude * (upper[$0] - lower[$0]) }
    let range = widths.reduce(0, +)
    return zip(active, widths).reduce(0) {
      $0 + loss(of: $1.1, function.coefficients[$1.0], range: range, stepBits)
    }
  }

  /// What they take from a term: of each half its width.
  private func loss(
    of width: Double, _ coefficient: Double, range: Double, _ stepBits: Int
  ) -> Double {
    let step = Double(sign: .plus, exponent: Int(range.exponent) + 1 - stepBits, significand: 1)
    return min(width, step * (1 + coefficient.magnitude.significand) / 2)
  }

  /// The masses by the least number of steps.
  private func slices(
    _ entry: Int, low: Double, high: Double, _ step: Double, _ function: LowerFunction
  ) -> [Double] {
    let coefficient = function.coefficients[entry]
    let count = max(1, Int(((high - low) / step).rounded(.up)))
    return (0..<count).map { place in
      let start = (low + Double(place) * step) / coefficient
      let end = min(low + Double(place + 1) * step, high) / coefficient
      let (first, last) = coefficient > 0 ? (start, end) : (end, start)
      return laws[entry].mass(max(first, lower[entry]), min(last, upper[entry]))
    }
  }

  /// The mass of the sums that exceed a number of steps, counts taken as spread evenly.
  private static func atLeast(_ missing: Double, _ first: [Double], _ second: [Double]) -> Double {
    var suffixes = [Double](repeating: 0, count: first.count + 1)
    for place in first.indices.reversed() { suffixes[place] = suffixes[place + 1] + first[place] }
    var total = 0.0
    for (place, mass) in second.enumerated() where mass > 0 {
      let target = missing - Double(place)
      let floor = target.rounded(.down)
      guard floor < Double(first.count) else { continue }
      let index = max(0, Int(max(floor, -1)))
      let next = min(index + 1, first.count)
      let share = floor < 0 ? 0 : target - floor
      total += mass * ((1 - share) * suffixes[index] + share * suffixes[next])
    }
    return total
  }
}

extension LowerFunction {
  /// The greatest value on a box.
  fileprivate func maximum(lower: [Double], upper: [Double]) -> Double {
    coefficients.indices.reduce(constant) {
      $0 + coefficients[$1] * (coefficients[$1] > 0 ? upper[$1] : lower[$1])
    }
  }
}
