import PacketWire

/// Pairs requests for link addresses with their replies, for IPv4 (ARP) and IPv6 (ND).
struct NeighborTable: Sendable {
  private struct Key: Hashable, Sendable {
    var asker: IPAddress
    var target: IPAddress
  }

  private var pending: BoundedTable<Key, PacketMark>
  private var lastRouterSolicitation: PacketMark?

  init(capacity: Int) { pending = BoundedTable(capacity: capacity) }

  var evicted: Int { pending.evicted }

  mutating func add(_ packet: ARPPacket, at mark: PacketMark) -> ARPFacts {
    let (sender, target) = (IPAddress.v4(packet.senderAddress), IPAddress.v4(packet.targetAddress))
    var facts = ARPFacts(packet: packet, role: .other)
    switch packet.operation {
    case _ where sender == target: facts.role = .announcement
    case .request where packet.senderAddress == .any: facts.role = .probe
    case .request: facts.role = .request(repeats: ask(sender, target, mark))
    case .reply: facts.role = .reply(to: take(asker: target, target: sender))
    default: break
    }
    return facts
  }

  /// What an ICMPv6 message of neighbour discovery says; nil when it is none, or too short for one.
  mutating func add(
    _ header: ICMPv6Header, body: Span<UInt8>, from source: IPv6Address,
    to destination: IPv6Address, at mark: PacketMark
  ) -> NeighborFacts? {
    switch header.type {
    case .routerSolicitation:
      lastRouterSolicitation = mark
      return NeighborFacts(role: .routerSolicitation, linkAddress: body.linkAddress(from: 0))
    case .routerAdvertisement:
      let lifetime = UInt16(truncatingIfNeeded: header.rest)
      defer { lastRouterSolicitation = nil }
      return NeighborFacts(
        role: .routerAdvertisement(lifetime: lifetime, to: lastRouterSolicitation),
        linkAddress: body.linkAddress(from: 8))
    case .neighborSolicitation, .neighborAdvertisement:
      guard body.count >= 16 else { return nil }
      let target = IPv6Address(bits: UInt128(body.u64(at: 0)) << 64 | UInt128(body.u64(at: 8)))
      return NeighborFacts(
        role: header.type == .neighborSolicitation
          ? solicitation(of: target, from: source, mark)
          : .advertisement(
            target: target, to: take(asker: .v6(destination), target: .v6(target))),
        linkAddress: body.linkAddress(from: 16))
    default: return nil
    }
  }

  private mutating func solicitation(
    of target: IPv6Address, from source: IPv6Address, _ mark: PacketMark
  ) -> NeighborFacts.Role {
    // RFC 4862 §5.4.2: the unspecified source marks duplicate address detection.
    guard source != .any else { return .duplicateAddressDetection(target: target) }
    return .solicitation(target: target, repeats: ask(.v6(source), .v6(target), mark))
  }

  private mutating func ask(
    _ asker: IPAddress, _ target: IPAddress, _ mark: PacketMark
  ) -> PacketMark? {
    let key = Key(asker: asker, target: target)
    defer { pending.set(key, mark) }
    return pending[key]
  }

  private mutating func take(asker: IPAddress, target: IPAddress) -> PacketMark? {
    let key = Key(asker: asker, target: target)
    defer { pending.remove(key) }
    return pending[key]
  }
}

extension Span<UInt8> {
  /// The first source or target link-layer address among the options at `offset` (RFC 4861 §4.6.1),
  /// of the size that Ethernet has.
  fileprivate func linkAddress(from offset: Int) -> MACAddress? {
    guard offset <= count else { return nil }
    var reader = PacketReader(extracting(droppingFirst: offset))
    while let option = try? NeighborOption(parsing: &reader) {
      switch option.content {
      case .sourceLinkAddress(let address)?, .targetLinkAddress(let address)?: return address
      default: continue
      }
    }
    return nil
  }
}
