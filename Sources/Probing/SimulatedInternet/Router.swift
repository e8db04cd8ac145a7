import PacketWire

/// Where a link is joined to a router.
struct Interface: Sendable {
  /// Its addresses, by family; it sends no ICMP errors in a family that it has none of.
  var addresses: NodeAddresses
  /// The link that leaves here, as its place in `Network.links`.
  var link = 0
  /// What that link is like.
  var properties = LinkProperties()
}

/// A router: what it does follows from the packet, the interface and its forwarding tables alone.
struct Router: Sendable {
  /// A packet to be sent, and the link for it as its place in `Network.links`.
  struct Sending: Sendable {
    var octets: [UInt8]
    var link: Int
    /// The other pieces of a packet that the link would not take whole.
    var further: [[UInt8]] = []
  }

  /// Where links are joined.
  var interfaces: [Interface]
  private let manners: RouterManners
  private let edits: PacketEdits
  private var errorMeter: ErrorMeter?
  private var ipv4Routes = PrefixTable<UInt32>()
  private var ipv6Routes = PrefixTable<UInt128>()
  /// Counts the packets of its own, for the IPv4 identification field.
  private var identification: UInt16 = 0

  /// A router with an interface for each set of addresses, joined to no link yet.
  init(
    _ interfaceAddresses: [NodeAddresses], _ manners: RouterManners, _ edits: PacketEdits
  ) {
    interfaces = interfaceAddresses.map { Interface(addresses: $0) }
    (self.manners, self.edits) = (manners, edits)
    errorMeter = manners.errorLimit.map { ErrorMeter($0) }
  }

  /// Adds the way to one address.
  mutating func addRoute(to address: IPAddress, by interface: Int) {
    let route = Route(interface: interface)
    switch address {
    case .v4(let address): ipv4Routes.insert(route, to: address.bits)
    case .v6(let address): ipv6Routes.insert(route, to: address.bits)
    }
  }

  /// What becomes of a packet that came in by an interface: it is sent on, it is answered, or `nil`.
  mutating func receive(
    _ octets: [UInt8], on interface: Int, at now: MonotonicInstant,
    counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    let packet: ReceivedPacket
    do throws(ReceivedPacket.Refusal) {
      packet = try ReceivedPacket(checking: octets)
    } catch {
      counters.count(error)
      return nil
    }
    guard !isOwn(packet.source) else {
      counters.unroutable += 1
      return nil
    }
    if isOwn(packet.destination) { return deliver(packet, at: now, &counters) }
    return forward(packet, from: interface, at: now, &counters)
  }

  /// Whether an interface has the address. A router has few of them.
  private func isOwn(_ address: IPAddress) -> Bool {
    interfaces.contains { $0.addresses.contains(address) }
  }

  /// The route is looked up before the hops are counted, as Linux does, so that of two errors the
  /// more telling one is sent.
  private mutating func forward(
    _ packet: ReceivedPacket, from interface: Int, at now: MonotonicInstant,
    _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    let route = route(to: packet.destination)
    guard let route else {
      counters.noRoute += 1
      return complain(.noRoute, about: packet, from: (interface, nil), at: now, &counters)
    }
    guard packet.hopsLeft > 1 || (packet.hopsLeft == 1 && manners.forwardsExhausted) else {
      counters.expired += 1
      return complain(
        .timeExceeded, about: packet, from: (interface, route.interface), at: now, &counters)
    }
    let next = interfaces[route.interface]
    let mtu = next.properties.mtu(for: packet.source.family)
    guard packet.octets.count <= mtu || packet.mayBeFragmented else {
      counters.tooBig += 1
      return complain(
        .packetTooBig(mtu: mtu), about: packet, from: (interface, route.interface), at: now,
        &counters)
    }
    counters.forwarded += 1
    var octets = packet.withOneHopLess()
    edits.apply(to: &octets)
    return send(octets, by: next, &counters)
  }

  /// A packet that may go out by an interface, in pieces where its link takes no more.
  private func send(
    _ octets: [UInt8], by interface: Interface, _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    guard let family = octets.first.flatMap({ IPFamily(rawValue: $0 >> 4) }),
      octets.count > interface.properties.mtu(for: family)
    else { return Sending(octets: octets, link: interface.link) }
    let pieces = (try? ReceivedPacket(checking: octets))?
      .fragments(mtu: interface.properties.mtu(for: family))
    guard let pieces, let first = pieces.first else {
      counters.tooBig += 1
      return nil
    }
    counters.fragmented += 1
    return Sending(octets: first, link: interface.link, further: Array(pieces.dropFirst()))
  }

  private mutating func deliver(
    _ packet: ReceivedPacket, at now: MonotonicInstant,
    _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    identification &+= 1
    switch LocalDelivery(of: packet, openUDPPorts: [], identification: identification) {
    case .answer(let answer):
      guard !manners.isSilent, let interface = interface(to: packet.source) else { break }
      counters.answered += 1
      return send(answer, by: interface, &counters)
    case .error(let error):
      return complain(error, about: packet, with: packet.destination, at: now, &counters)
    case .badChecksum:
      counters.badChecksum += 1
      return nil
    case .ignored: break
    }
    counters.ignored += 1
    return nil
  }

  /// An error about a packet that came in by one interface and would have left by another, if any.
  private mutating func complain(
    _ error: ICMPError, about packet: ReceivedPacket, from interfaces: (near: Int, far: Int?),
    at now: MonotonicInstant, _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    let addresses =
      switch manners.errorSource {
      case .nearInterface: self.interfaces[interfaces.near].addresses
      case .farInterface: self.interfaces[interfaces.far ?? interfaces.near].addresses
      case .address(let addresses): addresses
      }
    return complain(
      error, about: packet, with: addresses[packet.source.family],
      extensions(about: packet, from: interfaces.near), at: now, &counters)
  }

  private func extensions(about packet: ReceivedPacket, from interface: Int) -> ErrorExtensions {
    var extensions = ErrorExtensions()
    extensions.append(labels: manners.labels)
    if let name = manners.interfaceName {
      extensions.append(
        interface: interface == 0 ? name : "\(name)-far", index: UInt32(interface + 1),
        interfaces[interface].addresses[packet.source.family],
        mtu: interfaces[interface].properties.mtu)
    }
    return extensions
  }

  private mutating func complain(
    _ error: ICMPError, about packet: ReceivedPacket, with source: IPAddress?,
    _ extensions: ErrorExtensions = ErrorExtensions(), at now: MonotonicInstant,
    _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    identification &+= 1
    guard !manners.isSilent, let source, let interface = interface(to: packet.source),
      let message = error.message(
        about: packet, from: source, identification: identification,
        quotedLength: manners.quotedLength ?? .max, extensions: extensions)
    else {
      counters.errorsSuppressed += 1
      return nil
    }
    guard errorMeter?.takes(at: now) ?? true else {
      counters.errorsLimited += 1
      return nil
    }
    counters.errorsSent += 1
    return send(message, by: interface, &counters)
  }

  private func interface(to address: IPAddress) -> Interface? {
    route(to: address).map { interfaces[$0.interface] }
  }

  private func route(to address: IPAddress) -> Route? {
    switch address {
    case .v4(let address): ipv4Routes.route(to: address.bits)
    case .v6(let address): ipv6Routes.route(to: address.bits)
    }
  }
}

extension SimulatedInternet.Counters {
  mutating func count(_ refusal: ReceivedPacket.Refusal) {
    switch refusal {
    case .malformed: malformed += 1
    case .badChecksum: badChecksum += 1
    case .unroutable: unroutable += 1
    }
  }
}
