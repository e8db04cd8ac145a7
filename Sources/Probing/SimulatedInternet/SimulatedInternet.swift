public import PacketWire

/// An internet in a box: routers and links between attachments, where real or simulated hosts sit.
///
/// Nothing here knows a clock or a socket: the caller says what happens and when, and does what the
/// effects ask for. The same topology, seed and events give the same effects, so that a run can be
/// repeated. What is due is handled at its own instant even if the caller comes late: lateness of
/// the caller never adds up from link to link.
public struct SimulatedInternet: Sendable {
  /// What happens to the internet.
  public enum Event: Sendable {
    /// A host sends an IP packet, without a link header, into its attachment.
    case packet([UInt8], from: AttachmentPoint)
    /// The instant of the last `wake` has come; harmless at any other time.
    case timer
  }

  /// What the caller has to do.
  public enum Effect: Hashable, Sendable {
    /// Hand this IP packet to the host at an attachment; it was due at `due`, which is not later
    /// than the instant of the step.
    case deliver([UInt8], to: AttachmentPoint, due: MonotonicInstant)
    /// Step again at this instant. It replaces the wake of every earlier step; a step whose effects
    /// hold none leaves nothing to wait for.
    case wake(at: MonotonicInstant)
  }

  /// How much may be under way at once; what would be more is dropped and counted.
  public struct Limits: Hashable, Sendable {
    /// Packets on all links together.
    public var packets = 100_000
    /// Their length, in octets.
    public var octets = 64 << 20

    /// 100 000 packets of together 64 MiB.
    public init() {}
  }

  /// The longest packet that IP can say: an IPv6 header and 65535 octets behind it.
  public static let maximumPacketLength = IPv6Header.length + 65_535

  /// What has become of the packets so far.
  public private(set) var counters = Counters()

  private var network: Network
  private var queue: ArrivalQueue
  private var clock = MonotonicInstant(nanoseconds: .min)

  /// The time of day when the instants that `step` is given count zero, for routers that tell the
  /// time; midnight if nobody says.
  public var origin = WallInstant(nanoseconds: 0) {
    didSet { for index in network.routers.indices { network.routers[index].origin = origin } }
  }

  /// An idle internet; `seed` replaces the topology's own.
  public init(topology: Topology, seed: UInt64? = nil, limits: Limits = Limits()) {
    network = Network(topology: topology, seed: seed ?? topology.seed)
    queue = ArrivalQueue(limits: limits)
  }

  /// Handles one event. A `now` before that of an earlier step counts as that earlier one.
  public mutating func step(_ event: Event, at now: MonotonicInstant) -> [Effect] {
    clock = max(clock, now)
    var effects: [Effect] = []
    handleArrivals(&effects)
    if case .packet(let octets, let attachment) = event {
      enter(octets, from: attachment)
      handleArrivals(&effects)  // links without delay
    }
    if let due = queue.nextDue { effects.append(.wake(at: due)) }
    return effects
  }

  private mutating func enter(_ octets: [UInt8], from attachment: AttachmentPoint) {
    guard let link = network.entrances.link(for: octets, from: attachment) else { return }
    counters.entered += 1
    guard octets.count <= Self.maximumPacketLength else {
      counters.malformed += 1
      return
    }
    guard let family = octets.first.flatMap({ IPFamily(rawValue: $0 >> 4) }),
      octets.count > network.links[link].properties.mtu(for: family)
    else { return transmit(octets, on: link, at: clock) }
    enterInPieces(octets, on: link, mtu: network.links[link].properties.mtu(for: family))
  }

  /// A host whose interface knows no such MTU is spared knowing it, where IP allows that.
  private mutating func enterInPieces(_ octets: [UInt8], on link: Int, mtu: Int) {
    let pieces = (try? ReceivedPacket(checking: octets))?.fragments(mtu: mtu) ?? []
    if pieces.isEmpty { counters.tooBig += 1 } else { counters.fragmented += 1 }
    for piece in pieces { transmit(piece, on: link, at: clock) }
  }

  private mutating func handleArrivals(_ effects: inout [Effect]) {
    while let arrival = queue.popFirst(dueBy: clock) {
      switch arrival.place {
      case .host(let attachment, let link):
        counters.delivered += 1
        network.noteArrival(arrival.octets, at: attachment, answersBy: link)
        effects.append(.deliver(arrival.octets, to: attachment, due: arrival.due))
      case .router(let router, let interface):
        let sending = network.routers[router].receive(
          arrival.octets, on: interface, at: arrival.due, network.table, &counters)
        guard let sending else { continue }
        transmit(sending.octets, on: sending.link, at: arrival.due)
        for piece in sending.further { transmit(piece, on: sending.link, at: arrival.due) }
      }
    }
  }

  private mutating func transmit(_ octets: [UInt8], on link: Int, at instant: MonotonicInstant) {
    network.links[link].transmit(octets, at: instant, into: &queue, &counters)
  }
}

/// Where a host is joined to the simulated internet.
public struct AttachmentPoint: Hashable, Sendable {
  /// Counts the attachments of a topology.
  public let index: Int

  /// The host that asks: the traveller's end of the path.
  public static let client = AttachmentPoint(index: 0)
  /// The hosts that answer: site and resolver.
  public static let server = AttachmentPoint(index: 1)
}
