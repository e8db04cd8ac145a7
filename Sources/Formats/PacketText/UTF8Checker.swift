/// Checks that octets which come in pieces are UTF-8 (RFC 3629 §4), and knows it as soon as an octet
/// has come that nothing behind it could mend.
public struct UTF8Checker: Hashable, Sendable {
  /// So many octets of the character that has begun are still to come.
  private var missing = 0
  /// What the next of them may be.
  private var next: ClosedRange<UInt8> = 0x80...0xbf

  /// A checker at the start of a text.
  public init() {}

  /// No character is half done.
  public var isBetweenCharacters: Bool { missing == 0 }

  /// Takes the next octet; false if it cannot stand there.
  public mutating func accepts(_ octet: UInt8) -> Bool {
    guard missing == 0 else {
      guard next.contains(octet) else { return false }
      missing -= 1
      next = 0x80...0xbf
      return true
    }
    switch octet {
    case 0x00...0x7f: return true
    case 0xc2...0xdf: begin(1, 0x80...0xbf)
    // Overlong forms, surrogates and what is beyond U+10FFFF show in the second octet.
    case 0xe0: begin(2, 0xa0...0xbf)
    case 0xed: begin(2, 0x80...0x9f)
    case 0xe1...0xef: begin(2, 0x80...0xbf)
    case 0xf0: begin(3, 0x90...0xbf)
    case 0xf1...0xf3: begin(3, 0x80...0xbf)
    case 0xf4: begin(3, 0x80...0x8f)
    default: return false
    }
    return true
  }

  private mutating func begin(_ missing: Int, _ next: ClosedRange<UInt8>) {
    (self.missing, self.next) = (missing, next)
  }

  /// Whether these are whole characters and nothing else.
  public static func isWellFormed(_ octets: some Sequence<UInt8>) -> Bool {
    var checker = UTF8Checker()
    return octets.allSatisfy { checker.accepts($0) } && checker.isBetweenCharacters
  }
}
