public import PacketWire

extension PacketPrinter {
  /// Appends a PPP frame without HDLC framing (RFC 1661 §2).
  mutating func appendPPP(
    _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    var reader = PacketReader(octets.extracting(part.captured(of: octets.count)))
    guard part.length >= 2, reader.available >= 2, let header = try? PPPHeader(parsing: &reader)
    else { return appendCut("ppp", into: &out) }
    if options.showsLinkHeader {
      out.append(header.protocolNumber.name ?? "unknown")
      out.append(" (0x")
      out.append(hex: header.protocolNumber.rawValue)
      out.append("), length ")
      out.append(decimal: part.length)
      guard header.protocolNumber.name != nil else { return }
      out.append(": ")
    }
    append(header.protocolNumber, part.dropping(header.length), frame, octets, into: &out)
  }

  /// Appends a PPP frame with address and control, or one of Cisco's (LINKTYPE_PPP_HDLC).
  mutating func appendHDLC(
    _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let captured = octets.extracting(part.captured(of: octets.count))
    guard captured.count >= 2 else { return appendCut("ppp_hdlc", into: &out) }
    if captured[0] == 0x0f || captured[0] == 0x8f {
      return appendCiscoHDLC(part, frame, octets, into: &out)
    }
    guard captured.count >= 4 else { return appendCut("ppp_hdlc", into: &out) }
    if options.showsLinkHeader {
      out.append(hex: captured[0])
      out.append(octet: 0x20)
      out.append(hex: captured[1])
      out.append(octet: 0x20)
      out.append(decimal: part.length)
      out.append(octet: 0x20)
    }
    guard captured[0] == 0xff else {
      out.append("unknown addr ")
      out.append(hex: captured[2])
      out.append("; ctrl ")
      return out.append(hex: captured[3])
    }
    let number = PPPProtocol(rawValue: captured.u16(at: 2))
    appendName(of: number, into: &out)
    out.append(": ")
    append(number, part.dropping(4), frame, octets, into: &out)
  }

  private func appendName(of number: PPPProtocol, into out: inout TextBuffer) {
    if let name = number.name { return out.append(name) }
    out.append("unknown PPP protocol (0x")
    out.append(hex: number.rawValue)
    out.append(octet: 0x29)
  }

  private mutating func append(
    _ number: PPPProtocol, _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>,
    into out: inout TextBuffer
  ) {
    switch number {
    case .ipv4, .ipv6:
      if appendNetwork(part, frame, octets, into: &out) { return }
    case .mpls, PPPProtocol(rawValue: 0x0283):
      return appendMPLS(part, frame, octets, into: &out)
    case .lcp, .ipcp, .ipv6cp, .compressionControl:
      return appendControl(
        number, octets.extracting(part.captured(of: octets.count)), length: part.length, into: &out)
    case .pap:
      return appendPassword(
        octets.extracting(part.captured(of: octets.count)), length: part.length, into: &out)
    case .chap:
      return appendChallenge(
        octets.extracting(part.captured(of: octets.count)), length: part.length, into: &out)
    case PPPProtocol(rawValue: 0x00fd): return out.append("compressed PPP data")
    case _ where number.rawValue >> 8 == 0x7e:
      return appendEscaped(number, part, octets, into: &out)
    default: break
    }
    appendName(of: number, into: &out)
    out.append(octet: 0x20)
    out.append(hexDump: octets.extracting(part.captured(of: octets.count)))
  }

  /// Appends a frame that still has the escapes of asynchronous lines (RFC 1662 §4.2). The flag that
  /// began it was read as the first octet of a protocol number.
  private mutating func appendEscaped(
    _ number: PPPProtocol, _ part: EncapsulatedPart, _ octets: Span<UInt8>,
    into out: inout TextBuffer
  ) {
    let escaped = octets.extracting(part.captured(of: octets.count))
    var plain = [UInt8(truncatingIfNeeded: number.rawValue)]
    var isEscaped = false
    for index in escaped.indices {
      let octet = escaped[index]
      if !isEscaped, octet == 0x7d {
        isEscaped = true
        continue
      }
      plain.append(isEscaped ? octet ^ 0x20 : octet)
      isEscaped = false
    }
    let hasAddress = plain.starts(with: [0xff, 0x03])
    plain.removeFirst(hasAddress ? 2 : 0)
    guard plain.count >= 2 else { return appendCut("ppp", into: &out) }
    if plain[0] == 0x7e {
      out.append("(protocol 0x")
      out.append(hex: plain.span.u16(at: 0))
      return out.append(" invalid)")
    }
    let inner = Frame(decoding: plain.span, linkType: .ppp, originalLength: plain.count)
    // The link header has been told; what stands in the frame has none of its own.
    let showsLinkHeader = options.showsLinkHeader
    options.showsLinkHeader = false
    appendPPP(EncapsulatedPart(offset: 0, end: plain.count), inner, plain.span, into: &out)
    options.showsLinkHeader = showsLinkHeader
  }

