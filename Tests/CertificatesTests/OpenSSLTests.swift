import Certificates
import Foundation
import Testing

/// Whether the program `openssl` is there to compare with.
private let opensslPath: String? = {
  let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
  return folders.split(separator: ":").map { "\($0)/openssl" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}()

@Suite(.enabled(if: opensslPath != nil, "there is no openssl to compare with"))
struct OpenSSLTests {
  /// Runs openssl in a folder; its exit status.
  private func openssl(_ arguments: String, in folder: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(opensslPath))
    process.arguments = arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(arguments: KeyType.allCases)
  func verifiesOurs(type: KeyType) throws {
    try Example.withFolder { folder in
      let key = SigningKey(generating: type)
      let envelope = try Statement(Example.certification).signed(with: [key])
      let message = Envelope.preAuthenticationEncoding(
        type: envelope.payloadType, payload: envelope.payload)
      try key.write(to: "\(folder)/key")
      try AtomicFile.write(Array(key.publicKey.pem.utf8), to: "\(folder)/pub")
      try AtomicFile.write(message, to: "\(folder)/message")
      try AtomicFile.write(message + [0], to: "\(folder)/other")
      try AtomicFile.write(envelope.signatures[0].bytes, to: "\(folder)/signature")
      #expect(try openssl("pkey -in key -noout -check", in: folder) == 0)
      func verify(_ file: String) throws -> Int32 {
        switch type {
        case .p256:
          try openssl("dgst -sha256 -verify pub -signature signature \(file)", in: folder)
        case .ed25519:
          try openssl(
            "pkeyutl -verify -pubin -inkey pub -rawin -in \(file) -sigfile signature", in: folder)
        }
      }
      #expect(try verify("message") == 0)
      #expect(try verify("other") != 0)
    }
  }
}
