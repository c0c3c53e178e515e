internal import ClaimLanguage
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

  /// The question that a claim asks.
  func question(of claim: Specification.Claim) throws(Failure) -> Question {
    var networks: [String: NetworkLibrary.Entry] = [:]
    for named in specification.networks where claim.networks.contains(named.name) {
      networks[named.name] = try library.entry(at: named.path)
    }
    do { return try Question(claim.query, networks: networks) } catch {
      throw .badInput("\(file.path):\(claim.line): the claim '\(claim.id)': \(error.message)")
    }
  }
}
