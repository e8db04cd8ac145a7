import PacketText
import PacketWire

extension PacketField {
  /// What QUIC packets do not encipher of their headers (RFC 9000 §17).
  static let quic: [PacketField] = [
    .init(
      "quic.version", .unsigned(32), "version of a packet with a long header", in: .quic,
      .function { layer, _, octets, cell, out in
        guard isLong(layer, octets), layer.place(1, 4) != nil else { return }
        cell.append(hex: octets.u32(at: layer.start &+ 1), digits: 8, &out)
      }),
    .init(
      "quic.long.packet_type", .unsigned(8),
      "0 initial, 1 0-RTT, 2 handshake, 3 retry; not of version 2",
      in: .quic,
      .function { layer, _, octets, cell, out in
        guard isLong(layer, octets), layer.place(1, 4) != nil else { return }
        switch octets.u32(at: layer.start &+ 1) {
        case 0, 0x6b33_43cf, 0x709a_50c4: return
        default: cell.append(decimal: octets[layer.start] >> 4 & 3, &out)
        }
      }),
    .init(
      "quic.dcid", .bytes, "identifier by which the receiver knows the connection", in: .quic,
      .function { layer, _, octets, cell, out in
        var (start, length) = (layer.start &+ 1, layer.dataStart)
        if isLong(layer, octets) {
          guard layer.place(5, 1) != nil else { return }
          (start, length) = (layer.start &+ 6, Int(octets[layer.start &+ 5]))
        }
        guard length > 0, start &+ length <= layer.end else { return }
        cell.append(octets: octets.extracting(start..<start &+ length), &out)
      }),
  ]

  private static func isLong(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Bool {
    layer.count > 0 && octets[layer.start] & 0x80 != 0
  }
}
