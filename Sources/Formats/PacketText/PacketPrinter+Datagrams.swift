import PacketWire

extension PacketPrinter {
  /// Appends a datagram's content as what it is said to be.
  mutating func append(
    _ content: PacketTextOptions.ForcedContent, _ body: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    switch content {
    case .domain: appendDNS(body, length: length, isMulticast: false, into: &out)
    case .geneve: appendGeneve(body, length: length, into: &out)
    case .ntp: appendNTP(body, length: length, into: &out)
    case .quic: appendQUIC(body, into: &out)
    case .vxlan: appendVXLAN(body, length: length, into: &out)
    }
  }

  /// Appends what a UDP datagram carries if its ports tell; false, and nothing, if they do not.
  /// `length` is the content's on the wire.
  mutating func appendDatagramContent(
    _ body: Span<UInt8>, length: Int, from source: UInt16, to destination: UInt16,
    into out: inout TextBuffer
  ) -> Bool {
    // Nearly every datagram has one port of these at the most; the lower one is the server's.
    switch min(source, destination) {
    case 53: appendDNS(body, length: length, isMulticast: false, into: &out)
    case 67, 68: appendDHCPv4(body, length: length, into: &out)
    case 123: appendNTP(body, length: length, into: &out)
    case 546, 547: appendDHCPv6(body, into: &out)
    default: return appendByEitherPort(body, length: length, source, destination, into: &out)
    }
    return true
  }

  private mutating func appendByEitherPort(
    _ body: Span<UInt8>, length: Int, _ source: UInt16, _ destination: UInt16,
    into out: inout TextBuffer
  ) -> Bool {
    switch (source, destination) {
    case (53, _), (_, 53): appendDNS(body, length: length, isMulticast: false, into: &out)
    case (67...68, _), (_, 67...68): appendDHCPv4(body, length: length, into: &out)
    // RFC 6762 §3.
    case (5353, _), (_, 5353): appendDNS(body, length: length, isMulticast: true, into: &out)
    case (123, _), (_, 123): appendNTP(body, length: length, into: &out)
    case (546...547, _), (_, 546...547): appendDHCPv6(body, into: &out)
    case (443, _), (_, 443):
      guard body.count > 0, body[0] & 0x40 != 0 else { return false }
      appendQUIC(body, into: &out)
    default: return appendRecognized(body, length: length, source, destination, into: &out)
    }
    return true
  }
}
