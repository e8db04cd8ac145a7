public import PacketWire

/// Looks into bursts of loss: when a target stops answering, a few probes of the same flow with small
/// times to live show at which hop answers stop.
///
/// It stands beside a `PingSession` and is told what that one sends and says. Its own probes have
/// sequence numbers and cookies that no probe of the session has, and answers to them are taken before
/// the session sees them, so that they are in no figure. Each outage of a target is looked into once,
/// one target at a time, and no sooner than half a minute after the one before.
public struct PingDiagnosis: Sendable {
  /// One probe of a diagnosis.
  public struct Probe: Hashable, Sendable {
    /// What its cookie and its sequence number are made of.
    public var serial: UInt64
    /// The index in the session's targets.
    public var target: Int
    /// Time to live, or hop limit.
    public var timeToLive: UInt8
  }

  /// What the shell is to do.
  public enum Effect: Hashable, Sendable {
    /// Send this, and tell when it could not be sent.
    case send(Probe)
    /// Tell the user.
    case report(PathDiagnosis)
  }

  /// When to come back with `turn`; `nil` when there is nothing to wait for.
  public private(set) var wakeAt: MonotonicInstant?
  /// Probes are on the way, or are to be sent.
  public var isRunning: Bool { search != nil }

  private let targets: [PingTarget]
  private let requests: EchoRequests
  private var bursts: [LossBurst]
  private var search: HopSearch?
  /// Whose answers may still come.
  private var searched: HopSearch?
  private var forgetsAt = MonotonicInstant(nanoseconds: .min)
  private var nextBurstAt = MonotonicInstant(nanoseconds: .min)
  private var newestSerial: UInt64 = 0
  private var firstSerial: UInt64 = 0

  /// Between the beginnings of two diagnoses.
  public static let leastInterval = Nanoseconds.seconds(30)
  /// The most probes of one.
  public static let budget = HopSearch.budget
  /// No session counts so far.
  private static let mark: UInt64 = 1 << 62
  /// Half of all sequence numbers: as far as can be from those that the session uses now.
  private static let distance: UInt64 = 1 << 15
  /// How long answers to a diagnosis' probes may come after it.
  private static let memory = Nanoseconds.seconds(20)

  /// A diagnosis of each target that stops answering.
  public init(targets: [PingTarget], requests: EchoRequests) {
    (self.targets, self.requests) = (targets, requests)
    bursts = [LossBurst](repeating: LossBurst(), count: targets.count)
  }
}

// MARK: - What the session does

extension PingDiagnosis {
  /// The session has sent a probe.
  public mutating func sent(_ probe: PingProbe, at now: MonotonicInstant) {
    newestSerial = max(newestSerial, probe.serial)
    bursts[probe.target].sent(probe.number, at: now)
  }

  /// The session has something to say.
  public mutating func take(_ report: PingReport) {
    switch report {
    case .reply(let answer) where answer.reply.isChecksumValid:
      bursts[answer.probe.target].answered(
        answer.number, after: answer.roundTrip.duration, timeToLive: answer.reply.timeToLive)
    case .lost(let probe): bursts[probe.target].lost(probe.number)
    case .error(let probe, let error) where !error.isNotice:
      bursts[probe.target].lost(probe.number)
    default: break
    }
  }

  /// Takes in what came from the network, if it is about a probe of a diagnosis.
  ///
  /// - Returns: it was, so that the session must not hear of it.
  public mutating func takes(_ arrival: EchoArrival, at now: MonotonicInstant) -> Bool {
    if search?.takes(arrival, targets, requests, at: now) == true { return true }
    guard now < forgetsAt else { return false }
    return searched?.takes(arrival, targets, requests, at: now) == true
  }
}

// MARK: - Time

extension PingDiagnosis {
  /// Does what is due at `now`, and says when to come back.
  public mutating func turn(at now: MonotonicInstant) -> [Effect] {
    if search == nil { begin(at: now) }
    var effects: [Effect] = []
    if search != nil { advance(at: now, &effects) }
    if search == nil { wakeAt = nextBegin.map { max($0.time, nextBurstAt) } }
    return effects
  }

  /// A probe could not be sent: nothing can be said about hops, and why the session has said.
  public mutating func stop() {
    search = nil
    wakeAt = nil
  }

  private var nextBegin: (target: Int, time: MonotonicInstant)? {
    var next: (target: Int, time: MonotonicInstant)?
    for (target, burst) in bursts.enumerated() {
      guard let time = burst.beginsAt, next.map({ time < $0.time }) ?? true else { continue }
      next = (target, time)
    }
    return next
  }

  private mutating func begin(at now: MonotonicInstant) {
    guard let next = nextBegin, next.time <= now, nextBurstAt <= now else { return }
    nextBurstAt = now + Self.leastInterval
    firstSerial = Self.mark | (newestSerial &+ Self.distance)
    let burst = bursts[next.target]
    bursts[next.target].lookedInto()
    search = HopSearch(
      target: next.target,
      expectedHop: burst.timeToLive.flatMap { PathDiagnosis.hop(ofAnswerWith: $0) },
      patience: burst.patience)
  }

  private mutating func advance(at now: MonotonicInstant, _ effects: inout [Effect]) {
    guard var search else { return }
    switch search.step(at: now) {
    case .wait(let time): wakeAt = time
    case .done:
      effects.append(.report(search.result))
      (searched, forgetsAt) = (search, now + Self.memory)
      return self.search = nil
    case .send(let timeToLive):
      guard let request = requests[targets[search.target].address.family] else { return stop() }
      let serial = firstSerial &+ UInt64(search.probeCount)
      search.sent(
        timeToLive: timeToLive, sequenceNumber: request.sequenceNumber(of: serial),
        serial: serial, at: now)
      effects.append(
        .send(Probe(serial: serial, target: search.target, timeToLive: timeToLive)))
      if case .wait(let time) = search.step(at: now) { wakeAt = time } else { wakeAt = now }
    }
    self.search = search
  }
}

extension HopSearch {
  /// Takes in an answer to one of its probes.
  fileprivate mutating func takes(
    _ arrival: EchoArrival, _ targets: [PingTarget], _ requests: EchoRequests,
    at now: MonotonicInstant
  ) -> Bool {
    let address = targets[target].address
    guard let request = requests[address.family] else { return false }
    switch arrival {
    case .reply(let reply):
      guard reply.source.family == address.family, let serial = serial(of: reply.sequenceNumber),
        request.isAuthentic(reply, serial: serial, length: request.payloadLength)
      else { return false }
      if reply.isChecksumValid {
        answered(reply.sequenceNumber, by: reply.source, nil, at: now)
      }
      return true
    case .error(let sequenceNumber, let destination, let error):
      guard destination == address, serial(of: sequenceNumber) != nil else { return false }
      if !error.isNotice { answered(sequenceNumber, by: error.source, error, at: now) }
      return true
    case .answer: return false
    }
  }
}
