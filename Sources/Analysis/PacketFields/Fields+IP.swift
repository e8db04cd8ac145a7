import PacketText
import PacketWire

extension PacketField {
  /// The IPv4 header (RFC 791 §3.1).
  static let ipv4: [PacketField] = [
    .init("ip.src", .ipv4, "IPv4 source address", in: .ipv4, .ipv4(at: 12)),
    .init(
      "ip.dst", .ipv4, "IPv4 destination address, the last one of a source route", in: .ipv4,
      destination),
    .init(
      "ip.addr", .ipv4, "both IPv4 addresses", in: .ipv4, .each([.ipv4(at: 12), destination])),
    .init("ip.src_host", .string, "IPv4 source address as text", in: .ipv4, host { _ in 12 }),
    .init("ip.dst_host", .string, "IPv4 destination address as text", in: .ipv4, destinationHost),
    .init(
      "ip.host", .string, "both IPv4 addresses as text", in: .ipv4,
      .each([host { _ in 12 }, destinationHost])),
    .init(
      "ip.hdr_len", .unsigned(8), "length of the header, in octets", in: .ipv4,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(0, 1) else { return }
        cell.append(decimal: Int(octets[start] & 0x0f) &* 4, &out)
      }),
    .init("ip.dsfield", .unsigned(8), "DSCP and ECN", in: .ipv4, .hexOctet(at: 1, mask: 0xff)),
    .init("ip.dsfield.dscp", .unsigned(8), "DSCP (RFC 2474)", in: .ipv4, .bits(at: 1, mask: 0xfc)),
    .init("ip.dsfield.ecn", .unsigned(8), "ECN (RFC 3168)", in: .ipv4, .bits(at: 1, mask: 0x03)),
    .init("ip.len", .unsigned(16), "length of the packet, in octets", in: .ipv4, .word(at: 2)),
    .init("ip.proto", .unsigned(8), "what IPv4 carries", in: .ipv4, .octet(at: 9)),
    .init("ip.ttl", .unsigned(8), "time to live", in: .ipv4, .octet(at: 8)),
    .init("ip.id", .unsigned(16), "identification", in: .ipv4, .hex(at: 4, mask: 0xffff)),
    .init("ip.flags", .unsigned(8), "all three flags", in: .ipv4, .hexOctet(at: 6, mask: 0xe0)),
    .init("ip.flags.df", .boolean, "do not fragment", in: .ipv4, .bits(at: 6, mask: 0x40)),
    .init("ip.flags.mf", .boolean, "more fragments", in: .ipv4, .bits(at: 6, mask: 0x20)),
    .init(
      "ip.frag_offset", .unsigned(16), "fragment offset, in units of eight octets", in: .ipv4,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(6, 2) else { return }
        cell.append(decimal: octets.u16(at: start) & 0x1fff, &out)
      }),
    .init("ip.checksum", .unsigned(16), "header checksum", in: .ipv4, .hex(at: 10, mask: 0xffff)),
    .init(
      "ip.checksum.status", .unsigned(8), "header checksum: 0 bad, 1 good, 2 not verified",
      in: .ipv4,
      .function { layer, _, octets, cell, out in
        cell.append(decimal: ipv4HeaderStatus(layer, octets).rawValue, &out)
      }),
  ]

  private static let destination = Reading.function { layer, _, octets, cell, out in
    guard layer.place(16, 4) != nil else { return }
    cell.append(IPv4Address(bits: octets.u32(at: layer.dataStart)), &out)
  }

  private static let destinationHost = host { $0.dataStart &- $0.start }

  /// An address as text: no names are looked up.
  private static func host(_ place: @escaping @Sendable (FieldLayer) -> Int) -> Reading {
    .function { layer, _, octets, cell, out in
      guard layer.place(16, 4) != nil else { return }
      let address = IPv4Address(bits: octets.u32(at: layer.start &+ place(layer)))
      cell.append(text: address.description, &out)
    }
  }

  /// The IPv6 header (RFC 8200 §3) and its fragment headers (§4.5).
  static let ipv6: [PacketField] = [
    .init("ipv6.src", .ipv6, "IPv6 source address", in: .ipv6, .ipv6(at: 8)),
    .init("ipv6.dst", .ipv6, "IPv6 destination address", in: .ipv6, .ipv6(at: 24)),
    .init(
      "ipv6.addr", .ipv6, "both IPv6 addresses", in: .ipv6, .each([.ipv6(at: 8), .ipv6(at: 24)])),
    .init("ipv6.version", .unsigned(8), "6", in: .ipv6, .bits(at: 0, mask: 0xf0)),
    .init(
      "ipv6.plen", .unsigned(16), "length behind the header, in octets", in: .ipv6, .word(at: 4)),
    .init("ipv6.nxt", .unsigned(8), "what follows the IPv6 header", in: .ipv6, .octet(at: 6)),
    .init("ipv6.hlim", .unsigned(8), "hop limit", in: .ipv6, .octet(at: 7)),
    .init(
      "ipv6.fraghdr.offset", .unsigned(16), "fragment offset, in units of eight octets",
      in: .ipv6Fragment,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(2, 2) else { return }
        cell.append(decimal: octets.u16(at: start) >> 3, &out)
      }),
    .init(
      "ipv6.fraghdr.more", .boolean, "more fragments", in: .ipv6Fragment, .bits(at: 3, mask: 0x01)),
  ]
}
