import PacketText
import PacketWire

extension PacketField {
  /// What the capture says of the packet.
  static let frame: [PacketField] = [
    .init(
      "frame.number", .unsigned(32), "place among the packets, from 1", in: .frame,
      .function { _, packet, _, cell, out in cell.append(decimal: packet.number, &out) }),
    .init(
      "frame.time_epoch", .relativeTime, "time of capture, in seconds since 1970", in: .frame,
      .function { _, packet, _, cell, out in
        guard let time = packet.time else { return }
        cell.append(seconds: Nanoseconds(time.nanoseconds), &out)
      }),
    .init(
      "frame.time", .absoluteTime, "time of capture, printed in UTC", in: .frame,
      .function { _, packet, _, cell, out in
        if let time = packet.time { cell.append(date: time, &out) }
      }),
    .init(
      "frame.time_relative", .relativeTime, "seconds since the first packet", in: .frame,
      .function { _, packet, _, cell, out in
        if let time = packet.sinceFirst { cell.append(seconds: time, &out) }
      }),
    .init(
      "frame.time_delta", .relativeTime, "seconds since the packet before", in: .frame,
      .function { _, packet, _, cell, out in
        if let time = packet.sincePrevious { cell.append(seconds: time, &out) }
      }),
    .init(
      "frame.len", .unsigned(32), "length on the wire, in octets", in: .frame,
      .function { _, packet, _, cell, out in cell.append(decimal: packet.originalLength, &out) }),
    .init(
      "frame.cap_len", .unsigned(32), "captured length, in octets", in: .frame,
      .function { layer, _, _, cell, out in cell.append(decimal: layer.count, &out) }),
    .init(
      "frame.protocols", .string, "what it is made of, outermost first", in: .frame,
      needs: .protocols, .protocols),
    .init(
      "frame.interface_id", .unsigned(32), "interface of a pcapng file, from 0", in: .frame,
      .function { _, packet, _, cell, out in
        if let interface = packet.interface { cell.append(decimal: interface, &out) }
      }),
  ]
}
