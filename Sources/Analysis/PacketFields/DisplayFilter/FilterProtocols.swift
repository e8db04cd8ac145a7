import PacketText
import PacketWire

extension PacketField {
  /// Protocols as filters name them. The octets of one go on to the end of what carries it; how many are
  /// its own, which is what len() and slices see, is as tshark has it.
  public static let protocols: [PacketField] = [
    whole("frame", "the packet", .frame),
    header("eth", "Ethernet", .ethernet) { _, _ in EthernetHeader.length },
    whole("sll", "Linux cooked capture", .linuxSLL),
    header("null", "BSD loopback", .bsdLoopback) { _, _ in 4 },
    header("vlan", "802.1Q", .vlan) { _, _ in VLANTag.length },
    whole("arp", "ARP", .arp),
    header("ip", "IPv4", .ipv4) { layer, octets in Int(octets[layer.start] & 0x0f) &* 4 },
    header("ipv6", "IPv6", .ipv6) { _, _ in IPv6Header.length },
    whole("icmp", "ICMP for IPv4", .icmpv4),
    whole("icmpv6", "ICMP for IPv6", .icmpv6),
    whole("tcp", "TCP", .tcp),
    header("udp", "UDP", .udp) { _, _ in UDPHeader.length },
    message("dns", "DNS", .dns, of: 53),
    message("mdns", "multicast DNS", .dns, of: 5353),
    message("llmnr", "link-local multicast name resolution", .dns, of: 5355),
    message("http", "HTTP/1.x", .http, of: 0),
    message("ssdp", "discovery with heads of HTTP in datagrams", .http, of: 1900),
    whole("tls", "TLS", .tls),
    whole("websocket", "WebSocket", .webSocket),
    whole("http2", "HTTP/2", .http2),
    whole("quic", "QUIC", .quic),
  ]

  /// A protocol whose octets are all its own.
  private static func whole(
    _ name: String, _ meaning: String, _ kind: FieldLayer.Kind
  ) -> PacketField {
    header(name, meaning, kind) { layer, _ in layer.count }
  }

  /// A protocol of whose octets `own` are its header's.
  private static func header(
    _ name: String, _ meaning: String, _ kind: FieldLayer.Kind,
    own: @escaping @Sendable (FieldLayer, Span<UInt8>) -> Int
  ) -> PacketField {
    .init(
      name, .protocol, meaning, in: kind,
      .function { layer, _, octets, cell, out in
        guard layer.count > 0 else { return }
        cell.append(
          protocol: octets.extracting(layer.start..<layer.end), own: own(layer, octets), &out)
      })
  }

  /// One of several protocols with the same messages.
  private static func message(
    _ name: String, _ meaning: String, _ kind: FieldLayer.Kind, of port: Int
  ) -> PacketField {
    .init(
      name, .protocol, meaning, in: kind,
      .function { layer, _, octets, cell, out in
        guard layer.dataStart == port, layer.count > 0 else { return }
        cell.append(
          protocol: octets.extracting(layer.start..<layer.end), own: layer.count, &out)
      })
  }
}

extension FieldLayer.Kind {
  /// The kind of the layer that says which layer of its protocol another one belongs to.
  var protocolKind: FieldLayer.Kind {
    switch self {
    case .dnsQuestion, .dnsRecord: .dns
    case .mplsLabel: .icmpv4
    case .ipv6Fragment: .ipv6
    case .tcpReassembly: .tcp
    case .tlsRecord, .tlsHandshake: .tls
    default: self
    }
  }
}
