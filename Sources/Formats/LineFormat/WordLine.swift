/// One line of a text file that says one thing a line: its words, and how far they have been read.
///
/// Words are separated by blanks. Double quotes keep blanks and `#` together, and make a word of
/// nothing at all; what follows a `#` outside of them is a comment.
public struct WordLine: Sendable {
  /// What stands between blanks, or between double quotes.
  public struct Word: Hashable, Sendable {
    /// Without the quotes.
    public var text: String
    /// Where it begins, in characters; counts from 1.
    public var column: Int
    /// Whether it stood in double quotes.
    public var isQuoted: Bool
  }

  private let source: String
  private let number: Int
  private let keywords: Set<String>
  private let words: [Word]
  private let endColumn: Int
  private var next = 0

  /// Splits a line; `nil` if it holds nothing but blanks and a comment. `number` counts from 1, and
  /// `source` is what errors call the text.
  ///
  /// `keywords` begin something new, so that an error can quote all of a wrong value that a blank had
  /// split, and no more.
  public init?(
    _ text: some Sequence<Unicode.Scalar>, number: Int, source: String, keywords: Set<String> = []
  ) throws(LineError) {
    (self.source, self.number, self.keywords) = (source, number, keywords)
    var splitter = WordSplitter()
    for scalar in text where !splitter.isAtComment { splitter.take(scalar) }
    splitter.finish()
    (words, endColumn) = (splitter.words, splitter.column)
    if splitter.isInQuotes {
      throw LineError(
        source: source, line: number, column: endColumn, expected: "a closing quote",
        found: Self.endOfLine)
    }
    if words.isEmpty { return nil }
  }

  /// Hands every line of a text that says something to `read`, in order.
  ///
  /// - Returns: how many lines the text has.
  @discardableResult
  public static func readAll(
    of text: String, named source: String, keywords: Set<String> = [],
    _ read: (inout WordLine) throws(LineError) -> Void
  ) throws(LineError) -> Int {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let words = try WordLine(line, number: index + 1, source: source, keywords: keywords)
      if var words { try read(&words) }
    }
    return lines.count
  }

  private static let endOfLine = "the end of the line"

  /// The word that is read next.
  public var nextWord: Word? { words.indices.contains(next) ? words[next] : nil }

  /// The next word, if it is `word`; then it is read.
  public mutating func skip(_ word: String) -> Bool {
    guard let nextWord, !nextWord.isQuoted, nextWord.text == word else { return false }
    next += 1
    return true
  }

  /// Reads the next word with `read`, which gives `nil` for what it does not take; an error then says
  /// what was `expected`.
  public mutating func take<Value>(
    _ expected: String, _ read: (String) -> Value?
  ) throws(LineError) -> Value {
    guard let nextWord, let value = read(nextWord.text) else { throw error(expected) }
    next += 1
    return value
  }

  /// An error about the next word, or about the one before if `back` is 1.
  public func error(_ expected: String, back: Int = 0) -> LineError {
    let index = next - back
    guard words.indices.contains(index) else {
      return LineError(
        source: source, line: number, column: endColumn, expected: expected,
        found: Self.endOfLine)
    }
    var found = words[index].text
    // A value that was wrongly split by a blank: "5 ms".
    for word in words[(index + 1)...] {
      if back > 0 || keywords.contains(word.text) { break }
      found += " " + word.text
    }
    return LineError(
      source: source, line: number, column: words[index].column, expected: expected,
      found: "\"\(found)\"")
  }

  /// Throws unless all words have been read.
  public func requireEnd() throws(LineError) {
    if nextWord != nil { throw error(Self.endOfLine) }
  }
}

/// Splits a line at blanks and quotes.
private struct WordSplitter {
  var words: [WordLine.Word] = []
  var column = 1
  var isInQuotes = false
  var isAtComment = false
  private var word: WordLine.Word?

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
    word = WordLine.Word(text: "", column: column, isQuoted: isQuoted)
  }
}
