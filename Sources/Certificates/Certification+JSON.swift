extension Certification {
  /// The predicate in JSON.
  ///
  /// Exact numbers are strings, since many readers turn numbers into doubles.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("claim", claim.json),
      .init(
        "claims",
        .array(of: claims) { ["id": .string($0.id), "result": .string($0.answer.rawValue)] }),
      .init(
        "networks", .array(of: networks) { ["name": .string($0.name), "sha256": $0.digest.json] }),
      .init("specification", specification.json),
    ]
    switch evidence {
    case .proof(let proof): members.append(.init("proof", proof.json))
    case .witness(let variables):
      members.append(.init("witness", .array(of: variables, \.json)))
    case .interval(let interval, let proof, let variables):
      members += [.init("interval", interval.json), .init("proof", proof.json)]
      if let variables { members.append(.init("witness", .array(of: variables, \.json))) }
    case .probability(let interval, let proof):
      members += [.init("probability", interval.json), .init("proof", proof.json)]
    case .none: break
    }
    members += [
      .init("tool", ["name": .string(tool.name), "version": .string(tool.version)]),
      .init("checker", checker.json),
      .init("run", run.json),
    ]
    return .object(members)
  }
}

extension Digest {
  fileprivate var json: JSON { .string(description) }
}

extension Certification.Claim {
  fileprivate var json: JSON {
    [
      "id": .string(id), "statement": .string(statement), "language": .string(language.rawValue),
      "sha256": digest.json, "semantics": .string(semantics.rawValue),
      "result": .string(answer.rawValue),
    ]
  }
}

extension Certification.Specification {
  fileprivate var json: JSON {
    ["name": .string(name), "sha256": digest.json, "format": .string(format)]
  }
}

extension Certification.Proof {
  /// The proof file in JSON, as a certificate has it.
  public var json: JSON {
    [
      "name": .string(name), "sha256": digest.json, "size": "\(size)",
      "format": .string(Self.format),
    ]
  }
}

extension Certification.Variable {
  /// The variable in JSON, as a certificate has it.
  public var json: JSON {
    [
      "variable": .string(name), "type": .string(type), "shape": .array(of: shape) { "\($0)" },
      "values": .array(of: values, JSON.string),
    ]
  }
}

extension Certification.Checker {
  fileprivate var json: JSON {
    [
      "name": .string(name), "version": .string(version), "arithmetic": .string(arithmetic),
      "verdict": .string(verdict.rawValue), "steps": "\(steps)",
    ]
  }
}

extension Certification.Run {
  fileprivate var json: JSON {
    [
      "startedOn": .string(startedOn), "finishedOn": .string(finishedOn), "seed": "\(seed)",
      "threads": "\(threads)", "arguments": .array(of: arguments, JSON.string),
    ]
  }
}
