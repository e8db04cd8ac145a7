import PacketWire

extension PacketPrinter {
  /// Appends a PPPoE packet: the tags of discovery, or the PPP frame of a session (RFC 2516).
  mutating func appendPPPoE(
    _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard part.length >= PPPoEHeader.length else {
      out.append(" (length ")
      out.append(decimal: part.length)
      out.append(" < 6)")
      return appendInvalid(into: &out)
    }
    var reader = PacketReader(octets.extracting(part.captured(of: octets.count)))
    guard let header = try? PPPoEHeader(parsing: &reader) else {
      return appendCut("pppoe", into: &out)
    }
    if header.version != 1 { append(" [ver ", header.version, into: &out) }
    if header.type != 1 { append(" [type ", header.type, into: &out) }
    out.append("PPPoE ")
    append(header.code, into: &out)
    var rest = part.dropping(PPPoEHeader.length)
    if Int(header.payloadLength) > rest.length {
      out.append(" [len ")
      out.append(decimal: header.payloadLength)
      out.append(" > ")
      out.append(decimal: rest.length)
      out.append("!]")
    }
    rest.end = min(rest.end, rest.offset &+ Int(header.payloadLength))
    if header.session != 0 {
      out.append(" [ses 0x")
      out.append(hex: header.session, digits: 1)
      out.append(octet: 0x5d)
    }
    guard header.code == .session else {
      return appendTags(
        octets.extracting(rest.captured(of: octets.count)), length: rest.length, into: &out)
    }
    out.append(octet: 0x20)
    appendPPP(rest, frame, octets, into: &out)
  }

  private func append(_ label: String, _ value: UInt8, into out: inout TextBuffer) {
    out.append(label)
    out.append(decimal: value)
    out.append(octet: 0x5d)
  }

  private func append(_ code: PPPoEHeader.Code, into out: inout TextBuffer) {
    switch code {
    case .session: break
    case .offer: out.append("PADO")
    case .initiation: out.append("PADI")
    case .request: out.append("PADR")
    case .confirmation: out.append("PADS")
    case .termination: out.append("PADT")
    default:
      out.append("PAD-")
      out.append(hex: code.rawValue, digits: 1)
    }
  }

  /// The tags (RFC 2516 §4, appendix A): `length` octets of them, of which `tags` were captured.
  private mutating func appendTags(
    _ tags: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    var offset = 0
    while offset < length {
      guard offset &+ 4 <= tags.count else { return appendCut("pppoe", into: &out) }
      let type = tags.u16(at: offset)
      let count = Int(tags.u16(at: offset &+ 2))
      offset &+= 4
      guard offset &+ count <= tags.count else { return appendCut("pppoe", into: &out) }
      out.append(" [")
      append(tag: type, into: &out)
      let value = tags.extracting(offset..<offset &+ count)
      if count > 0 { append(tagValue: value, into: &out) }
      out.append(octet: 0x5d)
      offset &+= count
    }
  }

  private func append(tag type: UInt16, into out: inout TextBuffer) {
    switch type {
    case 0x0000: out.append("EOL")
    case 0x0101: out.append("Service-Name")
    case 0x0102: out.append("AC-Name")
    case 0x0103: out.append("Host-Uniq")
    case 0x0104: out.append("AC-Cookie")
    case 0x0105: out.append("Vendor-Specific")
    case 0x0110: out.append("Relay-Session-ID")
    case 0x0120: out.append("PPP-Max-Payload")
    case 0x0201: out.append("Service-Name-Error")
    case 0x0202: out.append("AC-System-Error")
    case 0x0203: out.append("Generic-Error")
    default:
      out.append("TAG-0x")
      out.append(hex: type, digits: 1)
    }
  }

  /// As text where nearly all of it is, else in hex.
  private func append(tagValue value: Span<UInt8>, into out: inout TextBuffer) {
    var graphic = 0
    for index in value.indices where value[index].isGraphic || value[index] == 0x20 {
      graphic &+= 1
    }
    guard graphic &* 2 > value.count else {
      out.append(" 0x")
      for index in value.indices { out.append(upperHex: value[index]) }
      return
    }
    out.append(" \"")
    for index in value.indices {
      let octet = value[index]
      out.append(octet: octet.isGraphic || octet == 0x20 ? octet : 0x2e)
    }
    out.append(octet: 0x22)
  }
}

extension TextBuffer {
  /// Two upper-case hex digits.
  fileprivate mutating func append(upperHex octet: UInt8) {
    for digit in [octet >> 4, octet & 15] {
      append(octet: digit &+ (digit < 10 ? 0x30 : 0x37))
    }
  }
}
