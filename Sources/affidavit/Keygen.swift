internal import ArgumentParser
internal import Certificates
internal import Foundation

/// Makes a pair of keys.
struct Keygen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a key that signs certificates, and its public half.",
    discussion: """
      Writes NAME.key (readable by you alone) and NAME.pub, both in PEM as openssl reads them. \
      Keep the first one secret; give the second one to those who check your certificates.
      """)

  @Option(help: ArgumentHelp("The files' path without .key and .pub.", valueName: "name"))
  var output: String

  @Option(help: "The kind of key: ECDSA over P-256, or Ed25519.")
  var type = KeyType.p256

  func run() throws {
    let (secret, shared) = ("\(output).key", "\(output).pub")
    for path in [secret, shared] where FileManager.default.fileExists(atPath: path) {
      throw Failure.badInput("\(path): there already is such a file; no key is overwritten")
    }
    do throws(CertificateError) {
      let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
      try OutputFolder.make(folder)
      let key = SigningKey(generating: type)
      try key.write(to: secret)
      try AtomicFile.write(Array(key.publicKey.pem.utf8), to: shared)
      print("wrote \(secret) and \(shared)")
      print("fingerprint sha256:\(key.publicKey.fingerprint)")
    } catch { throw Failure.badInput(error.description) }
  }
}
