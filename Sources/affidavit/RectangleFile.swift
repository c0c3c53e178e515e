internal import Certificates
internal import Foundation
internal import Probability

/// A file of rectangles under normal laws.
///
/// Decimals are read as the nearest binary64 numbers.
struct RectangleFile {
  /// One case, whose numbers are not read yet.
  struct Case {
    let id: String
    let count: Int
    let value: JSON
  }

  let path: String
  private(set) var cases: [Case] = []

  init(_ file: InputFile) throws(Failure) {
    path = file.path
    let document: JSON
    do { document = try JSON(parsing: file.bytes) } catch {
      throw .badInput("\(file.path): \(error.description)")
    }
    guard case .array(let entries) = document.member("cases") else {
      throw .badInput("\(path): found no list \"cases\", expected one")
    }
    var names = Set<String>()
    for (index, entry) in entries.enumerated() {
      guard case .string(let id) = entry.member("id"), names.insert(id).inserted else {
        throw .badInput(
          "\(path): case \(index): found no \"id\" of its own, expected a string that no other has")
      }
      guard case .number(let digits) = entry.member("n"), let count = Int(digits),
        (1...10_000).contains(count)
      else {
        throw .badInput(
          "\(path): case '\(id)': found no usable \"n\", expected a whole number from 1 to 10000")
      }
      cases.append(Case(id: id, count: count, value: entry))
    }
  }

  /// Reads a case.
  func rectangle(of one: Case) throws(Failure) -> NormalRectangle {
    let place = "\(path): case '\(one.id)'"
    let reader = NumberReader(place: place)
    let (mean, lower, upper) = (
      try reader.vector(one.value, "mean", one.count),
      try reader.vector(one.value, "lower", one.count),
      try reader.vector(one.value, "upper", one.count)
    )
    guard let covariance = one.value.member("cov"),
      case .string(let type) = covariance.member("type")
    else {
      throw .badInput("\(place): found no \"cov\" with a \"type\", expected one")
    }
    let law = LawReader(reader: reader, value: covariance, count: one.count)
    do {
      switch type {
      case "factor", "sparse_factor":
        let (factors, noise) = type == "factor" ? try law.factor() : try law.sparseFactor()
        return try NormalRectangle(
          factors: factors, noise: noise, mean: mean, lower: lower, upper: upper)
      default:
        return try NormalRectangle(
          covariance: try law.covariance(type), mean: mean, lower: lower, upper: upper)
      }
    } catch let error as NormalError {
      throw .badInput("\(place): \(error.description)")
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .broken("\(error)")
    }
  }
}

/// Reads numbers out of JSON; its errors say where.
struct NumberReader {
  let place: String

  func fail(_ name: String, expected: String) -> Failure {
    .badInput("\(place): \"\(name)\": found something else, expected \(expected)")
  }

  func number(_ value: JSON?, _ name: String) throws(Failure) -> Double {
    let text: String? =
      switch value {
      case .number(let digits): digits
      case .string(let word): word
      case .null, .bool, .array, .object, nil: nil
      }
    guard let text, let number = Double(text), !number.isNaN else {
      throw fail(name, expected: "numbers")
    }
    return number
  }

  func numbers(_ value: JSON?, _ name: String, count: Int?) throws(Failure) -> [Double] {
    guard case .array(let entries) = value else { throw fail(name, expected: "a list of numbers") }
    if let count, entries.count != count {
      throw .badInput("\(place): \"\(name)\": found \(entries.count) numbers, expected \(count)")
    }
    var result: [Double] = []
    for entry in entries { result.append(try number(entry, name)) }
    return result
  }

  /// A list of `count` numbers, or one number for all.
  func vector(_ object: JSON, _ name: String, _ count: Int) throws(Failure) -> [Double] {
    let value = object.member(name)
    if case .array = value { return try numbers(value, name, count: count) }
    return Array(repeating: try number(value, name), count: count)
  }

