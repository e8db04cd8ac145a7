import PacketWire

extension PacketPrinter {
  /// Appends a UDP datagram.
  mutating func appendUDP(
    _ packet: CarriedPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard packet.captured >= 4 else {
      if !packet.isAddressed {
        appendAddresses(of: packet, into: &out)
        out.append(": ")
      }
      return appendCut("udp", into: &out)
    }
    let source = octets.u16(at: packet.offset)
    let destination = octets.u16(at: packet.offset &+ 2)
    appendEndpoints(of: packet, from: source, to: destination, into: &out)
    guard packet.length >= UDPHeader.length else {
      out.append("truncated-udp ")
      out.append(decimal: packet.length)
      isMarked = true
      return
    }
    guard case .udp(let header) = frame.transport, frame.transportOffset == packet.offset else {
      return appendCut("udp", into: &out)
    }
    let carried = packet.length &- UDPHeader.length
    let declared = declaredLength(header, carried: carried)
    guard declared >= 0 else {
      out.append("truncated-udplength ")
      out.append(decimal: header.datagramLength)
      isMarked = true
      return
    }
    let start = packet.offset &+ UDPHeader.length
    let body = octets.extracting(start..<max(start, min(packet.end, start &+ declared)))
    if let forced = options.forcedContent {
      return append(forced, body, length: min(declared, carried), into: &out)
    }
    let isChecked = options.verbosity > (packet.source.family == .v6 ? 0 : 1)
    if isChecked, options.verifiesChecksums, !packet.isFragment {
      appendChecksum(header, frame, octets, into: &out)
    }
    let isOverlay =
      !options.isQuick
      && appendOverlay(
        body, length: min(declared, carried), from: source, to: destination, into: &out)
    if isOverlay { return }
    if !options.isQuick,
      appendDatagramContent(
        body, length: min(declared, carried), from: source, to: destination, into: &out)
    {
      return
    }
    appendLength(declared, carried: carried, isFragment: packet.isFragment, into: &out)
  }

  /// What the header says follows it; of a jumbogram (RFC 2675 §4) what IP carries.
  private func declaredLength(_ header: UDPHeader, carried: Int) -> Int {
    if header.datagramLength == 0, carried > 65535 &- UDPHeader.length { return carried }
    return Int(header.datagramLength) &- UDPHeader.length
  }

  private func appendLength(
    _ declared: Int, carried: Int, isFragment: Bool, into out: inout TextBuffer
  ) {
    guard declared > carried, !isFragment else {
      out.append("UDP, length ")
      return out.append(decimal: declared)
    }
    out.append("UDP, bad length ")
    out.append(decimal: declared)
    out.append(" > ")
    out.append(decimal: carried)
  }

  /// IPv6 has no header checksum, so UDP's is not optional there (RFC 8200 §8.1) and is judged at
  /// `-v` already, in IPv4 at `-vv`.
  private func appendChecksum(
    _ header: UDPHeader, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    if case .ipv4 = frame.network, header.checksum == 0 { return out.append("[no cksum] ") }
    switch frame.transportChecksum(over: octets) {
    case .good: out.append("[udp sum ok] ")
    case .bad(let seen, let expected):
      out.append("[bad udp cksum 0x")
      out.append(hex: seen)
      out.append(" -> 0x")
      out.append(hex: expected)
      out.append("!] ")
    case .absent: out.append("[no cksum] ")
    case .unverifiable: break
    }
  }
}
