import PacketTestSupport
import PacketWire
import ProbeEngine

/// A discovery over a branching network, in virtual time.
struct MultipathHarness {
  var session: MultipathSession
  var network: BranchingNetwork
  private(set) var now = MonotonicInstant(nanoseconds: 5_000)
  private(set) var begun = MonotonicInstant(nanoseconds: 5_000)
  private var pending: [(at: MonotonicInstant, arrival: TraceArrival)] = []
  private var wake: MonotonicInstant?
  private(set) var sent: [TraceRequest] = []

  init(
    _ network: BranchingNetwork, _ configure: (inout MultipathConfiguration) -> Void = { _ in }
  ) {
    var configuration = MultipathConfiguration()
    configure(&configuration)
    session = MultipathSession(configuration)
    self.network = network
  }

  /// How long it took.
  var milliseconds: Int { Int((now - begun).count / 1_000_000) }

  mutating func run() {
    feed(.start)
    while !session.isFinished {
      if let first = pending.last, wake.map({ first.at <= $0 }) ?? true {
        now = max(now, first.at)
        pending.removeLast()
        feed(.arrived(first.arrival, Arrival(clock: clock)))
      } else if let due = wake {
        now = max(now, due)
        wake = nil
        feed(.timer)
      } else {
        return
      }
    }
  }

  private var clock: ClockSample {
    ClockSample(monotonic: now, wall: WallInstant(nanoseconds: now.nanoseconds))
  }

  private mutating func feed(_ event: TraceEvent) {
    for effect in session.step(event, at: now) {
      switch effect {
      case .send(let request): send(request)
      case .wake(let time): wake = time
      case .report, .finish: break
      }
    }
  }

  private mutating func send(_ request: TraceRequest) {
    sent.append(request)
    _ = session.step(.sent(number: request.number, clock), at: now)
    let answer = network.answer(
      flow: request.flow, timeToLive: Int(request.timeToLive), at: now)
    guard let answer else { return }
    let arrival = TraceArrival(number: request.number, answer: Self.answer(answer))
    // The earliest is last.
    let at = now + answer.roundTrip
    let place = pending.lastIndex { $0.at > at }.map { $0 + 1 } ?? 0
    pending.insert((at, arrival), at: place)
  }

  private static func answer(_ answer: BranchingNetwork.Answer) -> TraceAnswer {
    let source = BranchingNetwork.address(answer.node)
    if answer.isTarget { return .reply(TraceReply(from: source, timeToLive: 60, .echo)) }
    return .error(
      TraceError(
        ICMPErrorReport(
          family: .v4, type: ICMPv4Header.MessageType.timeExceeded.rawValue, code: 0,
          source: source, detail: 0, timeToLive: 60)))
  }
}
