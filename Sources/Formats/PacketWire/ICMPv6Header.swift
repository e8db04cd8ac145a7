/// The first eight octets of every ICMPv6 message (RFC 4443 §2.1).
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |    type     |    code     |         checksum          |
///     +-------------+-------------+---------------------------+
///     |        what the type makes of it: identifier and      |
///     |          sequence number, MTU, pointer                |
///     +-------------------------------------------------------+
public struct ICMPv6Header: Hashable, Sendable {
  /// In octets.
  public static let length = 8

  /// What a message is (IANA "ICMPv6 type Numbers").
  public struct MessageType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt8

    /// Any value, named or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Destination unreachable (RFC 4443 §3.1); the code says why.
    public static let destinationUnreachable = MessageType(rawValue: 1)
    /// Packet too big (RFC 4443 §3.2).
    public static let packetTooBig = MessageType(rawValue: 2)
    /// Time exceeded (RFC 4443 §3.3): code 0 in transit, 1 in reassembly.
    public static let timeExceeded = MessageType(rawValue: 3)
    /// Parameter problem (RFC 4443 §3.4).
    public static let parameterProblem = MessageType(rawValue: 4)
    /// Echo request (RFC 4443 §4.1).
    public static let echoRequest = MessageType(rawValue: 128)
    /// Echo reply (RFC 4443 §4.2).
    public static let echoReply = MessageType(rawValue: 129)
    /// Router solicitation (RFC 4861 §4.1).
    public static let routerSolicitation = MessageType(rawValue: 133)
    /// Router advertisement (RFC 4861 §4.2).
    public static let routerAdvertisement = MessageType(rawValue: 134)
    /// Neighbor solicitation (RFC 4861 §4.3).
    public static let neighborSolicitation = MessageType(rawValue: 135)
    /// Neighbor advertisement (RFC 4861 §4.4).
    public static let neighborAdvertisement = MessageType(rawValue: 136)
    /// Node information query (RFC 4620 §4).
    public static let nodeInformationQuery = MessageType(rawValue: 139)
    /// Node information reply (RFC 4620 §4).
    public static let nodeInformationReply = MessageType(rawValue: 140)
    /// Extended echo request: is that interface up? (RFC 8335 §2)
    public static let extendedEchoRequest = MessageType(rawValue: 160)
    /// Extended echo reply (RFC 8335 §3).
    public static let extendedEchoReply = MessageType(rawValue: 161)

    /// The message quotes the datagram that it is about: types below 128 (RFC 4443 §2.1).
    public var isError: Bool { rawValue < 128 }

    /// The message's fifth octet says how long the quotation is, in units of eight octets, so that
    /// extensions can follow it (RFC 4884 §4).
    public var hasQuotationLength: Bool { self == .destinationUnreachable || self == .timeExceeded }
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
  /// Of a node information message: what is asked for (RFC 4620 §4).
  public var informationType: NodeInformation.QueryType {
    NodeInformation.QueryType(rawValue: UInt16(rest >> 16))
  }
  /// Of a node information message: which addresses (RFC 4620 §6.3, §6.4).
  public var informationFlags: NodeInformation.Flags {
    NodeInformation.Flags(rawValue: UInt16(truncatingIfNeeded: rest))
  }
  /// Of "packet too big": what would pass, in octets.
  public var nextHopMTU: UInt32 { rest }
  /// Of a parameter problem: the octet of the quoted packet where it was found.
  public var pointer: UInt32 { rest }
  /// Of an error with extensions: octets of quoted datagram before them, 0 if it does not say
  /// (RFC 4884 §3; the wire counts in eights, in octet 4).
  public var quotedLength: Int { Int(rest >> 24) * 8 }

  /// A header from its fields; call `fill` when the payload and the addresses are known.
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
    let fixed = try reader.take(Self.length, for: .icmpv6)
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

extension ICMPv6Header {
  /// Sets the field that depends on the rest: the checksum.
  public mutating func fill(
    payload: Span<UInt8>, from source: IPv6Address, to destination: IPv6Address
  ) {
    checksum = computedChecksum(payload: payload, from: source, to: destination)
  }

  /// What the checksum field should hold: unlike ICMP's, it covers a pseudo header too
  /// (RFC 4443 §2.3).
  public func computedChecksum(
    payload: Span<UInt8>, from source: IPv6Address, to destination: IPv6Address
  ) -> UInt16 {
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: .v6(source), to: .v6(destination), protocolNumber: .icmpv6,
      length: Self.length + payload.count)
    sum.add(UInt16(type.rawValue) << 8 | UInt16(code))
    sum.add(UInt16(rest >> 16))
    sum.add(UInt16(truncatingIfNeeded: rest))
    sum.add(payload)
    return sum.value
  }
}
