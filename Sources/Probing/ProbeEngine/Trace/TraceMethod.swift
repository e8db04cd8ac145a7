public import PacketWire

/// How a trace probes.
///
/// The ports are those of the first flow; further ones have others, as each case says. Routers that
/// balance by flow send all packets with the same addresses, protocol and ports one way (Augustin et al.,
/// "Avoiding traceroute anomalies with Paris traceroute", 2006).
public enum TraceMethod: Hashable, Sendable {
  /// UDP datagrams; a flow has a destination port of its own.
  case udp(sourcePort: UInt16, destinationPort: UInt16)
  /// UDP datagrams whose destination port rises by one a probe, from this one on, so that each is a
  /// flow: what traceroute has always done, and what works without a raw socket, since the kernel's
  /// error queue gives back that port and little else.
  case udpRisingPort(first: UInt16, sourcePort: UInt16 = 0)
  /// DNS queries for the name servers of the root; a flow has a source port of its own.
  case dns(sourcePort: UInt16, destinationPort: UInt16)
  /// The first packet of a QUIC connection, of a version that no server speaks, so that it answers with
  /// those that it does (RFC 9000 §6, §15); a flow has a source port of its own.
  case quic(sourcePort: UInt16, destinationPort: UInt16)
  /// Echo requests with a constant checksum, which is what balancers take for ports; a flow has another
  /// one.
  case icmp(identifier: UInt16)
  /// TCP segments; a flow has a source port of its own.
  case tcp(sourcePort: UInt16, destinationPort: UInt16, SegmentForm = SegmentForm())
  /// UDP-Lite whose checksum covers so many octets (RFC 3828); a flow has a destination port of its own.
  case udpLite(sourcePort: UInt16, destinationPort: UInt16, coverage: UInt16)
  /// DCCP requests for a service (RFC 4340 §5.1); a flow has a source port of its own.
  case dccp(sourcePort: UInt16, destinationPort: UInt16, service: UInt32)
  /// SCTP associations begun (RFC 9260 §3.3.2); a flow has a source port of its own.
  case sctp(sourcePort: UInt16, destinationPort: UInt16)
  /// Packets of any protocol, with nothing that a router could take for ports but the first octets.
  case other(IPProtocol)

  /// What of a TCP segment can be chosen.
  public struct SegmentForm: Hashable, Sendable {
    /// The flags; SYN alone opens half a connection, which the kernel's RST closes again.
    public var flags: TCPHeader.Flags = .syn
    /// Acknowledgment number, for flags with ACK.
    public var acknowledgmentNumber: UInt32 = 0
    /// What the sender would take.
    public var window: UInt16 = 5_840
    /// Options, as they stand in the header.
    public var options = OptionOctets()

    /// A SYN without options.
    public init() {}
  }
}

extension TraceMethod {
  /// What the IP header names.
  public func protocolNumber(_ family: IPFamily) -> IPProtocol {
    switch self {
    case .udp, .udpRisingPort, .dns, .quic: .udp
    case .icmp: family == .v4 ? .icmp : .icmpv6
    case .tcp: .tcp
    case .udpLite: .udpLite
    case .dccp: .dccp
    case .sctp: .sctp
    case .other(let number): number
    }
  }

  /// The ports of a probe; nil where there are none.
  public func ports(of request: TraceRequest) -> (source: UInt16, destination: UInt16)? {
    let flow = UInt16(truncatingIfNeeded: request.flow)
    switch self {
    case .udp(let source, let destination), .udpLite(let source, let destination, _):
      return (source, destination &+ flow)
    case .udpRisingPort(let first, let source):
      return (source, Self.risingPort(of: request.number, from: first))
    case .dns(let source, let destination), .quic(let source, let destination),
      .tcp(let source, let destination, _), .dccp(let source, let destination, _),
      .sctp(let source, let destination):
      return (source &+ flow, destination)
    case .icmp, .other: return nil
    }
  }

  /// Behind the last port there is it begins anew with the first.
  private static func risingPort(of number: Int, from first: UInt16) -> UInt16 {
    first + UInt16(number % (Int(UInt16.max - first) + 1))
  }

  /// All probes of a flow have the same ports, so that routers that balance by flow send them one way.
  public var isFlowStable: Bool {
    if case .udpRisingPort = self { false } else { true }
  }

  /// Of the transport header, in octets.
  public var headerLength: Int {
    switch self {
    case .udp, .udpRisingPort, .dns, .quic, .icmp, .udpLite: 8
    case .tcp(_, _, let form): TCPHeader.minimumLength + form.options.paddedCount
    case .dccp: 20
    case .sctp: 32
    case .other: 0
    }
  }
}
