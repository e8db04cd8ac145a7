import PacketText
import PacketWire

extension PacketField {
  /// What the capture says of the packet.
  static let frame: [PacketField] = [
    .init(
      "frame.number", "place among the packets, from 1", in: .frame,
      .function { _, packet, _, cell, out in cell.append(decimal: packet.number, &out) }),
    .init(
      "frame.time_epoch", "time of capture, in seconds since 1970", in: .frame,
      .function { _, packet, _, cell, out in
        guard let time = packet.time else { return }
        cell.begin(&out)
        out.append(fixedPoint: time.nanoseconds, places: 9)
      }),
    .init(
      "frame.len", "length on the wire, in octets", in: .frame,
      .function { _, packet, _, cell, out in cell.append(decimal: packet.originalLength, &out) }),
    .init(
      "frame.cap_len", "captured length, in octets", in: .frame,
      .function { layer, _, _, cell, out in cell.append(decimal: layer.count, &out) }),
    .init(
      "frame.interface_id", "interface of a pcapng file, from 0", in: .frame,
      .function { _, packet, _, cell, out in
        if let interface = packet.interface { cell.append(decimal: interface, &out) }
      }),
  ]
}
