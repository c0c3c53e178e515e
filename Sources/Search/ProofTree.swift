internal import ExactArithmetic
internal import ProofFormat

/// The trees of a proof while they grow; written in the order that the checker reads.
struct ProofTree {
  private struct Node {
    var records: [Record] = []
    /// The first of two neighbouring children.
    var firstChild: Int?
  }

  private var nodes: [Node] = []

  /// How many nodes there are.
  var count: Int { nodes.count }

  /// Adds the root of a tree.
  mutating func addRoot() -> Int {
    nodes.append(Node())
    return nodes.count - 1
  }

  /// Adds a record that does not split.
  mutating func append(_ record: Record, to node: Int) { nodes[node].records.append(record) }

  /// Ends a node with a split.
  ///
  /// - Returns: The children, in the order of the record's definition.
  mutating func split(_ node: Int, by record: Record) -> (first: Int, second: Int) {
    precondition(nodes[node].firstChild == nil, "a node splits once")
    nodes[node].records.append(record)
    nodes[node].firstChild = nodes.count
    nodes.append(Node())
    nodes.append(Node())
    return (nodes.count - 2, nodes.count - 1)
  }

  /// The bytes of the trees under `roots`, with the larger subtrees marked as parts.
  func bytes(roots: [Int]) -> [UInt8] {
    let sizes = subtreeSizes
    let largest = roots.reduce(0) { $0 + sizes[$1].bytes } / Self.parts
    var writer = ProofWriter()
    var path = roots.reversed().map { (node: $0, isInPart: false) }
    while let (node, isWithin) = path.popLast() {
      var isInPart = isWithin
      let size = sizes[node]
      if !isInPart, size.bytes <= largest, size.bytes >= Self.smallestPart {
        writer.append(.part(bytes: size.bytes, records: size.records))
        isInPart = true
      }
      for record in nodes[node].records { writer.append(record) }
      if let child = nodes[node].firstChild {
        path += [(child + 1, isInPart), (child, isInPart)]
      }
    }
    return writer.bytes
  }

  /// How many parts a proof has at least, where it can be divided evenly.
  private static let parts = 16
  /// No part has fewer bytes: its state is worth more than its time.
  private static let smallestPart = 1 << 9

  /// The bytes and records of each node's subtree; children come after their parents.
  private var subtreeSizes: [(bytes: Int, records: Int)] {
    var sizes: [(bytes: Int, records: Int)] = nodes.map { node in
      var writer = ProofWriter()
      let start = writer.bytes.count
      for record in node.records { writer.append(record) }
      return (writer.bytes.count - start, node.records.count)
    }
    for node in nodes.indices.reversed() {
      guard let child = nodes[node].firstChild else { continue }
      sizes[node].bytes += sizes[child].bytes + sizes[child + 1].bytes
      sizes[node].records += sizes[child].records + sizes[child + 1].records
    }
    return sizes
  }
}

/// Turns the search's numbers into the short ones of a proof; any of them is sound.
enum Quantised {
  /// Multipliers with 28 bits each; what is too small beside the largest is left out.
  static func multipliers<Place>(_ values: [(place: Place, value: Double)]) -> [Term<Place>] {
    let largest = values.map(\.value).max() ?? 0
    guard largest > 0, largest.isFinite else { return [] }
    return values.compactMap { place, value in
      guard value > largest * 0x1p-30, let number = multiplier(value) else { return nil }
      return Term(place, number)
    }
  }

  /// The multipliers of numbered rows.
  static func multipliers(_ values: [Double]) -> [Term<Int>] {
    multipliers(values.enumerated().map { (place: $0.offset, value: $0.element) })
  }

  /// A number with 28 bits that is not above another one.
  static func below(_ value: Double) -> Dyadic? {
    guard value != 0 else { return .zero }
    guard value.isFinite, value.exponent.magnitude < 1000 else { return nil }
    let unit = Double(sign: .plus, exponent: value.exponent - 27, significand: 1)
    return Dyadic(exactly: (value / unit).rounded(.down) * unit)
  }

  /// A positive multiplier with 28 bits.
  static func multiplier(_ value: Double) -> Dyadic? {
    guard value > 0, value.isFinite, value.exponent.magnitude < 1000 else { return nil }
    let unit = Double(sign: .plus, exponent: value.exponent - 27, significand: 1)
    return Dyadic(exactly: (value / unit).rounded() * unit)
  }

  /// The code of a slope in [0, 1].
  static func slope(_ value: Double) -> UInt8 { UInt8((min(1, max(0, value)) * 255).rounded()) }
}
