import PacketWire

/// What a server says to a datagram, so that its sender knows that it has come: one line of text,
/// `ACK 12 octets, number 3`.
///
/// The number is the datagram's own where it begins with one, as `#3 hello` does; otherwise the server
/// counts what comes. UDP itself would tell neither of a loss nor of a wrong order (RFC 768).
public struct Acknowledgement: Hashable, Sendable {
  /// How long the datagram was, in octets.
  public var length: Int
  /// Which datagram it was.
  public var number: UInt64

  /// An acknowledgement of a datagram of `length` octets.
  public init(length: Int, number: UInt64) { (self.length, self.number) = (length, number) }

  /// The line, with its line feed.
  public var text: String { "ACK \(length) octets, number \(number)\n" }

  /// Reads such a line; nil where it is anything else.
  public init?(_ datagram: some Collection<UInt8>) {
    var words = DatagramWords(datagram)
    guard words.skip("ACK "), let length = words.number(), words.skip(" octets, number "),
      let number = words.number(), words.skip("\n"), words.isAtEnd
    else { return nil }
    self.init(length: Int(clamping: length), number: number)
  }
}

/// A datagram that begins with a number of its own, `#3 hello`.
public enum NumberedDatagram {
  /// The number that a datagram begins with; nil where it does not.
  public static func number(of datagram: some Collection<UInt8>) -> UInt64? {
    var words = DatagramWords(datagram)
    guard words.skip("#"), let number = words.number(), words.isAtEnd || words.skip(" ") else {
      return nil
    }
    return number
  }

  /// A datagram with a number, of `length` octets or as many as the number takes.
  public static func octets(number: UInt64, length: Int) -> [UInt8] {
    var octets = Array("#\(number) ".utf8)
    let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    var index = 0
    while octets.count < length {
      octets.append(letters[index % letters.count])
      index += 1
    }
    return octets
  }
}

/// Reads a datagram from its beginning.
private struct DatagramWords<Octets: Collection<UInt8>> {
  private var rest: Octets.SubSequence

  init(_ octets: Octets) { rest = octets[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ word: String) -> Bool {
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  /// A number without a sign and without zeros before it.
  mutating func number() -> UInt64? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard digits.count <= 20, let number = UInt64(String(decoding: digits, as: UTF8.self)) else {
      return nil
    }
    guard digits.count == 1 || digits.first != 0x30 else { return nil }
    rest = rest.dropFirst(digits.count)
    return number
  }
}
