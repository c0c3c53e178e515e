/// The pre-activations of all units under a pattern.
struct PatternRows {
  private let pattern: ActivationPattern
  private let root: PrefixForms
  /// Per rectifier.
  private let groups: [Forms]
  let map: AffineMap

  init(_ pattern: ActivationPattern, from root: PrefixForms) {
    var forms = root
    var groups: [Forms] = []
    while let ordinal = forms.ordinal, let rows = forms.preActivations {
      groups.append(rows)
      forms.fix(pattern.group(ordinal))
    }
    self.pattern = pattern
    self.root = root
    self.groups = groups
    map = AffineMap(forms.outputs)
  }

  /// The half-spaces of all units whose pre-activation is no constant, with normals of length one.
  var sides: [Region.Facet] {
    var sides: [Region.Facet] = []
    var unit = 0
    for rows in groups {
      for entry in 0..<rows.count {
        if let length = rows.length(ofRow: entry) {
          let scale = (pattern[unit] ? 1 : -1) / length
          let row = rows.row(entry)
          sides.append(
            Region.Facet(
              normal: row.dropLast().map { $0 * scale }, offset: row[row.endIndex - 1] * scale,
              origin: .unit(unit)))
        }
        unit += 1
      }
    }
    return sides
  }

  /// Whether the units whose pre-activation is a constant have the bits that belong to it.
  var constantsAgree: Bool { constantsAgree(below: .max) }

  /// Whether those among the first units have.
  func constantsAgree(below end: Int) -> Bool {
    var unit = 0
    for rows in groups {
      for entry in 0..<rows.count {
        let value = rows.values[(entry + 1) * rows.width - 1]
        if unit >= end { return true }
        if rows.length(ofRow: entry) == nil, (value > 0) != pattern[unit] { return false }
        unit += 1
      }
    }
    return true
  }

  /// The half-spaces of all units, as computed.
  var allSides: [Region.Facet] {
    var sides: [Region.Facet] = []
    for rows in groups {
      for entry in 0..<rows.count {
        let sign = pattern[sides.count] ? 1.0 : -1
        let row = rows.row(entry)
        sides.append(
          Region.Facet(
            normal: row.dropLast().map { $0 * sign }, offset: row[row.endIndex - 1] * sign,
            origin: .unit(sides.count)))
      }
    }
    return sides
  }

  /// The pattern on the other side of a facet.
  ///
  /// Pre-activations are continuous, so only units that vanish on all of the facet can change. What
  /// such a unit is on the other side is a multiple of the facet's own form.
  ///
  /// - Parameters:
  ///   - facet: Of the region with these rows.
  ///   - point: Inside the region.
  /// - Returns: The neighbour's pattern.
  func neighbour(across facet: Region.Facet, near point: [Double]) -> ActivationPattern {
    let height = zip(facet.normal, point).reduce(facet.offset) { $0 + $1.0 * $1.1 }
    let foot = zip(point, facet.normal).map { $0 - height * $1 }
    var neighbour = pattern
    var forms = root
    var unit = 0
    while let ordinal = forms.ordinal, let rows = forms.preActivations {
      let old = groups[ordinal]
      for entry in 0..<rows.count {
        if old.vanishes(row: entry, onPlane: facet.normal, through: foot) {
          neighbour[unit] = rows.isNegativeMultiple(row: entry, of: facet.normal)
        }
        unit += 1
      }
      forms.fix(neighbour.group(ordinal))
    }
    return neighbour
  }
}

extension Forms {
  /// The length of a form's linear part, or nothing where that is no more than rounding.
  fileprivate func length(ofRow row: Int) -> Double? {
    var (sum, size) = (0.0, 0.0)
    for place in row * width..<(row + 1) * width - 1 {
      sum += values[place] * values[place]
      size += magnitudes[place]
    }
    let length = sum.squareRoot()
    return length > 1e-12 * size && length > 0 ? length : nil
  }

  /// Whether a form is zero on a plane, given by a normal of length one and one of its points.
  fileprivate func vanishes(
    row: Int, onPlane normal: [Double], through point: [Double]
  ) -> Bool {
    let form = self.row(row)
    let tolerance = 1e-9
    var (value, size) = (form[form.endIndex - 1], magnitudes[(row + 1) * width - 1])
    for (place, number) in point.enumerated() {
      value += form[form.startIndex + place] * number
      size += magnitudes[row * width + place] * number.magnitude
    }
    guard value.magnitude <= tolerance * size else { return false }
    guard let length = length(ofRow: row) else { return true }
    var along = 0.0
    for (place, number) in normal.enumerated() { along += form[form.startIndex + place] * number }
    return along.magnitude >= (1 - tolerance) * length
  }

  /// Whether a form that vanishes on a plane falls along the plane's normal.
  fileprivate func isNegativeMultiple(row: Int, of normal: [Double]) -> Bool {
    guard length(ofRow: row) != nil else { return false }
    var along = 0.0
    for (place, number) in normal.enumerated() { along += values[row * width + place] * number }
    return along < 0
  }
}
