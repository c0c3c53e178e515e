import Certificates
import Testing

@Suite struct JSONTests {
  @Test func readsEveryKindOfValue() throws {
    let text =
      #" {"a" : [ null,true , false,-0.5e+3,0 ],"b":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é","":{}} "#
    let value: JSON = [
      "a": [.null, .bool(true), .bool(false), .number("-0.5e+3"), 0],
      "b": "\"\\/\u{8}\u{C}\n\r\té😀é", "": [:],
    ]
    #expect(try JSON(parsing: Array(text.utf8)) == value)
    #expect(try JSON(parsing: Array(value.text.utf8)) == value)
  }

  @Test func writesOneTextPerValue() {
    let value: JSON = ["z": [1, "\u{1F}\u{7F}é"], "a": ["b\"": .null]]
    #expect(value.text == #"{"z":[1,"\u001f\#u{7F}é"],"a":{"b\"":null}}"#)
  }

  @Test(arguments: [
    "", " ", "{", "[1,]", "[1 2]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "01", "+1", "1.", ".5", "1e",
    "-",
    "nul", "nulL", "truefalse", "[] []", "{}x", "\u{FEFF}{}", "NaN", "Infinity", "'a'", "\"a",
    "\"\n\"",
    "\"\\x\"", "\"\\u12g4\"", #""\uD83D""#, #""\uDE00""#, #""\uD83Dx""#, #""\uD83D\u0041""#,
    #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"a":1,"a":1}}]"#, "\u{A0}1", "[1]\u{0}",
  ])
  func refuses(text: String) {
    #expect(throws: CertificateError.self) { try JSON(parsing: Array(text.utf8)) }
  }

  @Test func refusesWhatIsNotUTF8() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
    ] {
      #expect(
        throws: CertificateError.syntax(
          byte: 0, found: "bytes that are not UTF-8", expected: "UTF-8 text")
      ) { try JSON(parsing: bytes) }
    }
  }

  @Test func nestsAtMost32Deep() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try JSON(parsing: nested(32))
    #expect(
      throws: CertificateError.syntax(
        byte: 32, found: "another level of nesting", expected: "at most 32")
    ) { try JSON(parsing: nested(33)) }
    #expect(throws: CertificateError.self) { try JSON(parsing: nested(1_000_000)) }
  }

  @Test func saysWhere() {
    #expect(
      throws: CertificateError.syntax(byte: 6, found: "']'", expected: "a value")
    ) { try JSON(parsing: Array(#"{"a": ]}"#.utf8)) }
    #expect(
      CertificateError.syntax(byte: 6, found: "']'", expected: "a value").description
        == "malformed JSON at byte 6: found ']', expected a value")
  }
}
