/// What is wrong in a text of lines, and where.
public struct LineError: Error, Hashable, Sendable {
  /// What the text was called when it was read; a file's name, mostly.
  public var source: String
  /// Counts from 1.
  public var line: Int
  /// Counts characters from 1.
  public var column: Int
  /// What would have been right, in words.
  public var expected: String
  /// What was there: quoted text, or words for the end of something.
  public var found: String

  /// An error from its parts.
  public init(source: String, line: Int, column: Int, expected: String, found: String) {
    (self.source, self.line, self.column) = (source, line, column)
    (self.expected, self.found) = (expected, found)
  }
}

extension LineError: CustomStringConvertible {
  /// "home.lab:7:12: expected a delay such as 5ms, found "5 parsecs"". It repeats text of the file,
  /// which may hold anything.
  public var description: String {
    "\(source):\(line):\(column): expected \(expected), found \(found)"
  }
}
