import PacketWire

/// What the raw socket of an address family hands out of a whole IP packet, and says beside it.
struct SocketView {
  /// Where that stands in the packet.
  let range: Range<Int>
  /// How it is handed out.
  let framing: ArrivalFraming
  /// What the socket says.
  let fields: ArrivalFields

  /// Looks at a packet that was decoded from its IP header on; nil where it is none of the family, or
  /// has no transport header.
  init?(_ frame: Frame, of family: IPFamily) {
    switch frame.network {
    case .ipv4(let header) where family == .v4:
      fields = ArrivalFields(
        source: .v4(header.source), timeToLive: header.timeToLive,
        typeOfService: header.typeOfService)
    case .ipv6(let header) where family == .v6:
      fields = ArrivalFields(
        source: .v6(header.source), timeToLive: header.hopLimit, typeOfService: header.trafficClass)
    default: return nil
    }
    framing = family == .v4 ? .packet : .message
    // What is behind the packet is not its own.
    let (start, end) = (frame.transportOffset, frame.payload.upperBound)
    guard start > 0, start <= end else { return nil }
    range = (family == .v4 ? 0 : start)..<end
  }
}

extension Frame {
  /// It carries ICMP, of either version.
  var isICMP: Bool {
    switch transport {
    case .icmpv4, .icmpv6: true
    default: false
    }
  }
}
