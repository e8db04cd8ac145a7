import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A ping session with a diagnosis beside it, through a simulated internet in virtual time.
struct DiagnosedPing {
  let family: IPFamily
  private let request: EchoRequest
  private let source: IPAddress
  private let target: IPAddress
  private(set) var session: PingSession
  private(set) var diagnosis: PingDiagnosis
  private(set) var network: VirtualNetwork
  private(set) var reports: [PingReport] = []
  private(set) var results: [(at: MonotonicInstant, result: PathDiagnosis)] = []
  /// The ICMP messages of the session, and those of the diagnosis with the times they were sent.
  private(set) var sessionMessages: [[UInt8]] = []
  private(set) var messages: [(at: MonotonicInstant, octets: [UInt8])] = []

  init(
    through topology: Topology, _ family: IPFamily = .v4, count: Int,
    interval: Nanoseconds = .seconds(1), timeout: Nanoseconds = .seconds(10)
  ) throws {
    target = try #require(topology.site.addresses[family])
    source = try #require(topology.client.addresses[family])
    request = EchoRequest(
      family: family, identifier: 0x1dea, payloadLength: 56, cookies: KeyedCookie(key: 5, 6))
    let requests = EchoRequests(v4: request, v6: request)
    var configuration = PingSession.Configuration(
      targets: [PingTarget(target, flow: 3)], requests: requests)
    configuration.count = count
    configuration.pacing = .steady(interval: interval)
    configuration.timeout = timeout
    session = PingSession(configuration)
    diagnosis = PingDiagnosis(targets: configuration.targets, requests: requests)
    network = VirtualNetwork(topology: topology)
    self.family = family
  }

  /// Pings until session and diagnosis are over.
  mutating func run() {
    var network = network
    network.run { take($0, at: $1) }
    self.network = network
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    var result: [VirtualNetwork.ClientEffect] = []
    switch event {
    case .start: result += step(.start, at: now)
    case .timer: result += step(.timer, at: now)
    case .received(let packet):
      guard let packet = SocketPacket(packet) else { return [] }
      let fields = ArrivalFields(source: packet.source, timeToLive: packet.timeToLive)
      let arrival = request.decode(packet.octets.span, framing: packet.framing, fields: fields)
      guard let arrival else { return [] }
      if !diagnosis.takes(arrival, at: now) {
        result += step(.arrived(arrival, Arrival(clock: ClockSample(at: now))), at: now)
      }
    }
    return result + turn(at: now)
  }

  private mutating func turn(at now: MonotonicInstant) -> [VirtualNetwork.ClientEffect] {
    var result: [VirtualNetwork.ClientEffect] = []
    for effect in diagnosis.turn(at: now) {
      switch effect {
      case .report(let found): results.append((now, found))
      case .send(let probe):
        let message = message(probe.serial)
        messages.append((now, message))
        result += packet(message, timeToLive: probe.timeToLive)
      }
    }
    if session.isFinished, !diagnosis.isRunning {
      return result + [.finish]
    }
    let times = [session.wakeAt, diagnosis.wakeAt].compactMap { $0 }
    return result + (times.min().map { [.wake(at: $0)] } ?? [])
  }

  private mutating func step(
    _ event: PingSession.Event, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    var effects = PingSession.Effects()
    session.step(event, at: now, &effects)
    reports += effects.reports
    for report in effects.reports { diagnosis.take(report) }
    return effects.sends.flatMap { probe in
      session.sent(probe, ClockSample(at: now))
      diagnosis.sent(probe, at: now)
      let message = message(probe.serial)
      sessionMessages.append(message)
      return packet(message, timeToLive: 64)
    }
  }

  private func message(_ serial: UInt64) -> [UInt8] {
    request.message(serial: serial, flow: 3, pseudoHeader: (source, target))
  }

  private func packet(
    _ message: [UInt8], timeToLive: UInt8
  ) -> [VirtualNetwork.ClientEffect] {
    let header = ProbePacket(
      from: source, to: target, carrying: family == .v4 ? .icmp : .icmpv6, timeToLive: timeToLive)
    return (try? header.octets(payload: message.span)).map { [.send($0)] } ?? []
  }
}
