internal import ArgumentParser
internal import Certificates
internal import ClaimLanguage
internal import Inspection
internal import ONNX
internal import ProofFormat
internal import Specification

/// Shows what was understood of a file.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what was understood of a network, query, specification, certificate or proof.",
    discussion: """
      The kind of a file is seen from its contents (of a specification, from its ending .yaml). \
      A network is also evaluated where --input names a file of points: decimal numbers between \
      blanks, one point a line, all entries of all inputs in order.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "An ONNX, VNN-LIB, YAML, certificate or proof file.")
  var file: String

  @Option(help: "A file of points to evaluate a network at.")
  var input: String?

  @Option(help: "How to print the answer.")
  var format = Format.text

  func run() throws {
    let file = try InputFile(file)
    let summary = try summary(of: file)
    switch format {
    case .text: for line in summary.lines { print(line) }
    case .json:
      let head: [JSON.Member] = [
        .init("file", .string(file.path)), .init("sha256", .string(file.digest.description)),
      ]
      print(JSON.object(head + summary.members).text)
    }
  }

  private func summary(of file: InputFile) throws(Failure) -> Summary {
    let kind = FileKind(of: file)
    guard input == nil || kind == .network else {
      throw Failure.badInput("\(file.path): --input evaluates networks, and this is none")
    }
    switch kind {
    case .network:
      let model: Model
      do { model = try Model(file.bytes) } catch {
        throw Failure.badInput("\(file.path): \(error.description)")
      }
      guard let input else { return Summary(model) }
      return Summary(model) + Summary(try Evaluations(of: model.network, at: InputFile(input)))
    case .query:
      do {
        return ProbabilityQuery.isOne(file.bytes)
          ? Summary(try ProbabilityQuery(parsing: file.bytes))
          : Summary(try Query(parsing: file.bytes))
      } catch {
        throw Failure.badInput("\(file.path):\(error.description)")
      }
    case .specification:
      return Summary(try SpecificationFile(file, library: NetworkLibrary()).specification)
    case .certificate: return try Summary(certificate: file)
    case .proof:
      do { return try Summary(proof: file.bytes) } catch {
        throw Failure.badInput("\(file.path): malformed proof at \(error.description)")
      }
    }
  }
}

/// What a file holds, as far as its first bytes and its name tell.
enum FileKind {
  case network, query, specification, certificate, proof

  init(of file: InputFile) {
    let first = file.bytes.first { !" \t\r\n".utf8.contains($0) }
    self =
      if file.bytes.starts(with: "affidavit-proof/".utf8) {
        .proof
      } else if file.path.hasSuffix(".yaml") || file.path.hasSuffix(".yml") {
        .specification
      } else if first == UInt8(ascii: "{") {
        .certificate
      } else if first == UInt8(ascii: "(") || first == UInt8(ascii: ";") {
        .query
      } else {
        .network
      }
  }
}
