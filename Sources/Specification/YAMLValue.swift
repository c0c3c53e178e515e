internal import ClaimLanguage
internal import ExactArithmetic
internal import Yams

/// A value of the YAML file with its place.
struct YAMLValue {
  /// The file's path and lines, for messages.
  struct Source {
    let path: String
    let lines: [Substring]
  }

  private let node: Node
  let source: Source

  private init(node: Node, source: Source) {
    self.node = node
    self.source = source
  }

  /// Reads a file that holds one value.
  static func read(text: String, path: String) throws(SpecificationError) -> YAMLValue {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    let source = Source(path: path, lines: lines)
    do {
      guard let node = try compose(yaml: text) else {
        throw YAMLValue(node: "", source: source).error("found nothing, expected a specification")
      }
      return YAMLValue(node: node, source: source)
    } catch let error as SpecificationError {
      throw error
    } catch {
      throw syntaxError(error, path: path)
    }
  }

  private static func syntaxError(_ error: any Error, path: String) -> SpecificationError {
    let (mark, problem): (Mark?, String) =
      switch error as? YamlError {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (mark, problem)
      case .duplicatedKeysInMapping(let keys, let context):
        (context.mark, "found a key twice: \(keys.sorted().joined(separator: ", "))")
      case .reader(let problem, _, _, _): (nil, problem)
      case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, nil:
        (nil, "\(error)")
      }
    return SpecificationError(
      path: path, position: SourcePosition(line: mark?.line ?? 1, column: mark?.column ?? 1),
      message: "no valid YAML: \(problem)")
  }

  var position: SourcePosition {
    SourcePosition(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  func error(_ message: String) -> SpecificationError {
    SpecificationError(path: source.path, position: position, message: message)
  }

  /// The place of a character of this text, or of the text where it is not written in one line.
  func position(of offset: Int) -> SourcePosition {
    guard let text = node.scalar?.string, source.lines.indices.contains(position.line - 1) else {
      return position
    }
    let line = source.lines[position.line - 1]
    for start in [position.column - 1, position.column] where line.dropFirst(start).hasPrefix(text)
    {
      return SourcePosition(line: position.line, column: start + 1 + offset)
    }
    return position
  }

  // MARK: Kinds

  /// The text, where this is one.
  var scalarText: String? { node.scalar?.string }

  var isList: Bool { node.sequence != nil }

  var isMapping: Bool { node.mapping != nil }

  /// Whether this is a mapping with a key.
  func has(_ key: String) -> Bool { node.mapping?.keys.contains { $0.string == key } ?? false }

  /// A text that is not empty.
  ///
  /// - Parameter expected: What is said to be expected instead of something else.
  /// - Returns: The text.
  /// - Throws: ``SpecificationError`` where there is none.
  func text(_ expected: String) throws(SpecificationError) -> String {
    guard let scalar = node.scalar, !scalar.string.isEmpty else {
      throw error("expected \(expected)")
    }
    return scalar.string
  }

  /// A finite decimal number, exactly as it is written.
  func number() throws(SpecificationError) -> Rational {
    let text = try text("a number")
    guard let number = Rational(decimal: text) else {
      throw error("found `\(text)`, expected a finite decimal number")
    }
    return number
  }

  /// The number that a decimal one with a percent sign behind it stands for; nil for other texts.
  var percentage: Rational? {
    guard let text = scalarText, text.hasSuffix("%") else { return nil }
    return Rational(decimal: String(text.dropLast())).map { $0 / Rational(100) }
  }

  /// The elements of a list.
  func list() throws(SpecificationError) -> [YAMLValue] {
    guard let sequence = node.sequence else { throw error("expected a list") }
    return sequence.map { YAMLValue(node: $0, source: source) }
  }

  /// The entries of a mapping, in the order of the file.
  func entries(
    _ expected: String
  ) throws(SpecificationError) -> [(key: String, place: YAMLValue, value: YAMLValue)] {
    guard let mapping = node.mapping else { throw error("expected \(expected)") }
    var entries: [(key: String, place: YAMLValue, value: YAMLValue)] = []
    for (key, value) in mapping {
      let place = YAMLValue(node: key, source: source)
      entries.append((try place.text("a key"), place, YAMLValue(node: value, source: source)))
    }
    return entries
  }

  /// The values of a mapping whose keys are known.
  ///
  /// - Parameters:
  ///   - keys: The keys that may occur.
  ///   - planned: Keys of the language that this version does not support.
  /// - Returns: The values that are there.
  /// - Throws: ``SpecificationError`` at a key that is not known.
  func fields(
    _ keys: [String], planned: Set<String> = []
  ) throws(SpecificationError) -> [String: YAMLValue] {
    let known = keys.joined(separator: ", ")
    var fields: [String: YAMLValue] = [:]
    for (key, place, value) in try entries("a mapping with the keys \(known)") {
      guard !planned.contains(key) else {
        throw place.error("`\(key)` is not supported by this version")
      }
      guard keys.contains(key) else {
        throw place.error("found the key `\(key)`, expected one of \(known)")
      }
      fields[key] = value
    }
    return fields
  }

  /// The value in one line, as a person would write it.
  var sentence: String {
    if let scalar = node.scalar { return scalar.string }
    if let sequence = node.sequence {
      let parts = sequence.prefix(8).map { YAMLValue(node: $0, source: source).sentence }
      return "[\((parts + (sequence.count > 8 ? ["…"] : [])).joined(separator: ", "))]"
    }
    let parts = (node.mapping ?? [:]).map { key, value in
      "\(key.string ?? "") \(YAMLValue(node: value, source: source).sentence)"
    }
    return "{\(parts.joined(separator: ", "))}"
  }
}
