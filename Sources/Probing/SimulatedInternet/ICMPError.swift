import PacketWire

/// An ICMP error that a node here sends about a packet.
enum ICMPError: Sendable {
  /// RFC 792, RFC 4443 §3.3.
  case timeExceeded
  /// Network unreachable (RFC 1812 §5.2.7.1), no route to destination (RFC 4443 §3.1).
  case noRoute
  /// Fragmentation needed, with the next link's MTU (RFC 792, RFC 1191 §4); packet too big (RFC 4443
  /// §3.2).
  case packetTooBig(mtu: Int)
  /// RFC 1122 §4.1.3.1, RFC 4443 §3.1.
  case portUnreachable
  /// Protocol unreachable (RFC 1122 §3.2.2.1); with IPv6 an unrecognized next header, and where in
  /// the packet it is named, in octets (RFC 4443 §3.4).
  case protocolUnreachable(namedAt: Int)

  /// No error is longer than this, IP header included, in octets (RFC 1812 §4.3.2.3).
  static let maximumIPv4Length = 576
  /// The same for IPv6 (RFC 4443 §2.4 (c)).
  static let maximumIPv6Length = 1280
  /// Precedence 6, "internetwork control", as RFC 1812 §4.3.2.5 asks of errors.
  static let typeOfService: UInt8 = 0xc0

  /// The whole IP packet that carries this error about `packet` and quotes as much of it as fits,
  /// exactly as it arrived, or no more than `quotedLength` octets; `nil` if `source` is of the other
  /// family or the packet must not be answered with an error.
  func message(
    about packet: ReceivedPacket, from source: IPAddress, identification: UInt16,
    quotedLength: Int = .max
  ) -> [UInt8]? {
    guard packet.mayBeAnsweredWithError else { return nil }
    var answer = OutgoingPacket(source: source, destination: packet.source)
    switch packet.header {
    case .ipv4:
      let room = Self.maximumIPv4Length - IPv4Header.minimumLength - ICMPv4Header.length
      (answer.typeOfService, answer.identification) = (Self.typeOfService, identification)
      return answer.carrying(icmpv4Header, Array(packet.octets.prefix(min(room, quotedLength))))
    case .ipv6:
      let room = Self.maximumIPv6Length - IPv6Header.length - ICMPv6Header.length
      return answer.carrying(icmpv6Header, Array(packet.octets.prefix(min(room, quotedLength))))
    }
  }

  private var icmpv4Header: ICMPv4Header {
    switch self {
    case .timeExceeded: ICMPv4Header(.timeExceeded)
    case .noRoute: ICMPv4Header(.destinationUnreachable, code: 0)
    case .protocolUnreachable: ICMPv4Header(.destinationUnreachable, code: 2)
    case .portUnreachable: ICMPv4Header(.destinationUnreachable, code: 3)
    case .packetTooBig(let mtu):
      ICMPv4Header(.destinationUnreachable, code: 4, rest: UInt32(clamping: mtu))
    }
  }

  private var icmpv6Header: ICMPv6Header {
    switch self {
    case .timeExceeded: ICMPv6Header(.timeExceeded)
    case .noRoute: ICMPv6Header(.destinationUnreachable, code: 0)
    case .protocolUnreachable(let offset):
      ICMPv6Header(.parameterProblem, code: 1, rest: UInt32(truncatingIfNeeded: offset))
    case .portUnreachable: ICMPv6Header(.destinationUnreachable, code: 4)
    case .packetTooBig(let mtu): ICMPv6Header(.packetTooBig, rest: UInt32(clamping: mtu))
    }
  }
}

extension ReceivedPacket {
  /// An ICMP error may be sent about it (RFC 1122 §3.2.2, RFC 1812 §4.3.2.7, RFC 4443 §2.4 (e)): it
  /// is no ICMP error itself and no later fragment. Addresses that forbid an error were refused on
  /// arrival. What cannot be read far enough to tell might be an error, and is taken for one; so is
  /// a later fragment of IPv6, which does not show the ICMPv6 type either.
  var mayBeAnsweredWithError: Bool {
    let frame = Frame(decoding: octets.span, linkType: .raw)
    if case .laterFragment = frame.transport { return false }
    if frame.problem?.layer == .ipv6Extension { return false }
    guard frame.protocolNumber == .icmp || frame.protocolNumber == .icmpv6 else { return true }
    guard octets.indices.contains(frame.transportOffset) else { return false }
    let type = octets[frame.transportOffset]
    return switch header {
    case .ipv4: !ICMPv4Header.MessageType(rawValue: type).isError
    case .ipv6: !ICMPv6Header.MessageType(rawValue: type).isError
    }
  }
}
