internal import Certificates
internal import ClaimLanguage
internal import Search
internal import Specification

/// A specification with the networks that it names.
struct SpecificationFile {
  let file: InputFile
  let specification: Specification
  let library: NetworkLibrary

  init(_ file: InputFile, library: NetworkLibrary) throws(Failure) {
    self.file = file
    self.library = library
    let text = try file.text()
    do {
      specification = try Specification.read(
        text: text, path: file.path, networks: { try library.entry(at: $0).network },
        files: { try InputFile($0).text() }, tables: { try DataFile.table(at: $0) })
    } catch { throw .badInput(error.description) }
  }

  /// A claim with what it asks.
  func stated(_ claim: Specification.Claim) throws(Failure) -> StatedClaim {
    var networks: [String: NetworkLibrary.Entry] = [:]
    for named in specification.networks where claim.networks.contains(named.name) {
      networks[named.name] = try library.entry(at: named.path)
    }
    func failure(_ message: String) -> Failure {
      .badInput("\(file.path):\(claim.line): the claim '\(claim.id)': \(message)")
    }
    let subject: StatedClaim.Subject
    let meaning: Meaning
    switch claim.form {
    case .condition(let text):
      let question: Question
      do { question = try Question(text.query, networks: networks) } catch {
        throw failure(error.message)
      }
      subject = .condition(QueryText(bytes: Array(text.text.utf8), question: question))
      meaning = question.problem.meaning
    case .number(let number):
      let question: NumberQuestion
      do { question = try NumberQuestion(number, networks: networks) } catch {
        throw failure(error.message)
      }
      subject = .number(question)
      meaning = question.meaning
    case .probability(let probability):
      subject = .probability(probability)
      meaning = probability.arithmetic
    }
    return StatedClaim(
      id: claim.id, statement: claim.statement, line: claim.line, language: .vnnlib2,
      subject: subject, networks: networks, meaning: meaning)
  }
}
