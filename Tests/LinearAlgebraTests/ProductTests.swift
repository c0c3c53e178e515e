import LinearAlgebra
import Testing

/// Products agree with their definition, for shapes that meet every kernel of the library.
@Suite struct ProductTests {
  private static func numbers(_ rows: Int, _ columns: Int, seed: Int) -> [[Double]] {
    (0..<rows).map { row in
      (0..<columns).map { column in Double((row * 31 + column * 17 + seed * 7) % 23) / 8 - 1 }
    }
  }

  private static func view(_ entries: [[Double]], columns: Int) -> MatrixView {
    MatrixView(rows: entries.count, columns: columns, entries: entries.flatMap { $0 })
  }

  @Test(arguments: [
    (1, 1, 1), (3, 5, 2), (50, 50, 50), (17, 50, 31), (260, 49, 50), (8, 256, 300), (4, 3, 0),
    (0, 3, 4), (3, 0, 4),
  ])
  func productsAgreeWithTheirDefinition(rows: Int, columns: Int, inner: Int) {
    let left = Self.numbers(rows, inner, seed: 1)
    let right = Self.numbers(inner, columns, seed: 2)
    let start = Self.numbers(rows, columns, seed: 3)
    let leftTransposed = (0..<inner).map { k in left.map { $0[k] } }
    let rightTransposed = (0..<columns).map { j in right.map { $0[j] } }
    for accumulating in [false, true] {
      let results = (0..<3).map { _ in Self.view(start, columns: columns) }
      let a = Self.view(left, columns: inner)
      let b = Self.view(right, columns: columns)
      results[0].setProduct(a, b, accumulating: accumulating)
      results[1].setProduct(
        a, transposed: Self.view(rightTransposed, columns: inner), accumulating: accumulating)
      results[2].setProduct(
        transposed: Self.view(leftTransposed, columns: rows), b, accumulating: accumulating)
      for row in 0..<rows {
        for column in 0..<columns {
          let sum = (0..<inner).reduce(accumulating ? start[row][column] : 0) {
            $0 + left[row][$1] * right[$1][column]
          }
          for result in results { #expect(abs(result[row, column] - sum) <= 1e-10) }
        }
      }
    }
  }

  @Test func partsOfAMatrixKeepItsStride() {
    let whole = MatrixView(rows: 4, columns: 6)
    let part = whole.rows(1..<3).columns(2..<5)
    let ones = MatrixView(rows: 2, columns: 2, entries: [1, 2, 3, 4])
    part.setProduct(
      ones, MatrixView(rows: 2, columns: 3, entries: [1, 0, 2, 0, 1, 1]), accumulating: false)
    #expect(whole.array(ofRow: 0) == [0, 0, 0, 0, 0, 0])
    #expect(whole.array(ofRow: 1) == [0, 0, 1, 2, 4, 0])
    #expect(whole.array(ofRow: 2) == [0, 0, 3, 4, 10, 0])
    #expect(whole.array(ofRow: 3) == [0, 0, 0, 0, 0, 0])
  }

  @Test func vectorProductsAdd() {
    let matrix = MatrixView(rows: 2, columns: 3, entries: [1, 2, 3, 4, 5, 6])
    let result = MatrixView(rows: 1, columns: 2, entries: [10, 20])
    matrix.addProduct(withVector: MatrixView(rows: 1, columns: 3, entries: [1, 1, -1]), to: result)
    #expect(result.array(ofRow: 0) == [10, 23])
  }

  @Test func whatIsNotANumberSpreads() {
    let left = MatrixView(rows: 1, columns: 2, entries: [.nan, 1])
    let right = MatrixView(rows: 2, columns: 2, entries: [0, 0, 1, 1])
    let result = MatrixView(rows: 1, columns: 2)
    result.setProduct(left, right, accumulating: false)
    #expect(result[0, 0].isNaN && result[0, 1].isNaN)
  }

  @Test func everythingOutsideTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = MatrixView(rows: 2, columns: 2)[2, 0]
    }
    await #expect(processExitsWith: .failure) {
      _ = MatrixView(rows: 2, columns: 2).rows(1..<3)
    }
    await #expect(processExitsWith: .failure) {
      MatrixView(rows: 2, columns: 2).setProduct(
        MatrixView(rows: 2, columns: 3), MatrixView(rows: 2, columns: 2), accumulating: false)
    }
  }
}
