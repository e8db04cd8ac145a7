import PacketWire

/// What a jumbo payload option may say, and what it said (RFC 2675 §2).
struct JumboPayload {
  /// What the IPv6 header says; nil where the option has no place.
  var declared: UInt16?
  /// There was one, valid or not.
  var isSeen = false
  /// The length, if it is one that the option may have.
  var length: Int?

  /// Takes in an option's length; what is wrong with it, if anything is.
  mutating func take(_ value: UInt32) -> String? {
    if isSeen { return " - already seen" }
    isSeen = true
    guard let declared else { return " - not a hop-by-hop option" }
    if declared != 0 { return " - payload len != 0" }
    if value < 65_536 { return " - < 65536" }
    length = Int(value)
    return nil
  }
}

extension PacketPrinter {
  /// Reads the options of a hop-by-hop or destination options header (RFC 8200 §4.2), and appends
  /// them if they are shown; false if they do not fit.
  func appendOptions(
    _ header: Span<UInt8>, _ jumbo: inout JumboPayload, into out: inout TextBuffer
  ) -> Bool {
    let start = out.count
    var index = 2
    while index < header.count {
      let kind = header[index]
      if kind == 0 {
        if options.isVerbose { out.append("(pad1)") }
        index &+= 1
        continue
      }
      let length = index &+ 1 < header.count ? Int(header[index &+ 1]) : 256
      guard index &+ 2 &+ length <= header.count else { return false }
      let value = header.extracting(index &+ 2..<index &+ 2 &+ length)
      guard append(optionKind: kind, value, &jumbo, into: &out) else { return false }
      if !options.isVerbose { out.truncate(to: start) }
      index &+= 2 &+ length
    }
    if options.isVerbose { out.append(octet: 0x20) }
    return true
  }

  private func append(
    optionKind kind: UInt8, _ value: Span<UInt8>, _ jumbo: inout JumboPayload,
    into out: inout TextBuffer
  ) -> Bool {
    switch (kind, value.count) {
    case (1, _): out.append("(padn)")
    case (5, 2):
      out.append("(rtalert: 0x")
      out.append(hex: value.u16(at: 0))
      out.append(") ")
    case (0xc2, 4):
      let length = value.u32(at: 0)
      out.append("(jumbo: ")
      out.append(decimal: length)
      if let fault = jumbo.take(length) { out.append(fault) }
      out.append(") ")
    case (0xc9, 16...):
      // RFC 6275 §6.3.
      out.append("(homeaddr: ")
      append(.v6(value.ipv6Address(at: 0)), into: &out)
      out.append(octet: 0x29)
    case (5, _), (0xc2, _):
      out.append(kind == 5 ? "(rtalert: invalid len " : "(jumbo: invalid len ")
      out.append(decimal: value.count)
      out.append(octet: 0x29)
      return false
    case (0xc9, _):
      out.append("(homeaddr: trunc)")
      return false
    default:
      out.append("(opt_type 0x")
      out.append(hex: kind)
      out.append(": len=")
      out.append(decimal: value.count)
      out.append(octet: 0x29)
    }
    return true
  }

  /// Appends the hop-by-hop options at the packet's start, which alone can tell the length of a
  /// jumbogram; `length` is what the link layer carries. False when nothing can be read behind them.
  mutating func appendHopByHop(
    _ header: IPv6Header, _ packet: inout CarriedPacket, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) -> Bool {
    var jumbo = JumboPayload(declared: header.payloadLength)
    let isWhole = appendExtensionHeader(&packet, octets, jumbo: &jumbo, into: &out)
    guard header.payloadLength == 0 else { return isWhole }
    guard let payload = jumbo.length else {
      out.append("[No valid Jumbo Payload Hop-by-Hop option found]")
      appendInvalid(into: &out)
      return false
    }
    let whole = IPv6Header.length &+ payload
    if whole > length {
      out.append("truncated-ip6 - ")
      out.append(decimal: whole &- length)
      out.append(" bytes missing!")
    }
    packet.length &+= whole &- length
    return isWhole
  }
}
