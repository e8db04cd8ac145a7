import PacketText
import PacketWire

extension PacketField {
  /// The UDP header (RFC 768).
  static let udp: [PacketField] = [
    .init("udp.srcport", .unsigned(16), "UDP source port", in: .udp, .word(at: 0)),
    .init("udp.dstport", .unsigned(16), "UDP destination port", in: .udp, .word(at: 2)),
    .init(
      "udp.port", .unsigned(16), "both UDP ports", in: .udp, .each([.word(at: 0), .word(at: 2)])),
    .init(
      "udp.length", .unsigned(16), "length of header and data, in octets", in: .udp, .word(at: 4)),
    .init("udp.checksum", .unsigned(16), "checksum", in: .udp, .hex(at: 6, mask: 0xffff)),
    .init(
      "udp.payload", .bytes, "data of the datagram", in: .udp,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(4, 4) else { return }
        let end = min(layer.end, layer.start &+ Int(octets.u16(at: start)))
        let first = layer.start &+ UDPHeader.length
        if end > first { cell.append(octets: octets.extracting(first..<end), &out) }
      }),
    .init(
      "udp.checksum.status", .unsigned(8),
      "0 bad, 1 good, 2 not verified, 3 not present, 4 illegal", in: .udp,
      .function { layer, _, octets, cell, out in
        guard let status = udpStatus(layer, octets) else { return }
        cell.append(decimal: status.rawValue, &out)
      }),
  ]
}
