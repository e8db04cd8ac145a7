import PacketWire

extension PacketPrinter {
  /// Appends an IPv4 packet; `length` is what the link layer carries of it.
  @inline(__always)
  mutating func append(
    _ header: IPv4Header, _ frame: Frame, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    if !options.showsLinkHeader { out.append("IP ") }
    let total = Int(header.totalLength)
    if length < total {
      out.append("truncated-ip - ")
      out.append(decimal: total &- length)
      out.append(" bytes missing! ")
    }
    // A total length of zero is a segment that the sending host's card has yet to cut up.
    guard total == 0 || total >= header.length else {
      out.append("bad-len ")
      out.append(decimal: total)
      isMarked = true
      return
    }
    let whole = total == 0 ? length : total
    if options.isVerbose { appendParenthesis(frame, length: whole, into: &out) }
    var packet = CarriedPacket(
      source: .v4(header.source), destination: .v4(header.destination),
      protocolNumber: header.protocolNumber, offset: frame.networkOffset &+ header.length,
      end: min(octets.count, frame.networkOffset &+ whole), length: whole &- header.length,
      isFragment: header.moreFragments)
    if header.fragmentOffset > 0 {
      appendAddresses(of: packet, into: &out)
      out.append(": ")
      return append(header.protocolNumber, into: &out)
    }
    switch header.protocolNumber {
    // Nearly all packets are one of these two: they need not be asked what they are once more.
    case .tcp: return appendTCP(packet, frame, octets, into: &out)
    case .udp: return appendUDP(packet, frame, octets, into: &out)
    case .sctp, .dccp: break
    case .udpLite where options.isVerbose: break
    default:
      appendAddresses(of: packet, into: &out)
      out.append(": ")
      packet.isAddressed = true
    }
    if header.protocolNumber == .authentication {
      var jumbo = JumboPayload()
      guard appendExtensionHeader(&packet, octets, jumbo: &jumbo, into: &out) else { return }
    }
    append(packet, frame, octets, into: &out)
  }

  // Takes the frame: to hand on the header costs plain lines a copy of it and its options.
  @inline(never)
  private func appendParenthesis(_ frame: Frame, length: Int, into out: inout TextBuffer) {
    guard case .ipv4(let header) = frame.network else { return }
    out.append("(tos 0x")
    out.append(hex: header.typeOfService, digits: 1)
    // RFC 3168 §5.
    switch header.ecn {
    case 1: out.append(",ECT(1)")
    case 2: out.append(",ECT(0)")
    case 3: out.append(",CE")
    default: break
    }
    if header.timeToLive > 0 {
      out.append(", ttl ")
      out.append(decimal: header.timeToLive)
    }
    out.append(", id ")
    out.append(decimal: header.identification)
    out.append(", offset ")
    out.append(decimal: header.fragmentOffset)
    out.append(", flags [")
    appendFlags(header, into: &out)
    out.append("], proto ")
    out.append(header.protocolNumber.name ?? "unknown")
    out.append(" (")
    out.append(decimal: header.protocolNumber.rawValue)
    out.append("), length ")
    out.append(decimal: length)
    if header.totalLength == 0 {
      // More than the field could have said was meant to go on as it is.
      out.append(length > 65_535 ? " [was 0, presumed BIG TCP]" : " [was 0, presumed TSO]")
    }
    if !header.options.isEmpty {
      out.append(", options (")
      appendOptions(header.options, into: &out)
      out.append(octet: 0x29)
    }
    if options.verifiesChecksums, !header.isChecksumValid {
      out.append(", bad cksum ")
      out.append(hex: header.checksum, digits: 1)
      out.append(" (->")
      out.append(hex: header.computedChecksum, digits: 1)
      out.append(")!")
    }
    out.append(")\n    ")
  }

  private func appendFlags(_ header: IPv4Header, into out: inout TextBuffer) {
    let start = out.count
    func append(_ name: String, if isSet: Bool) {
      guard isSet else { return }
      if out.count > start { out.append(", ") }
      out.append(name)
    }
    append("+", if: header.moreFragments)
    append("DF", if: header.dontFragment)
    append("rsvd", if: header.reservedFlag)
    append("none", if: out.count == start)
  }

  /// An IPv4 header that could not be read.
  mutating func appendUnreadableIPv4(
    _ problem: PacketError, _ linkType: LinkType, _ octets: Span<UInt8>, from offset: Int,
    into out: inout TextBuffer
  ) {
    isMarked = true
    switch problem.reason {
    case .unexpectedVersion(let version):
      // Only the packet itself says which version of IP it is.
      if linkType.isIP, linkType == .raw || depth == 0 {
        out.append("unknown ip ")
        out.append(decimal: version)
        return
      }
      out.append("IP")
      out.append(decimal: version)
      if version == 6 { out.append(", wrong link-layer encapsulation") }
      appendInvalid(into: &out)
    case .badHeaderLength(let length):
      if !options.showsLinkHeader { out.append("IP ") }
      out.append("bad-hlen ")
      out.append(decimal: length)
    default:
      let captured = octets.count &- offset
      if captured > 0, !options.showsLinkHeader { out.append("IP ") }
      if captured >= IPv4Header.minimumLength {
        out.append(" [remaining caplen(")
        out.append(decimal: captured)
        out.append(") < header length(")
        out.append(decimal: Int(octets[offset] & 0x0f) &* 4)
        out.append(")]")
      }
      appendCut("ip", into: &out)
    }
  }
}
