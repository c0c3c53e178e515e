internal import ExactArithmetic

/// The words of a condition as a person writes it.
struct Sentence {
  /// A word and where it begins.
  struct Word {
    /// What kinds of word there are.
    enum Kind: Hashable {
      case name(String)
      case number(Rational)
      case symbol(String)
      case end
    }

    let kind: Kind
    let text: String
    let offset: Int
  }

  /// Why a text is no sentence, and where.
  struct Problem: Error {
    let offset: Int
    let message: String
  }

  private static let symbols = [
    "<=", ">=", "==", "..", "<", ">", "(", ")", "[", "]", ",", "+", "-", "*", "/",
    "|", "?",
  ]

  /// Cuts a text into words; the last is ``Word/Kind/end``.
  static func words(_ text: String) throws(Problem) -> [Word] {
    var words: [Word] = []
    let characters = Array(text)
    var next = 0
    while next < characters.count {
      let start = next
      if characters[next].isWhitespace {
        next += 1
      } else if characters[next].isASCII, characters[next].isLetter {
        while next < characters.count, isPartOfName(characters[next]) { next += 1 }
        let name = String(characters[start..<next])
        words.append(Word(kind: .name(name), text: name, offset: start))
      } else if let number = number(characters[next...]) {
        guard let value = Rational(decimal: number) else {
          throw Problem(offset: start, message: "found `\(number)`, expected a decimal number")
        }
        next += number.count
        words.append(Word(kind: .number(value), text: number, offset: start))
      } else if let symbol = symbols.first(where: { characters[next...].starts(with: $0) }) {
        next += symbol.count
        words.append(Word(kind: .symbol(symbol), text: symbol, offset: start))
      } else {
        throw Problem(offset: start, message: "found `\(characters[next])`, expected an expression")
      }
    }
    return words + [Word(kind: .end, text: "", offset: characters.count)]
  }

  /// Whether a text is a name: a letter, then letters, digits and underscores.
  static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter else { return false }
    return text.allSatisfy(isPartOfName)
  }

  private static func isPartOfName(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }

  /// The numeral that begins here; a point counts only before a digit, for the sake of `1..4`.
  private static func number(_ characters: ArraySlice<Character>) -> String? {
    func digits(_ text: ArraySlice<Character>) -> ArraySlice<Character> {
      text.prefix { $0.isASCII && $0.isNumber }
    }
    var numeral = digits(characters)
    var rest = characters.dropFirst(numeral.count)
    if rest.first == ".", let fraction = Optional(digits(rest.dropFirst())), !fraction.isEmpty {
      numeral = characters.prefix(numeral.count + 1 + fraction.count)
      rest = characters.dropFirst(numeral.count)
    }
    guard !numeral.isEmpty else { return nil }
    if rest.first == "e" || rest.first == "E" {
      let sign = rest.dropFirst().first.map { $0 == "-" || $0 == "+" } ?? false ? 1 : 0
      let power = digits(rest.dropFirst(1 + sign))
      numeral = characters.prefix(numeral.count + 1 + sign + power.count)
    }
    return String(numeral)
  }
}
