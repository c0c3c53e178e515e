internal import ArgumentParser

/// `NAME=FILE`, or `FILE` where a query of VNN-LIB 1 needs no name.
struct NetworkArgument: ExpressibleByArgument {
  let name: String?
  let path: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].first?.isLetter ?? false,
      parts[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
    else {
      name = nil
      path = argument
      return
    }
    name = String(parts[0])
    path = String(parts[1])
  }
}
