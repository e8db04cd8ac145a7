import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A ping session whose probes cross a simulated internet in virtual time.
struct SimulatedPing {
  /// A report and when it was made.
  struct Entry: Equatable {
    var at: MonotonicInstant
    var report: PingReport
  }

  let family: IPFamily
  private let request: EchoRequest
  private let source: IPAddress
  private let target: IPAddress
  /// Stamp packets, as the kernel does.
  var hasKernelStamps = false
  /// Of the probes.
  var timeToLive: UInt8 = 64
  private(set) var session: PingSession
  private(set) var network: VirtualNetwork
  private(set) var reports: [Entry] = []

  init(
    through path: SimulatedTopology, _ family: IPFamily, seed: UInt64? = nil,
    _ configure: (inout PingSession.Configuration) -> Void
  ) throws {
    target = try #require(path.topology.site.addresses[family])
    source = try #require(path.topology.client.addresses[family])
    request = EchoRequest(
      family: family, identifier: 0x1dea, payloadLength: 56, cookies: KeyedCookie(key: 5, 6))
    var configuration = PingSession.Configuration(
      targets: [PingTarget(target)], requests: EchoRequests(v4: request, v6: request))
    configure(&configuration)
    session = PingSession(configuration)
    network = VirtualNetwork(
      topology: path.topology, seed: seed, startingAt: MonotonicInstant(nanoseconds: 12_345))
    self.family = family
  }

  /// Pings until the session is over.
  mutating func run() {
    var network = network
    network.run { take($0, at: $1) }
    self.network = network
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: step(.start, at: now)
    case .timer: step(.timer, at: now)
    case .received(let packet):
      SocketPacket(packet)
        .flatMap {
          request.decode(
            $0.octets.span, framing: $0.framing,
            fields: ArrivalFields(source: $0.source, timeToLive: $0.timeToLive))
        }
        .map { step(.arrived($0, arrival(at: now)), at: now) } ?? []
    }
  }

  private func arrival(at now: MonotonicInstant) -> Arrival {
    let clock = ClockSample(at: now)
    guard hasKernelStamps else { return Arrival(clock: clock) }
    // The program is told of a packet after the kernel has had it.
    let late = ClockSample(at: now + Nanoseconds(7_000))
    return Arrival(clock: late, kernelStamp: clock.wall)
  }

  private mutating func step(
    _ event: PingSession.Event, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    var effects = PingSession.Effects()
    session.step(event, at: now, &effects)
    reports += effects.reports.map { Entry(at: now, report: $0) }
    var result: [VirtualNetwork.ClientEffect] = effects.sends.compactMap { probe in
      let clock = ClockSample(at: now)
      session.sent(probe, clock)
      if hasKernelStamps { session.transmitted(serial: probe.serial, clock.wall) }
      return packet(probe).map { .send($0) }
    }
    if session.isFinished {
      result.append(.finish)
    } else if let instant = session.wakeAt {
      result.append(.wake(at: instant))
    }
    return result
  }

  private func packet(_ probe: PingProbe) -> [UInt8]? {
    let header = ProbePacket(
      from: source, to: target, carrying: family == .v4 ? .icmp : .icmpv6,
      timeToLive: timeToLive)
    let message = request.message(serial: probe.serial, pseudoHeader: (source, target))
    return try? header.octets(payload: message.span)
  }
}

// MARK: - What was reported

extension SimulatedPing {
  var replies: [PingReply] {
    reports.compactMap { if case .reply(let reply) = $0.report { reply } else { nil } }
  }

  var errors: [ICMPErrorReport] {
    reports.compactMap { if case .error(_, let error) = $0.report { error } else { nil } }
  }

  var lost: [UInt64] {
    reports.compactMap { if case .lost(let probe) = $0.report { probe.number } else { nil } }
  }
}
