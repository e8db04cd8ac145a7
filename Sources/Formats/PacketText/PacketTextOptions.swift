/// How packets are written as text. The defaults are those of tcpdump without options; the option
/// that each property stands for is named with it.
public struct PacketTextOptions: Hashable, Sendable {
  /// What stands before a packet to tell its time.
  public enum Timestamp: Hashable, Sendable, CaseIterable {
    /// Local time of day (default).
    case timeOfDay
    /// Nothing (`-t`).
    case none
    /// Seconds since 1970-01-01T00:00:00Z (`-tt`).
    case epoch
    /// Time since the packet before (`-ttt`).
    case sincePrevious
    /// Local date and time of day (`-tttt`).
    case dateAndTime
    /// Time since the first packet (`-ttttt`).
    case sinceFirst
  }

  /// How many decimals of a second are printed; what is finer is cut off, not rounded.
  public enum Precision: Hashable, Sendable, CaseIterable {
    /// Six decimals (default).
    case microseconds
    /// Nine decimals (`--nano`).
    case nanoseconds
  }

  /// How the octets are shown under the line.
  public enum Dump: Hashable, Sendable {
    /// Not at all (default).
    case none
    /// In hex (`-x`; with the link header `-xx`).
    case hex(withLinkHeader: Bool)
    /// In hex and ASCII (`-X`; with the link header `-XX`).
    case hexAndASCII(withLinkHeader: Bool)
    /// As text (`-A`; with the link header `-AA`).
    case ascii(withLinkHeader: Bool)
  }

  /// What datagrams and segments carry, whatever their ports and content say.
  public enum ForcedContent: String, Hashable, Sendable, CaseIterable {
    /// DNS messages, in TCP too.
    case domain
    /// Packets of RFC 8926.
    case geneve
    /// Messages of RFC 5905.
    case ntp
    /// Packets of RFC 9000.
    case quic
    /// Packets of RFC 7348.
    case vxlan
  }

  /// Addresses, ports and protocols as numbers (`-n`).
  public var isNumeric = false
  /// The link header is shown (`-e`).
  public var showsLinkHeader = false
  /// What stands before a packet to tell its time.
  public var timestamp = Timestamp.timeOfDay
  /// How exactly the time is told.
  public var precision = Precision.microseconds
  /// How the octets are shown under the line.
  public var dump = Dump.none
  /// TCP sequence numbers as they are, not relative to the first one seen (`-S`).
  public var showsAbsoluteSequenceNumbers = false
  /// Less about each protocol (`-q`).
  public var isQuick = false
  /// Packets are numbered (`-#`).
  public var numbersPackets = false
  /// The captured and the original length stand before a packet (`--lengths`).
  public var showsLengths = false
  /// With `verbosity`, the checksums of IPv4, TCP and UDP are looked at (all but `-K`).
  public var verifiesChecksums = true
  /// What all datagrams carry, and all segments where it is a protocol of TCP (`-T`).
  public var forcedContent: ForcedContent?
  /// 0, or 1 for more (`-v`): the IP header in parentheses, checksum verdicts, quoted datagrams, all
  /// lines of a text protocol. 2 (`-vv`) shows all sections of a DNS message, 3 times to live too.
  public var verbosity = 0

  /// The options of tcpdump called without any.
  public init() {}

  /// `-v`.
  var isVerbose: Bool { verbosity > 0 }
}
