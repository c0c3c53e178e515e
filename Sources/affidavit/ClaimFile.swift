internal import Certificates
internal import ClaimLanguage
internal import Specification

/// A claim with what it asks.
struct StatedClaim {
  /// What a claim asks.
  enum Subject {
    /// Whether the query of a text has an answer.
    case condition(QueryText)
    /// What a number is.
    case number(NumberQuestion)
    /// How probable an event is.
    case probability(ProbabilityClaim)
  }

  let id: String
  let statement: String
  /// Where it begins in its file.
  let line: Int
  let language: Certification.Language
  let subject: Subject
  let networks: [String: NetworkLibrary.Entry]
  let meaning: Meaning
}

/// A VNN-LIB text, which alone is proved and checked, with the question that it asks.
struct QueryText {
  let bytes: [UInt8]
  let question: Question

  var digest: Digest { Digest(of: bytes) }
}

/// A file that states claims: a specification, or one VNN-LIB query.
struct ClaimFile {
  /// The language of specifications, as a certificate names it.
  static let specificationFormat = "affidavit-1"

  let file: InputFile
  /// Its language, as a certificate names it.
  let format: String
  let claims: [StatedClaim]

  /// Reads a file with its networks.
  ///
  /// - Parameters:
  ///   - file: The file; a specification ends with `.yaml` or `.yml`.
  ///   - networks: The networks of a query; a specification names its own.
  ///   - library: Reads the networks.
  /// - Throws: ``Failure`` at the first thing that is not understood.
  init(
    _ file: InputFile, networks: [NetworkArgument], library: NetworkLibrary
  ) throws(Failure) {
    self.file = file
    switch FileKind(of: file) {
    case .specification:
      guard networks.isEmpty else {
        throw Failure("a specification names its networks, found --network too", status: .usage)
      }
      let read = try SpecificationFile(file, library: library)
      format = Self.specificationFormat
      var claims: [StatedClaim] = []
      for claim in read.specification.claims { claims.append(try read.stated(claim)) }
      self.claims = claims
    case .query:
      let question = try Question(file, networks: library.entries(of: networks)).named()
      let language: Certification.Language =
        question.query.version == .one ? .vnnlib1 : .vnnlib2
      format = language.rawValue
      claims = [
        StatedClaim(
          id: try Self.id(of: file), statement: "no input satisfies \(file.name)", line: 1,
          language: language,
          subject: .condition(QueryText(bytes: file.bytes, question: question)),
          networks: question.networks, meaning: question.problem.meaning)
      ]
    case .network, .certificate, .proof:
      throw .badInput(
        "\(file.path): found another file, expected a specification (.yaml) or a VNN-LIB query")
    }
  }

  /// The name of a query's only claim: the file's, without its ending.
  private static func id(of file: InputFile) throws(Failure) -> String {
    let id = file.name.prefix { $0 != "." }
    let isName = id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    guard isName, !id.isEmpty else {
      throw .badInput(
        "\(file.path): found the name '\(id)', expected letters, digits, '-' and '_' before the ending"
      )
    }
    return String(id)
  }
}

extension Question {
  /// The question with its networks under the names that the query declares.
  ///
  /// VNN-LIB 1 declares no name: its only network may be given under any, and is called `N`.
  fileprivate func named() -> Question {
    guard query.version == .one, let network = networks.values.first else { return self }
    return Question(query, problem: problem, networks: [query.networks[0].name: network])
  }
}
