internal import Certificates

extension RunReport {
  /// The findings in SARIF 2.1.0: one result for each claim that is refuted or undecided.
  ///
  /// Claims that hold are no results: code scanning would raise an alert for each.
  var sarif: JSON {
    [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        [
          "tool": [
            "driver": [
              "name": .string(tool.name), "version": .string(tool.version),
              "rules": .array(of: Finding.allCases, \.rule),
            ]
          ],
          "results": .array(claims.compactMap { $0.sarif(in: specification.path) }),
        ]
      ],
    ]
  }
}

/// The kinds of results that someone should look at.
enum Finding: String, CaseIterable {
  case refuted = "AFF001"
  case undecided = "AFF002"

  /// The kind in a few words.
  var title: String {
    switch self {
    case .refuted: "claim refuted"
    case .undecided: "claim undecided"
    }
  }

  /// The level under which SARIF and GitHub show it.
  var level: String {
    switch self {
    case .refuted: "error"
    case .undecided: "warning"
    }
  }

  fileprivate var rule: JSON {
    [
      "id": .string(rawValue), "shortDescription": ["text": .string(title)],
      "defaultConfiguration": ["level": .string(level)],
    ]
  }
}

extension ClaimReport.Verdict {
  /// What someone should look at; `nil` when the claim holds.
  var problem: Finding? {
    switch self {
    case .holds: nil
    case .refuted: .refuted
    case .undecided: .undecided
    }
  }
}

extension ClaimReport {
  fileprivate func sarif(in path: String) -> JSON? {
    guard let finding = verdict.problem else { return nil }
    // Path and name only, so that an alert survives a new network and other lines above it.
    let fingerprint = Digest(of: Array("\(path)\n\(id)".utf8))
    return [
      "ruleId": .string(finding.rawValue),
      "level": .string(finding.level),
      "message": ["text": .string(self.finding)],
      "locations": [
        [
          "physicalLocation": [
            "artifactLocation": ["uri": .string(Self.uri(of: path))],
            "region": ["startLine": .count(line)],
          ]
        ]
      ],
      "partialFingerprints": ["affidavitClaim/v1": .string(fingerprint.description)],
    ]
  }

  /// A path as a URI reference; relative paths stay relative.
  private static func uri(of path: String) -> String {
    let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let digits = Array("0123456789ABCDEF")
    let escaped = path.utf8.map { byte in
      kept.contains(byte)
        ? String(Unicode.Scalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return (path.hasPrefix("/") ? "file://" : "") + escaped.joined()
  }
}
