import PacketWire

extension FieldWalk {
  /// Adds the label stack entries (RFC 4950) of an error's extensions (RFC 4884 §7).
  mutating func addMPLSLabels(_ octets: Span<UInt8>, _ transport: Transport) {
    let (start, end) = (transport.start, transport.end)
    guard start &+ ICMPv4Header.length <= end,
      ICMPv4Header.MessageType(rawValue: octets[start]).hasQuotationLength
    else { return }
    // Old routers say no length and put their extensions at octet 128 (RFC 4884 §5.5).
    let quoted = octets[start &+ 5] == 0 ? 128 : Int(octets[start &+ 5]) &* 4
    var offset = start &+ ICMPv4Header.length &+ quoted
    guard offset &+ 4 <= end, octets[offset] >> 4 == 2 else { return }
    offset &+= 4
    while offset &+ 4 <= end {
      let length = Int(octets.u16(at: offset))
      guard length >= 4, offset &+ length <= end else { return }
      if octets[offset &+ 2] == 1 {
        var entry = offset &+ 4
        while entry &+ 4 <= offset &+ length {
          append(transport.bounds.layer(.mplsLabel, at: entry))
          entry &+= 4
        }
      }
      offset &+= length
    }
  }
}
