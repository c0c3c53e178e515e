internal import Certificates

extension RunReport {
  /// One object with everything that is known.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("tool", ["name": .string(tool.name), "version": .string(tool.version)]),
      .init("specification", specification.json("sha256")),
      .init("networks", .array(of: networks) { $0.json("sha256") }),
      .init("claims", .array(of: claims, \.json)),
      .init(
        "summary",
        [
          "claims": .count(claims.count), "holds": .count(counts.holds),
          "refuted": .count(counts.refuted), "undecided": .count(counts.undecided),
        ]),
    ]
    if let publicKey { members.append(.init("publicKey", publicKey.json("fingerprint"))) }
    return .object(members)
  }
}

extension JSON {
  /// A number of things.
  static func count(_ count: Int) -> JSON { .number(String(count)) }
}

extension RunReport.Input {
  fileprivate func json(_ digestName: String) -> JSON {
    ["path": .string(path), digestName: .string(digest.description)]
  }
}

extension ClaimReport {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init("id", .string(id)), .init("statement", .string(statement)),
      .init("line", .count(line)), .init("semantics", .string(semantics.rawValue)),
      .init("result", .string(verdict.word)), .init("assurance", .string(assurance.rawValue)),
    ]
    switch verdict {
    case .holds: break
    case .refuted(let witness): members.append(.init("witness", .array(of: witness, \.json)))
    case .undecided(let reason): members.append(.init("reason", .string(reason)))
    }
    if let interval { members.append(.init("interval", interval.json)) }
    members += [.init("seconds", .number(duration.seconds)), .init("nodes", .count(nodes))]
    if let proof { members.append(.init("proof", proof.json)) }
    if let certificate { members.append(.init("certificate", .string(certificate))) }
    return .object(members)
  }
}
