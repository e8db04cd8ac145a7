/// Everything that one captured frame holds down to its transport header, in one flat value.
///
/// Decoding never throws: what could be read is here, and `problem` says where and why it stopped.
/// The payload is not copied: `payload` tells where it stands in the octets that were decoded.
public struct Frame: Sendable {
  /// The link-layer header.
  public enum Link: Hashable, Sendable {
    case none
    case ethernet(EthernetHeader)
    case linuxSLL(LinuxSLLHeader)
    case linuxSLL2(LinuxSLL2Header)
    case bsdLoopback(BSDLoopbackHeader)
  }

  /// The network-layer header.
  public enum Network: Hashable, Sendable {
    case none
    case arp(ARPPacket)
    case ipv4(IPv4Header)
    case ipv6(IPv6Header)
  }

  /// The transport-layer header, ICMP counted in.
  public enum Transport: Hashable, Sendable {
    case none
    case icmpv4(ICMPv4Header)
    case icmpv6(ICMPv6Header)
    case udp(UDPHeader)
    case tcp(TCPHeader)
    /// UDP-Lite (RFC 3828), whose length field is the checksum's coverage instead.
    case udpLite(UDPHeader)
    case sctp(SCTPHeader)
    case dccp(DCCPHeader)
    case igmp(IGMPHeader)
    /// A GRE tunnel; `carried(in:)` tells what is in it.
    case gre(GREHeader)
    case esp(ESPHeader)
    /// A fragment that does not hold the start of its packet.
    case laterFragment(IPProtocol)
    /// A protocol that has no decoder.
    case other(IPProtocol)
  }

  /// How the frame begins.
  public var linkType: LinkType
  /// The link-layer header.
  public var link: Link = .none
  /// The outer VLAN tag.
  public var vlan: VLANTag?
  /// The inner VLAN tag of two (QinQ); tags deeper than that are skipped.
  public var innerVLAN: VLANTag?
  /// What the link layer says it carries; `nil` when the link type says no such thing.
  public var etherType: EtherType?
  /// The network-layer header.
  public var network: Network = .none
  /// The fragment header of an IPv6 packet, if it has one.
  public var ipv6Fragment: IPv6FragmentHeader?
  /// How many nodes an IPv6 routing header has still to send the packet to (RFC 8200 §4.4); unless
  /// none, the header's destination is not the final one.
  public var segmentsLeft: UInt8 = 0
  /// What IP says it carries, behind all extension headers.
  public var protocolNumber: IPProtocol?
  /// The transport-layer header. One of TCP whose options were cut off is here with what was captured of
  /// them (`missingOptions`), and with a `problem`.
  public var transport: Transport = .none
  /// Where the network header starts, in octets from the frame's start.
  public var networkOffset = 0
  /// Where the transport header starts.
  public var transportOffset = 0
  /// Where the transport's payload stands in the captured octets; for a packet without a known
  /// transport, or with a problem, whatever the last readable header carries. Empty behind ARP:
  /// there it would be the padding of a short frame.
  public var payload: Range<Int> = 0..<0
  /// How long the payload was on the wire, by the length fields of the headers before it; more
  /// than `payload.count` when the capture cut the frame.
  public var payloadLength = 0
  /// Where and why decoding stopped before its end.
  public var problem: PacketError?

  /// Decodes a frame as far as it goes.
  ///
  /// - Parameters:
  ///   - octets: what was captured.
  ///   - linkType: how the frame begins.
  ///   - originalLength: how long it was on the wire, in octets; the captured length if not given.
  @inlinable
  @inline(__always)
  public init(decoding octets: Span<UInt8>, linkType: LinkType, originalLength: Int? = nil) {
    self.linkType = linkType
    decode(octets, originalLength: originalLength)
  }

  @usableFromInline
  mutating func decode(_ octets: Span<UInt8>, originalLength: Int?) {
    var reader = PacketReader(octets)
    // Where what is being read ends on the wire, never before where the reader ends.
    var wireEnd = max(originalLength ?? 0, octets.count)
    do throws(PacketError) {
      try decodeLink(&reader, &wireEnd)
    } catch {
      problem = error
    }
    payload = reader.offset..<reader.offset + reader.available
    payloadLength = wireEnd - reader.offset
  }

  /// The source and destination address, if this is an IP packet.
  public var addresses: (source: IPAddress, destination: IPAddress)? {
    switch network {
    case .ipv4(let header): (.v4(header.source), .v4(header.destination))
    case .ipv6(let header): (.v6(header.source), .v6(header.destination))
    case .none, .arp: nil
    }
  }

  /// The source and destination port, if the transport has ports.
  public var ports: (source: UInt16, destination: UInt16)? {
    switch transport {
    case .udp(let header): (header.sourcePort, header.destinationPort)
    case .tcp(let header): (header.sourcePort, header.destinationPort)
    case .udpLite(let header): (header.sourcePort, header.destinationPort)
    case .sctp(let header): (header.sourcePort, header.destinationPort)
    case .dccp(let header): (header.sourcePort, header.destinationPort)
    default: nil
    }
  }
}
