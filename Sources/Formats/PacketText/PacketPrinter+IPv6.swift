import PacketWire

extension PacketPrinter {
  /// How many extension headers are walked; hostile packets have more.
  private static var maximumExtensionHeaders: Int { 16 }

  /// Appends an IPv6 packet; `length` is what the link layer carries of it.
  mutating func append(
    _ header: IPv6Header, _ frame: Frame, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    if !options.showsLinkHeader { out.append("IP6 ") }
    let missing = Int(header.payloadLength) &+ IPv6Header.length &- length
    if missing > 0 {
      out.append("truncated-ip6 - ")
      out.append(decimal: missing)
      out.append(" bytes missing!")
    }
    let start = frame.networkOffset &+ IPv6Header.length
    // Zero is a jumbogram (RFC 2675 §3), or a segment that the sending host's card has yet to cut up.
    let carried =
      header.payloadLength == 0
      ? max(length &- IPv6Header.length, 0) : Int(header.payloadLength)
    if options.isVerbose { appendParenthesis(header, length: carried, into: &out) }
    var packet = CarriedPacket(
      source: .v6(header.source), destination: .v6(header.destination),
      protocolNumber: header.nextHeader, offset: start,
      end: min(octets.count, start &+ carried), length: carried)
    switch header.nextHeader {
    case .tcp, .udp, .sctp, .dccp: break
    case .udpLite where options.isVerbose: break
    default:
      appendAddresses(of: packet, into: &out)
      out.append(": ")
      packet.isAddressed = true
    }
    if header.nextHeader == .hopByHop {
      guard appendHopByHop(header, &packet, octets, length: length, into: &out) else { return }
    }
    for _ in 0..<Self.maximumExtensionHeaders {
      guard isWalked(packet.protocolNumber) else {
        return append(packet, frame, octets, into: &out)
      }
      var jumbo = JumboPayload()
      guard appendExtensionHeader(&packet, octets, jumbo: &jumbo, into: &out) else { return }
      // Of what was not captured at all, nothing is said.
      guard packet.captured > 0 || packet.length <= 0 else {
        isMarked = true
        return
      }
    }
  }

  private func appendParenthesis(
    _ header: IPv6Header, length: Int, into out: inout TextBuffer
  ) {
    out.append(octet: 0x28)
    if header.trafficClass != 0 {
      out.append("class 0x")
      out.append(hex: header.trafficClass)
      out.append(", ")
    }
    if header.flowLabel != 0 {
      out.append("flowlabel 0x")
      out.append(hex: header.flowLabel, digits: 5)
      out.append(", ")
    }
    out.append("hlim ")
    out.append(decimal: header.hopLimit)
    out.append(", next-header ")
    out.append(header.nextHeader.name ?? "unknown")
    out.append(" (")
    out.append(decimal: header.nextHeader.rawValue)
    // More than the field could have said was meant to go on as it is, unless a hop-by-hop option
    // says so too. Only a tcpdump that punctuates in another way knows this.
    let isBig = length > 65_535 && header.nextHeader != .hopByHop
    out.append(isBig ? "), payload length " : ") payload length: ")
    out.append(decimal: header.payloadLength)
    out.append(") ")
    guard isBig else { return }
    out.append("[real length ")
    out.append(decimal: IPv6Header.length &+ length)
    out.append(", presumed BIG TCP] ")
  }

  /// An IPv6 header that could not be read.
  mutating func appendUnreadableIPv6(
    _ problem: PacketError, _ linkType: LinkType, _ octets: Span<UInt8>, from offset: Int,
    into out: inout TextBuffer
  ) {
    guard case .unexpectedVersion(let version) = problem.reason else {
      return appendCut("ip6", into: &out)
    }
    if linkType.isIP, depth == 0 {
      out.append("unknown ip ")
      out.append(decimal: version)
      isMarked = true
      return
    }
    if !options.showsLinkHeader { out.append("IP6 ") }
    out.append("version error: ")
    out.append(decimal: version)
    out.append(" != 6")
    isMarked = true
  }

  private func isWalked(_ kind: IPProtocol) -> Bool {
    switch kind {
    case .hopByHop, .destinationOptions, .routing, .fragment, .authentication: true
    default: false
    }
  }

