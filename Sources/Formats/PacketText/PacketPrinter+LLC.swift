import PacketWire

extension PacketPrinter {
  /// Appends an 802.2 frame and what it carries.
  mutating func appendLLC(
    _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let captured = octets.extracting(part.captured(of: octets.count))
    var reader = PacketReader(captured)
    guard let header = try? LLCHeader(parsing: &reader) else {
      appendCut("llc", into: &out)
      return appendUnknown(part, octets, into: &out)
    }
    if options.showsLinkHeader { appendHeader(header, into: &out) }
    let rest = part.dropping(header.length)
    if header.carriesSNAP {
      guard let snap = try? SNAPHeader(parsing: &reader) else {
        return appendCut("snap", into: &out)
      }
      let inner = rest.dropping(SNAPHeader.length)
      if options.showsLinkHeader { append(snap, length: inner.length, into: &out) }
      if let type = snap.type, append(type, inner, frame, octets, into: &out) { return }
      if !options.showsLinkHeader {
        appendEnds(part, header, into: &out)
        append(snap, length: inner.length, into: &out)
      }
      return appendUnknown(part, octets, into: &out)
    }
    if header.carriesIPv4, appendNetwork(rest, frame, octets, into: &out) { return }
    if !options.showsLinkHeader { appendEnds(part, header, into: &out) }
    appendControl(
      header, length: part.length,
      body: captured.extracting(
        min(header.length, captured.count)..<captured.count), into: &out)
    if header.showsBody { appendUnknown(part, octets, into: &out) }
  }

  private func appendHeader(_ header: LLCHeader, into out: inout TextBuffer) {
    out.append("LLC, dsap ")
    append(accessPoint: header.destination & 0xfe, into: &out)
    out.append(header.destination & 1 == 0 ? " Individual, ssap " : " Group, ssap ")
    append(accessPoint: header.source & 0xfe, into: &out)
    out.append(header.source & 1 == 0 ? " Command, ctrl 0x" : " Response, ctrl 0x")
    if header.isUnnumbered {
      out.append(hex: UInt8(truncatingIfNeeded: header.control))
    } else {
      // The control field of a numbered frame is printed as a little-endian number.
      out.append(hex: header.control.byteSwapped)
    }
    out.append(": ")
  }

  private func append(accessPoint number: UInt8, into out: inout TextBuffer) {
    out.append(LLCHeader.accessPointName(number) ?? "Unknown")
    out.append(" (0x")
    out.append(hex: number)
    out.append(octet: 0x29)
  }

  private func append(_ snap: SNAPHeader, length: Int, into out: inout TextBuffer) {
    if options.showsLinkHeader || snap.organization != 0 {
      out.append("oui ")
      out.append(snap.organizationName)
      out.append(" (0x")
      out.append(hex: snap.organization, digits: 6)
      out.append("), ")
    }
    out.append(snap.organization == 0 ? "ethertype " : "pid ")
    out.append(snap.type?.name ?? "Unknown")
    out.append(" (0x")
    out.append(hex: snap.protocolNumber)
    out.append("), length ")
    out.append(decimal: length)
    out.append(": ")
  }

  /// Who speaks to whom, with the access points instead of the link header's type.
  private func appendEnds(
    _ part: EncapsulatedPart, _ header: LLCHeader, into out: inout TextBuffer
  ) {
    let isSame = header.source & 0xfe == header.destination & 0xfe
    if let ends = part.ends {
      out.append(ends.source)
      if !isSame { appendPoint("SSAP", header.source, into: &out) }
      out.append(" > ")
      out.append(ends.destination)
    } else if !isSame {
      appendPoint("SSAP", header.source, into: &out)
      out.append(" >")
    }
    appendPoint("DSAP", header.destination, into: &out)
    out.append(header.carriesSNAP ? ", " : " ")
  }

