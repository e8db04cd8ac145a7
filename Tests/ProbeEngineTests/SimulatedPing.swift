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
    let request = EchoRequest(
      target: try #require(path.topology.site.addresses[family]),
      source: try #require(path.topology.client.addresses[family]), identifier: 0x1dea,
      payloadLength: 56, cookies: KeyedCookie(key: 5, 6))
    var configuration = PingSession.Configuration(request: request)
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
          session.configuration.request.decode(
            $0.octets.span, framing: $0.framing, source: $0.source, timeToLive: $0.timeToLive)
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
    session.step(event, at: now).compactMap { effect in
      switch effect {
      case .send(let number, let message):
        let clock = ClockSample(at: now)
        _ = session.step(.sent(number: number, clock), at: now)
        if hasKernelStamps {
          _ = session.step(.transmitted(number: number, clock.wall), at: now)
        }
        return packet(message).map { .send($0) }
      case .wake(let instant): return .wake(at: instant)
      case .report(let report):
        reports.append(Entry(at: now, report: report))
        return nil
      case .finish: return .finish
      }
    }
  }

  private func packet(_ message: [UInt8]) -> [UInt8]? {
    let request = session.configuration.request
    let header = ProbePacket(
      from: request.source, to: request.target, carrying: family == .v4 ? .icmp : .icmpv6,
      timeToLive: timeToLive)
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
    reports.compactMap { if case .lost(let number) = $0.report { number } else { nil } }
  }
}
