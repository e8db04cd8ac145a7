import PacketText
import PacketWire

extension PacketField {
  /// How segments were put together.
  static let tcpReassembly: [PacketField] = [
    .init(
      "tcp.segment.overlap", .boolean,
      "a segment repeats octets of a message that was put together",
      in: .tcpReassembly,
      .function { layer, _, _, cell, out in
        for _ in 0..<min(layer.start, 64) { cell.append(decimal: 1, &out) }
      }),
    .init(
      "tcp.segment.overlap.conflict", .boolean, "and says something else", in: .tcpReassembly,
      .function { layer, _, _, cell, out in
        for _ in 0..<min(layer.dataStart, 64) { cell.append(decimal: 1, &out) }
      }),
  ]

  /// WebSocket frames (RFC 6455 §5.2), with the segment in which they end.
  static let webSocket: [PacketField] = [
    .init(
      "websocket.opcode", .unsigned(8), "what a frame is", in: .webSocket, .bits(at: 0, mask: 0x0f)),
    .init(
      "websocket.fin", .boolean, "1 in the last frame of a message", in: .webSocket,
      .bits(at: 0, mask: 0x80)),
    .init(
      "websocket.rsv", .unsigned(8), "reserved bits; 4 says compressed", in: .webSocket,
      .bits(at: 0, mask: 0x70)),
    .init(
      "websocket.mask", .boolean, "1 in what a client sends", in: .webSocket,
      .bits(at: 1, mask: 0x80)),
    .init(
      "websocket.payload_length", .unsigned(8), "length, or 126 or 127 when that stands behind it",
      in: .webSocket, .bits(at: 1, mask: 0x7f)),
  ]

  /// HTTP/2 frames (RFC 9113 §4.1), with the segment in which they end.
  static let http2: [PacketField] = [
    .init("http2.type", .unsigned(8), "what a frame is", in: .http2, .octet(at: 3)),
    .init(
      "http2.streamid", .unsigned(32), "stream of a frame", in: .http2,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(5, 4) else { return }
        cell.append(decimal: octets.u32(at: start) & 0x7fff_ffff, &out)
      }),
  ]
}
