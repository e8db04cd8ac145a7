import PacketText
import PacketWire

extension PacketField {
  /// ICMP for IPv4 (RFC 792) and its extensions.
  static let icmpv4: [PacketField] = [
    .init("icmp.type", .unsigned(8), "ICMP type", in: .icmpv4, .octet(at: 0)),
    .init("icmp.code", .unsigned(8), "ICMP code", in: .icmpv4, .octet(at: 1)),
    .init(
      "icmp.ident", .unsigned(16), "identifier of a query and its reply", in: .icmpv4,
      .function { layer, _, octets, cell, out in
        guard isQuery(layer, octets), let start = layer.place(4, 2) else { return }
        cell.append(decimal: octets.u16(at: start), &out)
      }),
    .init(
      "icmp.seq", .unsigned(16), "sequence number of a query and its reply", in: .icmpv4,
      .function { layer, _, octets, cell, out in
        guard isQuery(layer, octets), let start = layer.place(6, 2),
          octets[layer.start] < 42
        else { return }
        cell.append(decimal: octets.u16(at: start), &out)
      }),
    .init(
      "icmp.mtu", .unsigned(16), "next-hop MTU of \"fragmentation needed\" (RFC 1191)", in: .icmpv4,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(0, 8), octets[start] == 3, octets[start &+ 1] == 4 else {
          return
        }
        cell.append(decimal: octets.u16(at: start &+ 6), &out)
      }),
    .init(
      "icmp.mpls.label", .unsigned(24), "MPLS label of an error's extension (RFC 4950)",
      in: .mplsLabel,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(0, 4) else { return }
        cell.append(decimal: octets.u32(at: start) >> 12, &out)
      }),
    .init(
      "icmp.checksum.status", .unsigned(8), "0 bad, 1 good, 2 not verified", in: .icmpv4,
      .function { layer, _, octets, cell, out in
        cell.append(decimal: icmpv4Status(layer, octets).rawValue, &out)
      }),
  ]

  /// ICMP for IPv6 (RFC 4443).
  static let icmpv6: [PacketField] = [
    .init("icmpv6.type", .unsigned(8), "ICMPv6 type", in: .icmpv6, .octet(at: 0)),
    .init("icmpv6.code", .unsigned(8), "ICMPv6 code", in: .icmpv6, .octet(at: 1)),
    .init(
      "icmpv6.echo.identifier", .unsigned(16), "identifier of an echo", in: .icmpv6,
      .function { layer, _, octets, cell, out in
        guard isEcho(layer, octets), let start = layer.place(4, 2) else { return }
        cell.append(hex: octets.u16(at: start), &out)
      }),
    .init(
      "icmpv6.echo.sequence_number", .unsigned(16), "sequence number of an echo", in: .icmpv6,
      .function { layer, _, octets, cell, out in
        guard isEcho(layer, octets), let start = layer.place(6, 2) else { return }
        cell.append(decimal: octets.u16(at: start), &out)
      }),
    .init(
      "icmpv6.checksum.status", .unsigned(8), "0 bad, 1 good, 2 not verified", in: .icmpv6,
      .function { layer, _, octets, cell, out in
        cell.append(decimal: transportStatus(layer, .icmpv6, octets).rawValue, &out)
      }),
  ]

  /// Echo, timestamp, information and address mask, requests and replies (RFC 792, RFC 950), have
  /// an identifier and a sequence number; so has the extended echo (RFC 8335), but of one octet.
  private static func isQuery(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Bool {
    guard let start = layer.place(0, 1) else { return false }
    switch octets[start] {
    case 0, 8, 13...18, 42, 43: return true
    default: return false
    }
  }

  private static func isEcho(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Bool {
    guard let start = layer.place(0, 1) else { return false }
    return octets[start] == 128 || octets[start] == 129
  }
}