  private func appendPoint(_ kind: String, _ point: UInt8, into out: inout TextBuffer) {
    out.append(octet: 0x20)
    if let name = LLCHeader.accessPointName(point & 0xfe) { return out.append(name) }
    out.append("Unknown ")
    out.append(kind)
    out.append(" 0x")
    out.append(hex: point & 0xfe)
  }

  private func appendControl(
    _ header: LLCHeader, length: Int, body: Span<UInt8>, into out: inout TextBuffer
  ) {
    let first = UInt8(
      truncatingIfNeeded: header.isUnnumbered ? header.control : header.control >> 8)
    let second = UInt8(truncatingIfNeeded: header.control)
    let isPoll = header.isUnnumbered ? first & 0x10 != 0 : second & 1 != 0
    if header.isUnnumbered {
      out.append("Unnumbered, ")
      append(command: first & ~0x10, into: &out)
    } else {
      if first & 1 == 0 {
        out.append("Information, send seq ")
        out.append(decimal: first >> 1)
      } else {
        out.append("Supervisory, ")
        switch first >> 2 & 3 {
        case 0: out.append("Receiver Ready")
        case 1: out.append("Receiver not Ready")
        case 2: out.append("Reject")
        default: out.append("?")
        }
      }
      out.append(", rcv seq ")
      out.append(decimal: second >> 1)
    }
    out.append(", Flags [")
    let isResponse = header.source & 1 != 0
    if isPoll {
      out.append(isResponse ? "Final" : "Poll")
    } else {
      out.append(isResponse ? "Response" : "Command")
    }
    out.append("], length ")
    out.append(decimal: length)
    // Exchange identification in its own format (IEEE 802.2 §5.4.1.1.2).
    if header.isExchange, body.count >= 3, body[0] == 0x81 {
      out.append(": ")
      out.append(hex: body[1])
      out.append(octet: 0x20)
      out.append(hex: body[2])
    }
  }

  private func append(command: UInt8, into out: inout TextBuffer) {
    // IEEE 802.2 §5.4.1, §5.4.2.
    switch command {
    case 0x03: out.append("ui")
    case 0x0f: out.append("dm")
    case 0x43: out.append("disc")
    case 0x63: out.append("ua")
    case 0x6f: out.append("sabme")
    case 0x87: out.append("frmr")
    case 0xaf: out.append("xid")
    case 0xe3: out.append("test")
    default: out.append(hex: command)
    }
  }
}

extension LLCHeader {
  /// XID: who can what.
  fileprivate var isExchange: Bool { isUnnumbered && control & ~0x10 == 0xaf }

  /// The octets of the frame are shown: it holds more than the line tells.
  fileprivate var showsBody: Bool {
    if isUnnumbered { return !isExchange }
    return control >> 8 & 1 == 0
  }

  /// The name of a service access point (IEEE 802 registration authority).
  static func accessPointName(_ number: UInt8) -> String? {
    switch number {
    case 0x00: "Null"
    case 0x02: "802.1B I"
    case 0x04: "SNA"
    case 0x06: "IP"
    case 0x0e: "ProWay NM"
    case 0x42: "STP"
    case 0x4e: "RS511"
    case 0x7e: "ISO8208"
    case 0x8e: "ProWay"
    case 0xaa: "SNAP"
    case 0xe0: "IPX"
    case 0xf0: "NetBeui"
    case 0xfe: "OSI"
    default: nil
    }
  }
}

extension SNAPHeader {
  /// Whose number the protocol's is.
  var organizationName: String {
    switch organization {
    case 0x000000: "Ethernet"
    case 0x00000c: "Cisco"
    case 0x0000f8: "Cisco bridged"
    case 0x0080c2: "Ethernet bridged"
    case 0x080007: "Appletalk"
    case 0x0012bb: "ANSI/TIA"
    case 0x00120f: "IEEE 802.3 Private"
    case 0x00005e: "IANA"
    case 0x001018: "Broadcom"
    case 0x002481: "HP"
    default: "Unknown"
    }
  }
}
