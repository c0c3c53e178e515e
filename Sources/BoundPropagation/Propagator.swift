internal import LinearAlgebra

/// Which unit bounds to compute before rows are bounded.
public enum Refresh: Hashable, Sendable {
  /// None: the given ones are used.
  case none
  /// By interval arithmetic.
  case intervals
  /// By interval arithmetic, and by backward passes for the units that are still unstable in the
  /// rectifiers with this and later ordinals.
  case backward(from: Int)
}

/// Of which units the affine functions are kept that bound them.
public enum KeptFunctions: Hashable, Sendable {
  /// Of none.
  case none
  /// Of the split ones, from the side that the split forbids.
  case ofSplits
  /// Of the split ones, and from both sides of those that were unstable before.
  case ofUnits
}

/// Bounds units and rows of one network on batches of boxes.
///
/// Linear bound propagation after Zhang et al., "Efficient Neural Network Robustness Certification with
/// General Activation Functions" (2018), on a graph. Nothing is rounded outward: results are
/// candidates, about 1e-12 relative from what exact arithmetic gives with the same lines.
///
/// One thread uses a propagator at a time; each thread has its own, over the same network.
public final class Propagator {
  /// The network.
  public let network: FloatNetwork
  /// How many boxes are worked on at once.
  let batchSize: Int
  /// How many rows go through a product at once.
  let chunk: Int

  /// How far computed unit bounds are loosened, relative to their size: a gate that rounding opens or
  /// shuts would be a jump in what is found, and none in what can be proved.
  let slack: Double
  let pool: BufferPool
  let everything: Compaction
  let boxLower: Buffer
  let boxUpper: Buffer
  let unitLower: MatrixView
  let unitUpper: MatrixView
  let nodeMemory: [Buffer]
  private let relaxationMemory: [RelaxationMemory]
  private let constants: Buffer

  // What describes the current batch.
  var boxes = 0
  var lower: MatrixView
  var upper: MatrixView
  /// The laws of the inputs, by box.
  var normals: [NormalInputs?] = []
  var compaction: Compaction
  var relaxations: [Relaxation] = []
  /// Which functions of the current batch are kept.
  var kept = KeptFunctions.none
  /// The functions of the current batch's units, by box; none: they are not kept.
  var unitFunctions: [UnitFunctions]?

  /// Creates the work space.
  ///
  /// - Parameters:
  ///   - network: The network to work on.
  ///   - batchSize: How many boxes to work on at once, more being taken in turn; by default 32, fewer
  ///     in a large network.
  ///   - chunk: How many rows to send through a product at once, at least one per box; by default as
  ///     many as fit the second-level cache.
  public init(_ network: FloatNetwork, batchSize: Int? = nil, chunk: Int? = nil) {
    let size = max(network.nodes.reduce(0) { $0 + $1.size }, 1)
    let batchSize = batchSize ?? min(32, max(1, 262_144 / size))
    precondition(batchSize > 0, "a batch has boxes")
    self.network = network
    self.batchSize = batchSize
    let widest = max(network.widest, 1)
    self.chunk = max(batchSize, chunk ?? min(256, max(64, 32_768 / widest)))
    slack = network.hasGates ? 1e-11 : 0
    pool = BufferPool(capacity: self.chunk * widest)
    everything = Compaction(network)
    compaction = everything
    boxLower = Buffer(count: batchSize * network.inputSize)
    boxUpper = Buffer(count: batchSize * network.inputSize)
    lower = MatrixView(boxLower, rows: 0, columns: network.inputSize)
    upper = lower
    unitLower = MatrixView(rows: batchSize, columns: network.unitCount)
    unitUpper = MatrixView(rows: batchSize, columns: network.unitCount)
    nodeMemory = network.nodes.map { Buffer(count: 2 * batchSize * $0.size) }
    relaxationMemory = network.rectifiers.map {
      RelaxationMemory(count: batchSize * $0.size, ofGate: $0.gate != nil)
    }
    constants = Buffer(count: self.chunk)
  }

