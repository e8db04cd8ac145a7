import PacketWire

@testable import ProbeEngine

/// Traces to many targets that are answered as a script says, in virtual time and without packets.
struct ScriptedMany {
  /// An answer.
  struct Reply {
    enum Kind { case exceeded, port, refused, echo }

    var address: IPAddress
    var kind = Kind.exceeded
    var milliseconds: Int64 = 10
    /// What is left of the answer's own TTL.
    var left: UInt8?
    /// How often it comes.
    var times = 1
  }

  private(set) var engine: ManyTraces
  private(set) var sent: [(target: Int, timeToLive: Int, at: MonotonicInstant)] = []
  private(set) var traces: [ManyTrace] = []
  /// How many probes were waited for at most.
  private(set) var mostWaiting = 0
  private(set) var now = MonotonicInstant(nanoseconds: 5_000)
  private var pending: [(at: MonotonicInstant, arrival: TraceArrival)] = []
  private var wakeAt: MonotonicInstant?
  private var asked: [[Int]: Int] = [:]

  /// What answers the probe to a target with this TTL, the how manieth it is (from 1); nil for nobody.
  var reply: (_ target: Int, _ timeToLive: Int, _ attempt: Int) -> Reply?
  /// The kernel refuses to send these.
  var refuses: (_ target: Int, _ timeToLive: Int) -> Bool = { _, _ in false }

  static func target(_ index: Int) -> IPAddress {
    .v4(IPv4Address(bits: 0xcb00_7100 + UInt32(index)))
  }
  static func router(_ place: Int) -> IPAddress {
    .v4(IPv4Address(bits: 0x0a00_0000 + UInt32(place)))
  }

  init(
    targets: Int, _ configure: (inout ManyConfiguration) -> Void = { _ in },
    reply: @escaping (Int, Int, Int) -> Reply?
  ) {
    var configuration = ManyConfiguration()
    configuration.rate = 1_000
    configure(&configuration)
    engine = ManyTraces(configuration, targetCount: targets) { Self.target($0) }
    self.reply = reply
  }

  /// Until it is finished, or so many events have happened.
  mutating func run(events limit: Int = 1_000_000) {
    feed(.start)
    for _ in 0..<limit {
      guard !engine.isFinished else { return }
      let first = pending.indices.min { pending[$0].at < pending[$1].at }
      guard let next = [first.map { pending[$0].at }, wakeAt].compactMap({ $0 }).min() else {
        return
      }
      now = max(now, next)
      if let first, pending[first].at == next {
        let clock = ClockSample(at: now)
        feed(.arrived(pending.remove(at: first).arrival, Arrival(clock: clock)))
      } else {
        wakeAt = nil
        feed(.timer)
      }
    }
  }

  mutating func feed(_ event: TraceEvent) {
    var effects = engine.step(event, at: now)
    var index = 0
    while index < effects.count {
      switch effects[index] {
      case .send(let request): effects += send(request)
      case .wake(let time): wakeAt = time
      case .report(.trace(let trace)): traces.append(trace)
      case .report(.began), .finish: break
      }
      index += 1
    }
  }

  private mutating func send(_ request: TraceRequest) -> [TraceEffect<ManyReport>] {
    let timeToLive = Int(request.timeToLive)
    _ = engine.step(.sent(number: request.number, ClockSample(at: now)), at: now)
    if refuses(request.target, timeToLive) {
      return engine.step(.sendFailed(number: request.number, errorNumber: 113), at: now)
    }
    sent.append((request.target, timeToLive, now))
    mostWaiting = max(mostWaiting, engine.ledger.waitingCount)
    asked[[request.target, timeToLive], default: 0] += 1
    let attempt = asked[[request.target, timeToLive], default: 0]
    guard let reply = reply(request.target, timeToLive, attempt) else { return [] }
    let arrival = TraceArrival(number: request.number, answer: Self.answer(reply))
    for time in 0..<reply.times {
      pending.append((now + .milliseconds(reply.milliseconds + Int64(time)), arrival))
    }
    return []
  }

  private static func answer(_ reply: Reply) -> TraceAnswer {
    let (type, code): (UInt8, UInt8) =
      switch reply.kind {
      case .exceeded: (11, 0)
      case .port: (3, 3)
      case .refused: (3, 13)
      case .echo: (0, 0)
      }
    guard reply.kind != .echo else {
      return .reply(TraceReply(from: reply.address, timeToLive: reply.left, .echo))
    }
    return .error(
      TraceError(
        ICMPErrorReport(
          family: .v4, type: type, code: code, source: reply.address, timeToLive: reply.left)))
  }

  /// A path of `routers` to each target, the last `own` of which no two targets share.
  static func path(
    routers: Int, own: Int = 0, left: UInt8? = nil
  ) -> (Int, Int, Int) -> Reply? {
    { target, timeToLive, _ in
      if timeToLive > routers {
        return Reply(address: Self.target(target), kind: .echo, left: left)
      }
      let isOwn = timeToLive > routers - own
      return Reply(address: router(timeToLive + (isOwn ? 1_000 * (target + 1) : 0)))
    }
  }
}
