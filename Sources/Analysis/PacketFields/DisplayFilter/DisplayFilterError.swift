import PacketText

/// Why an expression is no display filter, and where.
public struct DisplayFilterError: Error, Hashable, Sendable {
  /// What is wrong, and what would be right.
  public var message: String
  /// The octets of the expression that it is about.
  public var range: Range<Int>

  init(_ message: String, at range: Range<Int>) {
    (self.message, self.range) = (message, range)
  }

  /// A word of the user's as part of a message: in quotes, safe for a terminal and not too long.
  static func quoted(_ word: String) -> String { "'\(SafeText.escaped(word, atMost: 80))'" }

  /// The expression, and a line to stand below it with a mark under what is wrong.
  public func marked(in expression: String) -> [String] {
    let octets = Array(expression.utf8)
    let start = min(range.lowerBound, octets.count), end = min(range.upperBound, octets.count)
    // Of a long expression only what is around the mark.
    let first = max(0, start - Self.context), last = min(octets.count, end + Self.context)
    func shown(_ range: Range<Int>) -> String {
      SafeText.printable(String(decoding: octets[range], as: UTF8.self))
    }
    let before = (first > 0 ? "..." : "") + shown(first..<start)
    let marked = shown(start..<min(end, start + Self.context))
    let after = shown(start + min(end - start, Self.context)..<last)
    let mark = "^" + String(repeating: "~", count: max(1, marked.count) - 1)
    return [
      "  \(before)\(marked)\(after)", "  \(String(repeating: " ", count: before.count))\(mark)",
    ]
  }

  private static let context = 60
}

extension DisplayFilterError: CustomStringConvertible {
  /// The message alone.
  public var description: String { message }
}
