import PacketWire

extension PacketPrinter {
  /// Appends a frame that another one carries, decoded from its own octets.
  mutating func appendCarried(
    _ octets: Span<UInt8>, linkType: LinkType, length: Int, into out: inout TextBuffer
  ) {
    guard depth < Frame.maximumDepth else { return appendCut("nested", into: &out) }
    depth &+= 1
    defer { depth &-= 1 }
    let frame = Frame(decoding: octets, linkType: linkType, originalLength: length)
    switch linkType {
    case .ipv4, .ipv6: _ = appendNetwork(frame, octets, length: length, into: &out)
    default: appendLink(frame, octets, length: length, into: &out)
    }
    // Of what is within, one mark is enough for all the frames around it.
    if frame.problem != nil { isMarked = true }
  }

  /// Appends what an EtherType announces within a tunnel; false if no printer knows it.
  mutating func appendCarried(
    _ type: EtherType, _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    switch type {
    case .ipv4: appendCarried(octets, linkType: .ipv4, length: length, into: &out)
    case .ipv6: appendCarried(octets, linkType: .ipv6, length: length, into: &out)
    case .transparentBridging:
      appendCarried(octets, linkType: .ethernet, length: length, into: &out)
    case .ppp: appendCarried(octets, linkType: .ppp, length: length, into: &out)
    case .mpls, .upstreamMPLS: appendLabelled(octets, length: length, into: &out)
    default: return false
    }
    return true
  }

  /// No link type begins with labels: PPP's protocol for them is put before.
  private mutating func appendLabelled(
    _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    let framed = [UInt8](capacity: octets.count + 4) { output in
      output.append(bigEndian: 0xff03_0281 as UInt32)
      output.append(copying: octets)
    }
    let part = EncapsulatedPart(offset: 4, end: length &+ 4)
    let frame = Frame(decoding: framed.span, linkType: .ppp, originalLength: length &+ 4)
    appendMPLS(part, frame, framed.span, into: &out)
  }

  /// Appends a GRE packet (RFC 2784, RFC 2637).
  mutating func appendGRE(
    _ packet: CarriedPacket, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let body = octets.extracting(min(packet.offset, packet.end)..<packet.end)
    guard body.count >= 2 else { return appendCut("gre", into: &out) }
    let flags = body.u16(at: 0)
    out.append("GREv")
    out.append(decimal: flags & 7)
    guard flags & 7 < 2 else {
      out.append(" ERROR: unknown-version")
      isMarked = true
      return
    }
    if options.isVerbose { append(greFlags: flags, into: &out) }
    var reader = PacketReader(body)
    guard let header = try? GREHeader(parsing: &reader) else {
      return appendCut("gre", into: &out)
    }
    if header.version == 0 {
      appendFields(header, into: &out)
    } else {
      appendCall(header, into: &out)
    }
    if options.showsLinkHeader {
      out.append(", proto ")
      out.append(header.protocolType.tunnelName)
      out.append(" (0x")
      out.append(hex: header.protocolType.rawValue)
      out.append(octet: 0x29)
    }
    appendLength(packet.length, into: &out)
    if header.version == 1, !header.hasSequenceNumber { return }
    out.append(options.isVerbose ? "\n\t" : ": ")
    let rest = body.extracting(droppingFirst: header.length)
    let length = packet.length &- header.length
    let isKnown = (header.protocolType == .ppp) == (header.version == 1)
    if isKnown, appendCarried(header.protocolType, rest, length: length, into: &out) { return }
    out.append("gre-proto-0x")
    out.append(hex: header.protocolType.rawValue, digits: 1)
  }

  private func append(greFlags flags: UInt16, into out: inout TextBuffer) {
    out.append(", Flags [")
    let start = out.count
    for (bit, name) in [
      (0x8000, "checksum present"), (0x4000, "routing present"), (0x2000, "key present"),
      (0x1000, "sequence# present"), (0x0800, "source routing present"),
    ] as [(UInt16, String)] where flags & bit != 0 {
      if out.count > start { out.append(", ") }
      out.append(name)
    }
    if flags & 7 == 1, flags & 0x80 != 0 {
      out.append(out.count > start ? ", ack present" : "ack present")
    }
    if out.count == start { out.append("none") }
    out.append(octet: 0x5d)
  }

  private func appendFields(_ header: GREHeader, into out: inout TextBuffer) {
    if header.hasChecksum || header.hasRouting {
      if options.isVerbose {
        out.append(", sum 0x")
        out.append(hex: header.checksum, digits: 1)
      }
      out.append(", off 0x")
      out.append(hex: header.routingOffset, digits: 1)
    }
    if header.hasKey {
      out.append(", key=0x")
      out.append(hex: header.key, digits: 1)
    }
    if header.hasSequenceNumber {
      out.append(", seq ")
      out.append(decimal: header.sequenceNumber)
    }
  }

  private func appendCall(_ header: GREHeader, into out: inout TextBuffer) {
    if header.hasKey {
      out.append(", call ")
      out.append(decimal: header.callIdentifier)
    }
    if header.hasSequenceNumber {
      out.append(", seq ")
      out.append(decimal: header.sequenceNumber)
    } else {
      out.append(", no-payload")
    }
    if header.hasAcknowledgment {
      out.append(", ack ")
      out.append(decimal: header.acknowledgmentNumber)
    }
  }
}

extension EtherType {
  /// What the type is called after `proto`.
  var tunnelName: String { self == .ppp ? "PPP" : name ?? "unknown" }
}