  /// Bounds rows on boxes, after unit bounds were refreshed.
  ///
  /// - Parameters:
  ///   - rows: What to bound from below, the same on every box.
  ///   - subproblems: The boxes; refreshed unit bounds and contradictions are written back.
  ///   - refresh: Which unit bounds to compute first; they are intersected with those given.
  ///   - scoringUnits: Whether to compute ``RowBounds/unitScores``.
  ///   - kept: What ``RowBounds/unitFunctions`` are to be.
  /// - Returns: The bounds, on a box with a contradiction as if there were none.
  public func bound(
    _ rows: [LinearRow], on subproblems: inout [Subproblem], refresh: Refresh,
    scoringUnits: Bool = false, keeping kept: KeptFunctions = .none
  ) -> RowBounds {
    var result = RowBounds(
      boxes: subproblems.count, rowCount: rows.count, inputSize: network.inputSize,
      unitCount: scoringUnits ? network.unitCount : 0)
    var first = 0
    while first < subproblems.count {
      let batch = first..<min(first + batchSize, subproblems.count)
      load(subproblems, batch)
      self.kept = kept
      unitFunctions = kept == .none ? nil : batch.map { _ in UnitFunctions() }
      refreshUnits(&subproblems, batch, refresh, rowsAfterwards: rows.count)
      result.unitFunctions += unitFunctions ?? []
      unitFunctions = nil
      boundRows(rows, batch: batch, into: &result)
      first = batch.upperBound
    }
    return result
  }

  /// Copies the boxes and unit bounds of a batch into the work space.
  func load(_ subproblems: [Subproblem], _ batch: Range<Int>) {
    boxes = batch.count
    normals = subproblems[batch].map(\.normal)
    lower = MatrixView(boxLower, rows: boxes, columns: network.inputSize)
    upper = MatrixView(boxUpper, rows: boxes, columns: network.inputSize)
    for (box, subproblem) in subproblems[batch].enumerated() {
      lower.setRow(box, to: subproblem.lower)
      upper.setRow(box, to: subproblem.upper)
      unitLower.setRow(box, to: subproblem.unitLower)
      unitUpper.setRow(box, to: subproblem.unitUpper)
    }
    compaction = everything
    relaxations.removeAll(keepingCapacity: true)
  }

  /// Fixes all lines that a node depends on by the unit bounds as they are.
  ///
  /// - Parameters:
  ///   - last: The node.
  ///   - rowsAfterwards: How many rows per box will use the lines.
  ///   - carrying: Units that later passes need though they be inactive everywhere.
  func fixLines(through last: Int, rowsAfterwards: Int, carrying: Set<Int>) {
    let compacting = boxes * rowsAfterwards >= 64
    for (node, description) in network.nodes[...last].enumerated() {
      switch description.operation {
      case .input: break
      case .affine: if compacting { compaction.prepareSeeds(at: node) }
      case .rectifier(let ordinal, _, _):
        relax(ordinal, carrying: carrying, compacting: compacting)
      }
    }
  }

  /// Fixes the lines of a rectifier, whose unit bounds are final, for all later passes of the batch.
  ///
  /// - Parameters:
  ///   - ordinal: Which rectifier; the earlier ones are done.
  ///   - carrying: Further units to carry though they be inactive everywhere.
  ///   - compacting: Whether enough rows follow to repay the packing of weights.
  func relax(_ ordinal: Int, carrying: Set<Int> = [], compacting: Bool) {
    let rectifier = network.rectifiers[ordinal]
    let highs = unitUpper.columns(rectifier.units)
    if compacting {
      let units = unitsToCarry(rectifier, besides: carrying)
      compaction.carry(units, of: rectifier)
      compaction.preparePassage(through: rectifier.source)
    }
    let relaxation = Relaxation(
      memory: relaxationMemory[ordinal], boxes: boxes, units: compaction.width(rectifier.node))
    let lows = unitLower.columns(rectifier.units)
    for box in 0..<boxes {
      if let gate = rectifier.gate {
        relaxation.chooseGates(
          box: box, lower: unitLower, upper: unitUpper, signs: network.rectifiers[gate].units,
          units: rectifier.units)
        continue
      }
      relaxation.choose(
        box: box, unitLower: lows, unitUpper: highs, units: compaction.entries[rectifier.node])
    }
    relaxations.append(relaxation)
  }

