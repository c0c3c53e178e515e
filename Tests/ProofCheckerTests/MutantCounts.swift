/// What became of mutants, by kind of record and change.
struct MutantCounts {
  private(set) var accepted: [String: Int] = [:]
  private(set) var rejected: [String: Int] = [:]

  mutating func add(_ name: String, isAccepted: Bool) {
    if isAccepted { accepted[name, default: 0] += 1 } else { rejected[name, default: 0] += 1 }
  }

  /// Whether there are some of both.
  var areMixed: Bool { !accepted.isEmpty && !rejected.isEmpty }

  /// A line for each kind and change, and one for all.
  func printed(_ title: String) -> String {
    let names = Set(accepted.keys).union(rejected.keys).sorted()
    let lines = names.map { line($0, accepted[$0] ?? 0, rejected[$0] ?? 0) }
    let all = line(
      "all mutants", accepted.values.reduce(0, +), rejected.values.reduce(0, +))
    return (lines + [all]).map { "\(title), \($0)" }.joined(separator: "\n")
  }

  private func line(_ name: String, _ accepted: Int, _ rejected: Int) -> String {
    "\(name): \(accepted) of \(accepted + rejected) accepted"
  }
}
