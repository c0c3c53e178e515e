import Certificates
import Testing

@Suite struct StatementTests {
  private func text(_ certification: Certification = Example.certification) throws -> String {
    try Statement(certification).json.text
  }

  private func read(_ text: String) throws -> Statement {
    try Statement(parsing: Array(text.utf8))
  }

  /// The example's text with one piece replaced, which must occur.
  private func changed(
    _ old: String, _ new: String, in certification: Certification = Example.certification
  )
    throws -> String
  {
    let text = try text(certification)
    try #require(text.contains(old))
    return text.replacing(old, with: new)
  }

  @Test func survivesItsText() throws {
    var undecided = Example.certification
    undecided.claim.answer = .undecided
    undecided.claims[0].answer = .undecided
    undecided.evidence = .none
    undecided.checker.verdict = .notRun
    var scalar = Example.refuted
    scalar.evidence = .witness([
      Certification.Variable(name: "X", type: "float32", shape: [], values: ["1.5"])
    ])
    for certification in [Example.certification, Example.refuted, undecided, scalar] {
      #expect(try read(try text(certification)).certification == certification)
    }
  }

  @Test func isAnInTotoStatement() throws {
    let text = try text()
    #expect(
      text.hasPrefix(
        #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"controller","digest":{"sha256":""#
      ))
    #expect(text.contains(#""predicateType":"https://affidavit.dev/certificate/v1","predicate":{"#))
    #expect(text.contains(#""seed":"18446744073709551615","threads":"2""#))
    #expect(
      try Statement(Example.certification).subjects.map(\.name) == [
        "controller", "pruned", "example.yaml",
      ])
  }

  @Test func ignoresUnknownFields() throws {
    let text = try changed(#""tool":{"#, #""more":[{"x":null}],"tool":{"more":1,"#)
    #expect(try read(text).certification == Example.certification)
  }

  @Test(arguments: [
    (
      #""_type":"https://in-toto.io/Statement/v1""#, #""_type":"https://in-toto.io/Statement/v0.1""#
    ),
    ("certificate/v1", "certificate/v2"),
    (#""id":"safe","statement""#, #""id":1,"statement""#),
    (#""id":"safe","statement""#, #""statement""#),
    (#""language":"vnnlib-2.0""#, #""language":"vnnlib-3.0""#),
    (#""semantics":"real""#, #""semantics":"double""#),
    (#""semantics":"real","result":"holds""#, #""semantics":"real","result":"refuted""#),
    (#"{"id":"safe","result":"holds"}"#, #"{"id":"safe","result":"undecided"}"#),
    (#"{"id":"safe","result":"holds"},"#, ""),
    (#"{"id":"rare","result":"undecided"}"#, #"{"id":"safe","result":"holds"}"#),
    (#""size":"5""#, #""size":5"#), (#""size":"5""#, #""size":"05""#),
    (#""size":"5""#, #""size":"-5""#), (#""size":"5""#, #""size":"+5""#),
    (#""size":"5""#, #""size":"9223372036854775808""#), (#""size":"5""#, #""size":"5.0""#),
    ("affidavit-proof/1", "affidavit-proof/2"),
    (#""name":"safe.proof""#, #""name":"../safe.proof""#), (#""name":"safe.proof""#, #""name":"""#),
    (#""proof":{"#, #""witness":[],"proof":{"#), (#""proof":{"#, #""prof":{"#),
    (#""verdict":"accepted""#, #""verdict":"not-run""#),
    (#""verdict":"accepted""#, #""verdict":"rejected""#),
    (#""arguments":["certify""#, #""arguments":[1"#),
    (#""startedOn":"2026-11-03T12:00:00Z""#, #""startedOn":"yesterday""#),
    (#""subject":[{"name":"controller""#, #""subject":[{"name":"other""#),
    (#""subject":[{"#, #""subject":[{"name":"x","digest":{"sha256":"00"}},{"#),
    (#""predicate":{"#, #""predicate":[],"x":{"#),
  ])
  func refuses(old: String, new: String) throws {
    let text = try changed(old, new)
    #expect(throws: CertificateError.self) { try read(text) }
  }

  @Test(arguments: [
    (#"["-0.5","1"]"#, #"["-0.5"]"#), (#"["-0.5","1"]"#, #"["-0.5","1/3"]"#),
    (#"["-0.5","1"]"#, #"["-0.5","nan"]"#), (#"["-0.5","1"]"#, #"["-0.5","1e3"]"#),
    (#"["-0.5","1"]"#, #"["-0.5",1]"#), (#"["-0.5","1"]"#, #"["-.5","1"]"#),
    (#""shape":["1","2"]"#, #""shape":["3"]"#),
    (#""shape":["1","2"]"#, #""shape":["4611686018427387904","4"]"#),
    (#""shape":["1","2"]"#, #""shape":[1,2]"#), (#""shape":["1","2"]"#, #""shape":["-1","-2"]"#),
    (#""witness":[{"#, #""witness":[],"x":[{"#),
  ])
  func refusesWitness(old: String, new: String) throws {
    let text = try changed(old, new, in: Example.refuted)
    #expect(throws: CertificateError.self) { try read(text) }
  }

  @Test func demandsThatSubjectsAndPredicateAgree() throws {
    let digest = Example.digest("pruned").description
    let text = try changed(digest, Example.digest("x").description)
    #expect(try read(text).subjects[1].digest == Example.digest("x"))
    let onlyInPredicate = try changed(
      #"{"name":"pruned","sha256":"\#(digest)"}"#,
      #"{"name":"pruned","sha256":"\#(Example.digest("x"))"}"#)
    #expect(throws: CertificateError.self) { try read(onlyInPredicate) }
    let dropped = try changed(
      #"{"name":"pruned","digest":{"sha256":"\#(digest)"}},"#, "")
    #expect(throws: CertificateError.self) { try read(dropped) }
  }

  @Test func refusesNamesThatOccurTwice() {
    var certification = Example.certification
    certification.networks[1].name = "controller"
    #expect(throws: CertificateError.self) { try Statement(certification) }
    certification.networks[1].name = "example.yaml"
    #expect(throws: CertificateError.self) { try Statement(certification) }
    certification.networks = []
    #expect(throws: CertificateError.self) { try Statement(certification) }
  }

  @Test func saysWhichField() throws {
    let text = try changed(#""threads":"2""#, #""threads":2"#)
    #expect(
      throws: CertificateError.field(
        path: "statement.predicate.run.threads", found: "a number", expected: "a string")
    ) { try read(text) }
  }
}
