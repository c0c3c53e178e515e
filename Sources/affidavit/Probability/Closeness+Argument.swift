internal import ArgumentParser
internal import Search

extension Closeness {
  /// Reads an argument: `0.01`, or `10%` of the larger end's magnitude.
  ///
  /// - Parameter argument: The text.
  /// - Throws: `ValidationError` with what was expected.
  init(argument: String) throws {
    let isRelative = argument.hasSuffix("%")
    guard let number = Double(isRelative ? String(argument.dropLast()) : argument), number > 0,
      isRelative ? number < 100 : number <= 1
    else {
      throw ValidationError(
        "expected a number above 0, at most 1, or a percentage between 0 and 100")
    }
    self = isRelative ? Closeness(relative: number / 100) : Closeness(absolute: number)
  }
}
