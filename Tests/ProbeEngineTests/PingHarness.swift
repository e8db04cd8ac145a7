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
  var reports: [PingReport] = []
  var wakeAt: MonotonicInstant?
  var isFinished = false

  init(payloadLength: Int = 56, _ configure: (inout PingSession.Configuration) -> Void = { _ in }) {
    let request = EchoRequest(
      target: Self.v4.target, source: Self.v4.source, identifier: 0xbeef,
      payloadLength: payloadLength, cookies: Self.cookies)
    var configuration = PingSession.Configuration(request: request)
    configure(&configuration)
    session = PingSession(configuration)
  }

  var clock: ClockSample {
    ClockSample(
      monotonic: now, wall: WallInstant(nanoseconds: now.nanoseconds + 1_700_000_000_000_000_000))
  }

  mutating func feed(_ event: PingSession.Event) {
    for effect in session.step(event, at: now) {
      switch effect {
      case .send(let number, let message):
        sent.append((number, message, now))
        feed(.sent(number: number, clock))
      case .wake(let time): wakeAt = time
      case .report(let report): reports.append(report)
      case .finish: isFinished = true
      }
    }
  }

  /// Lets timers run up to `time`, in order.
  mutating func run(until time: MonotonicInstant) {
    while let next = wakeAt, next <= time, !isFinished {
      now = max(now, next)
      wakeAt = nil
      feed(.timer)
    }
    now = max(now, time)
  }

  mutating func run(for duration: Nanoseconds) { run(until: now + duration) }

  /// What the target would send back for probe `number`, as a raw IPv4 socket sees it.
  func reply(
    to number: UInt64, change: (inout [UInt8]) -> Void = { _ in }, timeToLive: UInt8 = 61
  ) -> [UInt8] {
    var message = session.configuration.request.message(number: number)
    message[0] = 0
    (message[2], message[3]) = (0, 0)
    var sum = InternetChecksum()
    sum.add(message.span)
    (message[2], message[3]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
    change(&message)
    return packet(message, from: Self.v4.target, timeToLive: timeToLive)
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
    let message = session.configuration.request.message(number: number)
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

  mutating func deliver(_ packet: [UInt8]) {
    let arrival = session.configuration.request.decode(
      packet.span, framing: .packet, source: Self.v4.target, timeToLive: nil)
    if let arrival { feed(.arrived(arrival, Arrival(clock: clock))) }
  }
}
