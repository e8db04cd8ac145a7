/// One line of a lab file: its words, and how far they have been read.
struct TopologyLine: Sendable {
  /// What stands between blanks, or between double quotes.
  struct Word: Sendable {
    var text: String
    /// Where it begins; counts from 1.
    var column: Int
    var isQuoted: Bool
  }

  /// Names what may follow a node's addresses, so that an error can quote all of a wrong value.
  static let optionNames = Set(
    LinkWord.allCases.map(\.rawValue) + MannersWord.allCases.map(\.rawValue)
      + EditWord.allCases.map(\.rawValue) + ["far"])

  private let source: String
  private let number: Int
  private let words: [Word]
  private let endColumn: Int
  private var next = 0

  /// Splits a line; `nil` if it holds nothing but blanks and a comment.
  init?(_ text: some Sequence<Unicode.Scalar>, number: Int, source: String) throws(TopologyError) {
    (self.source, self.number) = (source, number)
    var splitter = WordSplitter()
    for scalar in text where !splitter.isAtComment { splitter.take(scalar) }
    splitter.finish()
    (words, endColumn) = (splitter.words, splitter.column)
    if splitter.isInQuotes {
      throw TopologyError(
        source: source, line: number, column: endColumn, expected: "a closing quote",
        found: Self.endOfLine)
    }
    if words.isEmpty { return nil }
  }

  private static let endOfLine = "the end of the line"

  /// The word that is read next.
  var nextWord: Word? { words.indices.contains(next) ? words[next] : nil }

  /// The next word, if it is `word`; then it is read.
  mutating func skip(_ word: String) -> Bool {
    guard let nextWord, !nextWord.isQuoted, nextWord.text == word else { return false }
    next += 1
    return true
  }

  /// Reads the next word with `read`, which gives `nil` for what it does not take.
  mutating func take<Value>(
    _ expected: String, _ read: (String) -> Value?
  ) throws(TopologyError) -> Value {
    guard let nextWord, let value = read(nextWord.text) else { throw error(expected) }
    next += 1
    return value
  }

  /// An error about the next word, or about the one before if `back` is 1.
  func error(_ expected: String, back: Int = 0) -> TopologyError {
    let index = next - back
    guard words.indices.contains(index) else {
      return TopologyError(
        source: source, line: number, column: endColumn, expected: expected,
        found: Self.endOfLine)
    }
    var found = words[index].text
    // A value that was wrongly split by a blank: "5 ms".
    for word in words[(index + 1)...] {
      if back > 0 || Self.optionNames.contains(word.text) { break }
      found += " " + word.text
    }
    return TopologyError(
      source: source, line: number, column: words[index].column, expected: expected,
      found: "\"\(found)\"")
  }

  /// Throws unless all words have been read.
  func requireEnd() throws(TopologyError) {
    if nextWord != nil { throw error(Self.endOfLine) }
  }
}

/// Splits a line at blanks; double quotes keep blanks, `#` and nothing at all together.
private struct WordSplitter {
  var words: [TopologyLine.Word] = []
  var column = 1
  var isInQuotes = false
  var isAtComment = false
  private var word: TopologyLine.Word?

  mutating func take(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"":
      if isInQuotes { finish() } else { start(isQuoted: true) }
      isInQuotes.toggle()
    case " " where !isInQuotes, "\t" where !isInQuotes, "\r" where !isInQuotes: finish()
    case "#" where !isInQuotes:
      isAtComment = true
      return
    default:
      if word == nil { start(isQuoted: false) }
      word?.text.unicodeScalars.append(scalar)
    }
    column += 1
  }

  mutating func finish() {
    if let word { words.append(word) }
    word = nil
  }

  private mutating func start(isQuoted: Bool) {
    finish()
    word = TopologyLine.Word(text: "", column: column, isQuoted: isQuoted)
  }
}
