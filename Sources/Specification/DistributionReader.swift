internal import ExactArithmetic
internal import Probability

/// Reads distributions; `specs/format/distribution.md` gives the language.
struct DistributionReader {
  /// A law, and whether it is written with single numbers alone, which stand for all entries.
  struct Reading {
    var law: Distribution
    var isScalar: Bool
  }

  /// The sets that a distribution may name.
  let sets: [String: InputSet]
  /// Loads the numbers of a data file.
  let tables: (String) throws -> DataTable
  /// The distributions that others may name.
  var laws: [String: Reading] = [:]

  static let forms = [
    "gaussian", "mixture", "uniform", "product", "discrete", "one-hot", "kernel", "law",
  ]

  /// Reads a distribution.
  ///
  /// - Parameters:
  ///   - value: A name, or a mapping with the key of one form.
  ///   - others: Further keys that may stand beside it.
  /// - Returns: The law.
  /// - Throws: ``SpecificationError`` where it is no distribution.
  func law(_ value: YAMLValue, beside others: [String] = []) throws(SpecificationError) -> Reading {
    if value.scalarText != nil { return try named(value) }
    let fields = try value.fields(Self.forms + ["truncated-to", "clipped-to"] + others)
    let found = Self.forms.filter { fields[$0] != nil }
    guard found.count == 1, let form = fields[found[0]] else {
      let seen = found.isEmpty ? "no form" : found.joined(separator: " and ")
      throw value.error(
        "found \(seen) of a distribution, expected one of \(Self.forms.joined(separator: ", "))")
    }
    var reading = try self.form(found[0], form)
    let cuts = ["truncated-to", "clipped-to"].compactMap { key in fields[key].map { (key, $0) } }
    guard cuts.count <= 1 else {
      throw value.error(
        "found truncated-to and clipped-to, expected one of them; `law: {...}` holds the other")
    }
    for (key, box) in cuts { reading = try cut(reading, key, box) }
    return reading
  }

  private func form(_ name: String, _ value: YAMLValue) throws(SpecificationError) -> Reading {
    switch name {
    case "gaussian": return try gaussian(value)
    case "mixture": return try mixture(value)
    case "uniform":
      let (box, isScalar) = try self.box(value, mayBeInfinite: false, size: nil)
      let law = try locating(value) { () throws(DistributionError) in
        try Distribution(uniformOn: box)
      }
      return Reading(law: law, isScalar: isScalar)
    case "product":
      var parts: [Distribution] = []
      for part in try value.list() { parts.append(try law(part).law) }
      return try locating(value) { () throws(DistributionError) in
        Reading(law: try Distribution(product: parts), isScalar: false)
      }
    case "discrete":
      return Reading(law: Distribution(try discrete(value)), isScalar: false)
    case "one-hot":
      let (probabilities, _) = try numbers(value)
      let size = probabilities.count
      let points = (0..<size * size).map { $0 / size == $0 % size ? 1.0 : 0 }
      guard let numbers = ExactNumbers(points) else {
        throw value.error("expected probabilities")
      }
      let law = try locating(value, [.spread: value]) { () throws(DistributionError) in
        try DiscreteLaw(
          points: ExactMatrix(rows: size, columns: size, numbers), probabilities: probabilities)
      }
      return Reading(law: Distribution(law), isScalar: false)
    case "kernel": return try kernel(value)
    default: return try law(value)
    }
  }

  private func named(_ value: YAMLValue) throws(SpecificationError) -> Reading {
    let name = try value.text("a distribution")
    guard let law = laws[name] else {
      throw value.error("found no distribution `\(name)` above, expected one with that name")
    }
    return law
  }

  private func mixture(_ value: YAMLValue) throws(SpecificationError) -> Reading {
    var (parts, places, weights): ([(weight: Rational, law: Reading)], [YAMLValue], [YAMLValue]) =
      ([], [], [])
    for part in try value.list() {
      guard
        let weight = try part.entries("a distribution with its weight")
          .first(where: { $0.key == "weight" })?.value
      else { throw part.error("expected the key weight beside a distribution") }
      parts.append((try number(weight), try law(part, beside: ["weight"])))
      places.append(part)
      weights.append(weight)
    }
    let sizes = parts.filter { !$0.law.isScalar }.map(\.law.law.dimension)
    var laws: [(weight: Rational, law: Distribution)] = []
    for (place, part) in zip(places, parts) {
      var law = part.law.law
      if part.law.isScalar, let size = sizes.first {
        guard let spread = law.spread(to: size) else {
          throw place.error("found a distribution of 1 entry, expected \(size) as in the others")
        }
        law = spread
      }
      laws.append((part.weight, law))
    }
    do {
      return Reading(law: try Distribution(mixing: laws), isScalar: sizes.isEmpty)
    } catch {
      let entry = error.entry
      switch error.part {
      case .values: throw (entry.map { places[$0] } ?? value).error(error.message)
      case .spread: throw (entry.map { weights[$0] } ?? value).error(error.message)
      case .whole, .lower, .upper: throw value.error(error.message)
      }
    }
  }

  private func cut(
    _ reading: Reading, _ key: String, _ value: YAMLValue
  ) throws(SpecificationError) -> Reading {
    let size = reading.isScalar ? nil : reading.law.dimension
    let (box, isScalar) = try self.box(value, mayBeInfinite: true, size: size)
    var law = reading.law
    if reading.isScalar, let spread = law.spread(to: box.dimension) { law = spread }
    let cut = try locating(value) { [law] () throws(DistributionError) in
      key == "clipped-to" ? try law.clipped(to: box) : try law.truncated(to: box)
    }
    return Reading(law: cut, isScalar: reading.isScalar && isScalar)
  }

  // MARK: Places

  /// Runs `body` and gives its error the place of the number that it is about.
  func locating<Result>(
    _ whole: YAMLValue, _ places: [DistributionError.Part: YAMLValue] = [:],
    _ body: () throws(DistributionError) -> Result
  ) throws(SpecificationError) -> Result {
    do { return try body() } catch {
      guard let place = places[error.part] else { throw whole.error(error.message) }
      throw (error.entry.flatMap { place.element($0) } ?? place).error(error.message)
    }
  }
}

extension YAMLValue {
  /// The element of a list, or of a list of lists counted row by row, at a place.
  func element(_ place: Int) -> YAMLValue? {
    guard isList, let elements = try? list(), let first = elements.first else { return nil }
    guard first.isList, let columns = try? first.list().count, columns > 0 else {
      return elements.indices.contains(place) ? elements[place] : nil
    }
    guard elements.indices.contains(place / columns),
      let row = try? elements[place / columns].list(), row.indices.contains(place % columns)
    else { return nil }
    return row[place % columns]
  }
}
