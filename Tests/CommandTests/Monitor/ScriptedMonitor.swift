import PacketWire
import ProbeEngine

/// A monitor whose probes are answered by a script, in virtual time.
struct ScriptedMonitor: Sendable {
  /// Who answers a probe, and when; nil for nobody.
  typealias Script =
    @Sendable (_ timeToLive: Int, _ round: Int) -> (source: IPAddress, microseconds: Int64)?

  static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))
  static let probe = TraceProbe(
    target: target, source: .v4(IPv4Address(198, 18, 0, 2)), method: .icmp(identifier: 9),
    packetLength: 60, cookies: KeyedCookie(key: 1, 2))

  private(set) var monitor: RouteMonitor
  private(set) var rounds: [RouteRound] = []
  private(set) var changes: [RouteChange] = []
  private(set) var now = MonotonicInstant(nanoseconds: 0)
  private var pending: [(at: MonotonicInstant, arrival: TraceArrival)] = []
  private var wakeAt: MonotonicInstant?
  private let script: Script

  static func router(_ hop: Int) -> IPAddress { .v4(IPv4Address(198, 18, UInt8(hop), 1)) }

  init(
    rounds: Int?, flows: Int = 1, for length: Nanoseconds = .seconds(100_000),
    _ script: @escaping Script
  ) {
    var configuration = RouteMonitor.Configuration()
    (configuration.rounds, configuration.flows) = (rounds, flows)
    monitor = RouteMonitor(configuration)
    self.script = script
    step(.start)
    while !monitor.isFinished {
      pending.sort { $0.at < $1.at }
      guard let next = [pending.first?.at, wakeAt].compactMap({ $0 }).min(),
        next - MonotonicInstant(nanoseconds: 0) <= length
      else { return }
      now = max(now, next)
      if let first = pending.first, first.at <= now {
        pending.removeFirst()
        step(.arrived(first.arrival, Arrival(clock: clock)))
      } else {
        step(.timer)
      }
    }
  }

  private var clock: ClockSample {
    ClockSample(monotonic: now, wall: WallInstant(nanoseconds: now.nanoseconds))
  }

  private mutating func step(_ event: TraceEvent) {
    for effect in monitor.step(event, at: now) {
      switch effect {
      case .send(let request):
        _ = monitor.step(.sent(number: request.number, clock), at: now)
        answer(request)
      case .wake(let instant): wakeAt = instant
      case .report(.round(let round)): rounds.append(round)
      case .report(.change(let change)): changes.append(change)
      case .report, .finish: break
      }
    }
  }

  private mutating func answer(_ request: TraceRequest) {
    let round = Int((now - MonotonicInstant(nanoseconds: 0)).count / 1_000_000_000)
    guard let (source, delay) = script(Int(request.timeToLive), round) else { return }
    let answer: TraceAnswer =
      source == Self.target
      ? .reply(TraceReply(from: source, timeToLive: 60, .echo))
      : .error(TraceError(ICMPErrorReport(family: .v4, type: 11, code: 0, source: source)))
    pending.append(
      (now + Nanoseconds(delay * 1_000), TraceArrival(number: request.number, answer: answer)))
  }
}

extension ScriptedMonitor {
  /// Four hops, ten rounds: the second router is silent, the third answers four probes, and the
  /// target answers from 9.8 to 10.7 ms.
  static let usual = ScriptedMonitor(rounds: 10) { timeToLive, round in
    switch timeToLive {
    case 1: (router(1), 1_250)
    case 2: nil
    case 3: round < 6 ? nil : (router(3), 4_000 + Int64(round))
    default: (target, 9_800 + Int64(round) * 100)
    }
  }

  /// As many rounds, but with the target silent and another router at hop 2 from round 10 on.
  static let changed = ScriptedMonitor(rounds: 14) { timeToLive, round in
    switch timeToLive {
    case 1: (router(1), 1_250)
    case 2: (router(round < 10 ? 2 : 9), 2_000)
    case 3: (router(3), 3_000)
    case 4: round < 5 ? (target, 4_000) : nil
    default: nil
    }
  }

  /// Nobody answers.
  static let nobody = ScriptedMonitor(rounds: 2) { _, _ in nil }
}
