import PacketWire

extension PacketPrinter {
  /// Appends a node information query or reply (RFC 4620); false when it is not all there.
  func appendNodeInformation(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 8 else { return false }
    let data = body.extracting(droppingFirst: 8)
    let isQuery = header.type.rawValue == 139
    out.append(isQuery ? "node information query (" : "node information reply (")
    defer { out.append(octet: 0x29) }
    guard isQuery else {
      switch header.code {
      case 0: if options.isVerbose { out.append("success, ") }
      case 1:
        out.append("refused")
        return true
      default:
        out.append("unknown")
        return true
      }
      return appendAnswers(header, data, into: &out)
    }
    appendQuestion(header, into: &out)
    return appendSubject(header, data, into: &out)
  }

  private func appendQuestion(_ header: ICMPv6Header, into out: inout TextBuffer) {
    switch header.identifier {
    case 0: out.append("noop")
    case 1: out.append("supported qtypes")
    case 2: out.append("DNS name")
    case 3:
      out.append("node addresses")
      appendFlags(header, into: &out)
    case 4:
      out.append("ipv4 addresses")
      appendFlags(header, into: &out)
    default: out.append("unknown")
    }
  }

  /// RFC 4620 §6.3, §6.4.
  private func appendFlags(_ header: ICMPv6Header, into out: inout TextBuffer) {
    let flags = header.sequenceNumber
    guard flags & 0x7f != 0 else { return }
    out.append(" [")
    for (bit, letter) in [
      (0x40, 0x61), (0x20, 0x47), (0x10, 0x53), (0x08, 0x4c), (0x04, 0x43), (0x02, 0x41),
      (0x01, 0x54),
    ] as [(UInt16, UInt8)] where flags & bit != 0 {
      out.append(octet: letter)
    }
    out.append(octet: 0x5d)
  }

  private func appendSubject(
    _ header: ICMPv6Header, _ data: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard !data.isEmpty else { return true }
    switch header.code {
    case 0:
      guard data.count >= 16 else { return false }
      out.append(", subject=")
      append(.v6(data.ipv6Address(at: 0)), into: &out)
    case 1:
      out.append(", subject=DNS name, ")
      appendName(data, into: &out)
    case 2:
      guard data.count >= 4 else { return false }
      out.append(", subject=")
      append(.v4(data.ipv4Address(at: 0)), into: &out)
    default: out.append(", unknown subject")
    }
    return true
  }

  private func appendAnswers(
    _ header: ICMPv6Header, _ data: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    appendQuestion(header, into: &out)
    switch header.identifier {
    case 2:
      guard data.count > 4 else { return true }
      out.append(", ")
      appendName(data.extracting(droppingFirst: 4), into: &out)
    case 3, 4:
      let step = header.identifier == 3 ? 20 : 8
      var offset = 0
      while offset &+ step <= data.count {
        out.append(octet: 0x20)
        append(
          step == 20
            ? .v6(data.ipv6Address(at: offset &+ 4)) : .v4(data.ipv4Address(at: offset &+ 4)),
          into: &out)
        out.append(octet: 0x28)
        out.append(decimal: data.u32(at: offset))
        out.append(octet: 0x29)
        offset &+= step
      }
    default: break
    }
    return true
  }

  /// Labels with dots between and, behind a whole name, one more.
  private func appendName(_ data: Span<UInt8>, into out: inout TextBuffer) {
    out.append(octet: 0x22)
    var offset = 0
    var isFirst = true
    while offset < data.count, data[offset] > 0, data[offset] < 64 {
      let end = offset &+ 1 &+ Int(data[offset])
      guard end <= data.count else { break }
      if !isFirst { out.append(octet: 0x2e) }
      isFirst = false
      out.append(untrusted: data.extracting(offset &+ 1..<end), atMost: 256)
      offset = end
    }
    // A name that is not whole ends with two zeros (RFC 4620 §3).
    let isWhole = offset &+ 1 >= data.count || data[offset &+ 1] != 0
    if isWhole, !isFirst { out.append(octet: 0x2e) }
    out.append(octet: 0x22)
  }

  /// Appends a router renumbering message (RFC 2894 §3); false when it is not all there.
  func appendRenumbering(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch header.code {
    case 0: out.append("command")
    case 1: out.append("result")
    case 255: out.append("sequence number reset")
    default:
      out.append("code-#")
      out.append(decimal: header.code)
    }
    out.append(", seq=")
    out.append(decimal: header.rest)
    guard body.count >= 8 else { return false }
    if options.isVerbose {
      out.append(octet: 0x5b)
      let start = out.count
      for (bit, letter) in [(0x80, 0x54), (0x40, 0x52), (0x20, 0x41), (0x10, 0x53), (0x08, 0x50)]
        as [(UInt8, UInt8)] where body[1] & bit != 0
      {
        out.append(octet: letter)
      }
      if out.count > start { out.append(octet: 0x2c) }
      out.append("seg=")
      out.append(decimal: body[0])
      out.append(",maxdelay=")
      out.append(decimal: body.u16(at: 2))
      out.append(octet: 0x5d)
    }
    guard header.code == 0 else { return true }
    guard body.count >= 32 else { return false }
    appendMatch(body.extracting(8..<32), into: &out)
    var offset = 32
    while offset &+ 32 <= body.count {
      appendUse(body.extracting(offset..<offset &+ 32), into: &out)
      offset &+= 32
    }
    return true
  }

  private func appendMatch(_ match: Span<UInt8>, into out: inout TextBuffer) {
    out.append(options.verbosity > 1 ? "\n\tmatch(" : " match(")
    switch match[0] {
    case 1: out.append("add")
    case 2: out.append("change")
    case 3: out.append("setglobal")
    default:
      out.append(octet: 0x23)
      out.append(decimal: match[0])
    }
    if options.isVerbose {
      out.append(",ord=")
      out.append(decimal: match[2])
      out.append(",min=")
      out.append(decimal: match[4])
      out.append(",max=")
      out.append(decimal: match[5])
    }
    out.append(octet: 0x2c)
    append(.v6(match.ipv6Address(at: 8)), into: &out)
    out.append(octet: 0x2f)
    out.append(decimal: match[3])
    out.append(octet: 0x29)
  }

  private func appendUse(_ use: Span<UInt8>, into out: inout TextBuffer) {
    out.append(options.verbosity > 1 ? "\n\tuse(" : " use(")
    if options.isVerbose {
      out.append("mask=0x")
      out.append(hex: use[2], digits: 1)
      out.append(",raflags=0x")
      out.append(hex: use[3], digits: 1)
      out.append(",vltime=")
      append(lifetime: use.u32(at: 4), into: &out)
      out.append(",pltime=")
      append(lifetime: use.u32(at: 8), into: &out)
      out.append(octet: 0x2c)
    }
    append(.v6(use.ipv6Address(at: 16)), into: &out)
    out.append(octet: 0x2f)
    out.append(decimal: use[0])
    out.append(octet: 0x2f)
    out.append(decimal: use[1])
    out.append(octet: 0x29)
  }

  private func append(lifetime seconds: UInt32, into out: inout TextBuffer) {
    if seconds == .max { out.append("infty") } else { out.append(decimal: seconds) }
  }
}
