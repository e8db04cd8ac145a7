/// Why octets could not be read as a packet, and where.
public struct PacketError: Error, Hashable, Sendable {
  /// What was wrong. Lengths are in octets.
  public enum Reason: Hashable, Sendable {
    /// The header needs `needed` octets where only `available` are left.
    case truncated(needed: Int, available: Int)
    /// The version field holds another protocol's number.
    case unexpectedVersion(UInt8)
    /// A length field is smaller than the header that holds it, or does not fit its unit.
    case badHeaderLength(Int)
    /// An option of this kind gives a length that cannot be.
    case badOptionLength(kind: UInt8, length: Int)
    /// A type or family octet names something that this header cannot carry.
    case unsupported(UInt32)
    /// A DNS label starts with one of the two reserved bit patterns (RFC 1035 §4.1.4, RFC 6891 §5).
    case badLabelType(UInt8)
    /// A DNS compression pointer does not point backwards.
    case badPointer(Int)
    /// A DNS name is longer than 255 octets (RFC 1035 §3.1).
    case nameTooLong
    /// A count field promises more than the limit that keeps hostile packets from costing time.
    case tooMany(limit: Int)
  }

  /// The header that could not be read.
  public var layer: Layer
  /// Offset in octets from the first captured octet, so that a tool can mark it in a hex dump.
  public var offset: Int
  /// What was wrong there.
  public var reason: Reason

  /// An error in `layer`'s header at `offset` octets from the first captured one.
  public init(_ layer: Layer, at offset: Int, _ reason: Reason) {
    (self.layer, self.offset, self.reason) = (layer, offset, reason)
  }
}

extension PacketError: CustomStringConvertible {
  /// One line for a person: layer, place and reason.
  public var description: String { "\(layer.name) at octet \(offset): \(reason)" }
}

extension PacketError.Reason: CustomStringConvertible {
  /// What was wanted and what was there.
  public var description: String {
    switch self {
    case .truncated(let needed, let available): "needs \(needed) octets, \(available) are left"
    case .unexpectedVersion(let version): "unexpected version \(version)"
    case .badHeaderLength(let length): "impossible length \(length)"
    case .badOptionLength(let kind, let length): "option \(kind) with impossible length \(length)"
    case .unsupported(let value): "unsupported value \(value)"
    case .badLabelType(let octet): "reserved label type in octet \(octet)"
    case .badPointer(let target): "compression pointer to \(target) does not point backwards"
    case .nameTooLong: "name longer than 255 octets"
    case .tooMany(let limit): "more than \(limit) entries"
    }
  }
}

/// The header that an error, or a verdict, is about.
public enum Layer: UInt8, Hashable, Sendable, CaseIterable {
  case ethernet, vlan, linuxSLL, linuxSLL2, bsdLoopback, arp
  case llc, mpls, pppoe, ppp, ciscoHDLC, frameRelay, ieee80211, radiotap, nflog
  case ipnet, ppi, pktap
  case ipv4, ipv6, ipv6Extension
  case igmp, gre, esp, authentication, sctp, dccp, vxlan, geneve
  case icmpExtension, icmpv4, icmpv6, quotedDatagram, udp, tcp, dns
  case dhcpv4, dhcpv6, ntp, tls, x509, quic, webSocket

  /// The protocol's usual short name.
  public var name: String {
    switch self {
    case .ethernet: "Ethernet"
    case .vlan: "802.1Q"
    case .linuxSLL: "Linux SLL"
    case .linuxSLL2: "Linux SLL2"
    case .bsdLoopback: "BSD loopback"
    case .arp: "ARP"
    case .llc: "LLC"
    case .mpls: "MPLS"
    case .pppoe: "PPPoE"
    case .ppp: "PPP"
    case .ciscoHDLC: "Cisco HDLC"
    case .frameRelay: "Frame Relay"
    case .ieee80211: "802.11"
    case .radiotap: "radiotap"
    case .nflog: "NFLOG"
    case .ipnet: "IPNET"
    case .ppi: "PPI"
    case .pktap: "PKTAP"
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    case .ipv6Extension: "IPv6 extension header"
    case .igmp: "IGMP"
    case .gre: "GRE"
    case .esp: "ESP"
    case .authentication: "AH"
    case .sctp: "SCTP"
    case .dccp: "DCCP"
    case .vxlan: "VXLAN"
    case .geneve: "Geneve"
    case .icmpExtension: "ICMP extension"
    case .icmpv4: "ICMP"
    case .icmpv6: "ICMPv6"
    case .quotedDatagram: "quoted datagram"
    case .udp: "UDP"
    case .tcp: "TCP"
    case .dns: "DNS"
    case .dhcpv4: "DHCP"
    case .dhcpv6: "DHCPv6"
    case .ntp: "NTP"
    case .tls: "TLS"
    case .x509: "X.509"
    case .quic: "QUIC"
    case .webSocket: "WebSocket"
    }
  }
}
