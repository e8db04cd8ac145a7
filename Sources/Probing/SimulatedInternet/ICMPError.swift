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

  /// Communication administratively prohibited (RFC 1812 §5.2.7.1, RFC 4443 §3.1).
  case prohibited

  /// No error is longer than this, IP header included, in octets (RFC 1812 §4.3.2.3).
  static let maximumIPv4Length = 576
  /// The same for IPv6 (RFC 4443 §2.4 (c)).
  static let maximumIPv6Length = 1280
  /// Precedence 6, "internetwork control", as RFC 1812 §4.3.2.5 asks of errors.
  static let typeOfService: UInt8 = 0xc0

  /// The whole IP packet that carries this error about `packet` and quotes as much of it as fits,
  /// exactly as it arrived, or no more than `quotedLength` octets; `nil` if `source` is of the other
  /// family or the packet must not be answered with an error. Extensions go with the errors that may
  /// have them.
  func message(
    about packet: ReceivedPacket, from source: IPAddress, identification: UInt16,
    quotedLength: Int = .max, extensions: ErrorExtensions = ErrorExtensions()
  ) -> [UInt8]? {
    guard packet.mayBeAnsweredWithError else { return nil }
    var answer = OutgoingPacket(source: source, destination: packet.source)
    let quoted = packet.octets.prefix(quotedLength)
    switch packet.header {
    case .ipv4:
      let room = Self.maximumIPv4Length - IPv4Header.minimumLength - ICMPv4Header.length
      (answer.typeOfService, answer.identification) = (Self.typeOfService, identification)
      var header = icmpv4Header
      let body = Self.body(quoted, extensions, room: room, unit: 4) {
        // RFC 4884 §4.1, §4.2: the second octet of what was unused.
        header.rest |= UInt32($0) << 16
      }
      return answer.carrying(header, body)
    case .ipv6:
      let room = Self.maximumIPv6Length - IPv6Header.length - ICMPv6Header.length
      var header = icmpv6Header
      // RFC 4884 §4.3 to §4.5: of ICMPv6 only these two.
      let mayExtend = header.type == .destinationUnreachable || header.type == .timeExceeded
      let body = Self.body(
        quoted, mayExtend ? extensions : ErrorExtensions(), room: room, unit: 8
      ) { header.rest |= UInt32($0) << 24 }
      return answer.carrying(header, body)
    }
  }

  /// What stands behind the header: the quotation, and behind it the extensions if there are any. Then
  /// `tell` is given the quotation's length in units of so many octets.
  private static func body(
    _ quoted: ArraySlice<UInt8>, _ extensions: ErrorExtensions, room: Int, unit: Int,
    tell: (UInt8) -> Void
  ) -> [UInt8] {
    guard !extensions.octets.isEmpty else { return Array(quoted.prefix(room)) }
    let most = extensions.isOldStyle ? ErrorExtensions.leastQuotation : .max
    var body = Array(quoted.prefix(min((room - extensions.octets.count) / unit * unit, most)))
    let length = (max(body.count, ErrorExtensions.leastQuotation) + unit - 1) / unit * unit
    body += [UInt8](repeating: 0, count: length - body.count)
    if !extensions.isOldStyle { tell(UInt8(clamping: length / unit)) }
    return body + extensions.octets
  }

  private var icmpv4Header: ICMPv4Header {
    switch self {
    case .timeExceeded: ICMPv4Header(.timeExceeded)
    case .noRoute: ICMPv4Header(.destinationUnreachable, code: 0)
    case .protocolUnreachable: ICMPv4Header(.destinationUnreachable, code: 2)
    case .portUnreachable: ICMPv4Header(.destinationUnreachable, code: 3)
    case .prohibited: ICMPv4Header(.destinationUnreachable, code: 13)
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
    case .prohibited: ICMPv6Header(.destinationUnreachable, code: 1)
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
