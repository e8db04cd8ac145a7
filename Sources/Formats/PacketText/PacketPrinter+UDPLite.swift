import PacketWire

extension PacketPrinter {
  /// Appends a UDP-Lite packet (RFC 3828): what its checksum covers, and whether it is right.
  mutating func appendUDPLite(
    _ packet: CarriedPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard case .udpLite(let header) = frame.transport, frame.transportOffset == packet.offset else {
      if !packet.isAddressed {
        appendAddresses(of: packet, into: &out)
        out.append(": ")
      }
      return appendCut("udplite", into: &out)
    }
    appendEndpoints(of: packet, from: header.sourcePort, to: header.destinationPort, into: &out)
    switch frame.transportChecksum(over: octets) {
    case .good: out.append("[udplite sum ok] ")
    case .bad(let seen, let expected):
      out.append("[bad udplite cksum 0x")
      out.append(hex: seen)
      out.append(" -> 0x")
      out.append(hex: expected)
      out.append("!] ")
    case .absent, .unverifiable: break
    }
    out.append("UDP-Lite, ")
    if packet.isFragment {
      out.append("fragment")
    } else if let coverage = header.liteCoverage(packetLength: packet.length) {
      out.append("coverage ")
      out.append(decimal: coverage)
    } else {
      out.append("bad coverage ")
      out.append(decimal: header.datagramLength)
    }
    appendLength(max(packet.length &- UDPHeader.length, 0), into: &out)
  }
}
