public import PacketWire

/// The probes of an engine that traces: what was asked for, when it went, what became of it.
public struct TraceLedger: Sendable {
  /// A probe.
  public struct Entry: Hashable, Sendable {
    /// What was asked for.
    public let request: TraceRequest
    /// When it went.
    public internal(set) var timing: ProbeTiming
    /// What became of it; nil while it is waited for.
    public internal(set) var outcome: TraceOutcome?

    /// It stands for a number of which a replay knows nothing: no probe has this TTL.
    fileprivate var isKnown: Bool { request.timeToLive > 0 }
  }

  /// So many numbers there are on the wire: 1 to 65 535, for the kernel puts an identification of its
  /// own in the place of zero (raw(7)).
  private static let period = 65_535

  /// The probes from `first` on.
  private var entries: [Entry] = []
  private var first = 0
  /// How many of the probes are waited for.
  public private(set) var waitingCount = 0

  /// No probes.
  public init() {}

  /// How many probes there were, forgotten ones included; the next one's number.
  public var count: Int { first + entries.count }

  /// The numbers of the probes that are still known.
  public var numbers: Range<Int> { first..<count }

  /// That probe, if it is still known.
  public subscript(number: Int) -> Entry? {
    guard numbers.contains(number) else { return nil }
    let entry = entries[number - first]
    return entry.isKnown ? entry : nil
  }

  /// The number of a probe as it stands on the wire.
  public static func wireNumber(_ number: Int) -> UInt16 { UInt16(number % period) + 1 }

  /// The latest probe with that number on the wire; nil when there is none.
  public func number(onWire wire: UInt16) -> Int? {
    guard wire > 0, count > 0 else { return nil }
    let behind = (count - 1 - (Int(wire) - 1)) % Self.period
    // Swift's remainder has the sign of what is divided.
    let number = count - 1 - (behind < 0 ? behind + Self.period : behind)
    return numbers.contains(number) ? number : nil
  }

  // MARK: Changes

  /// One more probe.
  public mutating func add(
    timeToLive: UInt8, flow: Int = 0, length: Int? = nil, target: Int = 0,
    at now: MonotonicInstant
  ) -> TraceRequest {
    let request = TraceRequest(
      number: count, timeToLive: timeToLive, flow: flow, length: length, target: target)
    // The wall clock is read when the probe goes.
    let clock = ClockSample(monotonic: now, wall: WallInstant(nanoseconds: 0))
    entries.append(Entry(request: request, timing: ProbeTiming(clock: clock), outcome: nil))
    waitingCount += 1
    return request
  }

  /// So many numbers may be missing where a replay goes on, and so many probes may be known at once: files
  /// are written by anybody.
  private static let (largestGap, replayLimit) = (64, 1 << 18)

  /// A probe of a session that is over.
  ///
  /// - Parameters:
  ///   - request: it. Its number is not less than `count`; those between are of probes that nobody knows.
  ///   - timing: when it was sent.
  /// - Returns: false when it cannot be one of the session's.
  public mutating func add(replayed request: TraceRequest, _ timing: ProbeTiming) -> Bool {
    guard request.timeToLive > 0, request.number >= count,
      request.number - count <= Self.largestGap, entries.count < Self.replayLimit
    else { return false }
    while count < request.number {
      let unknown = TraceRequest(number: count, timeToLive: 0)
      entries.append(Entry(request: unknown, timing: timing, outcome: .lost))
    }
    entries.append(Entry(request: request, timing: timing, outcome: nil))
    waitingCount += 1
    return true
  }

  /// Takes in what the shell tells of a probe's departure.
  ///
  /// - Returns: false for any other event, which is the engine's to judge.
  public mutating func note(_ event: TraceEvent) -> Bool {
    switch event {
    case .sent(let number, let clock):
      if numbers.contains(number) { entries[number - first].timing = ProbeTiming(clock: clock) }
    case .transmitted(let number, let stamp):
      if numbers.contains(number) { entries[number - first].timing.kernelStamp = stamp }
    default: return false
    }
    return true
  }

  /// Says what became of a probe. A lost one may be answered after all.
  ///
  /// - Returns: whether that is news.
  @discardableResult
  public mutating func settle(_ number: Int, _ outcome: TraceOutcome) -> Bool {
    guard let entry = self[number] else { return false }
    if entry.outcome == nil { waitingCount -= 1 } else if entry.outcome != .lost { return false }
    guard entry.outcome != outcome else { return false }
    entries[number - first].outcome = outcome
    return true
  }

  /// Forgets probes from the oldest on, waited for or not.
  public mutating func forget(before number: Int) {
    let kept = min(max(number, first), count)
    waitingCount -= entries[..<(kept - first)].count { $0.outcome == nil }
    entries.removeFirst(kept - first)
    first = kept
  }

  /// What an answer that came at `time` makes of its probe; nil for a probe that is not known.
  public func outcome(of arrival: TraceArrival, at time: Arrival) -> TraceOutcome? {
    guard let entry = self[arrival.number] else { return nil }
    var outcome = TraceOutcome()
    outcome.roundTrip = entry.timing.roundTrip(to: time)
    outcome.answer = arrival.answer
    return outcome
  }
}