  /// Appends the header at `packet.offset` and moves `packet` behind it; false when nothing of what
  /// follows can be read.
  mutating func appendExtensionHeader(
    _ packet: inout CarriedPacket, _ octets: Span<UInt8>, jumbo: inout JumboPayload,
    into out: inout TextBuffer
  ) -> Bool {
    let kind = packet.protocolNumber
    if kind == .fragment { return appendFragment(&packet, octets, into: &out) }
    let rest = octets.extracting(min(packet.offset, packet.end)..<packet.end)
    // RFC 8200 §4.2 counts in eights without the first eight, RFC 4302 §2.2 in fours without two.
    let unit = kind == .authentication ? 4 : 8
    let extra = kind == .authentication ? 2 : 1
    let length = rest.count >= 2 ? (Int(rest[1]) &+ extra) &* unit : .max
    // These two are printed as far as they go.
    switch kind {
    case .routing:
      guard appendRouting(rest, length: length, into: &out) else { return false }
    case .authentication:
      guard appendAuthentication(rest, length: length, into: &out) else {
        appendCut("ah", into: &out)
        return false
      }
    default:
      guard length <= rest.count else {
        appendCut(cutName(of: kind), into: &out)
        return false
      }
      let header = rest.extracting(first: length)
      out.append(kind == .hopByHop ? "HBH " : "DSTOPT ")
      // Only hop-by-hop options mean something for what follows.
      guard
        kind == .destinationOptions && !options.isVerbose
          || appendOptions(header, &jumbo, into: &out)
      else {
        appendCut(cutName(of: kind), into: &out)
        return false
      }
    }
    packet.protocolNumber = IPProtocol(rawValue: rest[0])
    packet.offset &+= length
    packet.length &-= length
    return true
  }

  private func cutName(of kind: IPProtocol) -> String {
    kind == .hopByHop ? "hbhopt" : "dstopt"
  }

  /// RFC 8200 §4.5.
  private mutating func appendFragment(
    _ packet: inout CarriedPacket, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    // The identification is only shown at -v, and stands at the end.
    guard packet.captured >= (options.isVerbose ? IPv6FragmentHeader.length : 4) else {
      appendCut("frag6", into: &out)
      return false
    }
    isMarked = packet.captured < IPv6FragmentHeader.length
    let next = octets[packet.offset]
    let offset = octets.u16(at: packet.offset &+ 2) & 0xfff8
    out.append("frag (")
    if options.isVerbose {
      out.append("0x")
      out.append(hex: octets.u32(at: packet.offset &+ 4))
      out.append(octet: 0x3a)
    }
    packet.protocolNumber = IPProtocol(rawValue: next)
    packet.offset &+= IPv6FragmentHeader.length
    packet.length &-= IPv6FragmentHeader.length
    packet.isFragment = true
    out.append(decimal: offset)
    out.append(octet: 0x7c)
    out.append(decimal: packet.length)
    out.append(octet: 0x29)
    guard offset == 0 else { return false }
    out.append(octet: 0x20)
    return true
  }

  /// RFC 4302 §2; false when it is cut.
  private func appendAuthentication(
    _ header: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    guard header.count >= 2 else { return false }
    out.append("AH(")
    if options.isVerbose {
      out.append("length=")
      out.append(decimal: header[1])
      out.append(octet: 0x28)
      out.append(decimal: length)
      out.append("-bytes),")
    }
    guard header.count >= 4 else { return false }
    if header.u16(at: 2) != 0 {
      out.append("reserved=0x")
      out.append(hex: header.u16(at: 2), digits: 1)
      out.append("[MustBeZero],")
    }
    guard header.count >= 8 else { return false }
    out.append("spi=0x")
    out.append(hex: header.u32(at: 4))
    out.append(octet: 0x2c)
    guard header.count >= 12 else { return false }
    out.append("seq=0x")
    out.append(hex: header.u32(at: 8), digits: 1)
    out.append(",icv=0x")
    for index in 12..<max(length, 12) {
      guard index < header.count else { return false }
      out.append(hex: header[index])
    }
    out.append("): ")
    return true
  }
}
