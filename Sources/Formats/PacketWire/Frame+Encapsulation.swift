extension Frame {
  /// How many headers between link and network are walked; more is no network but an attack on
  /// decoders.
  static let maximumEncapsulations = 8
  /// How many labels of an MPLS stack are walked.
  static let maximumLabels = 16

  /// What a header says that follows it.
  private enum Next {
    case type(EtherType)
    case family(IPFamily)
    case llc
    case ppp
    case labels
    case unknown
  }

  /// Decodes a frame that does not begin with one of the common link headers.
  @inline(never)
  mutating func decodeRareLink(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    var next = Next.unknown
    switch linkType {
    case .ppp: next = .ppp
    case .pppHDLC: next = try openHDLC(&reader)
    case .ciscoHDLC: next = try openCiscoHDLC(&reader)
    case .frameRelay: next = try openFrameRelay(&reader)
    case .pppoe: next = try openPPPoE(&reader, &wireEnd)
    case .radiotap:
      next = try openRadiotap(&reader, &wireEnd)
    case .ieee80211: next = try open80211(&reader, isPadded: false)
    case .nflog: next = try openNFLOG(&reader, &wireEnd)
    case .ipnet: next = try openIPNET(&reader)
    case .ppi, .pktap, .oldPKTAP: next = try openWrapped(&reader, &wireEnd)
    default: return
    }
    try walk(next, &reader, &wireEnd)
  }

  /// Decodes what `type` announces, which is neither IP nor ARP.
  @inline(never)
  mutating func decodeEncapsulated(
    _ type: EtherType, _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    guard type.isLength else { return try walk(.type(type), &reader, &wireEnd) }
    switch link {
    case .ethernet:
      // IEEE 802.3 §3.2.6: what is behind so many octets is padding.
      if reader.offset + Int(type.rawValue) < wireEnd {
        reader.narrow(to: Int(type.rawValue))
        wireEnd = reader.offset + Int(type.rawValue)
      }
      try walk(.llc, &reader, &wireEnd)
    // The kernel's ETH_P_802_2, of which a cooked header speaks where there is no EtherType.
    case .linuxSLL where type.rawValue == 4, .linuxSLL2 where type.rawValue == 4:
      try walk(.llc, &reader, &wireEnd)
    default: return
    }
  }

  private mutating func walk(
    _ first: Next, _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    var next = first
    for _ in 0..<Self.maximumEncapsulations {
      networkOffset = reader.offset
      switch next {
      case .unknown: return
      case .family(let family):
        return family == .v4
          ? try decodeIPv4(&reader, &wireEnd) : try decodeIPv6(&reader, &wireEnd)
      case .type(.arp): return try decodeARP(&reader, &wireEnd)
      case .type(.ipv4): next = .family(.v4)
      case .type(.ipv6): next = .family(.v6)
      case .type(.mpls), .type(.upstreamMPLS): next = .labels
      case .type(.pppoeSession): next = try openPPPoE(&reader, &wireEnd)
      case .type(let type) where type.isVLANTag:
        next =
          try decodeTags(type, &reader).map { .family($0) } ?? etherType.map { .type($0) }
          ?? .unknown
      case .type: return
      case .llc: next = try openLLC(&reader)
      case .ppp: next = try openPPP(&reader)
      case .labels: next = try openLabels(&reader)
      }
    }
    throw PacketError(.llc, at: reader.offset, .tooMany(limit: Self.maximumEncapsulations))
  }

  mutating func decodeARP(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    network = .arp(try ARPPacket(parsing: &reader))
    // What follows an ARP packet is the padding of a short frame (RFC 894), no payload.
    reader.narrow(to: 0)
    wireEnd = reader.offset
  }

  private mutating func openLLC(_ reader: inout PacketReader) throws(PacketError) -> Next {
    var cursor = reader
    let header = try LLCHeader(parsing: &cursor)
    if header.carriesSNAP {
      guard let type = try SNAPHeader(parsing: &cursor).type else { return .unknown }
      etherType = type
      reader = cursor
      return .type(type)
    }
    guard header.carriesIPv4 else { return .unknown }
    reader = cursor
    return .family(.v4)
  }

  private func openLabels(_ reader: inout PacketReader) throws(PacketError) -> Next {
    for _ in 0..<Self.maximumLabels {
      guard try MPLSLabel(parsing: &reader).isBottomOfStack else { continue }
      // Nothing says what the stack carries; of IP the version does (RFC 4928 §2).
      guard reader.available > 0 else { return .unknown }
      return IPFamily(rawValue: reader.remaining[0] >> 4).map { .family($0) } ?? .unknown
    }
    throw PacketError(.mpls, at: reader.offset, .tooMany(limit: Self.maximumLabels))
  }

  private func openPPPoE(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) -> Next {
    let header = try PPPoEHeader(parsing: &reader)
    let end = reader.offset + Int(header.payloadLength)
    if end < wireEnd {
      reader.narrow(to: Int(header.payloadLength))
      wireEnd = end
    }
    return header.code == .session ? .ppp : .unknown
  }

  private func openPPP(_ reader: inout PacketReader) throws(PacketError) -> Next {
    switch try PPPHeader(parsing: &reader).protocolNumber {
    case .ipv4: .family(.v4)
    case .ipv6: .family(.v6)
    case .mpls: .labels
    default: .unknown
    }
  }

  /// Cisco's framing shares the link type with PPP's and is told by its addresses.
  private mutating func openHDLC(_ reader: inout PacketReader) throws(PacketError) -> Next {
    guard reader.available > 0 else {
      throw PacketError(.ppp, at: 0, .truncated(needed: 1, available: 0))
    }
    let address = reader.remaining[0]
    return address == 0x0f || address == 0x8f ? try openCiscoHDLC(&reader) : .ppp
  }

  private mutating func openFrameRelay(_ reader: inout PacketReader) throws(PacketError) -> Next {
    switch try FrameRelayHeader(parsing: &reader).encapsulation {
    case .etherType(let type):
      etherType = type
      return .type(type)
    case .multiprotocol(_, .ipv4): return .family(.v4)
    case .multiprotocol(_, .ipv6): return .family(.v6)
    case .multiprotocol(_, .snap):
      guard let type = try SNAPHeader(parsing: &reader).type else { return .unknown }
      etherType = type
      return .type(type)
    case .multiprotocol: return .unknown
    }
  }

  private mutating func openCiscoHDLC(_ reader: inout PacketReader) throws(PacketError) -> Next {
    let header = try CiscoHDLCHeader(parsing: &reader)
    etherType = header.type
    return .type(header.type)
  }

  private func openNFLOG(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) -> Next {
    let header = try NFLOGHeader(parsing: &reader)
    guard let length = try NFLOGHeader.skipToPacket(&reader) else { return .unknown }
    reader.narrow(to: length)
    wireEnd = min(wireEnd, reader.offset + length)
    return header.ipFamily.map { .family($0) } ?? .unknown
  }

  private func openIPNET(_ reader: inout PacketReader) throws(PacketError) -> Next {
    try IPNETHeader(parsing: &reader).ipFamily.map { .family($0) } ?? .unknown
  }

  /// A link header behind another one; `link` stays none, for it stands for what begins the frame.
  private mutating func openWrapped(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) -> Next {
    guard let wrapped = try WrappedFrame(in: reader.remaining, of: linkType) else {
      return .unknown
    }
    _ = try reader.take(wrapped.offset, for: linkType == .ppi ? .ppi : .pktap)
    if wrapped.hasCheckSequence { dropCheckSequence(&reader, &wireEnd) }
    switch wrapped.linkType {
    case .ethernet:
      let type = try EthernetHeader(parsing: &reader).type
      etherType = type
      return type.isLength ? .llc : .type(type)
    case .ieee80211: return try open80211(&reader, isPadded: false)
    case .radiotap: return try openRadiotap(&reader, &wireEnd)
    case .ppp: return .ppp
    case .null, .loop:
      let header = try BSDLoopbackHeader(parsing: &reader, linkType: wrapped.linkType)
      return header.ipFamily.map { .family($0) } ?? .unknown
    case .raw, .ipv4, .ipv6, LinkType(rawValue: 12), LinkType(rawValue: 14):
      guard reader.available > 0 else { return .unknown }
      return IPFamily(rawValue: reader.remaining[0] >> 4).map { .family($0) } ?? .unknown
    default: return .unknown
    }
  }

  /// The check sequence of a frame is no payload.
  private func dropCheckSequence(_ reader: inout PacketReader, _ wireEnd: inout Int) {
    guard wireEnd - reader.offset >= 4 else { return }
    wireEnd -= 4
    reader.narrow(to: wireEnd - reader.offset)
  }

  private func open80211(
    _ reader: inout PacketReader, isPadded: Bool
  ) throws(PacketError) -> Next {
    let header = try IEEE80211Header(parsing: &reader)
    if isPadded {
      _ = try reader.take(-header.length & 3, for: .ieee80211)
    }
    let isReadable = header.kind == .data && !header.isEmptyData && !header.isProtected
    return isReadable ? .llc : .unknown
  }

  private func openRadiotap(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) -> Next {
    var cursor = reader
    let header = try RadiotapHeader(parsing: &cursor)
    guard header.wholeLength >= RadiotapHeader.length else {
      throw PacketError(.radiotap, at: 2, .badHeaderLength(Int(header.wholeLength)))
    }
    let whole = try reader.take(Int(header.wholeLength), for: .radiotap)
    let flags = RadiotapHeader.flags(in: whole)
    if flags & 0x10 != 0 { dropCheckSequence(&reader, &wireEnd) }
    return try open80211(&reader, isPadded: flags & 0x20 != 0)
  }
}

extension RadiotapHeader {
  /// The flags field of a whole header, which has its eight octets; 0 if it has none.
  static func flags(in header: Span<UInt8>) -> UInt8 {
    let present = header.u32(at: 4).byteSwapped
    guard present & 2 != 0 else { return 0 }
    var offset = 4
    while offset + 4 <= header.count, header[offset + 3] & 0x80 != 0 { offset += 4 }
    offset += 4
    // The time stamp before it has eight octets at a multiple of eight.
    if present & 1 != 0 { offset = (offset + 7) & ~7 + 8 }
    return offset < header.count ? header[offset] : 0
  }
}
