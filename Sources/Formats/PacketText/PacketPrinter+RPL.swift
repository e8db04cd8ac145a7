import PacketWire

extension PacketPrinter {
  /// Appends a message of the routing protocol for low-power networks (RFC 6550 §6), of `length`
  /// octets behind the ICMPv6 header's first four; its options are left out. False when it is cut.
  mutating func appendRouting(
    _ header: ICMPv6Header, _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    out.append(header.code & 0x80 == 0 ? ", (CLR)" : ", (SEC) [worktodo]")
    switch header.code {
    case 0: out.append("DODAG Information Solicitation")
    case 1: out.append("DODAG Information Object")
    case 2: out.append("Destination Advertisement Object")
    case 3: out.append("Destination Advertisement Object Ack")
    case 0x80...: return true
    default:
      out.append("RPL message, unknown code ")
      out.append(decimal: header.code)
    }
    guard options.isVerbose else { return true }
    let instance = UInt8(truncatingIfNeeded: header.rest >> 24)
    switch header.code {
    case 1:
      guard length >= 24 else { return refuse(length, into: &out) }
      guard body.count >= 20 else { return false }
      appendGraph(body.ipv6Address(at: 4), into: &out)
      append(",seq:", body[1], into: &out)
      append(",instance:", instance, into: &out)
      append(",rank:", UInt16(truncatingIfNeeded: header.rest), into: &out)
      appendMode(body, into: &out)
    case 2:
      let flags = UInt8(truncatingIfNeeded: header.rest >> 16)
      guard appendGraph(body, ifNamed: flags & 0x40, into: &out) else { return false }
      append(",seq:", UInt8(truncatingIfNeeded: header.rest), into: &out)
      append(",instance:", instance, into: &out)
      if flags & 0x80 != 0 { out.append(",acK") }
      if flags & 0x40 != 0 { out.append(",Dagid") }
      out.append(octet: 0x2c)
      out.append(hex: flags)
    case 3:
      guard
        appendGraph(body, ifNamed: UInt8(truncatingIfNeeded: header.rest >> 16) & 0x80, into: &out)
      else { return false }
      append(",seq:", UInt8(truncatingIfNeeded: header.rest >> 8), into: &out)
      append(",instance:", instance, into: &out)
      append(",status:", UInt8(truncatingIfNeeded: header.rest), into: &out)
    default: return true
    }
    out.append(octet: 0x5d)
    return true
  }

  private mutating func refuse(_ length: Int, into out: inout TextBuffer) -> Bool {
    out.append(" [length ")
    out.append(decimal: length)
    out.append(" < 24]")
    appendInvalid(into: &out)
    return true
  }

  private func append(
    _ label: String, _ value: some FixedWidthInteger, into out: inout TextBuffer
  ) {
    out.append(label)
    out.append(decimal: value)
  }

  private func appendGraph(_ identifier: IPv6Address, into out: inout TextBuffer) {
    out.append(" [dagid:")
    out.append(identifier)
  }

  /// The graph's identifier is left out where there is only one; false when it is cut.
  private func appendGraph(
    _ body: Span<UInt8>, ifNamed flag: UInt8, into out: inout TextBuffer
  ) -> Bool {
    guard flag != 0 else {
      out.append(" [dagid:<elided>")
      return true
    }
    guard body.count >= 16 else { return false }
    appendGraph(body.ipv6Address(at: 0), into: &out)
    return true
  }

  /// Grounded, mode of operation and preference (RFC 6550 §6.3.1).
  private func appendMode(_ body: Span<UInt8>, into out: inout TextBuffer) {
    let field = body[0]
    if field & 0x80 != 0 { out.append(",grounded") }
    out.append(",mop:")
    switch field >> 3 & 7 {
    case 0: out.append("nonstoring")
    case 1: out.append("storing")
    case 2: out.append("nonstoring-multicast")
    case 3: out.append("storing-multicast")
    default:
      out.append("mop")
      out.append(decimal: field >> 3 & 7)
    }
    append(",prf:", field & 7, into: &out)
  }
}
