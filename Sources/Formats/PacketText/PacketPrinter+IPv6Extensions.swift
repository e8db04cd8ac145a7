import PacketWire

extension PacketPrinter {
  /// The options of a hop-by-hop or destination options header (RFC 8200 §4.2).
  func appendOptions(_ header: Span<UInt8>, into out: inout TextBuffer) {
    var index = 2
    while index < header.count {
      let kind = header[index]
      if kind == 0 {
        out.append("(pad1)")
        index &+= 1
        continue
      }
      let length = index &+ 1 < header.count ? Int(header[index &+ 1]) : 256
      guard index &+ 2 &+ length <= header.count else { return out.append("(opt_len too long) ") }
      append(
        optionKind: kind, header.extracting(index &+ 2..<index &+ 2 &+ length), into: &out)
      index &+= 2 &+ length
    }
    out.append(octet: 0x20)
  }

  private func append(
    optionKind kind: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch (kind, value.count) {
    case (1, _): out.append("(padn)")
    case (5, 2):
      out.append("(rtalert: 0x")
      out.append(hex: value.u16(at: 0))
      out.append(") ")
    case (0xc2, 4):
      out.append("(jumbo: ")
      out.append(decimal: value.u32(at: 0))
      out.append(") ")
    case (0xc9, 16):
      // RFC 6275 §6.3.
      out.append("(homeaddr: ")
      append(.v6(value.ipv6Address(at: 0)), into: &out)
      out.append(octet: 0x29)
    default:
      out.append("(opt_type 0x")
      out.append(hex: kind)
      out.append(": len=")
      out.append(decimal: value.count)
      out.append(octet: 0x29)
    }
  }

  /// A routing header of type 0 (RFC 5095 ended its use), 2 (RFC 6275 §6.4) or 4 (RFC 8754 §2); false
  /// for another.
  mutating func appendRouting(_ header: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    let type = header[2]
    out.append("RT6 (len=")
    out.append(decimal: header[1])
    out.append(", type=")
    out.append(decimal: type)
    if type == 0 { out.append(" [Deprecated]") }
    out.append(", segleft=")
    out.append(decimal: header[3])
    switch type {
    case 0, 2:
      if options.isVerbose {
        out.append(", rsv=0x")
        out.append(hex: header.u32(at: 4), digits: 1)
      }
    case 4:
      out.append(", last-entry=")
      out.append(decimal: header[4])
      if options.isVerbose {
        out.append(", flags=0x")
        out.append(hex: header[5], digits: 1)
      }
      out.append(", tag=")
      out.append(hex: header.u16(at: 6), digits: 1)
    default:
      out.append(" (unknown type)")
      appendInvalid(into: &out)
      return false
    }
    let count = type == 4 ? Int(header[4]) &+ 1 : Int(header[1]) / 2
    var offset = 8
    for index in 0..<count where offset &+ 16 <= header.count {
      out.append(", [")
      out.append(decimal: index)
      out.append(octet: 0x5d)
      out.append(header.ipv6Address(at: offset))
      offset &+= 16
    }
    out.append(") ")
    return true
  }
}
