internal import ClaimLanguage
internal import Dispatch
internal import Glibc
internal import NetworkModel
internal import ONNX
internal import ProofChecker

// Replays a proof. Everything that decides is in the targets imported above; this file reads the
// files, once each, and says what came of it.

let arguments: Arguments
switch Arguments.parse(Array(CommandLine.arguments.dropFirst())) {
case .run(let parsed): arguments = parsed
case .help:
  print(Arguments.help)
  exit(0)
case .wrong(let reason): quit("\(reason); affidavit-check --help says more", status: 2)
}

/// The bytes of a file; ends the program where there are none.
func contents(of path: String) -> [UInt8] {
  let bytes: [UInt8]
  do { bytes = try FileBytes.read(path) } catch { quit("\(path): \(error.reason)", status: 2) }
  guard !bytes.starts(with: [0x1f, 0x8b]) else {
    quit("\(path): found a file compressed with gzip, expected it decompressed", status: 2)
  }
  return bytes
}

/// Ends the program with one line on standard error.
func quit(_ message: String, status: Int32) -> Never {
  FileBytes.writeToStandardError("affidavit-check: \(message)\n")
  exit(status)
}

var networks: [String: Network] = [:]
for argument in arguments.networks {
  let bytes = contents(of: argument.path)
  do {
    networks[argument.name] = try ONNXReader.read(bytes)
  } catch { quit("\(argument.path): \(error.description)", status: 2) }
}

let claim = contents(of: arguments.claim)
if ProbabilityQuery.isOne(claim) {
  let problem: ProbabilityProblem
  do {
    let query = try ProbabilityQuery(parsing: claim)
    problem = try ProbabilityProblem(query: query, networks: networks)
    if arguments.show {
      print(ProbabilityText(problem: problem, query: query, networks: networks).text)
    }
  } catch { quit("\(arguments.claim):\(error.description)", status: 2) }
  do {
    print(try ProofChecker.check(contents(of: arguments.proof), of: problem).text)
    exit(0)
  } catch {
    print("rejected: \(error.description)")
    exit(1)
  }
}

let problem: Problem
do {
  let query = try Query(parsing: claim)
  problem = try Problem(query: query, networks: networks)
  if arguments.show { print(ProblemText(problem, of: query, networks: networks).text) }
} catch { quit("\(arguments.claim):\(error.description)", status: 2) }

let proof = contents(of: arguments.proof)
do {
  let verified = try ProofChecker.check(
    proof, of: problem,
    performer: { DispatchQueue.concurrentPerform(iterations: $0, execute: $1) })
  print(
    "accepted: the claim holds in the meaning '\(problem.meaning.rawValue)': "
      + "\(counted(verified.cases, "case")) shown empty by \(counted(verified.nodes, "node")) "
      + "and \(counted(verified.records, "record"))")
} catch {
  print("rejected: \(error.description)")
  exit(1)
}
