/// One field of a packet, told to somebody who meets it for the first time.
public struct ExplainedField: Hashable, Sendable {
  /// What its value says of the packet's health.
  public enum Verdict: Hashable, Sendable {
    /// Nothing: most fields cannot be right or wrong by themselves.
    case neutral
    /// It was checked, and it is right.
    case right
    /// It cannot be what the sender meant.
    case wrong
    /// It cannot be checked, or is not there yet.
    case unknown
  }

  /// Where it stands, in bits from the packet's first one; the most significant bit of an octet
  /// comes first, as in the figures of the RFCs.
  public var bits: Range<Int>
  /// What its RFC calls it.
  public var name: String
  /// The value in words: safe text.
  public var value: String
  /// What that means, in a plain sentence: safe text.
  public var meaning: String
  /// The RFC and its section that define it.
  public var source: String
  /// Whether it is as it should be.
  public var verdict = Verdict.neutral

  /// The octets that it has a part in.
  public var octets: Range<Int> { bits.lowerBound / 8..<(bits.upperBound + 7) / 8 }
  /// It shares an octet with another field.
  public var isPartOfOctet: Bool {
    !bits.lowerBound.isMultiple(of: 8) || !bits.upperBound.isMultiple(of: 8)
  }
}

/// A packet field by field, in the order of the wire: each bit of it stands in exactly one field.
///
/// Whatever the octets are, there is an explanation: what cannot be read further is given as a field
/// of its own, and the part that it belongs to says what is missing or wrong.
public struct PacketExplanation: Hashable, Sendable {
  /// The fields of one header, of one list of options or of one piece of data.
  public struct Part: Hashable, Sendable {
    /// What it is: "IPv4 header".
    public var title: String
    /// How many datagrams it is inside of: 1 in what an ICMP error quotes.
    public var depth: Int
    /// In the order of the wire.
    public var fields: [ExplainedField] = []
    /// What is missing behind these fields, or why they cannot be read further; nil when nothing is.
    public var problem: String?
  }

  /// Where a packet was seen, which decides what may not be filled in yet.
  public enum Stage: Hashable, Sendable {
    /// It has crossed a network, or it is as good as if it had.
    case onTheWire
    /// It is on its way out of this host: the kernel and the network card may still have to fill in
    /// checksums and, where the program builds the header, the identification (raw(7)).
    case leavingThisHost
  }

  /// How many datagrams inside each other are explained; what is deeper is data.
  public static let maximumDepth = 6

  /// In the order of the wire.
  public internal(set) var parts: [Part] = []
  /// How many octets there are.
  public internal(set) var count: Int

  /// All fields, in the order of the wire.
  public var fields: [ExplainedField] { parts.flatMap(\.fields) }
}
