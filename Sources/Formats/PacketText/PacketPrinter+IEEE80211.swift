public import PacketWire

extension PacketPrinter {
  /// Appends an 802.11 frame, behind a radiotap header or not: the packet that it carries, or else
  /// which frame it is.
  mutating func appendIEEE80211(
    _ frame: Frame, _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    if frame.hasNetwork {
      _ = appendNetwork(frame, octets, length: length, into: &out)
      return
    }
    var start = 0
    if frame.linkType == .radiotap {
      var reader = PacketReader(octets)
      guard let radio = try? RadiotapHeader(parsing: &reader) else {
        return appendCut("802.11_radio", into: &out)
      }
      start = Int(radio.wholeLength)
    }
    var reader = PacketReader(octets.extracting(droppingFirst: min(start, octets.count)))
    guard let header = try? IEEE80211Header(parsing: &reader) else {
      return appendCut("802.11", into: &out)
    }
    if header.kind == .data, !header.isEmptyData, !header.isProtected {
      return appendLLC(
        EncapsulatedPart(offset: frame.networkOffset, end: length), frame, octets, into: &out)
    }
    out.append(header.name)
    if header.isProtected { out.append(", protected") }
  }
}

extension IEEE80211Header {
  /// Which frame it is (IEEE 802.11 table 9-1).
  public var name: String {
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
    case (.management, _): "Management, subtype \(subtype)"
    case (.control, 8): "BAR"
    case (.control, 9): "BA"
    case (.control, 10): "Power Save-Poll"
    case (.control, 11): "Request-To-Send"
    case (.control, 12): "Clear-To-Send"
    case (.control, 13): "Acknowledgment"
    case (.control, 14): "CF-End"
    case (.control, 15): "CF-End+CF-Ack"
    case (.control, _): "Control, subtype \(subtype)"
    case (.data, _): isEmptyData ? "Data without a body" : "Data"
    case (.extension, _): "Extension, subtype \(subtype)"
    }
  }
}
