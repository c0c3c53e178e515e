internal import ArgumentParser
internal import Certificates
internal import Probability

/// Fits a distribution to data.
struct DistributionFit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a normal law or a mixture of them to points.",
    discussion: """
      DATA is CSV (numbers between commas, one point a line), NPY, or one array of an NPZ file, \
      FILE.npz:ARRAY. --labels and --label take the points with one label. The result is a text \
      that says the law exactly; its numbers are the shortest decimals of the fitted ones.

      A single normal law has the mean and the sample covariance of the points, in one pass. A \
      mixture is fitted by expectation and maximisation from several starts; the best one counts.
      """)

  @Argument(help: "The points.")
  var data: String

  @Flag(help: "Fit one normal law.")
  var gaussian = false

  @Option(help: ArgumentHelp("Fit a mixture of normal laws.", valueName: "parts"))
  var mixture: Int?

  @Option(
    help: ArgumentHelp(
      "full, diagonal, or for one law rank:R, the leading directions and variances of their own."))
  var covariance = "full"

  @Option(help: "A file with one whole number for each point.")
  var labels: String?

  @Option(help: "The label of the points to take.")
  var label: Int?

  @Option(help: "How often the search for a mixture is started.")
  var restarts = 5

  @Option(help: "What is added to each variance of a mixture.")
  var floor = 1e-6

  @Option(help: "What the starts are drawn with.")
  var seed: UInt64 = 0

  @Option(name: .shortAndLong, help: "The file to write; without it the law is printed.")
  var output: String?

  func run() throws {
    guard gaussian != (mixture != nil) else {
      throw ValidationError("expected either --gaussian or --mixture")
    }
    let table = try DataFile.table(at: data)
    let points = try chosen(from: table)
    let (law, comments) = try fit(points, table.columns)
    let text = comments.map { "# \($0)\n" }.joined() + law.text
    guard let output else {
      print(text, terminator: "")
      return
    }
    do { try AtomicFile.write(Array(text.utf8), to: output) } catch {
      throw Failure.badInput(error.description)
    }
  }

  private func fit(
    _ points: [Double], _ dimension: Int
  ) throws -> (law: Distribution, comments: [String]) {
    let count = points.count / dimension
    let source = "\(counted(count, "point")) of \(data)\(label.map { ", label \($0)" } ?? "")"
    do throws(DataError) {
      guard let mixture else {
        let law = try Distribution.fitted(
          to: points, dimension: dimension, spread: try fittedSpread)
        return (law, ["Mean and sample covariance of \(source)."])
      }
      let options = MixtureFit.Options(
        shape: try mixtureShape, restarts: restarts, floor: floor, seed: seed)
      let fit = try MixtureFit(points, dimension: dimension, parts: mixture, options: options)
      let law = try Distribution(fit, shape: options.shape)
      let likelihood = "mean log-likelihood \(fit.logLikelihood.significant(10))"
      let end = fit.hasConverged ? "" : ", not converged"
      return (law, ["Fitted to \(source), \(likelihood)\(end)."])
    } catch { throw Failure.badInput("\(data): \(error.description)") }
  }

  private var fittedSpread: Distribution.FittedSpread {
    get throws(DataError) {
      switch covariance {
      case "full": return .full
      case "diagonal": return .diagonal
      default:
        guard covariance.hasPrefix("rank:"), let rank = Int(covariance.dropFirst(5)) else {
          throw DataError("found --covariance \(covariance), expected full, diagonal or rank:R")
        }
        return .rank(rank)
      }
    }
  }

  private var mixtureShape: MixtureFit.Shape {
    get throws(DataError) {
      guard let shape = MixtureFit.Shape(rawValue: covariance) else {
        throw DataError(
          "found --covariance \(covariance), expected full or diagonal for a mixture")
      }
      return shape
    }
  }

  /// The points, or those with one label.
  private func chosen(from table: DataTable) throws -> [Double] {
    let points = table.matrix.numbers.doubles
    guard let labels else {
      guard label == nil else { throw ValidationError("expected --labels with --label") }
      return points
    }
    guard let label else { throw ValidationError("expected --label with --labels") }
    let marks = try DataFile.table(at: labels).matrix.numbers.doubles
    guard marks.count == table.rows else {
      throw Failure.badInput(
        "\(labels): found \(marks.count) labels, expected \(table.rows), one for each point")
    }
    let columns = table.columns
    return (0..<table.rows).filter { marks[$0] == Double(label) }
      .flatMap { points[$0 * columns..<($0 + 1) * columns] }
  }
}
