import PacketWire

extension PacketPrinter {
  /// Appends an IGMP message (RFC 1112, RFC 2236, RFC 9776).
  mutating func appendIGMP(
    _ packet: CarriedPacket, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let body = octets.extracting(min(packet.offset, packet.end)..<packet.end)
    guard let type = body.first else { return appendCut("igmp", into: &out) }
    if options.isQuick { return out.append("igmp") }
    let length = packet.length
    switch type {
    case 0x11: guard appendQuery(body, length: length, into: &out) else { return }
    case 0x12: guard appendGroup("igmp v1 report ", body, into: &out) else { return }
    case 0x16: guard appendGroup("igmp v2 report ", body, into: &out) else { return }
    case 0x17: guard appendGroup("igmp leave ", body, into: &out) else { return }
    case 0x22: guard appendReport(body, length: length, into: &out) else { return }
    default:
      out.append("igmp-")
      out.append(decimal: type)
    }
    guard options.isVerbose, body.count == length, body.count >= 4 else { return }
    var sum = InternetChecksum()
    sum.add(body)
    guard sum.folded != 0xffff else { return }
    out.append(" bad igmp cksum ")
    out.append(hex: body.u16(at: 2), digits: 1)
    out.append(octet: 0x21)
  }

  private mutating func cut(_ out: inout TextBuffer) -> Bool {
    appendCut("igmp", into: &out)
    return false
  }

  private mutating func appendGroup(
    _ name: String, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= IGMPHeader.length else { return cut(&out) }
    out.append(name)
    append(.v4(body.ipv4Address(at: 4)), into: &out)
    return true
  }

  private mutating func appendQuery(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    out.append("igmp query")
    // RFC 9776 §7.1: a longer query is version 3's, one without a time version 1's.
    if length >= 12 { return appendSourceQuery(body, into: &out) }
    guard body.count >= 2 else { return cut(&out) }
    let code = body[1]
    if code > 0 {
      out.append(" v2")
      if code != 100 {
        out.append(" [max resp time ")
        out.append(decimal: code)
        out.append(octet: 0x5d)
      }
    } else {
      out.append(" v1")
    }
    guard body.count >= IGMPHeader.length else { return cut(&out) }
    guard body.u32(at: 4) != 0 else { return true }
    out.append(" [gaddr ")
    append(.v4(body.ipv4Address(at: 4)), into: &out)
    out.append(octet: 0x5d)
    return true
  }

  private mutating func appendSourceQuery(
    _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    out.append(" v3")
    guard body.count >= 12 else { return cut(&out) }
    // RFC 9776 §4.1.1: above 127 the code is a floating point number.
    let code = UInt32(body[1])
    let tenths = code < 128 ? code : (code & 15 | 16) << (((code & 0x70) >> 4) &+ 3)
    if tenths != 100 { appendResponseTime(tenths: tenths, into: &out) }
    guard body.u32(at: 4) != 0 else { return true }
    out.append(" [gaddr ")
    append(.v4(body.ipv4Address(at: 4)), into: &out)
    let count = Int(body.u16(at: 10))
    if count > 0 {
      if 12 &+ 4 &* count > body.count {
        out.append(invalidSourceCount: count)
      } else {
        appendSources(body, .v4, from: 12, count: count, into: &out)
      }
    }
    out.append(octet: 0x5d)
    return true
  }

  private func appendResponseTime(tenths: UInt32, into out: inout TextBuffer) {
    out.append(" [max resp time ")
    if tenths < 600 {
      out.append(decimal: tenths / 10)
      out.append(octet: 0x2e)
      out.append(decimal: tenths % 10)
      out.append(octet: 0x73)
    } else {
      appendDuration(seconds: tenths / 10, into: &out)
    }
    out.append(octet: 0x5d)
  }

  private func appendDuration(seconds: UInt32, into out: inout TextBuffer) {
    if seconds >= 3600 {
      out.append(decimal: seconds / 3600)
      out.append(octet: 0x68)
    }
    if seconds % 3600 >= 60 {
      out.append(decimal: seconds % 3600 / 60)
      out.append(octet: 0x6d)
    }
    guard seconds % 60 > 0 else { return }
    out.append(decimal: seconds % 60)
    out.append(octet: 0x73)
  }

  /// Appends the sources of a group, or at less than `-vv` how many they are: IPv4 addresses here and
  /// IPv6 addresses in MLD, which has the same lists (RFC 9776, RFC 9777).
  func appendSources(
    _ body: Span<UInt8>, _ family: IPFamily, from start: Int, count: Int, into out: inout TextBuffer
  ) {
    guard options.verbosity > 1 else {
      out.append(", ")
      out.append(decimal: count)
      return out.append(" source(s)")
    }
    out.append(" {")
    for index in 0..<count {
      out.append(octet: 0x20)
      let address: IPAddress =
        switch family {
        case .v4: .v4(body.ipv4Address(at: start &+ 4 &* index))
        case .v6: .v6(body.ipv6Address(at: start &+ 16 &* index))
        }
      append(address, into: &out)
    }
    out.append(" }")
  }

  private mutating func appendReport(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    out.append("igmp v3 report")
    guard length >= IGMPHeader.length else {
      out.append(" [invalid len ")
      out.append(decimal: length)
      out.append(octet: 0x5d)
      isMarked = true
      return true
    }
    guard body.count >= IGMPHeader.length else { return cut(&out) }
    let count = Int(body.u16(at: 6))
    out.append(", ")
    out.append(decimal: count)
    out.append(" group record(s)")
    guard options.isVerbose else { return true }
    var offset = IGMPHeader.length
    for _ in 0..<count {
      guard offset &+ 8 <= length else {
        out.append(" [invalid number of groups]")
        return true
      }
      guard offset &+ 8 <= body.count else { return cut(&out) }
      out.append(" [gaddr ")
      append(.v4(body.ipv4Address(at: offset &+ 4)), into: &out)
      out.append(octet: 0x20)
      out.append(recordType: body[offset])
      let sources = Int(body.u16(at: offset &+ 2))
      guard offset &+ 8 &+ 4 &* sources <= length else {
        out.append(invalidSourceCount: sources)
        return true
      }
      if options.verbosity > 1, offset &+ 8 &+ 4 &* sources > body.count { return cut(&out) }
      appendSources(body, .v4, from: offset &+ 8, count: sources, into: &out)
      out.append(octet: 0x5d)
      offset &+= 8 &+ 4 &* sources
    }
    return true
  }
}

extension TextBuffer {
  /// Appends that a message is too short for so many sources.
  mutating func append(invalidSourceCount count: Int) {
    append(" [invalid number of sources ")
    append(decimal: count)
    append(octet: 0x5d)
  }

  /// The kind of a group record (RFC 9776 §4.2.13, RFC 3810 §5.2.12).
  mutating func append(recordType type: UInt8, version: Int = 3) {
    switch type {
    case 1: append("is_in")
    case 2: append("is_ex")
    case 3: append("to_in")
    case 4: append("to_ex")
    case 5: append("allow")
    case 6: append("block")
    default: append(" [v\(version)-report-#\(type)]")
    }
  }
}
