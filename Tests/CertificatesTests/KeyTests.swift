import Certificates
import Testing

@Suite struct KeyTests {
  @Test(arguments: KeyType.allCases)
  func readsWhatOpenSSLWrites(type: KeyType) throws {
    let name = type.rawValue
    let trusted = try TrustedKey(pem: Example.data("\(name).pub"))
    let signing = try SigningKey(pem: Example.data("\(name).key"))
    #expect(trusted.type == type)
    #expect(trusted.pem == String(decoding: try Example.data("\(name).pub"), as: UTF8.self))
    #expect(signing.pem == String(decoding: try Example.data("\(name).key"), as: UTF8.self))
    #expect(signing.publicKey.pem == trusted.pem)
    #expect(trusted.keyid == (try Example.line("\(name).keyid")))
    #expect(trusted.fingerprint.description == (try Example.line("\(name).fingerprint")))
  }

  @Test func readsSEC1() throws {
    let key = try SigningKey(pem: Example.data("p256-sec1.key"))
    #expect(key.pem == (try SigningKey(pem: Example.data("p256.key"))).pem)
  }

  @Test(arguments: ["x25519.key", "secp256k1.key", "secp256k1-sec1.key", "rsa.key"])
  func refusesOtherPrivateKeys(file: String) {
    #expect(
      throws: CertificateError.key(problem: "private key is neither ECDSA P-256 nor Ed25519")
    ) { try SigningKey(pem: Example.data(file)) }
  }

  @Test(arguments: ["x25519.pub", "secp256k1.pub", "rsa.pub"])
  func refusesOtherPublicKeys(file: String) {
    #expect(
      throws: CertificateError.key(problem: "public key is neither ECDSA P-256 nor Ed25519")
    ) { try TrustedKey(pem: Example.data(file)) }
  }

  @Test func refusesWhatIsNoKey() throws {
    let publicKey = try Example.data("p256.pub")
    let privateKey = try Example.data("p256.key")
    for bytes in [[], [0xFF], Array("-----BEGIN PUBLIC KEY-----".utf8), publicKey + publicKey] {
      #expect(throws: CertificateError.self) { try TrustedKey(pem: bytes) }
    }
    #expect(throws: CertificateError.self) { try TrustedKey(pem: privateKey) }
    #expect(throws: CertificateError.self) { try SigningKey(pem: publicKey) }
    #expect(throws: CertificateError.self) { try SigningKey(pem: Array(privateKey.dropLast(60))) }
  }

  @Test(arguments: KeyType.allCases)
  func signs(type: KeyType) throws {
    let key = SigningKey(generating: type)
    let copy = try SigningKey(pem: Array(key.pem.utf8))
    let trusted = try TrustedKey(pem: Array(copy.publicKey.pem.utf8))
    let signature = try key.signature(for: [1, 2, 3])
    #expect(trusted.isValid(signature, for: [1, 2, 3]))
    #expect(!trusted.isValid(signature, for: [1, 2, 4]))
    #expect(!trusted.isValid(signature + [0], for: [1, 2, 3]))
    #expect(!trusted.isValid([], for: [1, 2, 3]))
    #expect(!SigningKey(generating: type).publicKey.isValid(signature, for: [1, 2, 3]))
  }

  @Test func digestsAreStrict() throws {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(Digest(of: []).description == empty)
    #expect(Digest(hexadecimal: empty) == Digest(of: []))
    #expect(Digest(hexadecimal: empty.uppercased()) == nil)
    #expect(Digest(hexadecimal: String(empty.dropLast())) == nil)
    #expect(Digest(hexadecimal: empty + "00") == nil)
    #expect(Digest(hexadecimal: String(empty.dropLast()) + "g") == nil)
  }
}
