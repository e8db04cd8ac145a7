public import PacketWire

/// An echo reply with our identifier, as it came in.
public struct EchoReply: Hashable, Sendable {
  /// The probe's sequence number on the wire.
  public var sequenceNumber: UInt16
  /// Who answered.
  public var source: IPAddress
  /// What is left of the TTL or hop limit that the answer started with, if known.
  public var timeToLive: UInt8?
  /// Type of service or traffic class of the answer, if known.
  public var typeOfService: UInt8?
  /// Of the ICMP message, header included, in octets.
  public var length: Int
  /// As many of the first eight payload octets as there were, most significant first.
  public var cookie: UInt64
  /// How many octets `cookie` holds.
  public var cookieLength: Int
  /// The first octet behind cookie and balance that was changed on the way.
  public var damage: PayloadDamage.Octet?
  /// The ICMP checksum was right.
  public var isChecksumValid: Bool
}

/// An ICMP error that quotes one of our probes.
public struct ICMPErrorReport: Hashable, Sendable {
  /// Which protocol's types and codes these are.
  public var family: IPFamily
  /// The ICMP or ICMPv6 type.
  public var type: UInt8
  /// The kind within the type.
  public var code: UInt8
  /// Who says so; `nil` when this host's own kernel does.
  public var source: IPAddress?
  /// The header's second word: next-hop MTU, gateway or pointer, by type.
  public var detail: UInt32
  /// What was left of the error packet's own TTL or hop limit, if known.
  public var timeToLive: UInt8?

  /// A report from its fields.
  public init(
    family: IPFamily, type: UInt8, code: UInt8, source: IPAddress?, detail: UInt32 = 0,
    timeToLive: UInt8? = nil
  ) {
    (self.family, self.type, self.code) = (family, type, code)
    (self.source, self.detail, self.timeToLive) = (source, detail, timeToLive)
  }
}

extension ICMPErrorReport {
  /// The probe went on its way all the same: a redirect (RFC 792) or a source quench.
  public var isNotice: Bool {
    let type = ICMPv4Header.MessageType(rawValue: type)
    return family == .v4 && (type == .redirect || type == .sourceQuench)
  }

  /// Hops were used up.
  public var isTimeExceeded: Bool {
    switch family {
    case .v4: ICMPv4Header.MessageType(rawValue: type) == .timeExceeded && code == 0
    case .v6: ICMPv6Header.MessageType(rawValue: type) == .timeExceeded && code == 0
    }
  }
}

/// What a packet from the network means for a session.
public enum EchoArrival: Hashable, Sendable {
  /// An answer to one of the session's probes, or something that pretends to be one.
  case reply(EchoReply)
  /// An answer to a question that is no echo request, or something that pretends to be one.
  indirect case answer(QuestionReply)
  /// Some router or host could not deliver the probe with this sequence number to `target`.
  case error(sequenceNumber: UInt16, target: IPAddress, ICMPErrorReport)
}

/// How a socket hands out what it receives.
public enum ArrivalFraming: Hashable, Sendable {
  /// With its IP header: an IPv4 raw socket.
  case packet
  /// From the ICMP header on: an IPv6 raw socket, or a datagram one.
  case message
}

/// What a socket tells about a packet whose IP header it keeps to itself.
public struct ArrivalFields: Hashable, Sendable {
  /// Who sent it.
  public var source: IPAddress
  /// TTL or hop limit, if known.
  public var timeToLive: UInt8?
  /// Type of service or traffic class, if known.
  public var typeOfService: UInt8?

  /// What is known.
  public init(source: IPAddress, timeToLive: UInt8? = nil, typeOfService: UInt8? = nil) {
    (self.source, self.timeToLive, self.typeOfService) = (source, timeToLive, typeOfService)
  }
}
