import PacketWire

/// What a node here does with a packet that is for itself. A node does not put fragments together,
/// so it ignores them.
enum LocalDelivery: Sendable {
  /// Send this packet.
  case answer([UInt8])
  /// Send this error.
  case error(ICMPError)
  /// Nothing to say: a reply, an unknown message, a fragment, a datagram for an open port.
  case ignored
  /// The checksum of what the packet carries is wrong (RFC 1122 §3.2.2, §4.1.3.4, RFC 9293 §3.1).
  case badChecksum

  /// Protocols that have a decoder, but no node of this network.
  private static let unspoken: Set<IPProtocol> = [
    .sctp, .dccp, .udpLite, .igmp, .gre, .esp,
  ]

  /// Decides for a node where `openUDPPorts` are in use and no TCP port is.
  init(of packet: ReceivedPacket, openUDPPorts: Set<UInt16>, identification: UInt16) {
    let frame = Frame(decoding: packet.octets.span, linkType: .raw)
    if case .bad = frame.transportChecksum(over: packet.octets.span) {
      self = .badChecksum
      return
    }
    // Nobody here looks into what nobody here speaks.
    if let number = frame.protocolNumber, Self.unspoken.contains(number), !frame.isFragment {
      self = .error(.protocolUnreachable(namedAt: packet.protocolFieldOffset))
      return
    }
    guard frame.problem == nil, !frame.isFragment else {
      self = .ignored
      return
    }
    var answer = OutgoingPacket(source: packet.destination, destination: packet.source)
    answer.identification = identification
    let reply: [UInt8]?
    switch frame.transport {
    case .icmpv4(let request) where request.type == .echoRequest:
      answer.typeOfService = packet.typeOfService  // RFC 1812 §4.3.3.6
      var header = request
      header.type = .echoReply
      reply = answer.carrying(header, Array(packet.octets[frame.payload]))
    case .icmpv6(let request) where request.type == .echoRequest:
      var header = request
      header.type = .echoReply
      reply = answer.carrying(header, Array(packet.octets[frame.payload]))
    case .tcp: reply = packet.reset(identification: identification)
    case .udp(let datagram) where !openUDPPorts.contains(datagram.destinationPort):
      self = .error(.portUnreachable)
      return
    case .other(let number) where number != .noNextHeader:
      self = .error(.protocolUnreachable(namedAt: packet.protocolFieldOffset))
      return
    default: reply = nil
    }
    self = reply.map { .answer($0) } ?? .ignored
  }
}

extension ReceivedPacket {
  /// The reset that a port which is not open answers a segment with, in the destination's name.
  func reset(identification: UInt16) -> [UInt8]? {
    let frame = Frame(decoding: octets.span, linkType: .raw)
    guard frame.problem == nil, case .tcp(let segment) = frame.transport,
      !segment.flags.contains(.rst)
    else { return nil }
    var answer = OutgoingPacket(source: destination, destination: source)
    answer.identification = identification
    return answer.carrying(TCPHeader(resetting: segment, dataLength: frame.payload.count))
  }
}

extension TCPHeader {
  /// What a port that is not open answers (RFC 9293 §3.10.7.1).
  fileprivate init(resetting segment: TCPHeader, dataLength: Int) {
    self.init(from: segment.destinationPort, to: segment.sourcePort, flags: .rst)
    if segment.flags.contains(.ack) {
      sequenceNumber = segment.acknowledgmentNumber
      return
    }
    flags = [.rst, .ack]
    acknowledgmentNumber = segment.sequenceNumber &+ UInt32(truncatingIfNeeded: dataLength)
    // SYN and FIN take a sequence number each (RFC 9293 §3.4).
    for flag in [Flags.syn, .fin] where segment.flags.contains(flag) { acknowledgmentNumber &+= 1 }
  }
}

extension Frame {
  /// It is a piece of a packet.
  var isFragment: Bool {
    if let ipv6Fragment { return ipv6Fragment.moreFragments || ipv6Fragment.fragmentOffset > 0 }
    if case .ipv4(let header) = network { return header.isFragment }
    return false
  }
}

extension ReceivedPacket {
  fileprivate var typeOfService: UInt8 {
    switch header {
    case .ipv4(let header): header.typeOfService
    case .ipv6(let header): header.trafficClass
    }
  }

  /// Where the packet names what it carries, in octets: in the IPv4 header, or in the last of the
  /// IPv6 extension headers.
  fileprivate var protocolFieldOffset: Int {
    guard case .ipv6(let header) = header else { return 9 }
    var reader = PacketReader(octets.span)
    var (offset, next) = (6, header.nextHeader)
    do throws(PacketError) {
      _ = try reader.take(IPv6Header.length, for: .ipv6)
      while next == .fragment || IPv6ExtensionHeader.isExtension(next) {
        let start = reader.offset
        next =
          next == .fragment
          ? try IPv6FragmentHeader(parsing: &reader).nextHeader
          : try IPv6ExtensionHeader(parsing: &reader, kind: next).nextHeader
        offset = start
      }
    } catch {
      // The packet was decoded before, so its extension headers are whole.
    }
    return offset
  }
}
