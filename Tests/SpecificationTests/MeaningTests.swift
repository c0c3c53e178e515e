import ClaimLanguage
import ExactArithmetic
import NetworkModel
import Specification
import Testing

/// What a sentence may speak of, at one point.
struct Point {
  let x: [Rational]
  let y: [Rational]
  var fx: [Rational] { value(SmallNetworks.f, x) }
  var fy: [Rational] { value(SmallNetworks.f, y) }
  var gx: [Rational] { value(SmallNetworks.g, x) }

  private func value(_ network: Network, _ input: [Rational]) -> [Rational] {
    let values = values(of: network, at: [NodeIndex(0): input])
    return values[values.count - 1]
  }
}

/// A fraction.
func ratio(_ numerator: Int, _ denominator: Int = 1) -> Rational {
  Rational(numerator) / Rational(denominator)
}

/// A claim's lines beside what it says.
struct Meant: CustomTestStringConvertible, Sendable {
  let lines: [String]
  let isDenied: @Sendable (Point) -> Bool
  var testDescription: String { lines.joined(separator: "; ") }

  /// A claim for all x in the unit box, with the truth of its sentence.
  init(_ sentence: String, _ holds: @escaping @Sendable (Point) -> Bool) {
    lines = ["for-all: {x: unit}", "holds: \(sentence)"]
    isDenied = { isInUnit($0.x) && !holds($0) }
  }

  init(_ lines: [String], isDenied: @escaping @Sendable (Point) -> Bool) {
    self.lines = lines
    self.isDenied = isDenied
  }
}

func isInUnit(_ point: [Rational]) -> Bool { point.allSatisfy { $0.magnitude <= .one } }

struct MeaningTests {
  static let sentences: [Meant] = [
    Meant("f(x)[0] > min(f(x)[1..2])") { $0.fx[0] > min($0.fx[1], $0.fx[2]) },
    Meant("f(x)[0] >= max(f(x)[1], f(x)[2], 0.5)") {
      $0.fx[0] >= max($0.fx[1], $0.fx[2], ratio(1, 2))
    },
    Meant("f(x)[0] == f(x)[2]") { $0.fx[0] == $0.fx[2] },
    Meant("not f(x)[0] == f(x)[2]") { $0.fx[0] != $0.fx[2] },
    Meant("f(x) <= 1.5") { $0.fx.allSatisfy { $0 <= ratio(3, 2) } },
    Meant("not f(x) <= 1.5") { !$0.fx.allSatisfy { $0 <= ratio(3, 2) } },
    Meant("abs(f(x) - g(x)) <= 1") { point in
      zip(point.fx, point.gx).allSatisfy { ($0 - $1).magnitude <= .one }
    },
    Meant("abs(f(x)[0] - g(x)[0]) > 0.5") { ($0.fx[0] - $0.gx[0]).magnitude > ratio(1, 2) },
    Meant("argmax(f(x)) == 1") { $0.fx[1] > $0.fx[0] && $0.fx[1] > $0.fx[2] },
    Meant("not argmax(f(x)) == 0") { !($0.fx[0] > $0.fx[1] && $0.fx[0] > $0.fx[2]) },
    Meant("argmax(f(x)) == 0 or argmax(g(x)) == 0") {
      ($0.fx[0] > $0.fx[1] && $0.fx[0] > $0.fx[2]) || ($0.gx[0] > $0.gx[1] && $0.gx[0] > $0.gx[2])
    },
    Meant("0 <= f(x)[0] < 2 * x[0] + 1.25") {
      .zero <= $0.fx[0] && $0.fx[0] < ratio(2) * $0.x[0] + ratio(5, 4)
    },
    Meant("f(x)[0] / 3 - x[1] * 0.5 <= -(x[0] - 1) / 2") {
      $0.fx[0] / ratio(3) - $0.x[1] / ratio(2) <= -($0.x[0] - .one) / ratio(2)
    },
    Meant("f(x)[0] <= 1 / 3") { $0.fx[0] <= ratio(1, 3) },
    Meant("(f(x)[0] > 0.5 or x[0] < 0) and not (f(x)[2] > 1 and x[1] >= 0.25)") {
      ($0.fx[0] > ratio(1, 2) || $0.x[0] < .zero)
        && !($0.fx[2] > .one && $0.x[1] >= ratio(1, 4))
    },
    Meant("max(abs(x[0]), f(x)[1]) - min(f(x)[2], x[1]) <= 1 + min(x)") {
      max($0.x[0].magnitude, $0.fx[1]) - min($0.fx[2], $0.x[1]) <= .one + min($0.x[0], $0.x[1])
    },
    Meant("f(x)[0] * 0 <= -1 or abs(-2) == 2") { _ in true },
    Meant("f(x)[0] < 5 and 1 <= 0") { _ in false },
    Meant(["for-all: {x: [unit, near]}", "holds: f(x)[0] <= 1"]) {
      let near =
        ($0.x[0] - ratio(1, 4)).magnitude <= ratio(1, 2)
        && ($0.x[1] - ratio(1, 2)).magnitude <= ratio(1, 2)
      return near && isInUnit($0.x) && $0.fx[0] > .one
    },
    Meant(["for-all: {x: diamond}", "holds: f(x)[0] <= 0.5"]) {
      $0.x[0].magnitude + ($0.x[1] - ratio(1, 4)).magnitude <= ratio(3, 4)
        && $0.fx[0] > ratio(1, 2)
    },
    Meant(["for-all: x in disc", "holds: f(x)[0] <= 0.5"]) {
      $0.x[0] * $0.x[0] + $0.x[1] * $0.x[1] <= ratio(25, 16) && $0.fx[0] > ratio(1, 2)
    },
    Meant(["for-all: {x: {lower: 0, upper: [1, 0.5]}}", "holds: f(x)[0] <= 1.5"]) {
      .zero <= min($0.x[0], $0.x[1]) && $0.x[0] <= .one && $0.x[1] <= ratio(1, 2)
        && $0.fx[0] > ratio(3, 2)
    },
    Meant([
      "for-all: {x: unit, y: unit}", "given: x[0] <= y[0] and x[1..1] == y[1..1]",
      "holds: f(x)[0] <= f(y)[0]",
    ]) {
      isInUnit($0.x) && isInUnit($0.y) && $0.x[0] <= $0.y[0] && $0.x[1] == $0.y[1]
        && $0.fx[0] > $0.fy[0]
    },
    Meant(["for-all: x in unit, y in near", "holds: max(abs(f(x) - f(y))) <= 3 * max(abs(x - y))"])
    {
      point in
      let distance = max(
        (point.x[0] - point.y[0]).magnitude, (point.x[1] - point.y[1]).magnitude)
      let isNear =
        (point.y[0] - ratio(1, 4)).magnitude <= ratio(1, 2)
        && (point.y[1] - ratio(1, 2)).magnitude <= ratio(1, 2)
      return isInUnit(point.x) && isNear
        && zip(point.fx, point.fy).contains { ($0 - $1).magnitude > ratio(3) * distance }
    },
  ]