  /// Appends a frame of Cisco's HDLC.
  mutating func appendCiscoHDLC(
    _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    var reader = PacketReader(octets.extracting(part.captured(of: octets.count)))
    guard let header = try? CiscoHDLCHeader(parsing: &reader) else {
      return appendCut("chdlc", into: &out)
    }
    if options.showsLinkHeader {
      switch header.address {
      case 0x0f: out.append("unicast")
      case 0x8f: out.append("bcast")
      default:
        out.append("0x")
        out.append(hex: header.address)
      }
      out.append(", ethertype ")
      append(header.type, into: &out)
      out.append(", length ")
      out.append(decimal: part.length)
      out.append(": ")
    }
    let rest = part.dropping(CiscoHDLCHeader.length)
    switch header.type {
    case .ipv4, .ipv6, .mpls, .upstreamMPLS:
      if append(header.type, rest, frame, octets, into: &out) { return }
      appendUnknown(rest, octets, into: &out)
    case EtherType(rawValue: 0x8035):
      appendSLARP(
        octets.extracting(rest.captured(of: octets.count)), length: rest.length, into: &out)
    default:
      isMarked = true
      guard !options.showsLinkHeader else { return }
      out.append("unknown CHDLC protocol (0x")
      out.append(hex: header.type.rawValue)
      out.append(octet: 0x29)
    }
  }

  /// Cisco's serial line address resolution, which keeps the line alive.
  private mutating func appendSLARP(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    out.append("SLARP (length: ")
    out.append(decimal: length)
    out.append("), ")
    guard body.count >= 14 else { return appendCut("chdlc_slarp", into: &out) }
    switch body.u32(at: 0) {
    case 0: out.append("request")
    case 1:
      out.append("reply ")
      append(.v4(body.ipv4Address(at: 4)), into: &out)
      out.append(octet: 0x2f)
      append(.v4(body.ipv4Address(at: 8)), into: &out)
    case 2:
      out.append("keepalive: mineseen=0x")
      out.append(hex: body.u32(at: 4))
      out.append(", yourseen=0x")
      out.append(hex: body.u32(at: 8))
      out.append(", reliability=0x")
      out.append(hex: body.u16(at: 12))
      if body.count >= 18 { appendUptime(seconds: body.u32(at: 14) / 1000, into: &out) }
    default:
      out.append("0x")
      out.append(hex: body.u32(at: 0), digits: 2)
      out.append(" unknown")
      if options.verbosity < 2 { out.append(hexDump: body.extracting(droppingFirst: 4)) }
    }
    // The longest has eighteen octets.
    if options.isVerbose, length > 18 {
      out.append(", (trailing junk: ")
      out.append(decimal: length &- 18)
      out.append(" bytes)")
    }
    if options.verbosity > 1 { out.append(hexDump: body.extracting(droppingFirst: 4)) }
  }

  private func appendUptime(seconds: UInt32, into out: inout TextBuffer) {
    out.append(", link uptime=")
    out.append(decimal: seconds / 86_400)
    out.append(octet: 0x64)
    out.append(decimal: seconds % 86_400 / 3600)
    out.append(octet: 0x68)
    out.append(decimal: seconds % 3600 / 60)
    out.append(octet: 0x6d)
    out.append(decimal: seconds % 60)
    out.append(octet: 0x73)
  }
}

extension PPPProtocol {
  /// What the protocol is called, as tcpdump writes it; nil for a number without a name here.
  public var name: String? {
    switch rawValue {
    case 0x0021: "IP"
    case 0x0023: "OSI"
    case 0x0025: "NS"
    case 0x0027: "DECNET"
    case 0x0029: "APPLE"
    case 0x002b: "IPX"
    case 0x002d: "VJC IP"
    case 0x002f: "VJNC IP"
    case 0x0031: "BRPDU"
    case 0x0033: "STII"
    case 0x0035: "VINES"
    case 0x003d: "MLPPP"
    case 0x0057: "IP6"
    case 0x00fd: "Compressed"
    case 0x0281, 0x0283: "MPLS"
    case 0x8021: "IPCP"
    case 0x8023: "OSICP"
    case 0x8025: "NSCP"
    case 0x8027: "DECNETCP"
    case 0x8029: "APPLECP"
    case 0x802b: "IPXCP"
    case 0x8033: "STIICP"
    case 0x8035: "VINESCP"
    case 0x8057: "IP6CP"
    case 0x80fd: "CCP"
    case 0x8281: "MPLSCP"
    case 0xc021: "LCP"
    case 0xc023: "PAP"
    case 0xc025: "LQM"
    case 0xc027: "SPAP"
    case 0xc02b: "BACP"
    case 0xc02d: "BAP"
    case 0xc03d: "MLPPP-CP"
    case 0xc223: "CHAP"
    case 0xc227: "EAP"
    default: nil
    }
  }
}
