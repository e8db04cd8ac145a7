import PacketWire

/// Hides everyone inside behind one IPv4 address: network address and port translation (RFC 3022 §2.2).
/// IPv6 passes as it is.
///
/// TCP, UDP and echo requests have ports or identifiers that are translated (RFC 4787, RFC 5382,
/// RFC 5508); of other protocols there can be one user inside for each. Errors are translated together
/// with what they quote.
struct AddressTranslator: Sendable {
  /// What everything that leaves seems to come from.
  let outerAddress: IPv4Address

  private var udp = PortMappings(lifetime: .seconds(300))  // RFC 4787 §4.3
  private var tcp = PortMappings(lifetime: .seconds(7440))  // RFC 5382 §5
  private var echo = PortMappings(lifetime: .seconds(60))  // RFC 5508 §3.2
  /// Who inside spoke a protocol without ports last.
  private var users: [IPProtocol: IPv4Address] = [:]
  /// For whom inside fragments are, as the first one told.
  private var fragments: [FragmentKey: IPv4Address] = [:]

  private struct FragmentKey: Hashable, Sendable {
    var source: IPv4Address
    var identification: UInt16
    var protocolNumber: IPProtocol
  }

  /// Fragments of so many packets are remembered.
  private static let maximumFragments = 256

  init(outerAddress: IPv4Address) { self.outerAddress = outerAddress }

  /// A packet as it leaves; `nil` if it cannot, for want of a port.
  mutating func outward(_ octets: [UInt8], at now: MonotonicInstant) -> [UInt8]? {
    guard let packet = TranslatedPacket(octets) else { return octets }
    let quoted = packet.quoted(in: octets)
    var rewriter = PacketRewriter(octets, within: quoted?.checksum)
    if let (quoted, _) = quoted {
      // About a packet that had come in: its destination was inside, behind a mapping.
      if quoted.kind != nil {
        let inner = PortMappings.Inner(address: quoted.destination, port: quoted.destinationPort)
        guard let port = port(of: inner, quoted.kind, at: now) else { return nil }
        quoted.setDestinationPort(port, in: &rewriter)
      }
      quoted.setDestination(outerAddress, in: &rewriter)
    } else if let kind = packet.kind {
      let inner = PortMappings.Inner(address: packet.source, port: packet.sourcePort)
      guard let port = port(of: inner, kind, at: now) else { return nil }
      packet.setSourcePort(port, in: &rewriter)
    } else if packet.protocolNumber != .icmp, !packet.isLaterFragment {
      users[packet.protocolNumber] = packet.source
    }
    packet.setSource(outerAddress, in: &rewriter)
    return rewriter.octets
  }

  /// A packet for the outer address as it goes on inside; `nil` if nobody inside asked for it.
  mutating func homeward(_ octets: [UInt8], at now: MonotonicInstant) -> [UInt8]? {
    guard let packet = TranslatedPacket(octets), packet.destination == outerAddress else {
      return nil
    }
    let quoted = packet.quoted(in: octets)
    var rewriter = PacketRewriter(octets, within: quoted?.checksum)
    let address: IPv4Address?
    if let (quoted, _) = quoted {
      let inner =
        quoted.source == outerAddress
        ? inner(of: quoted.sourcePort, quoted.kind, at: now) : nil
      address = inner?.address
      if let inner {
        quoted.setSourcePort(inner.port, in: &rewriter)
        quoted.setSource(inner.address, in: &rewriter)
      }
    } else if packet.kind != nil {
      // A request is for the translator itself; only a reply was asked for inside.
      let inner =
        packet.kind == .echoRequest
        ? nil : inner(of: packet.destinationPort, packet.kind, at: now)
      address = inner?.address
      if let inner { packet.setDestinationPort(inner.port, in: &rewriter) }
    } else {
      address = packet.isLaterFragment ? fragments[key(packet)] : users[packet.protocolNumber]
    }
    guard let address else { return nil }
    if packet.isFirstFragment { remember(packet, for: address) }
    packet.setDestination(address, in: &rewriter)
    return rewriter.octets
  }

  private mutating func port(
    of inner: PortMappings.Inner, _ kind: TranslatedPacket.Kind?, at now: MonotonicInstant
  ) -> UInt16? {
    switch kind {
    case .udp: udp.port(of: inner, at: now)
    case .tcp: tcp.port(of: inner, at: now)
    case .echoRequest, .echoReply: echo.port(of: inner, at: now)
    case nil: nil
    }
  }

  private mutating func inner(
    of port: UInt16, _ kind: TranslatedPacket.Kind?, at now: MonotonicInstant
  ) -> PortMappings.Inner? {
    switch kind {
    case .udp: udp.inner(of: port, at: now)
    case .tcp: tcp.inner(of: port, at: now)
    case .echoRequest, .echoReply: echo.inner(of: port, at: now)
    case nil: nil
    }
  }

  private mutating func remember(_ packet: TranslatedPacket, for address: IPv4Address) {
    if fragments.count >= Self.maximumFragments { fragments.removeAll(keepingCapacity: true) }
    fragments[key(packet)] = address
  }

  private func key(_ packet: TranslatedPacket) -> FragmentKey {
    FragmentKey(
      source: packet.source, identification: packet.identification,
      protocolNumber: packet.protocolNumber)
  }
}
