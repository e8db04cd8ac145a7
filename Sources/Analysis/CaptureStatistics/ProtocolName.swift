public import PacketWire

/// A protocol of a hierarchy: one with a name, or a number of its layer.
public enum ProtocolName: Hashable, Sendable {
  case frame
  case ethernet, linuxCooked, loopback, otherLink(UInt32)
  case vlan, otherEtherType(UInt16)
  case arp, ipv4, ipv6
  case icmp, icmpv6, igmp, tcp, udp, udpLite, sctp, dccp, gre, esp, fragment, otherIP(UInt8)
  case application(ApplicationProtocol)
  /// Data of no known kind.
  case data
  /// Octets that are no such packet as they should be.
  case malformed
}

extension ProtocolName: CustomStringConvertible {
  /// tshark's word where it has one, or the layer and the number.
  public var description: String {
    switch self {
    case .frame: "frame"
    case .ethernet: "eth"
    case .linuxCooked: "sll"
    case .loopback: "null"
    case .otherLink(let number): "link type \(number)"
    case .vlan: "vlan"
    case .otherEtherType(let number): "ethertype 0x\(String(number, radix: 16))"
    case .arp: "arp"
    case .ipv4: "ip"
    case .ipv6: "ipv6"
    case .icmp: "icmp"
    case .icmpv6: "icmpv6"
    case .igmp: "igmp"
    case .tcp: "tcp"
    case .udp: "udp"
    case .udpLite: "udplite"
    case .sctp: "sctp"
    case .dccp: "dccp"
    case .gre: "gre"
    case .esp: "esp"
    case .fragment: "fragment"
    case .otherIP(let number): "ip proto \(number)"
    case .application(let application): application.keyword
    case .data: "data"
    case .malformed: "malformed"
    }
  }
}

extension ProtocolPath {
  /// The protocols of a frame, and of the packets that it carries.
  init(_ frame: Frame, _ octets: Span<UInt8>) {
    appendLayers(of: frame, octets)
    if frame.mayBeTunnel { appendTunnelled(frame, octets) }
  }

  /// A tunnel's packets count as its content; what an ICMP error quotes was no traffic here.
  private mutating func appendTunnelled(_ frame: Frame, _ octets: Span<UInt8>) {
    guard var inner = TunnelledFrame(in: frame, octets) else { return }
    repeat {
      appendLayers(of: inner.frame, octets.extracting(inner.octets))
    } while inner.goInwards(octets)
  }

  private mutating func appendLayers(of frame: Frame, _ octets: Span<UInt8>) {
    switch frame.link {
    case .ethernet: append(.ethernet)
    case .linuxSLL, .linuxSLL2: append(.linuxCooked)
    case .bsdLoopback: append(.loopback)
    case .none where frame.network == .none: append(.otherLink(frame.linkType.rawValue))
    case .none: break
    }
    if frame.vlan != nil { append(.vlan) }
    if frame.innerVLAN != nil { append(.vlan) }
    switch frame.network {
    case .arp: return append(.arp)
    case .ipv4: append(.ipv4)
    case .ipv6: append(.ipv6)
    case .none:
      if let type = frame.etherType { append(.otherEtherType(type.rawValue)) }
      return
    }
    appendTransport(of: frame, octets)
  }

  private mutating func appendTransport(of frame: Frame, _ octets: Span<UInt8>) {
    switch frame.transport {
    case .none: append(.malformed)
    case .icmpv4: append(.icmp)
    case .icmpv6: append(.icmpv6)
    case .udp:
      append(.udp)
      appendApplication(of: frame, octets, .udp)
    case .tcp:
      append(.tcp)
      appendApplication(of: frame, octets, .tcp)
    case .udpLite: append(.udpLite)
    case .sctp: append(.sctp)
    case .dccp: append(.dccp)
    case .igmp: append(.igmp)
    case .gre: append(.gre)
    case .esp: append(.esp)
    case .laterFragment: append(.fragment)
    case .other(let number): append(.otherIP(number.rawValue))
    }
  }

  private mutating func appendApplication(
    of frame: Frame, _ octets: Span<UInt8>, _ transport: IPProtocol
  ) {
    guard frame.payloadLength > 0, let ports = frame.ports,
      frame.payload.upperBound <= octets.count
    else { return }
    let payload = octets.extracting(frame.payload)
    let application = ApplicationProtocol.recognize(transport, ports: ports, payload: payload)
    append(application.map { .application($0) } ?? .data)
  }
}
