import PacketWire

extension ProbePacket {
  /// The packet, or if it is longer than a link takes its fragments, in order (RFC 791 §3.2, RFC 8200 §4.5).
  ///
  /// - Parameters:
  ///   - payload: what the whole packet carries.
  ///   - mtu: of the link, in octets.
  /// - Returns: what is to be sent, in order; the whole alone when it fits.
  /// - Throws: when the whole is longer than IP can say.
  func octets(payload: Span<UInt8>, fragmentedAt mtu: Int) throws(PacketError) -> [[UInt8]] {
    let whole = try octets(payload: payload)
    let header = whole.count - payload.count
    let extra = source.family == .v4 ? 0 : IPv6FragmentHeader.length
    // Offsets count in eights.
    let room = (mtu - header - extra) & ~7
    guard whole.count > mtu, room >= 8 else { return [whole] }
    var fragments: [[UInt8]] = []
    for offset in stride(from: 0, to: payload.count, by: room) {
      let end = min(offset + room, payload.count)
      fragments.append(
        try fragment(
          payload.extracting(offset..<end), at: offset, isLast: end == payload.count))
    }
    return fragments
  }

  private func fragment(
    _ part: Span<UInt8>, at offset: Int, isLast: Bool
  ) throws(PacketError) -> [UInt8] {
    var packet = self
    guard source.family == .v6 else {
      packet.flagsAndOffset = UInt16(offset / 8) | (isLast ? 0 : 0x2000)
      return try packet.octets(payload: part)
    }
    packet.protocolNumber = .fragment
    let header = IPv6FragmentHeader(
      nextHeader: protocolNumber, fragmentOffset: UInt16(offset), moreFragments: !isLast,
      identification: UInt32(identification))
    let octets = [UInt8](capacity: IPv6FragmentHeader.length + part.count) { out in
      header.write(to: &out)
      out.append(copying: part)
    }
    return try packet.octets(payload: octets.span)
  }
}
