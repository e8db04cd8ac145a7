import PacketFields
import PacketTestSupport
import PacketWire

extension ConversationBuilder {
  /// Hands over what was built as a capture's packets.
  func forEachPacket(_ body: (FieldPacket, Frame, Span<UInt8>) -> Void) {
    for (index, packet) in packets.enumerated() {
      let length = packet.originalLength ?? packet.octets.count
      let frame = Frame(decoding: packet.octets.span, linkType: .ethernet, originalLength: length)
      body(
        FieldPacket(number: index + 1, time: packet.time, originalLength: length), frame,
        packet.octets.span)
    }
  }
}
