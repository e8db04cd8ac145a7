import PacketWire
import ProbeEngine

/// A genuine answer to a probe of a trace, changed as the input says: the first octets choose the method, the
/// family, the probe and how much of the answer is left; then follow places and what to write there.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count >= 4, let data = unsafe data else { return 0 }
  let input = [UInt8](unsafe UnsafeBufferPointer(start: data, count: count))
  guard var trial = Trial(method: Int(input[0]), isV6: input[1] & 1 == 1) else { return 0 }
  let number = Int(input[2]) % trial.count
  var octets = trial.answer(to: number, kind: Int(input[1] >> 1) % 3)
  var edits = input[4...]
  while edits.count >= 3, !octets.isEmpty {
    let place = Int(edits.removeFirst()) << 8 | Int(edits.removeFirst())
    octets[place % octets.count] = edits.removeFirst()
  }
  octets.removeLast(min(Int(input[3]), octets.count))
  trial.take(octets)
  return 0
}

/// A trace with all of its probes on the way.
private struct Trial {
  let count = 90
  private let probe: TraceProbe
  private var session: TraceSession

  private static let methods: [TraceMethod] = [
    .udp(sourcePort: 40_001, destinationPort: 33_434), .icmp(identifier: 0x77aa),
    .udpRisingPort(first: 33_434),
    .tcp(sourcePort: 61_001, destinationPort: 80, TraceMethod.SegmentForm()),
    .dns(sourcePort: 40_001, destinationPort: 53), .quic(sourcePort: 40_001, destinationPort: 443),
    .sctp(sourcePort: 61_001, destinationPort: 80),
  ]

  init?(method: Int, isV6: Bool) {
    guard let target = IPAddress(isV6 ? "2001:db8::80" : "203.0.113.80"),
      let source = IPAddress(isV6 ? "2001:db8::2" : "198.18.0.2")
    else { return nil }
    probe = TraceProbe(
      target: target, source: source, method: Self.methods[method % Self.methods.count],
      packetLength: 80, cookies: KeyedCookie(key: 7, 8))
    var configuration = TraceSession.Configuration()
    (configuration.window, configuration.lookahead) = (count, 30)
    configuration.gap = .zero
    session = TraceSession(configuration)
    _ = session.step(.start, at: MonotonicInstant(nanoseconds: 1))
  }

  /// An ICMP error, with and without extensions, or the probe itself come back.
  func answer(to number: Int, kind: Int) -> [UInt8] {
    let request =
      session.ledger[number]?.request ?? TraceRequest(number: number, timeToLive: 3)
    let quoted = (try? probe.packet(of: request)) ?? []
    guard kind > 0 else { return quoted }
    let isV4 = probe.target.family == .v4
    var message: [UInt8] = [isV4 ? 11 : 3, 0, 0, 0, 0, 0, 0, 0] + quoted
    if kind == 2 {
      // RFC 4884: padded to 128 octets, then a structure with an MPLS label.
      message[isV4 ? 5 : 4] = isV4 ? 32 : 16
      message += [UInt8](repeating: 0, count: max(0, 136 - message.count))
      message += [0x20, 0, 0, 0, 0, 8, 1, 1, 0x05, 0xdc, 0x11, 0x01]
    }
    guard isV4 else { return message }
    let envelope = IPEnvelope(
      from: probe.target, to: probe.source, carrying: .icmp, timeToLive: 60)
    return (try? envelope.packet(message.span)) ?? []
  }

  /// All that can read it do.
  mutating func take(_ octets: [UInt8]) {
    let fields = ArrivalFields(source: probe.target, timeToLive: 60)
    let ledger = session.ledger
    var arrivals: [TraceArrival?] = []
    for framing in [ArrivalFraming.packet, .message] {
      arrivals.append(
        probe.decode(octets.span, framing: framing, fields: fields, ledger: ledger))
      arrivals.append(
        probe.decode(answer: octets.span, framing: framing, fields: fields, ledger: ledger))
    }
    arrivals.append(probe.decode(datagram: octets.span, fields: fields, ledger: ledger))
    var now = MonotonicInstant(nanoseconds: 2)
    for arrival in arrivals.compactMap({ $0 }) {
      precondition(ledger[arrival.number] != nil, "an answer to no probe")
      let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 5))
      _ = session.step(.arrived(arrival, Arrival(clock: clock)), at: now)
      now = now + .milliseconds(1)
    }
    for _ in 0..<4 { _ = session.step(.timer, at: now + .seconds(9)) }
  }
}
