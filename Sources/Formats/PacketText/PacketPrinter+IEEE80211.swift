public import PacketWire

extension PacketPrinter {
  /// Appends an 802.11 frame, behind a radiotap header or not; `length` is the whole frame's on the
  /// wire.
  mutating func appendIEEE80211(
    _ frame: Frame, _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    var part = EncapsulatedPart(offset: 0, end: length)
    var isPadded = false
    if frame.linkType == .radiotap {
      guard let radio = appendRadiotap(octets, into: &out) else {
        return appendCut("802.11_radio", into: &out)
      }
      // The check sequence is no part of the frame.
      part = part.dropping(radio.length)
      part.end = max(length &- (radio.hasCheckSequence ? 4 : 0), part.offset)
      isPadded = radio.isPadded
    }
    let captured = octets.extracting(part.captured(of: octets.count))
    if captured.count >= 2, let kind = Self.unknownKind(captured[0]) {
      isMarked = true
      out.append("unknown 802.11 ")
      out.append(kind)
      out.append(octet: 0x28)
      out.append(decimal: kind == "frame type " ? captured[0] >> 2 & 3 : captured[0] >> 4)
      return out.append(octet: 0x29)
    }
    var reader = PacketReader(captured)
    guard let header = try? IEEE80211Header(parsing: &reader) else {
      return appendCut("802.11", into: &out)
    }
    if options.showsLinkHeader { appendHeader(header, captured, into: &out) }
    let body = part.dropping(header.length &+ (isPadded ? -header.length & 3 : 0))
    switch header.kind {
    case .data: appendData(header, body, frame, octets, into: &out)
    case .control: appendControl(header, captured, into: &out)
    case .management:
      let rest = octets.extracting(body.captured(of: octets.count))
      if !appendManagement(header, rest, into: &out) { appendCut("802.11", into: &out) }
    case .extension: break
    }
  }

  /// What has no form that is known: an extension frame, or one of the lower control frames.
  private static func unknownKind(_ control: UInt8) -> String? {
    switch control >> 2 & 3 {
    case 1: control >> 4 < 7 ? "ctrl frame subtype " : nil
    case 3: "frame type "
    default: nil
    }
  }

  private mutating func appendData(
    _ header: IEEE80211Header, _ body: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>,
    into out: inout TextBuffer
  ) {
    guard !header.isEmptyData else { return }
    var body = body
    body.ends = header.ends
    guard header.isProtected else { return appendLLC(body, frame, octets, into: &out) }
    out.append("Data")
    let captured = octets.extracting(body.captured(of: octets.count))
    if !appendInitializationVector(captured, into: &out) { appendCut("802.11", into: &out) }
  }

  /// What stands before enciphered octets (IEEE 802.11 §12.3.2.2); false when it is cut.
  func appendInitializationVector(
    _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 4 else { return false }
    let word = body.u32(at: 0).byteSwapped
    out.append(" IV:")
    out.append(hex: word & 0xff_ffff, digits: 3)
    out.append(" Pad ")
    out.append(hex: word >> 24 & 0x3f, digits: 1)
    out.append(" KeyID ")
    out.append(decimal: word >> 30)
    return true
  }

  private func appendHeader(
    _ header: IEEE80211Header, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    if options.isVerbose { appendFlags(header, into: &out) }
    switch header.kind {
    case .management:
      append("BSSID:", header.address3, into: &out)
      append("DA:", header.address1, into: &out)
      append("SA:", header.address2, into: &out)
    case .control: appendControlAddresses(header, octets, into: &out)
    case .data: appendDataAddresses(header, into: &out)
    case .extension: break
    }
  }

  private func appendFlags(_ header: IEEE80211Header, into out: inout TextBuffer) {
    let flags = header.frameControl
    if flags & 0x20 != 0 { out.append("More Data ") }
    if flags & 0x04 != 0 { out.append("More Fragments ") }
    if flags & 0x10 != 0 { out.append("Pwr Mgmt ") }
    if flags & 0x08 != 0 { out.append("Retry ") }
    if header.hasOrder { out.append("Strictly Ordered ") }
    if header.isProtected { out.append("Protected ") }
    // A poll has an association identifier there.
    guard let duration = header.duration, header.kind != .control || header.subtype != 10 else {
      return
    }
    out.append(decimal: duration.byteSwapped)
    out.append("us ")
  }

  func append(
    _ label: String, _ address: MACAddress?, into out: inout TextBuffer
  ) {
    guard let address else { return }
    out.append(label)
    out.append(address)
    out.append(octet: 0x20)
  }

