import PacketWire

extension FieldWalk {
  /// What an IP packet carries, and where.
  struct Transport {
    var bounds: Bounds
    var start: Int
    /// Where the IP header starts, and where the address is that the packet is for in the end.
    var network: Int
    var destination: Int
    var isFragment = false

    init(_ bounds: Bounds, start: Int, network: Int) {
      (self.bounds, self.start, self.network) = (bounds, start, network)
      destination = network
    }

    var end: Int { bounds.end }

    func layer(_ kind: FieldLayer.Kind) -> FieldLayer {
      var layer = bounds.layer(kind, at: start)
      (layer.outerStart, layer.dataStart) = (network, destination)
      layer.isFragment = isFragment
      return layer
    }
  }

  /// Adds a transport header, ICMP counted in.
  mutating func addTransport(
    _ number: IPProtocol?, _ octets: Span<UInt8>, _ transport: Transport
  ) {
    guard transport.start < transport.end else { return }
    if needs.contains(.exchanges) { speakers = Self.speakers(of: transport, octets) }
    switch number {
    case .icmp?:
      append(transport.layer(.icmpv4))
      if names.areWanted { nameEcho(octets, transport, 8, 0) }
      addMPLSLabels(octets, transport)
    case .icmpv6?:
      append(transport.layer(.icmpv6))
      if names.areWanted { nameEcho(octets, transport, 128, 129) }
    case .tcp?:
      var layer = transport.layer(.tcp)
      let isRead = messages.needs(streamOn: octets, layer)
      if needs.contains(.connections) || isRead { layer.history = follow(layer, octets) }
      append(layer)
      if names.areWanted { nameOptions(octets, layer) }
      let count = names.count
      if isRead { addStreamMessages(octets, transport, layer) }
      if names.areWanted, names.count == count { nameSegment(octets, layer, transport) }
    case .udp?:
      var layer = transport.layer(.udp)
      if needs.contains(.datagrams) { layer.history = follow(udp: layer, octets) }
      append(layer)
      let count = names.count
      if !messages.isEmpty { addMessage(octets, transport) }
      if names.areWanted, names.count == count { nameDatagram(octets, transport) }
    default: names.add(transport: number)
    }
  }

  private static func speakers(
    of transport: Transport, _ octets: Span<UInt8>
  ) -> (source: QUICEnds.End, destination: QUICEnds.End)? {
    guard transport.start &+ 4 <= transport.end, let ends = ends(of: transport.network, octets)
    else { return nil }
    return (
      QUICEnds.End(address: ends.source, port: octets.u16(at: transport.start)),
      QUICEnds.End(address: ends.destination, port: octets.u16(at: transport.start &+ 2))
    )
  }
}
