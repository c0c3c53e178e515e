public import ProofFormat

/// Why a proof is not accepted.
public enum Rejection: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are not a proof.
  case malformed(ProofFormatError)
  /// The problem lies beyond what the arithmetic holds.
  case unsupported(String)
  /// A record names something that is not there, or says something it may not.
  case invalid(record: Int, reason: String)
  /// A record's contradiction does not hold: its bound is not positive.
  case notProved(record: Int, reason: String)
  /// Bytes are left after the last case.
  case trailingBytes(offset: Int)
  /// The bounds that are shown of a probability exceed those of the claim.
  case exceeded(lower: String, upper: String)
  /// The caller ended the check.
  case cancelled
  /// A witness does not do what it claims.
  case refutedWitness(String)

  /// One sentence.
  public var description: String {
    switch self {
    case .malformed(let error): "the proof is malformed at \(error)"
    case .unsupported(let reason): "the problem cannot be checked: \(reason)"
    case .invalid(let record, let reason): "record \(record) of the proof is invalid: \(reason)"
    case .notProved(let record, let reason): "record \(record) proves nothing: \(reason)"
    case .trailingBytes(let offset): "the proof has bytes after its end, from byte \(offset)"
    case .exceeded(let lower, let upper):
      "the proof shows a probability from \(lower) to \(upper), which is not what is claimed"
    case .cancelled: "the check was ended before the proof's end"
    case .refutedWitness(let reason): "the witness is none: \(reason)"
    }
  }
}
