internal import Certificates

/// The forms in which a run's results can be written.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// A table for a terminal.
  case text
  /// One JSON object.
  case json
  /// SARIF 2.1.0, for code scanning.
  case sarif
  /// JUnit's XML, for test reports.
  case junit
  /// Annotations of a GitHub workflow.
  case github
  /// One self-contained page.
  case html

  /// Writes a run's results.
  ///
  /// - Parameter run: The results.
  /// - Returns: The whole text, ended by a line feed.
  public func text(of run: RunReport) -> String {
    switch self {
    case .text: run.table
    case .json: run.json.text + "\n"
    case .sarif: run.sarif.text + "\n"
    case .junit: run.junit
    case .github: run.annotations
    case .html: run.page
    }
  }
}