  /// The units of a rectifier, counted within it, that are not inactive on every box.
  private func unitsToCarry(
    _ rectifier: FloatNetwork.Rectifier, besides others: Set<Int>
  ) -> [Int] {
    var isCarried = rectifier.units.map(others.contains)
    for box in 0..<boxes {
      let high = unsafe unitUpper.pointer(toRow: box) + rectifier.firstUnit
      for unit in 0..<rectifier.size where unsafe !(high[unit] <= 0) { isCarried[unit] = true }
    }
    return isCarried.indices.filter { isCarried[$0] }
  }

  /// Constants of the rows of a pass, zero at first.
  func freshConstants(_ rows: Int) -> MatrixView {
    let result = MatrixView(constants, rows: 1, columns: rows)
    result.fill(0)
    return result
  }

  /// Carries rows back to the input.
  ///
  /// - Parameters:
  ///   - coefficients: The rows where they start; on return only the input's are left.
  ///   - constants: One per row, added to.
  ///   - relaxing: Makes the rows' coefficients of a rectifier, given by its ordinal, those of its
  ///     argument.
  func passBackward(
    _ coefficients: inout CoefficientRows, constants: MatrixView,
    relaxing: (Int, MatrixView) -> Void
  ) {
    for node in network.nodes.indices.dropFirst().reversed() {
      guard let rows = coefficients[node] else { continue }
      switch network.nodes[node].operation {
      case .input: break
      case .affine(_, let bias):
        rows.addProduct(withVector: compaction.bias(node, stored: bias), to: constants)
        coefficients.crossAffine(node, compaction)
      case .rectifier(let ordinal, let source, _):
        relaxing(ordinal, rows)
        coefficients.crossRectifier(node, source: source)
      }
    }
  }

  /// Makes coefficients of a rectifier those of its argument, with the batch's lines.
  ///
  /// - Parameters:
  ///   - rows: The coefficients.
  ///   - ordinal: Which rectifier.
  ///   - constants: One per row, added to.
  ///   - rowBoxes: The box of each row.
  func relax(
    _ rows: MatrixView, at ordinal: Int, constants: MatrixView, rowBoxes: ArraySlice<Int>
  ) {
    let relaxation = relaxations[ordinal]
    let count = rows.columns
    precondition(
      count == relaxation.lower.columns && rowBoxes.count <= rows.rows, "one line per entry")
    let (values, stride) = unsafe (rows.start, rows.stride)
    let (lower, upper) = unsafe (relaxation.lower.start, relaxation.upper.start)
    let (intercept, constants) = unsafe (relaxation.intercept.start, constants.start)
    for (row, box) in rowBoxes.enumerated() {
      unsafe constants[row] += relaxation.floors(of: row, rows, box: box)
      unsafe constants[row] += RowKernel.relax(
        values + row * stride, lower: lower + box * count, upper: upper + box * count,
        intercept: intercept + box * count, count: count)
    }
  }

  /// The least value on its box of a row that has arrived at the input.
  ///
  /// Not a number where it would be infinitely large: sums that overflow prove nothing.
  func minimum(
    _ coefficients: MatrixView?, constant: Double, row: Int, box: Int
  ) -> Double {
    guard let coefficients else { return constant < .infinity ? constant : .nan }
    let bound =
      unsafe constant
      + RowKernel.minimum(
        coefficients.pointer(toRow: row), lower: lower.pointer(toRow: box),
        upper: upper.pointer(toRow: box), count: coefficients.columns)
    return bound < .infinity ? bound : .nan
  }

  /// The size of the numbers that are added up in ``minimum(_:constant:row:box:)``.
  func magnitude(_ coefficients: MatrixView, constant: Double, row: Int, box: Int) -> Double {
    let values = unsafe coefficients.pointer(toRow: row)
    let (low, high) = unsafe (lower.pointer(toRow: box), upper.pointer(toRow: box))
    var sum = constant.magnitude
    for entry in 0..<coefficients.columns {
      sum += unsafe (values[entry] * max(low[entry].magnitude, high[entry].magnitude)).magnitude
    }
    return sum
  }
}
