import PacketWire
import ProbeEngine

/// Runs a ping session by hand: time stands still unless a test moves it.
struct PingHarness {
  static let v4 = (
    source: IPAddress.v4(IPv4Address(192, 0, 2, 1)), target: IPAddress.v4(IPv4Address(192, 0, 2, 9))
  )
  static let cookies = KeyedCookie(key: 1, 2)

  var session: PingSession
  var now = MonotonicInstant(nanoseconds: 7_000)
  var sent: [(number: UInt64, message: [UInt8], at: MonotonicInstant)] = []
  var probes: [PingProbe] = []
  var reports: [PingReport] = []
  /// By how many seconds somebody has set the wall clock forward.
  var wallOffset: Int64 = 0
  private var effects = PingSession.Effects()

  var wakeAt: MonotonicInstant? { session.wakeAt }
  var isFinished: Bool { session.isFinished }

  static func request(payloadLength: Int = 56) -> EchoRequest {
    EchoRequest(
      family: .v4, identifier: 0xbeef, payloadLength: payloadLength, cookies: cookies)
  }

  init(
    _ targets: [IPAddress] = [Self.v4.target], payloadLength: Int = 56,
    _ configure: (inout PingSession.Configuration) -> Void = { _ in }
  ) {
    var configuration = PingSession.Configuration(
      targets: targets.map { PingTarget($0) },
      requests: EchoRequests(v4: Self.request(payloadLength: payloadLength)))
    configure(&configuration)
    session = PingSession(configuration)
  }

  var clock: ClockSample {
    ClockSample(
      monotonic: now,
      wall: WallInstant(
        nanoseconds: now.nanoseconds + (1_700_000_000 + wallOffset) * 1_000_000_000))
  }

  var request: EchoRequest {
    session.configuration.requests.v4 ?? Self.request(payloadLength: payloadLength)
  }

  var payloadLength: Int { session.configuration.requests.v4?.payloadLength ?? 0 }

  mutating func feed(_ event: PingSession.Event) {
    session.step(event, at: now, &effects)
    reports += effects.reports
    for probe in effects.sends {
      let message = request.message(serial: probe.serial)
      sent.append((probe.number, message, now))
      probes.append(probe)
      session.sent(probe, clock)
      session.transmitted(serial: probe.serial, clock.wall)
    }
    effects = PingSession.Effects()
  }

  /// Lets timers run up to `time`, in order.
  mutating func run(until time: MonotonicInstant) {
    while let next = wakeAt, next <= time, !isFinished {
      now = max(now, next)
      feed(.timer)
    }
    now = max(now, time)
  }

  mutating func run(for duration: Nanoseconds) { run(until: now + duration) }

  /// What the target would send back for probe `number`, as a raw IPv4 socket sees it: `forged` by
  /// somebody who computes the checksum anew, or with a `change` made on the way.
  func reply(
    to number: UInt64, from source: IPAddress = Self.v4.target,
    forged: (inout [UInt8]) -> Void = { _ in },
    change: (inout [UInt8]) -> Void = { _ in }, timeToLive: UInt8 = 61
  ) -> [UInt8] {
    var message = request.message(serial: number)
    message[0] = 0
    (message[2], message[3]) = (0, 0)
    forged(&message)
    var sum = InternetChecksum()
    sum.add(message.span)
    (message[2], message[3]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
    change(&message)
    return packet(message, from: source, timeToLive: timeToLive)
  }

  func packet(_ message: [UInt8], from source: IPAddress, timeToLive: UInt8) -> [UInt8] {
    let packet = ProbePacket(
      from: source, to: Self.v4.source, carrying: .icmp, timeToLive: timeToLive)
    return (try? packet.octets(payload: message.span)) ?? []
  }

  /// A router's error about probe `number`, quoting IP header and eight octets.
  func error(
    about number: UInt64, type: ICMPv4Header.MessageType, code: UInt8, from router: IPv4Address,
    rest: UInt32 = 0
  ) -> [UInt8] {
    let message = request.message(serial: number)
    let probe = ProbePacket(
      from: Self.v4.source, to: Self.v4.target, carrying: .icmp, timeToLive: 1)
    let quoted = Array(((try? probe.octets(payload: message.span)) ?? []).prefix(28))
    var header = ICMPv4Header(type, code: code, rest: rest)
    header.fill(payload: quoted.span)
    let octets = [UInt8](capacity: 8 + quoted.count) { out in
      header.write(to: &out)
      out.append(copying: quoted.span)
    }
    return packet(octets, from: .v4(router), timeToLive: 254)
  }

  /// A reply that is one of many: `feed(.timer)` has to follow.
  mutating func take(_ packet: [UInt8]) {
    let reply = request.reply(
      in: packet.span, framing: .packet, fields: ArrivalFields(source: Self.v4.target))
    guard let reply else { return }
    session.take(reply, Arrival(clock: clock, kernelStamp: clock.wall), &effects)
    reports += effects.reports
    effects.reports = []
  }

  mutating func deliver(_ packet: [UInt8], cardStamp: CardInstant? = nil) {
    let arrival = request.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: Self.v4.target))
    guard let arrival else { return }
    let time = Arrival(clock: clock, kernelStamp: clock.wall, cardStamp: cardStamp)
    feed(.arrived(arrival, time))
  }
}

extension PingProbe {
  /// A probe of a session with one target.
  static func alone(_ number: UInt64) -> PingProbe {
    PingProbe(serial: number, target: 0, number: number)
  }
}

extension PingReport {
  static func lost(number: UInt64) -> PingReport { .lost(.alone(number)) }
  static func outstanding(number: UInt64) -> PingReport { .outstanding(.alone(number)) }
  static func error(number: UInt64, _ error: ICMPErrorReport) -> PingReport {
    .error(.alone(number), error)
  }
  static func sendFailed(number: UInt64, errorNumber: Int32) -> PingReport {
    .sendFailed(.alone(number), errorNumber: errorNumber)
  }
}
