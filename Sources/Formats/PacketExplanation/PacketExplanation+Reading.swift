public import PacketWire

extension PacketExplanation {
  /// Explains a packet.
  ///
  /// - Parameters:
  ///   - octets: what was captured, or is to be sent.
  ///   - linkType: how it begins. Link layers but Ethernet are one field, and what is no IP is data.
  ///   - originalLength: how long it was on the wire, in octets; as many as there are if not given.
  ///   - stage: where it was seen.
  public init(
    of octets: Span<UInt8>, linkType: LinkType = .raw, originalLength: Int? = nil,
    stage: Stage = .onTheWire
  ) {
    var explainer = Explainer(Array(copying: octets), stage: stage)
    explainer.packet(linkType, originalLength: max(originalLength ?? 0, octets.count))
    self.init(parts: explainer.parts, count: octets.count)
  }

  /// Explains an ICMP or ICMPv6 message that came, or goes, without its IP header, as datagram sockets
  /// and raw ICMPv6 sockets have it.
  ///
  /// - Parameters:
  ///   - octets: from the ICMP header on.
  ///   - source: who sent it; an ICMPv6 checksum covers it.
  ///   - destination: whom it is for; its family says which ICMP this is.
  ///   - stage: where it was seen.
  public init(
    ofMessage octets: Span<UInt8>, from source: IPAddress, to destination: IPAddress,
    stage: Stage = .onTheWire
  ) {
    let header = Self.header(from: source, to: destination, payloadLength: octets.count)
    var explainer = Explainer(header + Array(copying: octets), stage: stage)
    explainer.position = header.count * 8
    explainer.message(destination.family)
    var parts = explainer.parts
    for part in parts.indices {
      for field in parts[part].fields.indices {
        let bits = parts[part].fields[field].bits
        parts[part].fields[field].bits =
          bits.lowerBound - header.count * 8..<bits.upperBound - header.count * 8
      }
    }
    self.init(parts: parts, count: octets.count)
  }

  /// What a decoder needs in front of a message; it is not explained.
  private static func header(
    from source: IPAddress, to destination: IPAddress, payloadLength: Int
  ) -> [UInt8] {
    switch destination {
    case .v6(let destination):
      let source = if case .v6(let source) = source { source } else { IPv6Address.any }
      var header = IPv6Header(nextHeader: .icmpv6, from: source, to: destination)
      header.payloadLength = UInt16(clamping: payloadLength)
      return [UInt8](capacity: IPv6Header.length) { header.write(to: &$0) }
    case .v4(let destination):
      let source = if case .v4(let source) = source { source } else { IPv4Address.any }
      var header = IPv4Header(protocolNumber: .icmp, from: source, to: destination)
      header.totalLength = UInt16(clamping: IPv4Header.minimumLength + payloadLength)
      return [UInt8](capacity: IPv4Header.minimumLength) { header.write(to: &$0) }
    }
  }
}

extension Explainer {
  /// A packet from its link layer on.
  mutating func packet(_ linkType: LinkType, originalLength: Int) {
    let isRaw = linkType == .raw || linkType == .ipv4 || linkType == .ipv6
    if !isRaw {
      let frame = Frame(decoding: octets.span, linkType: linkType)
      begin(linkType == .ethernet ? "Ethernet header" : "Link-layer header")
      if frame.etherType == .arp, frame.networkOffset > 0, frame.networkOffset <= octets.count {
        return arp(linkType, at: frame.networkOffset)
      }
      let carriesIP = frame.etherType == .ipv4 || frame.etherType == .ipv6 || frame.addresses != nil
      guard carriesIP, frame.networkOffset > 0, frame.networkOffset <= octets.count else {
        return data(linkType)
      }
      do throws(Stop) { try link(linkType, length: frame.networkOffset) } catch { return }
    }
    datagram(originalLength: originalLength - offset, isQuoted: false)
  }

  private mutating func arp(_ linkType: LinkType, at place: Int) {
    do throws(Stop) {
      try link(linkType, length: place)
      try arp()
    } catch { return }
    guard available > 0 else { return }
    begin("Behind the packet")
    rest("Padding", "", "belongs to no packet: links fill short frames up")
  }

  private mutating func data(_ linkType: LinkType) {
    rest("Frame", "", "carries no IP packet that could be read; its octets are not explained")
  }

  /// A message without an IP header, in front of which one was put.
  mutating func message(_ family: IPFamily) {
    frame = Frame(decoding: octets.span, linkType: .raw)
    do throws(Stop) {
      if family == .v4 { try icmp() } else { try icmpv6() }
    } catch {}
    if available > 0 { rest("Data", "", "not explained") }
  }
}
