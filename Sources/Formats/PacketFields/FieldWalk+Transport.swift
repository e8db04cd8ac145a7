import PacketWire

extension FieldWalk {
  /// What an IP packet carries, and where.
  struct Transport {
    var start: Int
    var end: Int
    var wireEnd: Int
    /// Where the IP header starts.
    var network: Int
    var isFragment: Bool
    var isQuoted: Bool

    func layer(_ kind: FieldLayer.Kind) -> FieldLayer {
      var layer = FieldLayer(kind, start, max(end, start), wireEnd: wireEnd)
      (layer.outerStart, layer.isFragment, layer.isQuoted) = (network, isFragment, isQuoted)
      return layer
    }
  }

  /// Adds a transport header, ICMP counted in.
  mutating func addTransport(
    _ number: IPProtocol?, _ octets: Span<UInt8>, _ transport: Transport
  ) {
    guard transport.start < transport.end else { return }
    switch number {
    case .icmp?:
      append(transport.layer(.icmpv4))
      addMPLSLabels(octets, transport)
    case .icmpv6?: append(transport.layer(.icmpv6))
    case .tcp?:
      append(transport.layer(.tcp))
      if readsMessages { addStreamMessages(octets, transport) }
    case .udp?:
      append(transport.layer(.udp))
      if readsMessages { addMessage(octets, transport) }
    default: return
    }
  }
}
