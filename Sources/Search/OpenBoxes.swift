internal import BoundPropagation
internal import ProofFormat

/// The boxes that are not closed yet, the deepest last, with the proof of those that are.
struct OpenBoxes {
  private var tree = ProofTree()
  private var roots: [Int] = []
  private var boxes: [InputSplitting.OpenBox] = []

  /// Opens the box of each case that has disjuncts and a point.
  init(_ context: SearchContext) {
    let cases = context.problem.cases
    for (index, item) in cases.enumerated() {
      let root = tree.addRoot()
      roots.append(root)
      guard !item.disjuncts.isEmpty else { continue }
      guard !item.isEmptyBox else {
        tree.append(.closeCrossed, to: root)
        continue
      }
      boxes.append(
        InputSplitting.OpenBox(
          node: root, caseIndex: index,
          subproblem: Subproblem(lower: item.lower, upper: item.upper, of: context.network),
          disjuncts: Array(item.disjuncts.indices), share: 1 / Double(cases.count)))
    }
    boxes.reverse()
  }

  var isEmpty: Bool { boxes.isEmpty }

  var count: Int { boxes.count }

  /// The bytes of the proof, once no box is open.
  var proof: [UInt8] { tree.bytes(roots: roots) }

  /// Takes at most `size` boxes, the deepest ones.
  mutating func takeRound(of size: Int) -> [InputSplitting.OpenBox] {
    let round = Array(boxes.suffix(size))
    boxes.removeLast(round.count)
    return round
  }

  /// Opens a box that was taken again.
  mutating func open(_ box: InputSplitting.OpenBox) { boxes.append(box) }

  /// Adds records that do not split to a box that was taken.
  mutating func append(_ records: [Record], to box: InputSplitting.OpenBox) {
    for record in records { tree.append(record, to: box.node) }
  }

  /// Splits a box that was taken; the first child is taken before the second one.
  mutating func split(
    _ box: InputSplitting.OpenBox, by record: Record,
    _ first: (subproblem: Subproblem, disjuncts: [Int]),
    _ second: (subproblem: Subproblem, disjuncts: [Int])
  ) {
    let children = tree.split(box.node, by: record)
    for (node, child) in [(children.second, second), (children.first, first)] {
      boxes.append(
        InputSplitting.OpenBox(
          node: node, caseIndex: box.caseIndex, subproblem: child.subproblem,
          disjuncts: child.disjuncts, share: box.share / 2))
    }
  }
}
