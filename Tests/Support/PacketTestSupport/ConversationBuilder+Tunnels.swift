import PacketWire

extension ConversationBuilder {
  /// How packets are packed into others.
  public enum Tunnel: Sendable, CaseIterable { case ip, gre, vxlan, geneve }

  /// Adds the packets of another capture, each inside of one from `source` to `destination`, at its own
  /// time.
  public mutating func wrap(
    _ inner: ConversationBuilder, _ tunnel: Tunnel, from source: String = "192.0.2.1",
    to destination: String = "192.0.2.2"
  ) {
    let ends = (PacketTestSupport.address(source), PacketTestSupport.address(destination))
    for packet in inner.packets {
      now = packet.time
      let behindLink = Array(packet.octets[14...])
      let isV6 = packet.octets[12] == 0x86
      let etherType = Array(packet.octets[12..<14])
      switch tunnel {
      case .ip: ip(isV6 ? .ipv6 : .ipv4, from: ends.0, to: ends.1, behindLink)
      case .gre: ip(.gre, from: ends.0, to: ends.1, [0, 0] + etherType + behindLink)
      case .vxlan:
        udp(
          from: (ends.0, 50_000), to: (ends.1, VXLANHeader.port),
          [8, 0, 0, 0, 0, 0, 5, 0] + packet.octets)
      case .geneve:
        udp(
          from: (ends.0, 50_000), to: (ends.1, GeneveHeader.port),
          [0, 0, 0x65, 0x58, 0, 0, 5, 0] + packet.octets)
      }
    }
  }
}
