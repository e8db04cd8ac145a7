import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet

/// A path made by chance, and what follows from it for whoever measures it.
struct SimulatedTopology {
  /// How chance may treat packets, beside the delays that every link has.
  struct Weather {
    /// At most, on one link in one direction, per million.
    var loss: UInt64 = 0
    /// At most half of the link's delay.
    var hasJitter = false
    /// Some routers send nothing of their own.
    var hasSilentRouters = false
  }

  var topology: Topology

  /// Up to 40 routers; the same for the same seed.
  init(seed: UInt64, _ weather: Weather = Weather()) {
    var random = SeededRNG(seed: seed)
    let routers = (1...Int.random(in: 1...40, using: &random)).map { place in
      var router = Topology.Router(
        Topology.Node(nil, Self.addresses(place, 1)),
        farAddresses: Bool.random(using: &random) ? Self.addresses(place, 254) : nil,
        link: Self.link(&random, weather))
      router.manners.isSilent =
        weather.hasSilentRouters && Int.random(in: 0..<4, using: &random) == 0
      return router
    }
    topology = Topology(
      seed: seed, client: Topology.Node(nil, Self.addresses(0, 2)), routers: routers,
      site: Topology.Site(
        Topology.Node(nil, Self.addresses(200, 80)), link: Self.link(&random, weather)))
  }

  private static func addresses(_ place: Int, _ host: UInt8) -> NodeAddresses {
    NodeAddresses(
      IPv4Address(198, 18, UInt8(place), host),
      IPv6Address(bits: 0x2001_0db8 << 96 | UInt128(place) << 80 | UInt128(host)))
  }

  /// Each direction has its own delay, so that adding up the wrong ones shows.
  private static func link(_ random: inout SeededRNG, _ weather: Weather) -> Topology.Link {
    var link = Topology.Link()
    link.outward = properties(&random, weather)
    link.homeward = properties(&random, weather)
    return link
  }

  private static func properties(_ random: inout SeededRNG, _ weather: Weather) -> LinkProperties {
    var properties = LinkProperties()
    properties.delay = Nanoseconds(Int64.random(in: 1...20_000_000, using: &random))
    if weather.loss > 0, Bool.random(using: &random) {
      properties.loss = Probability(clamping: UInt64.random(in: 1...weather.loss, using: &random))
    }
    if weather.hasJitter {
      properties.jitter = Nanoseconds(properties.delay.count / 2)
      properties.reorders = Bool.random(using: &random)
    }
    return properties
  }

  /// The TTL that reaches the target.
  var hopCount: Int { topology.routers.count + 1 }

  /// Who is met at a TTL.
  func address(at timeToLive: Int, _ family: IPFamily) -> IPAddress? {
    timeToLive < hopCount
      ? topology.routers[timeToLive - 1].node.addresses[family]
      : topology.site.addresses[family]
  }

  func isSilent(at timeToLive: Int) -> Bool {
    timeToLive < hopCount && topology.routers[timeToLive - 1].manners.isSilent
  }

  /// There and back again, without jitter.
  func roundTrip(to timeToLive: Int) -> Nanoseconds {
    links(to: timeToLive).reduce(.zero) { $0 + $1.outward.delay + $1.homeward.delay }
  }

  /// By how much jitter can change that, both ways.
  func jitter(to timeToLive: Int) -> Nanoseconds {
    links(to: timeToLive).reduce(.zero) { $0 + $1.outward.jitter + $1.homeward.jitter }
  }

  private func links(to timeToLive: Int) -> ArraySlice<Topology.Link> {
    (topology.routers.map(\.link) + [topology.siteLink]).prefix(timeToLive)
  }
}

/// A packet that came out of a simulated internet, as the family's raw socket hands it over.
struct SocketPacket {
  var octets: ArraySlice<UInt8>
  var framing: ArrivalFraming
  var source: IPAddress
  var timeToLive: UInt8

  /// `nil` for what no socket would be given.
  init?(_ packet: [UInt8]) {
    switch Frame(decoding: packet.span, linkType: .raw).network {
    case .ipv4(let header):
      (octets, framing) = (packet[...], .packet)
      (source, timeToLive) = (.v4(header.source), header.timeToLive)
    case .ipv6(let header):
      (octets, framing) = (packet.dropFirst(IPv6Header.length), .message)
      (source, timeToLive) = (.v6(header.source), header.hopLimit)
    case .arp, .none: return nil
    }
  }
}

extension TraceProbe {
  /// What a packet that came out of a simulated internet means, if anything.
  func arrival(_ packet: [UInt8], _ ledger: TraceLedger) -> TraceArrival? {
    guard let received = SocketPacket(packet) else { return nil }
    return decode(
      received.octets.span, framing: received.framing,
      fields: ArrivalFields(source: received.source, timeToLive: received.timeToLive),
      ledger: ledger)
  }
}

extension ClockSample {
  /// Both clocks at a virtual instant; the wall clock runs at its pace, 1.7 · 10⁹ s ahead.
  init(at now: MonotonicInstant) {
    self.init(
      monotonic: now, wall: WallInstant(nanoseconds: now.nanoseconds + 1_700_000_000_000_000_000))
  }
}
