internal import Certificates
internal import NetworkModel
internal import ONNX

/// The networks of a session; each file is read once.
final class NetworkLibrary {
  /// A network's file, and what was understood of it.
  struct Entry {
    let path: String
    let digest: Digest
    let network: Network
  }

  private var entries: [String: Entry] = [:]

  /// The network of a file.
  func entry(at path: String) throws(Failure) -> Entry {
    if let entry = entries[path] { return entry }
    let file = try InputFile(path)
    do {
      let network = try ONNXReader.read(file.bytes)
      let entry = Entry(path: path, digest: file.digest, network: network)
      entries[path] = entry
      return entry
    } catch { throw .badInput("\(path): \(error.description)") }
  }

  /// The networks given on the command line, by name.
  func entries(of arguments: [NetworkArgument]) throws(Failure) -> [String: Entry] {
    var named: [String: Entry] = [:]
    for argument in arguments {
      let name = argument.name ?? ""
      guard named[name] == nil else {
        throw Failure("found two files for the network '\(name)'", status: .usage)
      }
      named[name] = try entry(at: argument.path)
    }
    return named
  }
}
