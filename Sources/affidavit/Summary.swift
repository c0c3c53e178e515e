internal import Certificates
internal import ClaimLanguage
internal import NetworkModel
internal import Inspection
internal import ONNX
internal import ProofFormat
internal import Specification

/// What `inspect` says of a file: lines for people, members of an object for programs.
struct Summary {
  var lines: [String]
  var members: [JSON.Member]

  static func + (first: Summary, second: Summary) -> Summary {
    Summary(lines: first.lines + second.lines, members: first.members + second.members)
  }
}

extension Summary {
  init(_ model: Model) {
    let network = model.network
    let rectifiers = network.rectifiers.map { network[$0].size }
    let units = rectifiers.reduce(0, +)
    lines = ["ONNX network: IR \(model.irVersion), opset \(model.opset), by '\(model.producer)'"]
    lines += network.inputs.map { "input   \($0.summary)" }
    lines += network.outputs.map { "output  \($0.summary)" }
    lines.append("operators:")
    lines += model.operators.map { operation in
      let outputs = operation.outputs.map(\.summary).joined(separator: ", ")
      return "  \(operation.type) '\(operation.name)' -> \(outputs)"
    }
    lines.append(
      "\(model.parameterCount) parameters, \(units) units in \(rectifiers.count) rectifiers")
    members = [
      .init("kind", "network"), .init("irVersion", .count(model.irVersion)),
      .init("opset", .count(model.opset)), .init("producer", .string(model.producer)),
      .init("inputs", .array(of: network.inputs, \.json)),
      .init("outputs", .array(of: network.outputs, \.json)),
      .init("operators", .array(of: model.operators, \.json)),
      .init("parameters", .count(model.parameterCount)),
      .init("rectifiers", .array(of: rectifiers, JSON.count)), .init("units", .count(units)),
    ]
  }

  init(_ query: Query) {
    let version =
      switch query.version {
      case .one: "1.0"
      case .two(let minor): "2.\(minor)"
      }
    let variables = query.networks.map { network in
      (network, network.variables.map { ($0, "\($0.type) \($0.shape)") })
    }
    lines = ["VNN-LIB \(version) query with \(query.assertionCount) assertions"]
    for (network, declared) in variables {
      lines.append("network \(network.name)\(network.relation.map { ", \($0.words)" } ?? "")")
      lines += declared.map { "  \($0.role.word) \($0.name) \($1)" }
    }
    members = [
      .init("kind", "query"), .init("version", .string(version)),
      .init("assertions", .count(query.assertionCount)),
      .init(
        "networks",
        .array(of: query.networks) { network in
          [
            "name": .string(network.name),
            "relation": network.relation.map { .string($0.words) } ?? .null,
            "variables": .array(of: network.variables) {
              [
                "role": .string($0.role.word), "name": .string($0.name), "type": .string($0.type),
                "shape": .array(of: $0.shape, JSON.count),
              ]
            },
          ]
        }),
    ]
  }

  init(_ specification: Specification) {
    lines = ["specification with \(specification.claims.count) claims"]
    lines += specification.networks.map { "network \($0.name): \($0.path)" }
    lines += specification.claims.map { "claim \($0.id): \($0.statement)" }
    members = [
      .init("kind", "specification"),
      .init(
        "networks",
        .array(of: specification.networks) {
          ["name": .string($0.name), "file": .string($0.path)]
        }),
      .init(
        "claims",
        .array(of: specification.claims) {
          [
            "id": .string($0.id), "line": .count($0.line), "statement": .string($0.statement),
            "networks": .array(of: $0.networks, JSON.string), "query": $0.form.query,
          ]
        }),
    ]
  }

  init(proof bytes: [UInt8]) throws(ProofFormatError) {
    var counts: [String: Int] = [:]
    var reader = try ProofReader(bytes)
    while !reader.isAtEnd { counts[try reader.next().kind, default: 0] += 1 }
    let total = counts.values.reduce(0, +)
    let sorted = counts.sorted { $0.key < $1.key }
    lines = ["proof of \(bytes.count) bytes with \(total) records"]
    lines += sorted.map { "  \($0.key): \($0.value)" }
    members = [
      .init("kind", "proof"), .init("bytes", .count(bytes.count)), .init("records", .count(total)),
      .init("recordsByKind", .object(sorted.map { .init($0.key, .count($0.value)) })),
    ]
  }
}

extension Specification.Claim.Form {
  /// The text of a condition, or of an event about values; null for a number, which has one for each
  /// threshold.
  fileprivate var query: JSON {
    switch self {
    case .condition(let text): .string(text.text)
    case .number: .null
    case .probability(let claim): claim.text.map { .string($0.text) } ?? .null
    }
  }
}

extension JSON {
  /// A whole number.
  static func count(_ value: Int) -> JSON { .number(String(value)) }
}

extension Port {
  fileprivate var summary: String { "\(name) \(elementType.rawValue) \(shape)" }

  fileprivate var json: JSON {
    [
      "name": .string(name), "type": .string(elementType.rawValue),
      "shape": .array(of: shape, JSON.count),
    ]
  }
}

extension Model.Output {
  fileprivate var summary: String {
    guard let node else { return "\(shape)" }
    return "\(shape), node \(node.position)"
  }
}

extension Model.Operator {
  fileprivate var json: JSON {
    [
      "name": .string(name), "type": .string(type),
      "outputs": .array(of: outputs) {
        [
          "name": .string($0.name), "shape": .array(of: $0.shape, JSON.count),
          "node": $0.node.map { .count($0.position) } ?? .null,
        ]
      },
    ]
  }
}

extension NetworkDeclaration.Relation {
  fileprivate var words: String {
    switch kind {
    case .equal: "equal to \(name)"
    case .isomorphic: "isomorphic to \(name)"
    case .derivative: "derivative of \(name)"
    }
  }
}

extension VariableDeclaration.Role {
  fileprivate var word: String {
    switch self {
    case .input: "input"
    case .hidden: "hidden"
    case .output: "output"
    }
  }
}

extension Record {
  /// The kind of record, in the words of the format.
  fileprivate var kind: String {
    switch self {
    case .splitInput: "split of an input"
    case .splitUnit: "split of a unit"
    case .splitBound: "split at a bound"
    case .separate: "separated disjunct"
    case .part: "part"
    case .tighten: "tightened rectifier"
    case .tightenAll: "tightened network"
    case .refresh: "refreshed rectifier"
    case .contract: "contracted inputs"
    case .lemma: "lemma"
    case .close(_, .standard): "closed disjunct, standard"
    case .close: "closed disjunct"
    case .closeEmpty: "closed node, contradiction"
    case .closeCrossed: "closed node, crossed bounds"
    case .hold(_, []): "certain cell, standard"
    case .hold: "certain cell"
    case .leave: "undecided cell"
    case .charge: "cell charged in parts"
    case .confine: "confined unit"
    case .outweigh: "disjunct outweighed"
    case .inscribe: "inscribed points"
    }
  }
}