  private func appendDataAddresses(_ header: IEEE80211Header, into out: inout TextBuffer) {
    let (acknowledges, polls) = (header.subtype & 1 != 0, header.subtype & 2 != 0)
    if acknowledges || polls || header.isQoS {
      out.append("CF ")
      if acknowledges {
        out.append(polls ? "Ack/Poll" : "Ack")
      } else if polls {
        out.append("Poll")
      }
      if header.isQoS { out.append("+QoS") }
      out.append(octet: 0x20)
    }
    let labels: [String] =
      switch (header.isToDistribution, header.isFromDistribution) {
      case (false, false): ["DA:", "SA:", "BSSID:"]
      case (false, true): ["DA:", "BSSID:", "SA:"]
      case (true, false): ["BSSID:", "SA:", "DA:"]
      case (true, true): ["RA:", "TA:", "DA:", "SA:"]
      }
    let addresses = [header.address1, header.address2, header.address3, header.address4]
    for (label, address) in zip(labels, addresses) { append(label, address, into: &out) }
  }

  private func appendControlAddresses(
    _ header: IEEE80211Header, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch header.subtype {
    case 8: appendRequestedAcknowledgment(header, octets, into: &out)
    case 9, 12, 13: append("RA:", header.address1, into: &out)
    case 10:
      append("BSSID:", header.address1, into: &out)
      append("TA:", header.address2, into: &out)
    case 11:
      append("RA:", header.address1, into: &out)
      append("TA:", header.address2, into: &out)
    case 14, 15:
      append("RA:", header.address1, into: &out)
      append("BSSID:", header.address2, into: &out)
    default: break
    }
  }

  /// A request for a block acknowledgment, with its control field and where it starts (IEEE 802.11
  /// §9.3.1.7).
  private func appendRequestedAcknowledgment(
    _ header: IEEE80211Header, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    out.append(octet: 0x20)
    append("RA:", header.address1, into: &out)
    append("TA:", header.address2, into: &out)
    guard octets.count >= 20 else { return }
    out.append("CTL(")
    out.append(hex: octets.u16(at: 16).byteSwapped, digits: 1)
    out.append(") SEQ(")
    out.append(decimal: octets.u16(at: 18).byteSwapped)
    out.append(") ")
  }

  private mutating func appendControl(
    _ header: IEEE80211Header, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    out.append(header.name ?? "")
    switch header.subtype {
    case 10:
      guard let identifier = header.duration else { return }
      out.append(" AID(")
      out.append(hex: identifier.byteSwapped, digits: 1)
      out.append(octet: 0x29)
    case _ where options.showsLinkHeader: return
    case 8: appendRequestedAcknowledgment(header, octets, into: &out)
    case 11:
      out.append(octet: 0x20)
      append("TA:", header.address2, into: &out)
    case 9, 12...15:
      out.append(octet: 0x20)
      append("RA:", header.address1, into: &out)
    default: break
    }
  }
}

extension IEEE80211Header {
  /// Which management or control frame it is (IEEE 802.11 table 9-1); nil for other kinds, and for
  /// subtypes without a name here.
  public var name: String? {
    switch (kind, subtype) {
    case (.management, 0): "Assoc Request"
    case (.management, 1): "Assoc Response"
    case (.management, 2): "ReAssoc Request"
    case (.management, 3): "ReAssoc Response"
    case (.management, 4): "Probe Request"
    case (.management, 5): "Probe Response"
    case (.management, 8): "Beacon"
    case (.management, 9): "ATIM"
    case (.management, 10): "Disassociation"
    case (.management, 11): "Authentication"
    case (.management, 12): "DeAuthentication"
    case (.management, 13): "Action"
    case (.control, 7): "Control Wrapper"
    case (.control, 8): "BAR"
    case (.control, 9): "BA"
    case (.control, 10): "Power Save-Poll"
    case (.control, 11): "Request-To-Send"
    case (.control, 12): "Clear-To-Send"
    case (.control, 13): "Acknowledgment"
    case (.control, 14): "CF-End"
    case (.control, 15): "CF-End+CF-Ack"
    default: nil
    }
  }

  /// Who sent a data frame, and for whom it is.
  fileprivate var ends: (source: MACAddress, destination: MACAddress)? {
    let (source, destination) =
      switch (isToDistribution, isFromDistribution) {
      case (false, false): (address2, address1)
      case (false, true): (address3, address1)
      case (true, false): (address2, address3)
      case (true, true): (address4, address3)
      }
    guard let source, let destination else { return nil }
    return (source, destination)
  }
}
