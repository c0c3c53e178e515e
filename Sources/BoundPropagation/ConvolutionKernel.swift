internal import LinearAlgebra
internal import NetworkModel

/// A convolution as products with its patches: one column of patches per place of the result.
struct ConvolutionKernel {
  let shape: Convolution
  /// Per group `[outputChannels / groups][inputChannels / groups · taps]`, one below the other.
  let weights: MatrixView
  let magnitudes: MatrixView

  private let inputsPerGroup: Int
  private let outputsPerGroup: Int
  private let taps: Int
  private let runs: [Run]

  init(_ convolution: Convolution) {
    shape = convolution
    inputsPerGroup = convolution.inputChannels / convolution.groups
    outputsPerGroup = convolution.outputChannels / convolution.groups
    taps = convolution.rows.kernel * convolution.columns.kernel
    runs = Run.all(of: convolution, channels: inputsPerGroup)
    weights = MatrixView(
      rows: convolution.outputChannels, columns: inputsPerGroup * taps,
      entries: convolution.weights)
    magnitudes = MatrixView(
      rows: convolution.outputChannels, columns: inputsPerGroup * taps,
      entries: convolution.weights.map(\.magnitude))
  }

  var isFinite: Bool { shape.weights.allSatisfy(\.isFinite) }

  private var places: Int { shape.rows.output * shape.columns.output }
  private var plane: Int { shape.rows.input * shape.columns.input }

  private func matrix(_ form: LinearKernel.Weights, group: Int) -> MatrixView {
    let channels = group * outputsPerGroup..<(group + 1) * outputsPerGroup
    return switch form {
    case .signed: weights.rows(channels)
    case .absolute: magnitudes.rows(channels)
    }
  }

  func addProducts(
    _ form: LinearKernel.Weights, of arguments: MatrixView, to results: MatrixView
  ) {
    let patches = MatrixView(rows: inputsPerGroup * taps, columns: places)
    let product = MatrixView(rows: outputsPerGroup, columns: places)
    for row in 0..<arguments.rows {
      for group in 0..<shape.groups {
        unsafe gather(arguments.pointer(toRow: row) + group * inputsPerGroup * plane, into: patches)
        product.setProduct(matrix(form, group: group), patches, accumulating: false)
        let first = group * outputsPerGroup * places
        let result = unsafe results.pointer(toRow: row) + first
        let values = unsafe product.pointer(toRow: 0)
        for index in 0..<outputsPerGroup * places { unsafe result[index] += values[index] }
      }
    }
  }

  func addTransposedProducts(
    _ form: LinearKernel.Weights, of results: MatrixView, to arguments: MatrixView
  ) {
    let patches = MatrixView(rows: inputsPerGroup * taps, columns: places)
    let coefficients = MatrixView(rows: outputsPerGroup, columns: places)
    for row in 0..<results.rows {
      for group in 0..<shape.groups {
        let first = group * outputsPerGroup * places
        unsafe coefficients.pointer(toRow: 0).update(
          from: results.pointer(toRow: row) + first, count: outputsPerGroup * places)
        patches.setProduct(
          transposed: matrix(form, group: group), coefficients, accumulating: false)
        unsafe scatter(
          patches, into: arguments.pointer(toRow: row) + group * inputsPerGroup * plane)
      }
    }
  }

  func addRows(_ chosen: ArraySlice<Int>, scaledBy scale: Double, to coefficients: MatrixView) {
    for (row, index) in chosen.enumerated() {
      let channel = index / places
      let firstInput = channel / outputsPerGroup * inputsPerGroup
      for tap in 0..<taps {
        guard let source = source(ofTap: tap, at: index % places) else { continue }
        for input in 0..<inputsPerGroup {
          coefficients[row, (firstInput + input) * plane + source] +=
            scale * weights[channel, input * taps + tap]
        }
      }
    }
  }

  /// The place in an input plane that a tap reads for a place of the result; none in the padding.
  private func source(ofTap tap: Int, at place: Int) -> Int? {
    let (tapRow, tapColumn) = tap.quotientAndRemainder(dividingBy: shape.columns.kernel)
    let (placeRow, placeColumn) = place.quotientAndRemainder(dividingBy: shape.columns.output)
    let row = placeRow * shape.rows.stride + tapRow * shape.rows.dilation - shape.rows.padding
    let column =
      placeColumn * shape.columns.stride + tapColumn * shape.columns.dilation
      - shape.columns.padding
    guard row >= 0, row < shape.rows.input, column >= 0, column < shape.columns.input else {
      return nil
    }
    return row * shape.columns.input + column
  }

  private func gather(_ source: UnsafeMutablePointer<Double>, into patches: MatrixView) {
    let step = shape.columns.stride
    for run in runs {
      let target = unsafe patches.pointer(toRow: run.patch) + run.place
      for index in 0..<run.count { unsafe target[index] = source[run.input + index * step] }
    }
  }

  private func scatter(_ patches: MatrixView, into target: UnsafeMutablePointer<Double>) {
    let step = shape.columns.stride
    for run in runs {
      let source = unsafe patches.pointer(toRow: run.patch) + run.place
      for index in 0..<run.count { unsafe target[run.input + index * step] += source[index] }
    }
  }
}

/// Places of one row of the result whose tap lies inside the input; they read every `stride`-th entry.
private struct Run {
  /// Where the first is read, in the planes of one group.
  let input: Int
  /// The row of the patches.
  let patch: Int
  /// The first place.
  let place: Int
  /// The number of places.
  let count: Int

  static func all(of shape: Convolution, channels: Int) -> [Run] {
    var runs: [Run] = []
    for channel in 0..<channels {
      for tapRow in 0..<shape.rows.kernel {
        for tapColumn in 0..<shape.columns.kernel {
          let patch = (channel * shape.rows.kernel + tapRow) * shape.columns.kernel + tapColumn
          for placeRow in 0..<shape.rows.output {
            let row =
              placeRow * shape.rows.stride + tapRow * shape.rows.dilation - shape.rows.padding
            let places = inside(shape, tapColumn: tapColumn)
            guard row >= 0, row < shape.rows.input, !places.isEmpty else { continue }
            let column =
              places.lowerBound * shape.columns.stride + tapColumn * shape.columns.dilation
              - shape.columns.padding
            runs.append(
              Run(
                input: (channel * shape.rows.input + row) * shape.columns.input + column,
                patch: patch, place: placeRow * shape.columns.output + places.lowerBound,
                count: places.count))
          }
        }
      }
    }
    return runs
  }

  private static func inside(_ shape: Convolution, tapColumn: Int) -> Range<Int> {
    let offset = tapColumn * shape.columns.dilation - shape.columns.padding
    let step = shape.columns.stride
    let first = offset >= 0 ? 0 : (step - 1 - offset) / step
    let last = shape.columns.input - 1 - offset
    let end = last < 0 ? 0 : min(shape.columns.output, last / step + 1)
    return first..<max(first, end)
  }
}
