public import ArgumentParser
public import Search

/// `0.01`, or `10%` of the larger end's magnitude.
extension Closeness: ExpressibleByArgument {
  /// Reads an argument.
  public init?(argument: String) {
    let isRelative = argument.hasSuffix("%")
    guard let number = Double(isRelative ? String(argument.dropLast()) : argument), number > 0,
      number <= (isRelative ? 100 : 1)
    else { return nil }
    self = isRelative ? Closeness(relative: number / 100) : Closeness(absolute: number)
  }
}
