extension Certification {
  /// Reads a predicate; fields that are not known are ignored.
  init(reading fields: Fields) throws(CertificateError) {
    claim = try Claim(reading: try fields.object("claim"))
    claims = []
    for line in try fields.objects("claims") {
      claims.append(ListedClaim(id: try line.string("id"), answer: try line.choice("result")))
    }
    networks = []
    for network in try fields.objects("networks") {
      networks.append(
        Network(name: try network.string("name"), digest: try network.digest("sha256")))
    }
    let specification = try fields.object("specification")
    self.specification = Specification(
      name: try specification.string("name"), digest: try specification.digest("sha256"),
      format: try specification.string("format"))
    evidence = try Evidence(reading: fields)
    let tool = try fields.object("tool")
    self.tool = Tool(name: try tool.string("name"), version: try tool.string("version"))
    checker = try Checker(reading: try fields.object("checker"))
    run = try Run(reading: try fields.object("run"))
  }
}

extension Certification.Claim {
  fileprivate init(reading fields: Fields) throws(CertificateError) {
    id = try fields.string("id")
    statement = try fields.string("statement")
    language = try fields.choice("language")
    digest = try fields.digest("sha256")
    semantics = try fields.choice("semantics")
    answer = try fields.choice("result")
  }
}

extension Certification.Evidence {
  fileprivate init(reading fields: Fields) throws(CertificateError) {
    guard !fields.has("interval") else {
      self = .interval(
        try Certification.Interval(reading: try fields.object("interval")),
        try Certification.Proof(reading: try fields.object("proof")),
        witness: fields.has("witness") ? try Self.witness(in: fields) : nil)
      return
    }
    guard !fields.has("probability") else {
      self = .probability(
        try Certification.Interval(reading: try fields.object("probability")),
        try Certification.Proof(reading: try fields.object("proof")))
      return
    }
    switch (fields.has("proof"), fields.has("witness")) {
    case (true, false): self = .proof(try Certification.Proof(reading: try fields.object("proof")))
    case (false, true): self = .witness(try Self.witness(in: fields))
    case (false, false): self = .none
    case (true, true):
      throw fields.mistaken("witness", "a witness beside a proof", "one of the two")
    }
  }

  private static func witness(
    in fields: Fields
  ) throws(CertificateError) -> [Certification.Variable] {
    var variables: [Certification.Variable] = []
    for variable in try fields.objects("witness") {
      variables.append(try Certification.Variable(reading: variable))
    }
    return variables
  }
}

extension Certification.Proof {
  fileprivate init(reading fields: Fields) throws(CertificateError) {
    try fields.demand("format", Self.format)
    name = try fields.string("name")
    digest = try fields.digest("sha256")
    size = try fields.natural("size")
  }
}

extension Certification.Variable {
  fileprivate init(reading fields: Fields) throws(CertificateError) {
    name = try fields.string("variable")
    type = try fields.string("type")
    shape = try fields.naturals("shape")
    values = try fields.strings("values")
  }
}

extension Certification.Checker {
  fileprivate init(reading fields: Fields) throws(CertificateError) {
    name = try fields.string("name")
    version = try fields.string("version")
    arithmetic = try fields.string("arithmetic")
    verdict = try fields.choice("verdict")
    steps = try fields.natural("steps")
  }
}

extension Certification.Run {
  fileprivate init(reading fields: Fields) throws(CertificateError) {
    startedOn = try fields.string("startedOn")
    finishedOn = try fields.string("finishedOn")
    seed = try fields.natural("seed")
    threads = try fields.natural("threads")
    arguments = try fields.strings("arguments")
  }
}
