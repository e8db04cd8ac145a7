import PacketWire

/// Where a link is joined to a router.
struct Interface: Sendable {
  /// Its addresses, by family; it sends no ICMP errors in a family that it has none of.
  var addresses: NodeAddresses
  /// The node at the other end of the link.
  var neighbour: RoutingTable.Neighbour
  /// Which one it is on its side of the router, counted from 1.
  var number: Int
  /// The link that leaves here, as its place in `Network.links`.
  var link = 0
  /// What that link is like.
  var properties = LinkProperties()
}

/// A router: what it does follows from the packet, the interface and the routes alone.
struct Router: Sendable {
  /// A packet to be sent, and the link for it as its place in `Network.links`.
  struct Sending: Sendable {
    var octets: [UInt8]
    var link: Int
    /// The other pieces of a packet that the link would not take whole.
    var further: [[UInt8]] = []
  }

  /// Where links are joined.
  var interfaces: [Interface] = []
  let manners: RouterManners
  let entry: Topology.Router
  private var balancer: Balancer
  private var translator: AddressTranslator?
  var errorMeter: ErrorMeter?
  /// Counts the packets of its own, for the IPv4 identification field.
  var identification: UInt16 = 0
  /// The time of day when the instants of its network count zero.
  var origin = WallInstant(nanoseconds: 0)

  /// A router that is joined to no link yet.
  init(_ entry: Topology.Router, _ balancer: Balancer) {
    (self.entry, manners, self.balancer) = (entry, entry.manners, balancer)
    errorMeter = manners.errorLimit.map { ErrorMeter($0) }
    guard entry.translates else { return }
    let outer = (entry.farAddresses ?? entry.node.addresses).ipv4
    translator = outer.map { AddressTranslator(outerAddress: $0) }
  }

  /// Adds an interface that looks to a neighbour; gives its place in `interfaces`.
  mutating func addInterface(toward neighbour: RoutingTable.Neighbour) -> Int {
    let near = entry.node.addresses
    let isFar = neighbour.direction == .outward
    let before = interfaces.last { $0.neighbour.direction == neighbour.direction }
    interfaces.append(
      Interface(
        addresses: isFar ? entry.farAddresses ?? near : near, neighbour: neighbour,
        number: 1 + (before?.number ?? 0)))
    return interfaces.count - 1
  }

  /// Who is next in a direction.
  func neighbours(_ direction: Topology.Direction) -> [RoutingTable.Neighbour] {
    interfaces.map(\.neighbour).filter { $0.direction == direction }
  }

  /// A packet that is at the router.
  struct Visit: Sendable {
    /// As it arrived: what errors are about, and what they quote.
    let arrived: ReceivedPacket
    /// As it goes on: address translation may have changed it.
    var packet: ReceivedPacket
    /// The interface that it came in by, as its place in `interfaces`.
    var interface: Int
    var now: MonotonicInstant
  }

  /// What becomes of a packet that came in by an interface: it is sent on, it is answered, or `nil`.
  mutating func receive(
    _ octets: [UInt8], on interface: Int, at now: MonotonicInstant, _ table: RoutingTable,
    _ counters: inout SimulatedInternet.Counters
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
    var visit = Visit(arrived: packet, packet: packet, interface: interface, now: now)
    if packet.header.isIPv4, interfaces[interface].neighbour.direction == .outward,
      let inside = translator?.homeward(packet.octets, at: now),
      let translated = try? ReceivedPacket(checking: inside)
    {
      counters.translated += 1
      visit.packet = translated
      return forward(visit, table, &counters)
    }
    if isOwn(packet.destination) { return deliver(visit, table, &counters) }
    return forward(visit, table, &counters)
  }

  /// Whether an interface has the address.
  private func isOwn(_ address: IPAddress) -> Bool {
    entry.node.addresses.contains(address) || entry.farAddresses?.contains(address) ?? false
  }

