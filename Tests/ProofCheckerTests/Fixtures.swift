import TestSupport
import ClaimLanguage
import ExactArithmetic
import Foundation
import NetworkModel
import ProofChecker
import ProofFormat
import Search

/// The bytes of a proof.
func proof(_ records: Record...) -> [UInt8] { proof(records) }

/// The bytes of a proof.
func proof(_ records: [Record]) -> [UInt8] {
  var writer = ProofWriter()
  for record in records { writer.append(record) }
  return writer.bytes
}

/// Why a proof is not accepted; nil where it is.
func rejection(_ records: [Record], of question: Problem) -> Rejection? {
  do throws(Rejection) {
    _ = try ProofChecker.check(proof(records), of: question)
    return nil
  } catch { return error }
}

/// The largest threshold, of those tried, for which the checker accepts that `Σ coefficients · y` is
/// never at or below it; found by bisection, minus infinity where there is none.
func provenMinimum(
  _ records: [Record], of network: Network, lower: [Double], upper: [Double],
  coefficients: [Int] = [1], meaning: Meaning = .real, within reach: Double = 1024,
  steps: Int = 46
) -> Double {
  let isAccepted = { (threshold: Double) in
    rejection(
      records,
      of: problem(
        network, lower: lower, upper: upper,
        disjuncts: [[outputRow(coefficients, atMost: threshold)]], meaning: meaning)) == nil
  }
  guard isAccepted(-reach) else { return -.infinity }
  var (accepted, rejected) = (-reach, reach)
  for _ in 0..<steps {
    let middle = (accepted + rejected) / 2
    if isAccepted(middle) { accepted = middle } else { rejected = middle }
  }
  return accepted
}

/// Whether the longer of the two test runs is wanted.
var isSoak: Bool { ProcessInfo.processInfo.environment["AFFIDAVIT_SOAK"] == "1" }

/// `2^exponent`.
func power(_ exponent: Int) -> Dyadic {
  let step = min(1000, max(-1000, exponent))
  let factor = Dyadic(exactly: Double(sign: .plus, exponent: step, significand: 1)) ?? .zero
  return step == exponent ? factor : factor * power(exponent - step)
}
