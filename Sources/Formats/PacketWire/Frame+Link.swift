extension Frame {
  /// How many VLAN tags are walked; more is no network but an attack on decoders.
  static let maximumVLANTags = 8

  mutating func decodeLink(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    var family: IPFamily?
    switch linkType {
    case .ethernet:
      let header = try EthernetHeader(parsing: &reader)
      (link, etherType) = (.ethernet(header), header.type)
    case .linuxSLL:
      let header = try LinuxSLLHeader(parsing: &reader)
      (link, etherType) = (.linuxSLL(header), header.type)
    case .linuxSLL2:
      let header = try LinuxSLL2Header(parsing: &reader)
      (link, etherType) = (.linuxSLL2(header), header.type)
    case .null, .loop:
      let header = try BSDLoopbackHeader(parsing: &reader, linkType: linkType)
      (link, family) = (.bsdLoopback(header), header.ipFamily)
      if family == nil {
        throw PacketError(.bsdLoopback, at: 0, .unsupported(header.family))
      }
    case .raw, LinkType(rawValue: 12), LinkType(rawValue: 14):
      family = try Self.family(of: reader)
    // A packet of the other version knows better.
    case .ipv4: family = (try? Self.family(of: reader)) ?? .v4
    case .ipv6: family = (try? Self.family(of: reader)) ?? .v6
    default: return try decodeRareLink(&reader, &wireEnd)
    }
    if let type = etherType { family = try decodeTags(type, &reader) }
    networkOffset = reader.offset
    switch (family, etherType) {
    case (.v4?, _): try decodeIPv4(&reader, &wireEnd)
    case (.v6?, _): try decodeIPv6(&reader, &wireEnd)
    case (nil, .arp?): try decodeARP(&reader, &wireEnd)
    case (nil, let type?): try decodeEncapsulated(type, &reader, &wireEnd)
    case (nil, nil): return
    }
  }

  /// A raw packet's family is in its first four bits.
  private static func family(of reader: borrowing PacketReader) throws(PacketError) -> IPFamily {
    let octets = reader.remaining
    guard octets.count > 0 else {
      throw PacketError(.ipv4, at: reader.offset, .truncated(needed: 1, available: 0))
    }
    guard let family = IPFamily(rawValue: octets[0] >> 4) else {
      throw PacketError(.ipv4, at: reader.offset, .unexpectedVersion(octets[0] >> 4))
    }
    return family
  }

  /// Reads the VLAN tags, if there are any, and which IP stands behind them.
  @inline(__always)
  mutating func decodeTags(
    _ first: EtherType, _ reader: inout PacketReader
  ) throws(PacketError) -> IPFamily? {
    etherType = first.isVLANTag ? try decodeTags(from: first, &reader) : first
    return etherType == .ipv4 ? .v4 : etherType == .ipv6 ? .v6 : nil
  }

  @inline(never)
  private mutating func decodeTags(
    from first: EtherType, _ reader: inout PacketReader
  ) throws(PacketError) -> EtherType {
    var type = first
    var count = 0
    while type.isVLANTag {
      guard count < Self.maximumVLANTags else {
        throw PacketError(.vlan, at: reader.offset, .tooMany(limit: Self.maximumVLANTags))
      }
      let tag = try VLANTag(parsing: &reader)
      if count == 0 { vlan = tag } else if count == 1 { innerVLAN = tag }
      type = tag.type
      count += 1
    }
    return type
  }
}
