/// What the program was asked.
struct Arguments {
  /// What came of reading the arguments.
  enum Outcome {
    case run(Arguments)
    case help
    case wrong(String)
  }

  /// A network's file, with the name that the claim has for it.
  struct NetworkFile {
    let name: String
    let path: String
  }

  static let help = """
    Usage: affidavit-check --network NAME=FILE ... --claim FILE --proof FILE [--show]

    Replays a proof in exact arithmetic. Reads the networks (ONNX), the claim (VNN-LIB) and the
    proof, derives from the first two what is to be shown, and checks every record of the proof.

      --network NAME=FILE  the file of a network that the claim declares; FILE alone for VNN-LIB 1
      --claim FILE         the claim: no point satisfies this query
      --proof FILE         the proof
      --show               print first what was understood: networks, input sets, conditions

    Exit status: 0 accepted, 1 rejected, 2 could not run.
    """

  let networks: [NetworkFile]
  let claim: String
  let proof: String
  let show: Bool

  /// Reads the arguments, the program's name left out.
  static func parse(_ arguments: [String]) -> Outcome {
    var networks: [NetworkFile] = []
    var files: [String: String] = [:]
    var show = false
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--help", "-h": return .help
      case "--show": show = true
      case "--network", "--claim", "--proof":
        guard let value = rest.popFirst() else { return .wrong("found no value after \(option)") }
        if option == "--network" {
          networks.append(networkFile(value))
        } else if files.updateValue(value, forKey: option) != nil {
          return .wrong("found \(option) twice")
        }
      default: return .wrong("found '\(option)', expected an option")
      }
    }
    guard !networks.isEmpty else { return .wrong("found no --network") }
    guard Set(networks.map(\.name)).count == networks.count else {
      return .wrong("found two files for one network")
    }
    guard let claim = files["--claim"] else { return .wrong("found no --claim") }
    guard let proof = files["--proof"] else { return .wrong("found no --proof") }
    return .run(Arguments(networks: networks, claim: claim, proof: proof, show: show))
  }

  /// Takes `NAME=FILE` apart; what stands before the sign must be a name of VNN-LIB.
  private static func networkFile(_ value: String) -> NetworkFile {
    let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].first?.isLetter ?? false,
      parts[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    else { return NetworkFile(name: "", path: value) }
    return NetworkFile(name: String(parts[0]), path: String(parts[1]))
  }
}
