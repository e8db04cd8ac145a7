import PacketText
import PacketWire

extension PacketField {
  /// The IPv4 header (RFC 791 §3.1).
  static let ipv4: [PacketField] = [
    .init("ip.src", "IPv4 source address", in: .ipv4, .ipv4(at: 12)),
    .init(
      "ip.dst", "IPv4 destination address, the last one of a source route", in: .ipv4,
      .function { layer, _, octets, cell, out in
        guard layer.place(16, 4) != nil else { return }
        cell.begin(&out)
        out.append(IPv4Address(bits: octets.u32(at: layer.dataStart)))
      }),
    .init("ip.proto", "what IPv4 carries", in: .ipv4, .octet(at: 9)),
    .init("ip.ttl", "time to live", in: .ipv4, .octet(at: 8)),
    .init("ip.id", "identification", in: .ipv4, .hex(at: 4, mask: 0xffff)),
    .init("ip.flags.df", "do not fragment", in: .ipv4, .bits(at: 6, mask: 0x40)),
    .init("ip.flags.mf", "more fragments", in: .ipv4, .bits(at: 6, mask: 0x20)),
    .init(
      "ip.frag_offset", "fragment offset, in units of eight octets", in: .ipv4,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(6, 2) else { return }
        cell.append(decimal: octets.u16(at: start) & 0x1fff, &out)
      }),
    .init(
      "ip.checksum.status", "header checksum: 0 bad, 1 good, 2 not verified", in: .ipv4,
      .function { layer, _, octets, cell, out in
        cell.append(decimal: ipv4HeaderStatus(layer, octets).rawValue, &out)
      }),
  ]

  /// The IPv6 header (RFC 8200 §3) and its fragment headers (§4.5).
  static let ipv6: [PacketField] = [
    .init("ipv6.src", "IPv6 source address", in: .ipv6, .ipv6(at: 8)),
    .init("ipv6.dst", "IPv6 destination address", in: .ipv6, .ipv6(at: 24)),
    .init("ipv6.nxt", "what follows the IPv6 header", in: .ipv6, .octet(at: 6)),
    .init("ipv6.hlim", "hop limit", in: .ipv6, .octet(at: 7)),
    .init(
      "ipv6.fraghdr.offset", "fragment offset, in units of eight octets", in: .ipv6Fragment,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(2, 2) else { return }
        cell.append(decimal: octets.u16(at: start) >> 3, &out)
      }),
    .init(
      "ipv6.fraghdr.more", "more fragments", in: .ipv6Fragment, .bits(at: 3, mask: 0x01)),
  ]
}
