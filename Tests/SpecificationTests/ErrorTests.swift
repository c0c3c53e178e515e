import ClaimLanguage
import Specification
import Testing

/// A file with one change and the error that it must give.
struct Mistake: CustomTestStringConvertible, Sendable {
  let lines: [String]
  let error: String
  var testDescription: String { error }

  /// Replaces lines of a correct file, by number.
  init(_ changes: [Int: String], _ error: String) {
    var lines = Self.correct
    for (number, line) in changes { lines[number - 1] = line }
    self.lines = lines
    self.error = error
  }

  static let correct = [
    "affidavit: 1",  // 1
    "networks:",
    "  f: f.onnx",
    "  wide: wide.onnx",
    "arithmetic: real",  // 5
    "sets:",
    "  unit: {lower: [-1, -1], upper: [1, 1]}",
    "  near: {around: points/a.csv, radius: 0.5, norm: inf}",
    "claims:",
    "  - id: first-claim",  // 10
    "    for-all: {x: unit}",
    "    given: x[0] <= x[1]",
    "    holds: f(x)[0] <= 1.5",
  ]
}

struct ErrorTests {
  static let mistakes: [Mistake] = [
    // The file.
    Mistake([1: "affidavit: [1"], "2:9: no valid YAML: did not find expected ',' or ']'"),
    Mistake([1: "affidavit: 2"], "1:12: found the version `2`, expected 1"),
    Mistake([1: "arithmetic: real"], "1:1: no valid YAML: found a key twice: arithmetic"),
    Mistake([1: ""], "2:1: expected the key affidavit with the version 1"),
    Mistake(
      [5: "arithmetics: real"],
      "5:1: found the key `arithmetics`, expected one of affidavit, networks, arithmetic, sets, distributions, claims"
    ),
    Mistake(
      [5: "arithmetic: float64"], "5:13: found the arithmetic `float64`, expected real or float32"),
    Mistake([5: "arithmetic: float32"], "4:9: `wide` computes in float64, not in float32"),
    Mistake(
      [5: "distributions: {d: {one-hot: [0.5]}}"],
      "5:30: found probabilities that sum to 0.5, expected 1 exactly"),
    // Networks.
    Mistake([3: "  f: none.onnx"], "3:6: cannot read the network `f`: no such file"),
    Mistake(
      [3: "  f-1: f.onnx"],
      "3:3: found the name `f-1`, expected a letter, then letters, digits and `_`"),
    Mistake([3: "  max: f.onnx"], "3:3: `max` is a word of the language, expected another name"),
    // Sets.
    Mistake(
      [7: "  unit: {lower: [-1, 1], upper: [1, 0.5]}"],
      "7:9: the set is empty: entry 1 has its lower end above its upper end"),
    Mistake(
      [7: "  unit: {lower: [-1, -1, 0], upper: [1, 1, 1]}"],
      "7:9: found 3 numbers, expected 2, one for each input"),
    Mistake(
      [7: "  unit: {lower: [-1, .nan], upper: [1, 1]}"],
      "7:22: found `.nan`, expected a finite decimal number"),
    Mistake(
      [7: "  unit: {lower: [-1, -.inf], upper: [1, 1]}"],
      "7:22: found `-.inf`, expected a finite decimal number"),
    Mistake(
      [7: "  unit: {lower: [-1, 0x10], upper: [1, 1]}"],
      "7:22: found `0x10`, expected a finite decimal number"),
    Mistake(
      [7: "  unit: {lower: [], upper: [1, 1]}"], "7:17: found an empty list, expected numbers"),
    Mistake(
      [7: "  unit: {lower: [-1, -1]}"],
      "7:9: expected a set {lower, upper} or {around, radius, norm}"),
    Mistake(
      [7: "  unit: {lower: [-1, -1], uper: [1, 1]}"],
      "7:27: found the key `uper`, expected one of lower, upper, around, radius, norm"),
    Mistake(
      [8: "  near: {around: [0, 0], radius: -1, norm: inf}"], "8:34: found a negative radius"),
    Mistake(
      [8: "  near: {around: [0, 0], radius: 1, norm: 3}"],
      "8:43: found the norm `3`, expected 1, 2 or inf"),
    Mistake(
      [8: "  near: {around: points/bad.csv, radius: 1, norm: 2}"],
      "8:18: line 2 of `points/bad.csv`: found `x`, expected a finite decimal number"),
    Mistake(
      [8: "  near: {around: points/none.csv, radius: 1, norm: 2}"],
      "8:18: cannot read `points/none.csv`: no such file"),
    // Claims.
    Mistake(
      [10: "  - id: first/claim"],
      "10:9: found the id `first/claim`, expected letters, digits, `-`, `_` and `.`"),
    Mistake(
      [10: "  - id: .."], "10:9: found the id `..`, expected letters, digits, `-`, `_` and `.`"),
    Mistake(
      [10: "  - probability: 0.1"],
      "11:5: found the key `for-all`, expected one of id, probability, given, divided-by, minus, "
        + "under, at-most, at-least, between, precision"),
    Mistake(
      [13: "    holds: jacobian(f, x)[0, 1] > 0"],
      "13:12: found `jacobian`, which only the sentence of a `probability` may speak of"),
    Mistake(
      [13: "    holds: f(x) is nondecreasing in x"],
      "13:17: found `is`, expected an operator or the end"),
    Mistake([12: "    injective: f"], "12:5: `injective` is not supported by this version"),
    Mistake(
      [12: "    keeps-decision: f"], "12:5: `keeps-decision` is not supported by this version"),
    Mistake([11: "    for-all: {x: unti}"], "11:18: found no set of the name `unti`"),
    Mistake(
      [11: "    for-all: {f: unit}"],
      "11:15: found the variable `f`, expected a letter, then letters, digits and `_`, that names nothing else"
    ),
    Mistake([11: "    for-all: {x: unit, y: unit}"], "11:24: no network is applied to `y`"),
    Mistake([11: "    for-all: x of unit"], "11:14: found `x of unit`, expected as `x in near`"),
    Mistake([11: "    for-all: x in unit, x in unit"], "11:14: found a variable twice"),
    // Numbers.
    Mistake(
      [13: "    maximum: f(x)"], "13:14: found a vector of 3 entries, expected one number"),
    Mistake([13: "    maximum: 0 * f(x)[0] + 1"], "13:14: found a number that depends on nothing"),
    Mistake(
      [13: "    minimum: f(x)[0] <= 1"], "13:22: found `<=`, expected an operator or the end"),
    Mistake(
      [13: "    minimum: argmax(f(x))"], "13:14: argmax(…) can only be compared as `== k`"),
    Mistake(
      [12: "    maximum: f(x)[0]"],
      "10:5: expected the keys id, for-all and one of holds, maximum, minimum and lipschitz"),
    Mistake(
      [13: "    given: f(x)[0] <= 1", 12: ""],
      "10:5: expected the keys id, for-all and one of holds, maximum, minimum and lipschitz"),
    Mistake(
      [12: "    gap: 0.1"], "12:10: found a gap, but the claim asks for no number"),
    Mistake(
      [12: "    gap: 0", 13: "    maximum: f(x)[0]"],
      "12:10: found the gap `0`, expected a positive number"),
    Mistake(
      [12: "    gap: wide", 13: "    maximum: f(x)[0]"],
      "12:10: found `wide`, expected a finite decimal number"),
    Mistake(
      [11: "    for-all: {x: {around: 0, radius: largest, norm: 2}}", 13: "    maximum: f(x)[0]"],
      "11:18: found the radius `largest` beside a maximum"),
    Mistake(
      [8: "  near: {around: [0, 0], radius: larger, norm: inf}"],
      "8:34: found `larger`, expected a finite decimal number"),
    // Sentences.
    Mistake(
      [12: "", 13: "    holds: f(z)[0] <= 1.5"],
      "13:14: found `z`, expected a variable of `for-all`"),
    Mistake(
      [13: "    holds: f(x)[0] <= z"],
      "13:23: found `z`, which is no network and no variable of `for-all`"),
    Mistake(
      [13: "    holds: f(x)[3] <= 1.5"],
      "13:17: found `3`, expected an index from 0 to 2"),
    Mistake([13: "    holds: f(x)[2..1] <= 1.5"], "13:17: the range 2..1 is empty"),
    Mistake(
      [13: "    holds: f(x) <= x"],
      "13:17: found vectors of 3 and 2 entries, expected as many"),
    Mistake(
      [13: "    holds: f(x)[0]"], "13:12: found a number, expected a condition, as a comparison"),
    Mistake(
      [13: "    holds: f(x)[0] <= "],
      "13:22: found the end, expected a number, a variable or a network"),
    Mistake(
      [13: "    holds: 'f(x)[0] <= 1.5 1'"],
      "13:28: found `1`, expected an operator or the end"),
    Mistake([13: "    holds: f(x)[0] != 1"], "13:20: found `!`, expected an expression"),
    Mistake(
      [13: "    holds: f(x)[0] * x[0] <= 1"],
      "13:20: found a product of two variables, expected a number in it"),
    Mistake(
      [13: "    holds: f(x)[0] / 0 <= 1"], "13:20: expected a divisor that is a number, not zero"),
    Mistake(
      [12: "", 13: "    holds: argmax(wide(x)) == 0"],
      "13:12: found argmax of one number, expected a vector of several"),
    Mistake(
      [13: "    holds: argmax(f(x)) == 3"],
      "13:25: argmax(…) can only be compared as `== k`, k from 0 to 2"),
    Mistake(
      [13: "    holds: argmax(f(x)) <= 1"],
      "13:25: argmax(…) can only be compared as `== k`, k from 0 to 2"),
    Mistake(
      [13: "    holds: wide(x) <= f(x)[0]"],
      "13:23: `f` has 2 inputs, but `x` is the input of a network with 3"),
    Mistake(
      [12: "", 13: "    holds: \(String(repeating: "(", count: 200))1"],
      "13:62: nested deeper than 100 levels"),
  ]

  @Test func theCorrectFileIsRead() throws {
    let specification = try SmallNetworks.read(Mistake.correct.joined(separator: "\n"))
    let claim = try #require(specification.claims.first)
    #expect(claim.id == "first-claim" && claim.line == 10 && claim.networks == ["f"])
    #expect(claim.statement == "for all x in unit with x[0] <= x[1]: f(x)[0] <= 1.5")
    #expect(specification.networks.map(\.path) == ["specs/f.onnx", "specs/wide.onnx"])
  }

  @Test(arguments: mistakes)
  func aMistakeIsNamedWithItsPlace(mistake: Mistake) {
    #expect {
      _ = try SmallNetworks.read(mistake.lines.joined(separator: "\n"))
    } throws: { error in
      "\(error)" == "specs/test.yaml:\(mistake.error)"
    }
  }

  @Test func mutilatedFilesNeverTrap() {
    let pieces = [
      "(", ")", "[", "]", "..", "f(x)", "x", "-", "not ", "max(", "1e999", ": ", "{", "\n",
    ]
    var generator = SystemRandomNumberGenerator()
    var read = 0
    for _ in 0..<1_000 {
      var characters = Array(Mistake.correct.joined(separator: "\n"))
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        // Most of the changes are made in the sentences, at the end.
        let first = Bool.random(using: &generator) ? 0 : characters.count - 60
        let place = Int.random(in: first..<characters.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: characters.removeSubrange(place..<min(place + 4, characters.count))
        case 1: characters.insert(contentsOf: characters[place...].prefix(12), at: place)
        default:
          characters.insert(contentsOf: pieces.randomElement(using: &generator) ?? "", at: place)
        }
      }
      let text = String(characters)
      do {
        _ = try SmallNetworks.read(text)
        read += 1
      } catch {
        #expect(error.path == "specs/test.yaml" && error.position.line > 0)
      }
    }
    #expect(read > 0)
  }
}
