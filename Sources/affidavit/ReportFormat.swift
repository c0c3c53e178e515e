internal import ArgumentParser
internal import Certificates

enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, sarif, junit, github

  func report(_ outcomes: [Outcome], of file: ClaimFile) -> String { "" }
  func report(_ findings: [Finding]) -> String { "" }
}