  func rows(_ object: JSON, _ name: String, _ count: Int) throws(Failure) -> [JSON] {
    guard case .array(let rows) = object.member(name) else {
      throw fail(name, expected: "a list of rows")
    }
    guard rows.count == count else {
      throw .badInput("\(place): \"\(name)\": found \(rows.count) rows, expected \(count)")
    }
    return rows
  }
}

/// Reads a covariance of one of the types.
struct LawReader {
  typealias Factors = (rows: [[(column: Int, value: Double)]], noise: [Double])

  let reader: NumberReader
  let value: JSON
  let count: Int

  /// The covariance, row-major.
  func covariance(_ type: String) throws(Failure) -> [Double] {
    switch type {
    case "dense":
      var entries: [Double] = []
      for row in try reader.rows(value, "rows", count) {
        entries += try reader.numbers(row, "rows", count: count)
      }
      return entries
    case "equi":
      let rho = try rho()
      return entries { $0 == $1 ? rho + (1 - rho) : rho }
    case "ar1":
      let rho = try rho()
      let powers = (0..<count).map { pow(rho, Double($0)) }
      return entries { powers[abs($0 - $1)] }
    case "brownian": return entries { Double(min($0, $1) + 1) }
    case "blocks": return try blocks()
    default:
      throw .badInput(
        "\(reader.place): \"type\": found '\(type)', expected dense, equi, ar1, brownian, factor, "
          + "sparse_factor or blocks")
    }
  }

  private func rho() throws(Failure) -> Double {
    try reader.number(value.member("rho"), "rho")
  }

  private func entries(_ entry: (Int, Int) -> Double) -> [Double] {
    (0..<count).flatMap { i in (0..<count).map { j in entry(i, j) } }
  }

  private func blocks() throws(Failure) -> [Double] {
    let rho = try rho()
    let size = try whole(value.member("block_size"), "block_size", in: 1...10_000)
    var blocks: [Int] = []
    guard case .array(let places) = value.member("perm"), places.count == count else {
      throw reader.fail("perm", expected: "a list of \(count) places")
    }
    for place in places { blocks.append(try whole(place, "perm", in: 0...(1 << 40)) / size) }
    return entries { $0 == $1 ? 1 : blocks[$0] == blocks[$1] ? rho : 0 }
  }

  private func whole(
    _ value: JSON?, _ name: String, in range: ClosedRange<Int>
  ) throws(Failure) -> Int {
    let number = try reader.number(value, name)
    guard let whole = Int(exactly: number), range.contains(whole) else {
      throw reader.fail(
        name, expected: "whole numbers from \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  func factor() throws(Failure) -> Factors {
    var rows: [[(column: Int, value: Double)]] = []
    var width: Int?
    for row in try reader.rows(value, "A", count) {
      let entries = try reader.numbers(row, "A", count: width)
      width = entries.count
      rows.append(entries.enumerated().map { (column: $0.offset, value: $0.element) })
    }
    return (rows, try reader.numbers(value.member("d"), "d", count: count))
  }

  func sparseFactor() throws(Failure) -> Factors {
    let width = try whole(value.member("dim"), "dim", in: 0...100_000)
    var rows: [[(column: Int, value: Double)]] = []
    for row in try reader.rows(value, "rows", count) {
      guard case .array(let entries) = row else {
        throw reader.fail("rows", expected: "lists of [column, value]")
      }
      var list: [(column: Int, value: Double)] = []
      for entry in entries {
        guard case .array(let pair) = entry, pair.count == 2 else {
          throw reader.fail("rows", expected: "lists of [column, value]")
        }
        let column = try whole(pair[0], "rows", in: 0...max(width - 1, 0))
        list.append((column, try reader.number(pair[1], "rows")))
      }
      rows.append(list)
    }
    return (rows, Array(repeating: 0, count: count))
  }
}

extension JSON {
  /// The value of a name of an object.
  fileprivate func member(_ name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}
