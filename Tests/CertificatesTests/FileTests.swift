import Certificates
import Foundation
import Testing

@Suite struct FileTests {
  private func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func writesAndReplaces() throws {
    try Example.withFolder { folder in
      let path = "\(folder)/file"
      let large = [UInt8](repeating: 7, count: 3 << 20)
      try AtomicFile.write([1, 2], to: path)
      #expect(try WholeFile.read(path) == [1, 2])
      try AtomicFile.write(large, to: path)
      #expect(try WholeFile.read(path) == large)
      #expect(try Digest(ofFile: path) == Digest(of: large))
      try AtomicFile.write([], to: path)
      #expect(try WholeFile.read(path) == [])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test func saysWhatIsWrong() throws {
    try Example.withFolder { folder in
      #expect(
        throws: CertificateError.file(path: "\(folder)/no", problem: "No such file or directory")
      ) { try WholeFile.read("\(folder)/no") }
      #expect(throws: CertificateError.file(path: folder, problem: "Is a directory")) {
        try WholeFile.read(folder)
      }
      #expect(throws: CertificateError.self) { try AtomicFile.write([1], to: "\(folder)/no/file") }
      #expect(throws: CertificateError.self) { try AtomicFile.write([1], to: folder) }
      let beside = (folder as NSString).deletingLastPathComponent
      let left = try FileManager.default.contentsOfDirectory(atPath: beside)
      #expect(!left.contains { $0.hasPrefix((folder as NSString).lastPathComponent + ".") })
    }
  }

  @Test func keepsPrivateKeysPrivate() throws {
    try Example.withFolder { folder in
      let path = "\(folder)/key"
      let key = SigningKey(generating: .p256)
      try key.write(to: path)
      #expect(try mode(of: path) == 0o600)
      #expect(try SigningKey(file: path).pem == key.pem)
      for shared in [0o640, 0o604, 0o620, 0o644] {
        try FileManager.default.setAttributes([.posixPermissions: shared], ofItemAtPath: path)
        #expect(
          throws: CertificateError.file(
            path: path, problem: "private key with mode \(String(shared, radix: 8)), expected 600")
        ) { try SigningKey(file: path) }
      }
    }
  }

  @Test func namesTheFileOfABadKey() throws {
    try Example.withFolder { folder in
      let path = "\(folder)/key.pub"
      try AtomicFile.write(Example.data("x25519.pub"), to: path)
      #expect(
        throws: CertificateError.file(
          path: path, problem: "public key is neither ECDSA P-256 nor Ed25519")
      ) { try TrustedKey(file: path) }
    }
  }
}
