import PacketWire
import ProbeEngine

/// A trace against a scripted path: each probe is answered by what stands at its TTL, after that
/// many milliseconds; `nil` keeps silent.
struct TraceHarness {
  struct Hop {
    var address: IPv4Address
    var milliseconds: Int64
    /// Octets of the probe's payload behind the UDP or ICMP header that an error quotes.
    var quotes = 64
    var type = ICMPv4Header.MessageType.timeExceeded
    var code: UInt8 = 0
    /// Only the first probes are answered.
    var answers = Int.max
    /// What is done to the ICMP message of an answer before it goes.
    var edit: (@Sendable ([UInt8]) -> [UInt8])?
  }

  static let source = IPAddress.v4(IPv4Address(192, 0, 2, 1))
  static let target = IPv4Address(203, 0, 113, 80)

  let probe: TraceProbe
  var session: TraceSession
  var path: [Hop?]
  var now = MonotonicInstant(nanoseconds: 3_000)
  var sent: [(number: Int, timeToLive: UInt8, at: MonotonicInstant)] = []
  var hops: [TraceHop] = []
  var answers: [TraceReport] = []
  var pending: [(at: MonotonicInstant, packet: [UInt8])] = []
  var wakeAt: MonotonicInstant?
  var isFinished = false
  private var answered: [UInt8: Int] = [:]

  init(
    _ method: TraceMethod, packetLength: Int = 60, path: [Hop?],
    _ configure: (inout TraceSession.Configuration) -> Void = { _ in }
  ) {
    probe = TraceProbe(
      target: .v4(Self.target), source: Self.source, method: method, packetLength: packetLength,
      cookies: KeyedCookie(key: 3, 4))
    var configuration = TraceSession.Configuration()
    configure(&configuration)
    session = TraceSession(configuration)
    self.path = path
  }

  mutating func feed(_ event: TraceEvent) {
    for effect in session.step(event, at: now) {
      switch effect {
      case .send(let request):
        sent.append((request.number, request.timeToLive, now))
        let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: now.nanoseconds))
        feed(.sent(number: request.number, clock))
        answer(request)
      case .wake(let time): wakeAt = time
      case .report(.hop(let hop)): hops.append(hop)
      case .report(let report): answers.append(report)
      case .finish: isFinished = true
      }
    }
  }

  /// Lets the network and the timers run until the trace is finished.
  mutating func run() {
    feed(.start)
    while !isFinished {
      pending.sort { $0.at < $1.at }
      let arrival = pending.first?.at
      guard let next = [arrival, wakeAt].compactMap({ $0 }).min() else { return }
      now = max(now, next)
      if let first = pending.first, first.at == next {
        pending.removeFirst()
        deliver(first.packet)
      } else {
        wakeAt = nil
        feed(.timer)
      }
    }
  }

  mutating func deliver(_ packet: [UInt8]) {
    let arrival = probe.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: Self.source),
      ledger: session.ledger)
    let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: now.nanoseconds))
    if let arrival { feed(.arrived(arrival, Arrival(clock: clock))) }
  }

  private mutating func answer(_ request: TraceRequest) {
    let timeToLive = request.timeToLive
    guard !path.isEmpty, let hop = path[min(Int(timeToLive), path.count) - 1] else { return }
    answered[timeToLive, default: 0] += 1
    guard answered[timeToLive, default: 0] <= hop.answers else { return }
    // As it arrived: with one hop left.
    let arrived = TraceRequest(number: request.number, timeToLive: 1, flow: request.flow)
    let reply = response(to: (try? probe.packet(of: arrived)) ?? [], at: hop)
    let packet = ProbePacket(
      from: .v4(hop.address), to: Self.source, carrying: .icmp, timeToLive: 250)
    let message = hop.edit?(reply) ?? reply
    let octets = (try? packet.octets(payload: message.span)) ?? []
    pending.append((now + .milliseconds(hop.milliseconds), octets))
  }

  private func response(to packet: [UInt8], at hop: Hop) -> [UInt8] {
    guard hop.type == .echoReply else {
      return Self.error(hop, about: Array(packet.prefix(20 + 8 + hop.quotes)))
    }
    let message = Array(packet.dropFirst(20))
    var header = ICMPv4Header(.echoReply, rest: Self.word(of: message))
    let payload = Array(message.dropFirst(8))
    header.fill(payload: payload.span)
    return [UInt8](capacity: message.count) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
  }

  /// The second word of a message: an echo's identifier and sequence number.
  private static func word(of message: [UInt8]) -> UInt32 {
    guard message.count >= 8 else { return 0 }
    return message.span.u32(at: 4)
  }

  private static func error(_ hop: Hop, about quoted: [UInt8]) -> [UInt8] {
    var header = ICMPv4Header(hop.type, code: hop.code)
    header.fill(payload: quoted.span)
    return [UInt8](capacity: 8 + quoted.count) { out in
      header.write(to: &out)
      out.append(copying: quoted.span)
    }
  }
}
