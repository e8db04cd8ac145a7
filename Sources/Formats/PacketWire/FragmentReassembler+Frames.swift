extension Frame {
  /// Its packet is a fragment, or the first one: the transport header speaks of more than is there.
  public var isFragment: Bool {
    if let ipv6Fragment { return ipv6Fragment.isFragment }
    if case .ipv4(let header) = network { return header.isFragment }
    return false
  }
}

extension FragmentReassembler {
  /// What the fragment in a frame did.
  public enum FrameOutcome: Sendable {
    /// Its packet waits for more.
    case waiting
    /// All of it had come before.
    case duplicate
    /// It is left out, or its whole packet with it.
    case refused(Refusal)
    /// Its packet is whole: a frame that begins with the packet, and its octets. It has the VLAN tags of
    /// the last fragment's frame.
    case whole(Frame, octets: [UInt8])
  }

  /// Takes in the fragment that a frame holds.
  ///
  /// - Parameters:
  ///   - frame: the frame, decoded.
  ///   - octets: the octets it was decoded from.
  ///   - network: what tells networks with the same addresses apart, such as VLANs and tunnels.
  ///   - now: when it was seen.
  /// - Returns: what it did; nil where there is no fragment, or the capture holds only a part of it.
  public mutating func add(
    _ frame: Frame, _ octets: Span<UInt8>, on network: UInt64, at now: WallInstant
  ) -> FrameOutcome? {
    switch frame.network {
    case .ipv4(let header) where header.isFragment:
      let packet = frame.networkOffset..<frame.networkOffset + Int(header.totalLength)
      guard packet.count >= header.length, packet.upperBound <= octets.count else { return nil }
      let payload = octets.extracting(packet).extracting(droppingFirst: header.length)
      return FrameOutcome(add(payload, of: header, on: network, at: now), of: frame) {
        $0.packet(behind: header)
      }
    case .ipv6(let header) where frame.ipv6Fragment?.isFragment == true:
      let start = frame.networkOffset + IPv6Header.length
      let end = start + Int(header.payloadLength)
      guard end <= octets.count else { return nil }
      let behind = octets.extracting(start..<end)
      var (reader, chain) = (PacketReader(behind), IPv6ExtensionChain(from: header.nextHeader))
      // What stands behind the fragment header of a first fragment may be cut anywhere.
      try? chain.walk(&reader)
      guard let fragment = chain.fragment else { return nil }
      let payload = behind.extracting(droppingFirst: chain.fragmentEnd)
      let outcome = add(
        payload, of: fragment, in: header,
        behind: chain.fragmentEnd - IPv6FragmentHeader.length, on: network, at: now)
      return FrameOutcome(outcome, of: frame) { $0.packet(behind: header) }
    default: return nil
    }
  }
}

extension FragmentReassembler.FrameOutcome {
  fileprivate init(
    _ outcome: FragmentReassembler.Outcome, of fragment: Frame,
    _ packet: (FragmentReassembler.Payload) -> (octets: [UInt8], linkType: LinkType)
  ) {
    switch outcome {
    case .waiting: self = .waiting
    case .duplicate: self = .duplicate
    case .refused(let refusal): self = .refused(refusal)
    case .whole(let payload):
      let (octets, linkType) = packet(payload)
      var frame = Frame(decoding: octets.span, linkType: linkType)
      (frame.vlan, frame.innerVLAN) = (fragment.vlan, fragment.innerVLAN)
      self = .whole(frame, octets: octets)
    }
  }
}

extension FragmentReassembler.Payload {
  /// A whole packet with the header of its last fragment.
  public func packet(behind fragment: IPv4Header) -> (octets: [UInt8], linkType: LinkType) {
    var header = fragment
    header.flagsAndOffset = 0
    let count = header.length + octets.count
    header.totalLength = UInt16(exactly: count) ?? 0
    let packet = [UInt8](capacity: count) { out in
      header.write(to: &out)
      out.append(copying: octets.span)
    }
    return (packet, .ipv4)
  }

  /// A whole packet with the header of its last fragment, and none of its extension headers.
  public func packet(behind fragment: IPv6Header) -> (octets: [UInt8], linkType: LinkType) {
    var header = fragment
    header.nextHeader = protocolNumber
    header.payloadLength = UInt16(truncatingIfNeeded: octets.count)
    let packet = [UInt8](capacity: IPv6Header.length + octets.count) { out in
      header.write(to: &out)
      out.append(copying: octets.span)
    }
    return (packet, .ipv6)
  }
}
