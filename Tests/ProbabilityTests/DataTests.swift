import ExactArithmetic
import Foundation
import Probability
import Testing

/// Tables of numbers are read exactly, and damaged ones are refused.
@Suite struct DataTests {
  private static func bytes(_ base64: String) throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: base64)))
  }

  /// `numpy.savez_compressed(file, a=int16 [[0, 1, 2], [3, 4, 5]], b=float32 [[0.5, -1.25]])`.
  private static let compressed =
    "UEsDBC0AAAAIAAAAIQAaTph+//////////8FABQAYS5ucHkBABAAjAAAAAAAAABSAAAAAAAAAJvsF+obEMnIUMZQrZ6S"
    + "WpxcpG6loG6TaaSuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYGRgYmBmYGFgZWBgBQ"
    + "SwMELQAAAAgAAAAhAA0B8Hf//////////wUAFABiLm5weQEAEACIAAAAAAAAAE4AAAAAAAAAm+wX6hsQychQxlCtnpJa"
    + "nFykbqWgbpNmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjoKRpo6CrUKZAMuBgYGewaGBfsBUEsBAi0D"
    + "LQAAAAgAAAAhABpOmH5SAAAAjAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsBAi0DLQAAAAgAAAAhAA0B8HdOAAAA"
    + "iAAAAAUAAAAAAAAAAAAAAIABiQAAAGIubnB5UEsFBgAAAAACAAIAZgAAAA4BAAAAAA=="

  /// `numpy.save(file, numpy.asfortranarray([[1., 2., 3.], [4., 5., 6.]]))`.
  private static let fortran =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0g"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADwPwAA"
    + "AAAAABBAAAAAAAAAAEAAAAAAAAAUQAAAAAAAAAhAAAAAAAAAGEA="

  /// `numpy.savez(file, only=big-endian uint16 [1, 2, 3])`.
  private static let stored =
    "UEsDBC0AAAAAAAAAIQCFgnrx//////////8IABQAb25seS5ucHkBABAAhgAAAAAAAACGAAAAAAAAAJNOVU1QWQEAdg"
    + "B7J2Rlc2NyJzogJz51MicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCksIH0gICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAEAAgADUEsBAi0DLQAAAA"
    + "AAAAAhAIWCevGGAAAAhgAAAAgAAAAAAAAAAAAAAIABAAAAAG9ubHkubnB5UEsFBgAAAAABAAEANgAAAMAAAAAAAA=="

  @Test func readsNumPyArrays() throws {
    let first = try DataTable.read(Self.bytes(Self.compressed), array: "a")
    #expect(first.rows == 2)
    #expect(first.matrix.numbers.doubles == [0, 1, 2, 3, 4, 5])
    #expect(
      try DataTable.read(Self.bytes(Self.compressed), array: "b").matrix.numbers.doubles
        == [0.5, -1.25])
    let transposed = try DataTable.read(Self.bytes(Self.fortran))
    #expect(transposed.matrix.numbers.doubles == [1, 2, 3, 4, 5, 6])
    let column = try DataTable.read(Self.bytes(Self.stored))
    #expect(column.columns == 1)
    #expect(column.matrix.numbers.doubles == [1, 2, 3])
  }

  @Test func refusesDamagedArchives() throws {
    let whole = try Self.bytes(Self.compressed)
    for length in stride(from: 1, to: whole.count, by: 7) {
      let part = Array(whole.prefix(length))
      #expect(throws: DataError.self) { try DataTable.read(part, array: "a") }
    }
    var generator = SeededGenerator(seed: 1)
    for base in [whole, try Self.bytes(Self.fortran), try Self.bytes(Self.stored)] {
      for _ in 0..<500 {
        var changed = base
        changed[Int.random(in: 0..<base.count, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
        // Either it is refused or it is read; it never traps.
        _ = try? DataTable.read(changed, array: base == whole ? "a" : nil)
      }
    }
    #expect(throws: DataError("found several arrays, expected to be told which of a, b")) {
      try DataTable.read(whole)
    }
    #expect(throws: DataError("found no array `c`, expected one of a, b")) {
      try DataTable.read(whole, array: "c")
    }
  }

  @Test func readsTextExactly() throws {
    let table = try DataTable.read(
      Array("first, second\r\n 0.1 ,-2e-3\n\n12345678901234567890.5,+3\n".utf8))
    #expect(table.names == ["first", "second"])
    #expect(table.matrix.numbers[0] == Rational(1) / Rational(10))
    #expect(table.matrix.numbers[1] == Rational(-1) / Rational(500))
    #expect(table.matrix.numbers[2] == Rational(decimal: "12345678901234567890.5"))
    #expect(table.matrix.numbers.doubles == [0.1, -0.002, 12345678901234567890.5, 3])
  }

  @Test(
    arguments: [
      ("1,2\n3,x\n", "line 2, field 2: found `x`, expected a finite decimal number"),
      ("1,2\n3,\n", "line 2, field 2: found ``, expected a finite decimal number"),
      ("a,b\nc,d\n", "line 2, field 1: found `c`, expected a finite decimal number"),
      (
        "1\n1e999\n",
        "point 2: found `1e999`, expected a finite decimal number within the range of binary64"
      ),
      ("a,b\n", "found no numbers, expected some"),
      ("1,2\n3,nan\n", "line 2, field 2: found `nan`, expected a finite decimal number"),
    ])
  func refusesOtherText(text: String, message: String) {
    #expect(throws: DataError(message)) { try DataTable.read(Array(text.utf8)) }
  }
}
