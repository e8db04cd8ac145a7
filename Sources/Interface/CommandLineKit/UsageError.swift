import PacketText

/// A command line that cannot be run as it was typed. The tool prints a line or a few and ends with code 2.
public struct UsageError: Error, Hashable, Sendable {
  /// One line: what is wrong, and what would be right.
  public var message: String
  /// Lines below it that show where.
  public var details: [String]

  /// An error with its line; words of the user's go through `quoted(_:)`.
  public init(_ message: String, details: [String] = []) {
    (self.message, self.details) = (message, details)
  }

  /// A word of the user's as part of a message: in quotes, safe for a terminal and not too long.
  public static func quoted(_ word: String) -> String {
    "'\(SafeText.escaped(word, atMost: 120))'"
  }
}

extension UsageError: CustomStringConvertible {
  /// The line.
  public var description: String { message }
}
