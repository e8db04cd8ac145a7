import PacketWire

extension PacketPrinter {
  /// Appends a VXLAN or Geneve packet, told by one of its ports; false for any other datagram.
  mutating func appendOverlay(
    _ body: Span<UInt8>, length: Int, from source: UInt16, to destination: UInt16,
    into out: inout TextBuffer
  ) -> Bool {
    if source == VXLANHeader.port || destination == VXLANHeader.port {
      appendVXLAN(body, length: length, into: &out)
    } else if source == GeneveHeader.port || destination == GeneveHeader.port {
      appendGeneve(body, length: length, into: &out)
    } else {
      return false
    }
    return true
  }

  /// Appends a VXLAN packet (RFC 7348 §5): `length` octets, of which `body` were captured. What it
  /// carries has a line of its own.
  mutating func appendVXLAN(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    out.append("VXLAN")
    var reader = PacketReader(body)
    guard length >= VXLANHeader.length else { return appendInvalid(into: &out) }
    guard let flags = body.first else { return appendCut("vxlan", into: &out) }
    out.append(flags & 0x08 != 0 ? ", flags [I] (0x" : ", flags [invalid] (0x")
    out.append(hex: flags)
    out.append("), ")
    guard let header = try? VXLANHeader(parsing: &reader) else {
      return appendCut("vxlan", into: &out)
    }
    out.append("vni ")
    out.append(decimal: header.identifier)
    out.newline()
    appendCarried(
      body.extracting(droppingFirst: VXLANHeader.length), linkType: .ethernet,
      length: length &- VXLANHeader.length, into: &out)
  }

  /// Appends a Geneve packet (RFC 8926 §3.4): `length` octets, of which `body` were captured.
  mutating func appendGeneve(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    out.append("Geneve")
    guard length >= GeneveHeader.length else {
      out.append(" [length ")
      out.append(decimal: length)
      out.append(" < 8]")
      return appendInvalid(into: &out)
    }
    var reader = PacketReader(body)
    guard let header = try? GeneveHeader(parsing: &reader) else {
      return appendCut("geneve", into: &out)
    }
    guard header.version == 0 else {
      out.append(" ERROR: unknown-version ")
      isMarked = true
      return out.append(decimal: header.version)
    }
    append(header, into: &out)
    let start = GeneveHeader.length &+ header.optionsLength
    guard length >= start else {
      out.append(" truncated-geneve - ")
      out.append(decimal: start &- length)
      isMarked = true
      return out.append(" bytes missing")
    }
    guard body.count >= start else { return appendCut("geneve", into: &out) }
    if header.optionsLength > 0 {
      appendGeneveOptions(body.extracting(GeneveHeader.length..<start), into: &out)
    }
    out.append(options.isVerbose ? "\n\t" : ": ")
    let rest = body.extracting(droppingFirst: start)
    let isKnown = header.protocolType != .ppp && header.protocolType != .mpls
    if isKnown,
      appendCarried(header.protocolType, rest, length: length &- start, into: &out)
    {
      return
    }
    out.append("geneve-proto-0x")
    out.append(hex: header.protocolType.rawValue, digits: 1)
  }

  private func append(_ header: GeneveHeader, into out: inout TextBuffer) {
    out.append(", Flags [")
    if header.isControl { out.append(octet: 0x4f) }
    if header.hasCriticalOptions { out.append(octet: 0x43) }
    if !header.isControl, !header.hasCriticalOptions { out.append("none") }
    out.append("], vni 0x")
    out.append(hex: header.identifier, digits: 1)
    if header.identifierAndReserved & 0xff != 0 {
      out.append(", rsvd 0x")
      out.append(hex: header.identifierAndReserved & 0xff, digits: 1)
    }
    guard options.showsLinkHeader else { return }
    out.append(", proto ")
    out.append(header.protocolType.tunnelName)
    out.append(" (0x")
    out.append(hex: header.protocolType.rawValue)
    out.append(octet: 0x29)
  }

  /// RFC 8926 §3.5.
  private func appendGeneveOptions(_ octets: Span<UInt8>, into out: inout TextBuffer) {
    out.append(", options [")
    defer { out.append(octet: 0x5d) }
    guard options.isVerbose else {
      out.append(decimal: octets.count)
      return out.append(" bytes")
    }
    var offset = 0
    while offset &+ 4 <= octets.count {
      if offset > 0 { out.append(", ") }
      let option = octets.u16(at: offset)
      let type = octets[offset &+ 2]
      let length = 4 &+ Int(octets[offset &+ 3] & 0x1f) &* 4
      out.append("class ")
      out.append(optionClass: option)
      out.append(" (0x")
      out.append(hex: option, digits: 1)
      out.append(") type 0x")
      out.append(hex: type, digits: 1)
      if type & 0x80 != 0 { out.append("(C)") }
      out.append(" len ")
      out.append(decimal: length)
      guard offset &+ length <= octets.count else { return out.append(" [bad length]") }
      if options.verbosity > 1, length > 4 {
        out.append(" data")
        for index in stride(from: offset &+ 4, to: offset &+ length, by: 4) {
          out.append(octet: 0x20)
          out.append(hex: octets.u32(at: index))
        }
      }
      offset &+= length
    }
  }
}

extension TextBuffer {
  /// Who has given out an option's type (IANA "Geneve Option Class").
  fileprivate mutating func append(optionClass number: UInt16) {
    switch number {
    case 0...0xff: append("Standard")
    case 0x0100: append("Linux")
    case 0x0101: append("Open vSwitch")
    case 0x0102: append("Open Virtual Networking (OVN)")
    case 0x0103: append("In-band Network Telemetry (INT)")
    case 0x0104: append("VMware")
    case 0xfff0...0xffff: append("Experimental")
    default: append("Unknown")
    }
  }
}