  /// The route is looked up before the hops are counted, as Linux does, so that of two errors the
  /// more telling one is sent.
  private mutating func forward(
    _ visit: Visit, _ table: RoutingTable, _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    let packet = visit.packet
    guard let way = way(to: packet.destination, for: visit, table) else {
      counters.noRoute += 1
      return complain(.noRoute, about: visit, table, &counters)
    }
    guard packet.hopsLeft > 1 || (packet.hopsLeft == 1 && manners.forwardsExhausted) else {
      counters.expired += 1
      return complain(.timeExceeded, about: visit, toward: way, table, &counters)
    }
    let mtu = interfaces[way].properties.mtu(for: packet.source.family)
    guard packet.octets.count <= mtu || packet.mayBeFragmented else {
      counters.tooBig += 1
      return complain(.packetTooBig(mtu: mtu), about: visit, toward: way, table, &counters)
    }
    if let action = entry.firewall.action(
      on: packet, going: interfaces[way].neighbour.direction)
    {
      counters.firewalled += 1
      return refuse(visit, action, toward: way, table, &counters)
    }
    counters.forwarded += 1
    var octets = packet.withOneHopLess()
    entry.edits.apply(to: &octets)
    guard isTranslated(visit, leavingBy: way) else { return send(octets, by: way, &counters) }
    guard let outside = translator?.outward(octets, at: visit.now) else {
      counters.untranslatable += 1
      return nil
    }
    counters.translated += 1
    return send(outside, by: way, &counters)
  }

  /// It goes from inside to outside.
  private func isTranslated(_ visit: Visit, leavingBy way: Int) -> Bool {
    translator != nil && visit.packet.header.isIPv4
      && interfaces[visit.interface].neighbour.direction == .homeward
      && interfaces[way].neighbour.direction == .outward
  }

  /// A packet that may go out by an interface, in pieces where its link takes no more.
  func send(
    _ octets: [UInt8], by interface: Int, _ counters: inout SimulatedInternet.Counters
  ) -> Sending? {
    let link = interfaces[interface].link
    guard let family = octets.first.flatMap({ IPFamily(rawValue: $0 >> 4) }) else { return nil }
    let mtu = interfaces[interface].properties.mtu(for: family)
    guard octets.count > mtu else { return Sending(octets: octets, link: link) }
    let pieces = (try? ReceivedPacket(checking: octets))?.fragments(mtu: mtu)
    guard let pieces, let first = pieces.first else {
      counters.tooBig += 1
      return nil
    }
    counters.fragmented += 1
    return Sending(octets: first, link: link, further: Array(pieces.dropFirst()))
  }

  /// The interface by which a packet goes to an address: one of those that lead there, outward before
  /// homeward. What lies in neither direction is beside this router, and reached by one that both are
  /// behind.
  mutating func way(to address: IPAddress, for visit: Visit, _ table: RoutingTable) -> Int? {
    guard let destination = table.destination(of: address) else { return nil }
    for preference in Preference.allCases {
      let count = interfaces.count { preference.holds(for: $0.neighbour, destination, table) }
      guard count > 0 else { continue }
      var left = count == 1 ? 0 : balancer.choice(of: count, for: visit.packet, at: visit.now)
      for index in interfaces.indices
      where preference.holds(for: interfaces[index].neighbour, destination, table) {
        if left == 0 { return index }
        left -= 1
      }
    }
    return nil
  }

  /// Which neighbours are good, the best ones first.
  private enum Preference: CaseIterable {
    case leadsOutward, leadsHomeward, isHomeward, isOutward

    func holds(
      for neighbour: RoutingTable.Neighbour, _ destination: Int, _ table: RoutingTable
    ) -> Bool {
      switch self {
      case .leadsOutward:
        neighbour.direction == .outward && table.leads(neighbour, to: destination)
      case .leadsHomeward:
        neighbour.direction == .homeward && table.leads(neighbour, to: destination)
      case .isHomeward: neighbour.direction == .homeward && neighbour.isOpen
      case .isOutward: neighbour.direction == .outward && neighbour.isOpen
      }
    }
  }
}
