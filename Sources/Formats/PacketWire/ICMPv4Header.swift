/// The first eight octets of every ICMP message (RFC 792).
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |    type     |    code     |         checksum          |
///     +-------------+-------------+---------------------------+
///     |        what the type makes of it: identifier and      |
///     |   sequence number, next-hop MTU, gateway, pointer     |
///     +-------------------------------------------------------+
public struct ICMPv4Header: Hashable, Sendable {
  /// In octets.
  public static let length = 8

  /// What a message is (IANA "ICMP Type Numbers").
  public struct MessageType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt8

    /// Any value, named or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Echo reply.
    public static let echoReply = MessageType(rawValue: 0)
    /// Destination unreachable; the code says why.
    public static let destinationUnreachable = MessageType(rawValue: 3)
    /// Source quench, obsolete (RFC 6633).
    public static let sourceQuench = MessageType(rawValue: 4)
    /// Redirect.
    public static let redirect = MessageType(rawValue: 5)
    /// Echo request.
    public static let echoRequest = MessageType(rawValue: 8)
    /// Time exceeded: code 0 in transit, 1 in reassembly.
    public static let timeExceeded = MessageType(rawValue: 11)
    /// Parameter problem.
    public static let parameterProblem = MessageType(rawValue: 12)
    /// Router advertisement (RFC 1256).
    public static let routerAdvertisement = MessageType(rawValue: 9)
    /// Timestamp request: what time is it there?
    public static let timestampRequest = MessageType(rawValue: 13)
    /// Timestamp reply.
    public static let timestampReply = MessageType(rawValue: 14)
    /// Information request: which network is this? The header is all of it (RFC 792); historic (RFC
    /// 6918).
    public static let informationRequest = MessageType(rawValue: 15)
    /// Information reply.
    public static let informationReply = MessageType(rawValue: 16)
    /// Address mask request (RFC 950), historic (RFC 6918).
    public static let addressMaskRequest = MessageType(rawValue: 17)
    /// Address mask reply.
    public static let addressMaskReply = MessageType(rawValue: 18)
    /// Extended echo request: is that interface up? (RFC 8335 §2)
    public static let extendedEchoRequest = MessageType(rawValue: 42)
    /// Extended echo reply (RFC 8335 §3).
    public static let extendedEchoReply = MessageType(rawValue: 43)

    /// The message quotes the datagram that it is about (RFC 1122 §3.2.2).
    public var isError: Bool {
      switch self {
      case .destinationUnreachable, .sourceQuench, .redirect, .timeExceeded, .parameterProblem: true
      default: false
      }
    }

    /// The message's sixth octet says how long the quotation is, in units of four octets, so that
    /// extensions can follow it (RFC 4884 §4).
    public var hasQuotationLength: Bool {
      self == .destinationUnreachable || self == .timeExceeded || self == .parameterProblem
    }
  }

  /// What the message is.
  public var type: MessageType
  /// The kind within the type.
  public var code: UInt8
  /// As it was on the wire, right or wrong.
  public var checksum: UInt16 = 0
  /// The second word; the fields below read it as their types do.
  public var rest: UInt32

  /// Of an echo: names the sending program.
  public var identifier: UInt16 { UInt16(rest >> 16) }
  /// Of an echo: counts the requests.
  public var sequenceNumber: UInt16 { UInt16(truncatingIfNeeded: rest) }
  /// Of an extended echo: counts the requests (RFC 8335 §2), in one octet.
  public var probeSequenceNumber: UInt8 { UInt8(truncatingIfNeeded: rest >> 8) }
  /// Of an extended echo reply: what is known of the interface (RFC 8335 §3).
  public var interfaceState: ICMPInterfaceState {
    ICMPInterfaceState(rawValue: UInt8(truncatingIfNeeded: rest))
  }
  /// Of "fragmentation needed": what would pass, in octets (RFC 1191 §4); 0 from old routers.
  public var nextHopMTU: UInt16 { UInt16(truncatingIfNeeded: rest) }
  /// Of a redirect: the better first hop.
  public var gateway: IPv4Address { IPv4Address(bits: rest) }
  /// Of a parameter problem: the octet of the quoted header where it was found.
  public var pointer: UInt8 { UInt8(rest >> 24) }
  /// Of an error with extensions: octets of quoted datagram before them, 0 if it does not say
  /// (RFC 4884 §3; the wire counts in fours, in octet 5).
  public var quotedLength: Int { Int(rest >> 16 & 0xff) * 4 }

  /// A header from its fields; call `fill` when the payload is known.
  public init(_ type: MessageType, code: UInt8 = 0, rest: UInt32 = 0) {
    (self.type, self.code, self.rest) = (type, code, rest)
  }

  /// An echo request or reply.
  public init(_ type: MessageType, identifier: UInt16, sequenceNumber: UInt16) {
    self.init(type, rest: UInt32(identifier) << 16 | UInt32(sequenceNumber))
  }

  /// Reads `length` octets.
  @inline(__always)
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .icmpv4)
    type = MessageType(rawValue: fixed[0])
    code = fixed[1]
    checksum = fixed.u16(at: 2)
    rest = fixed.u32(at: 4)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(type.rawValue)
    out.append(code)
    out.append(bigEndian: checksum)
    out.append(bigEndian: rest)
  }
}

extension ICMPv4Header {
  /// Sets the field that depends on the rest: the checksum.
  public mutating func fill(payload: Span<UInt8>) {
    checksum = computedChecksum(payload: payload)
  }

  /// What the checksum field should hold over this header and `payload` (RFC 792).
  public func computedChecksum(payload: Span<UInt8>) -> UInt16 {
    var sum = InternetChecksum()
    sum.add(UInt16(type.rawValue) << 8 | UInt16(code))
    sum.add(UInt16(rest >> 16))
    sum.add(UInt16(truncatingIfNeeded: rest))
    sum.add(payload)
    return sum.value
  }
}
