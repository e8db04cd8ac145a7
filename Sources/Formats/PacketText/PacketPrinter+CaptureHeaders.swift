import PacketWire

/// Headers that stand before a packet because of how it was captured.
extension PacketPrinter {
  /// Appends what netfilter says, with `: ` behind it.
  func appendNFLOG(_ octets: Span<UInt8>, length: Int, into out: inout TextBuffer) {
    var reader = PacketReader(octets)
    guard let header = try? NFLOGHeader(parsing: &reader) else { return }
    out.append("version ")
    out.append(decimal: header.version)
    out.append(", resource ID ")
    out.append(decimal: header.resourceID)
    append(family: header.family, header.ipFamily, length: length, into: &out)
  }

  /// Appends what Solaris says, with `: ` behind it.
  func appendIPNET(_ octets: Span<UInt8>, length: Int, into out: inout TextBuffer) {
    var reader = PacketReader(octets)
    guard let header = try? IPNETHeader(parsing: &reader) else { return }
    out.append(decimal: header.sourceZone)
    out.append(" > ")
    out.append(decimal: header.destinationZone)
    append(family: header.family, header.ipFamily, length: length, into: &out)
  }

  private func append(
    family: UInt8, _ known: IPFamily?, length: Int, into out: inout TextBuffer
  ) {
    out.append(", family ")
    out.append(known.map { $0 == .v4 ? "IPv4" : "IPv6" } ?? "Unknown")
    out.append(" (")
    out.append(decimal: family)
    out.append("), length ")
    out.append(decimal: length)
    out.append(": ")
  }

  /// Appends a frame behind PPI's or PKTAP's header; false where there is none that can be read.
  mutating func appendWrapped(
    _ frame: Frame, _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    var found: WrappedFrame?
    do throws(PacketError) {
      found = try WrappedFrame(in: octets, of: frame.linkType)
    } catch {
      appendCut(frame.linkType == .ppi ? "ppi" : "pktap", into: &out)
      return true
    }
    guard let wrapped = found, wrapped.linkType.name != nil else { return false }
    if options.showsLinkHeader { append(wrapped, of: frame, octets, length: length, into: &out) }
    let inner = octets.extracting(droppingFirst: wrapped.offset)
    let innerLength = max(0, length &- wrapped.offset)
    let carried = Frame(
      decoding: inner, linkType: wrapped.linkType, originalLength: innerLength)
    appendLink(carried, inner, length: innerLength, into: &out)
    return true
  }

  private func append(
    _ wrapped: WrappedFrame, of frame: Frame, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    if frame.linkType == .ppi {
      out.append("V.")
      out.append(decimal: octets[0])
      out.append(" ")
    }
    out.append("DLT ")
    out.append(wrapped.linkType.name ?? "")
    out.append(" (")
    out.append(decimal: wrapped.linkType.rawValue)
    out.append(") len ")
    out.append(decimal: wrapped.offset)
    out.append(", length ")
    out.append(decimal: length)
    out.append(": ")
  }
}

extension LinkType {
  /// libpcap's name of those that `Frame` reads behind another header.
  fileprivate var name: StaticString? {
    switch self {
    case .ethernet: "EN10MB"
    case .ieee80211: "IEEE802_11"
    case .radiotap: "IEEE802_11_RADIO"
    case .null: "NULL"
    case .loop: "LOOP"
    case .ppp: "PPP"
    case .raw, LinkType(rawValue: 12), LinkType(rawValue: 14): "RAW"
    case .ipv4: "IPV4"
    case .ipv6: "IPV6"
    default: nil
    }
  }
}
