internal import ExactArithmetic
internal import Probability

extension DistributionReader {
  /// A decimal number or a fraction of two whole ones.
  func number(_ value: YAMLValue) throws(SpecificationError) -> Rational {
    let text = try value.text("a number")
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Rational(decimal: $0) }
    guard numbers.count == parts.count, numbers.count <= 2, parts.count == 1 || numbers[1] != .zero
    else {
      throw value.error("found `\(text)`, expected a finite decimal number or a fraction")
    }
    let number = numbers.count == 1 ? numbers[0] : numbers[0] / numbers[1]
    guard ExactNumbers.firstOutOfRange([number]) == nil else {
      throw value.error("found `\(text)`, expected a number within the range of binary64")
    }
    return number
  }

  /// A single number, a list of numbers, or a data file: an image row by row, as in an input set.
  func numbers(
    _ value: YAMLValue
  ) throws(SpecificationError) -> (numbers: ExactNumbers, isSingle: Bool) {
    if value.isList { return (try row(value), false) }
    guard let table = try table(value) else { return (try exact([number(value)], value), true) }
    return (table.matrix.numbers, false)
  }

  /// A list of rows, a list of numbers, which is one column, or a data file.
  func matrix(_ value: YAMLValue) throws(SpecificationError) -> ExactMatrix {
    guard value.isList else {
      guard let table = try table(value) else {
        throw value.error("found a number, expected a list or the path of a data file")
      }
      return table.matrix
    }
    var (numbers, columns): ([Rational], Int?) = ([], nil)
    let rows = try value.list()
    for element in rows {
      var row: [Rational] = []
      if element.isList {
        for entry in try element.list() { row.append(try number(entry)) }
      } else {
        row.append(try number(element))
      }
      guard row.count == columns ?? row.count, !row.isEmpty else {
        throw element.error(
          "found a row of \(row.count) numbers, expected \(columns.map { "\($0), as above" } ?? "some")"
        )
      }
      columns = row.count
      numbers += row
    }
    guard let columns else { throw value.error("found an empty list, expected numbers") }
    return ExactMatrix(rows: rows.count, columns: columns, try exact(numbers, value))
  }

  /// A box in place, or the name of a set.
  ///
  /// - Parameters:
  ///   - value: Where it is described.
  ///   - mayBeInfinite: Whether ends may be `inf` or missing.
  ///   - size: How many entries it must have, if that is known.
  /// - Returns: The box, and whether single numbers stand for all entries.
  /// - Throws: ``SpecificationError`` where it is none.
  func box(
    _ value: YAMLValue, mayBeInfinite: Bool, size: Int?
  ) throws(SpecificationError) -> (Box, isScalar: Bool) {
    let ends = try self.ends(value, mayBeInfinite)
    var count = size ?? 1
    for list in [ends.lower, ends.upper] where !list.isSingle {
      guard size == nil || list.numbers.count == count else {
        throw list.place.error("found \(list.numbers.count) numbers, expected \(count)")
      }
      count = list.numbers.count
    }
    for list in [ends.lower, ends.upper] where !list.isSingle && list.numbers.count != count {
      throw list.place.error("found \(list.numbers.count) numbers, expected \(count)")
    }
    func spread(_ list: Ends) -> [Rational?] {
      list.isSingle ? Array(repeating: list.numbers[0], count: count) : list.numbers
    }
    let box = try locating(value, [.lower: ends.lower.place, .upper: ends.upper.place]) {
      () throws(DistributionError) in
      try Box(lower: spread(ends.lower), upper: spread(ends.upper))
    }
    return (box, ends.lower.isSingle && ends.upper.isSingle)
  }

  /// Lower or upper ends; nil stands for none.
  private struct Ends {
    let numbers: [Rational?]
    let isSingle: Bool
    let place: YAMLValue
  }

  private func ends(
    _ value: YAMLValue, _ mayBeInfinite: Bool
  ) throws(SpecificationError) -> (lower: Ends, upper: Ends) {
    if let name = value.scalarText {
      guard let set = sets[name] else {
        throw value.error("found no set `\(name)`, expected one with that name or {lower, upper}")
      }
      guard let box = set.ends else {
        throw value.error("found the set `\(name)`, a ball, expected a box")
      }
      return (
        Ends(numbers: box.lower, isSingle: box.lower.count == 1, place: value),
        Ends(numbers: box.upper, isSingle: box.upper.count == 1, place: value)
      )
    }
    let fields = try value.fields(["lower", "upper"])
    let missing = Ends(numbers: [nil], isSingle: true, place: value)
    guard mayBeInfinite ? !fields.isEmpty : fields.count == 2 else {
      throw value.error("expected a box {lower, upper}")
    }
    var found = (lower: missing, upper: missing)
    if let lower = fields["lower"] { found.lower = try list(lower, mayBeInfinite ? "-inf" : nil) }
    if let upper = fields["upper"] { found.upper = try list(upper, mayBeInfinite ? "inf" : nil) }
    return found
  }

  private func list(
    _ value: YAMLValue, _ infinity: String?
  ) throws(SpecificationError) -> Ends {
    func end(_ value: YAMLValue) throws(SpecificationError) -> Rational? {
      if let infinity, value.scalarText == infinity { return nil }
      return try number(value)
    }
    guard value.isList else {
      return Ends(numbers: [try end(value)], isSingle: true, place: value)
    }
    var numbers: [Rational?] = []
    for element in try value.list() { numbers.append(try end(element)) }
    guard !numbers.isEmpty else { throw value.error("found an empty list, expected numbers") }
    return Ends(numbers: numbers, isSingle: false, place: value)
  }

  private func row(_ value: YAMLValue) throws(SpecificationError) -> ExactNumbers {
    var numbers: [Rational] = []
    for element in try value.list() { numbers.append(try number(element)) }
    guard !numbers.isEmpty else { throw value.error("found an empty list, expected numbers") }
    return try exact(numbers, value)
  }

  private func exact(
    _ numbers: [Rational], _ value: YAMLValue
  ) throws(SpecificationError) -> ExactNumbers {
    guard let exact = ExactNumbers(numbers) else {
      throw value.error("found a number beyond the range of binary64, expected another")
    }
    return exact
  }

  /// The table of a data file; nil where the value is a number.
  private func table(_ value: YAMLValue) throws(SpecificationError) -> DataTable? {
    let text = try value.text("numbers, or the path of a data file")
    // What begins as a number is one, also where it is misspelt.
    guard let first = text.first(where: { !"+-.".contains($0) }), !first.isNumber else {
      return nil
    }
    do { return try tables(text) } catch {
      throw value.error("cannot read `\(text)`: \(error)")
    }
  }
}

extension InputSet {
  /// The ends of a set that is a box; one number may stand for all entries.
  fileprivate var ends: (lower: [Rational?], upper: [Rational?])? {
    switch shape {
    case .box(let lower, let upper): (lower, upper)
    case .ball(let centre, .fixed(let radius), .infinity):
      (centre.map { $0 - radius }, centre.map { $0 + radius })
    case .ball: nil
    }
  }
}
