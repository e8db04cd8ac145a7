import PacketText
import PacketWire

extension PacketField {
  /// The UDP header (RFC 768).
  static let udp: [PacketField] = [
    .init("udp.srcport", "UDP source port", in: .udp, .word(at: 0)),
    .init("udp.dstport", "UDP destination port", in: .udp, .word(at: 2)),
    .init("udp.length", "length of header and data, in octets", in: .udp, .word(at: 4)),
    .init(
      "udp.checksum.status", "0 bad, 1 good, 2 not verified, 3 not present, 4 illegal", in: .udp,
      .function { layer, _, octets, cell, out in
        guard let status = udpStatus(layer, octets) else { return }
        cell.append(decimal: status.rawValue, &out)
      }),
  ]
}