  static func file(_ lines: [String], arithmetic: String = "real") -> String {
    """
    affidavit: 1
    networks:
      f: f.onnx
      g: g.onnx
    arithmetic: \(arithmetic)
    sets:
      unit: {lower: [-1, -1], upper: [1, 1]}
      near: {around: points/a.csv, radius: 0.5, norm: inf}
      diamond: {around: [0, 0.25], radius: 0.75, norm: 1}
      disc: {around: 0, radius: 1.25, norm: 2}
    claims:
      - id: c
    \(lines.map { "    \($0)\n" }.joined())
    """
  }

  @Test(arguments: sentences)
  func aClaimDeniesWhatItSays(meant: Meant) throws {
    let specification = try SmallNetworks.read(Self.file(meant.lines))
    let claim = try #require(specification.claims.first)
    var files: [String: Network] = [:]
    for network in specification.networks where claim.networks.contains(network.name) {
      files[network.name] = try SmallNetworks.load(network.path)
    }
    let problem = try Problem(query: #require(claim.condition).query, networks: files)
    var generator = SplitMix(state: 42)
    var denied = 0
    for _ in 0..<120 {
      // Quarters, so that ends and ties are met often.
      let numbers = (0..<4).map { _ in ratio(Int(generator.next() % 13) - 6, 4) }
      let y = generator.next() % 4 == 0 ? [numbers[2], numbers[1]] : Array(numbers[2...])
      let point = Point(x: Array(numbers[..<2]), y: y)
      let names = problem.inputNames
      if names.contains("y[0,0]"), !names.contains("y[0,1]"), point.x[1] != point.y[1] {
        // The two are one entry of the problem, and here they differ.
        #expect(!meant.isDenied(point))
        continue
      }
      let input = names.map { name in
        let index = name.hasSuffix("1]") ? 1 : 0
        return name.hasPrefix("x") ? point.x[index] : point.y[index]
      }
      #expect(answers(problem, at: input) == meant.isDenied(point), "at \(point.x), \(point.y)")
      denied += meant.isDenied(point) ? 1 : 0
    }
    #expect(denied < 120)
  }

  @Test func theTextIsStrictVNNLIB() throws {
    let lines = [
      "for-all: {x: near}", "holds: f(x)[0] / 3 - x[0] <= 1 / 4 or abs(g(x)[1]) < 1e-3",
    ]
    let claim = try #require(SmallNetworks.read(Self.file(lines)).claims.first)
    #expect(
      claim.condition?.text == """
        ; c
        ; denied by any answer: for all x in near: f(x)[0] / 3 - x[0] <= 1 / 4 or abs(g(x)[1]) < 1e-3
        (vnnlib-version <2.0>)

        (declare-network f
          (declare-input x real [1,2])
          (declare-output f_of_x real [1,3])
        )

        (declare-network g
          (declare-input x_in_g real [1,2])
          (declare-output g_of_x real [1,3])
        )

        (assert (<= -0.25 x[0,0]))
        (assert (<= x[0,0] 0.75))
        (assert (<= 0.0 x[0,1]))
        (assert (<= x[0,1] 1.0))
        (assert (== x[0,0] x_in_g[0,0]))
        (assert (== x[0,1] x_in_g[0,1]))
        (assert (< (+ (* 3.0 x[0,0]) 0.75) f_of_x[0,0]))
        (assert (or (<= 0.001 g_of_x[0,1]) (<= g_of_x[0,1] -0.001)))

        """)
  }

  @Test(arguments: [
    ("0", "0.0"), ("-12", "-12.0"), ("0.1", "0.1"), ("-2.50", "-2.5"), ("1e-5", "0.00001"),
    ("1e3", "1000.0"),
  ])
  func numeralsAreExact(number: String, numeral: String) {
    #expect(Rational(decimal: number)?.decimalNumeral == numeral)
    #expect(ratio(1, 3).decimalNumeral == nil)
  }
}

/// A small random generator whose sequence is the same everywhere.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
