public import PacketWire

/// All ways to a target, without a socket, a clock or a terminal: multipath discovery.
///
/// A probe is a flow and a TTL. Routers that balance by flow send all probes of a flow the same way, so
/// that a flow's answers at two hops are a link, and more flows find more links. The stopping rule says
/// when there are enough. All that a hop needs goes out at once; one flow runs ahead of the others, and so
/// does the first flow through each router that is found.
public struct MultipathSession: ReplayableTraceEngine {
  /// Something to tell.
  public enum Report: Hashable, Sendable {
    /// A probe was answered.
    case answer(TraceRequest, TraceOutcome)
    /// A probe was not, in time.
    case silence(TraceRequest)
  }

  /// What a probe is sent for.
  enum Purpose: Sendable {
    /// To learn who answers to this flow at this hop.
    case classify
    /// To learn how this vertex balances.
    case repetition(Int)
  }

  /// What the user asked for.
  public let configuration: MultipathConfiguration
  /// The probes that were sent, and what became of them.
  public internal(set) var ledger = TraceLedger()
  /// It has said `finish`.
  public internal(set) var isFinished = false
  /// What cut it short, in the order in which it did.
  public internal(set) var limits: [MultipathLimit] = []
  /// Its probes were sent long ago.
  public var isReplay = false

  var rule: StoppingRule
  var vertices: [MultipathVertex] = []
  /// The vertices with an address: one router at several distances.
  var places: [IPAddress: [Int]] = [:]
  /// By TTL; those before the first TTL but one are empty.
  var hops: [MultipathHop] = []
  var purposes: [Purpose] = []
  /// The probes on the way, the oldest first.
  var waiting: [Int] = []
  /// The flows to be sent again, with their TTL.
  var parked: [(flow: Int, timeToLive: Int, until: MonotonicInstant)] = []
  var flowCount = 0
  var startedAt = MonotonicInstant(nanoseconds: 0)
  var slowest = Nanoseconds.zero
  /// When the next probe's time is up, or an earlier time.
  var due = MonotonicInstant(nanoseconds: 0)
  /// Something was learned since the last planning.
  var isNews = false

  /// A discovery that has not begun.
  public init(_ configuration: MultipathConfiguration) {
    self.configuration = configuration
    rule = configuration.rule
    let last = min(max(configuration.maximumTTL, 1), 255)
    hops = [MultipathHop](repeating: MultipathHop(), count: last + 2)
    let source = min(max(configuration.firstTTL, 1), last) - 1
    vertices = [MultipathVertex(timeToLive: source, address: nil)]
    hops[source].vertices = [0]
    hops[source].isSettled = true
  }

  /// The TTL of this host.
  var sourceTTL: Int { vertices[0].timeToLive }
  /// The last TTL that is probed.
  var lastTTL: Int { hops.count - 2 }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [TraceEffect<Report>] {
    guard !isFinished, !ledger.note(event) else { return [] }
    var effects: [TraceEffect<Report>] = []
    switch event {
    case .start: (startedAt, isNews) = (now, true)
    case .timer, .sent, .transmitted: break
    case .sendFailed(let number, let errorNumber):
      takeBack(number, .refused(errorNumber), at: now, &effects)
    case .arrived(let arrival, let time): takeIn(arrival, time, &effects)
    case .interrupted: return end(because: .interrupted)
    }
    if now >= due { expire(at: now, &effects) }
    if now - startedAt >= configuration.maximumTime { return effects + end(because: .time) }
    if isNews {
      isNews = false
      plan(at: now, &effects)
    }
    finishOrWake(at: now, &effects)
    return effects
  }

  private mutating func end(because limit: MultipathLimit) -> [TraceEffect<Report>] {
    note(limit)
    isFinished = true
    return [.finish]
  }

  mutating func note(_ limit: MultipathLimit) {
    if !limits.contains(limit) { limits.append(limit) }
  }

  private mutating func finishOrWake(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<Report>]
  ) {
    if !isReplay, waiting.isEmpty, parked.isEmpty || isSatisfied {
      isFinished = true
      return effects.append(.finish)
    }
    // An answer makes nothing due earlier, and a timer that comes too early does no harm.
    let hasSent = effects.contains { if case .send = $0 { true } else { false } }
    guard hasSent || now >= due else { return }
    var next = startedAt + configuration.maximumTime
    for number in waiting { next = min(next, expiry(of: number)) }
    for flow in parked { next = min(next, flow.until) }
    // What is due but may not be sent yet is looked at again a little later, and not at once.
    due = next > now ? next : now + .milliseconds(10)
    effects.append(.wake(at: due))
  }
}
