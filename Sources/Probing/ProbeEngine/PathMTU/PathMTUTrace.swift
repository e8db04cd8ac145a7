public import PacketWire

/// The way to a target and the longest packets that come to each hop of it, without a socket, a clock or a
/// terminal.
///
/// Each hop gets probes that must not be fragmented, as long as what came to the hop before. A router that
/// names the MTU of its next link (RFC 1191, RFC 8201) is believed if that comes through. Where one names
/// nothing, and where long probes are not answered but short ones are (RFC 2923 §2.1), sizes are tried, as RFC
/// 4821 has it. Further hops are probed ahead only with what the path has taken so far, and few, because a
/// router sends a few errors at once and no more.
public struct PathMTUTrace: HopTracer {
  /// What the user asked for; its `window`, `lookahead` and `gap` are not used.
  public let configuration: TraceSession.Configuration
  /// The probes.
  public private(set) var ledger = TraceLedger()
  /// The trace has said `finish`.
  public private(set) var isFinished = false
  /// The target itself, or a refusal to go on, answered at this TTL.
  public private(set) var finalTTL: Int?
  /// What probes longer than this host's own link fail with.
  public let expectedSendError: Int32?
  /// Its probes were sent long ago.
  public var isReplay = false

  private let family: IPFamily
  /// What comes as far as is known, in octets.
  private var longest: Int
  private var isProven = false
  private var lastProven: Int
  /// The hop that is looked at.
  private var timeToLive: Int
  private var sizing: HopSizing
  /// The numbers of each TTL's probes.
  private var numbers: [Int: [Int]] = [:]

  /// So many hops behind the one that is looked at.
  private static let lookahead = 2
  private static let usualTimeout = Nanoseconds.seconds(1)
  private static let shortestTimeout = Nanoseconds.milliseconds(100)

  /// A trace that has not begun.
  ///
  /// - Parameters:
  ///   - configuration: what the user asked for.
  ///   - family: whose packets.
  ///   - longest: the length to begin with, in octets; it may be more than any link takes.
  ///   - tooLongError: the error number of what this host's own link does not take (EMSGSIZE).
  public init(
    _ configuration: TraceSession.Configuration, _ family: IPFamily, longest: Int,
    tooLongError: Int32
  ) {
    (self.configuration, self.family, self.longest) = (configuration, family, longest)
    expectedSendError = tooLongError
    timeToLive = configuration.firstTTL
    lastProven = configuration.firstTTL - 1
    sizing = HopSizing(family, longest: longest)
  }

  /// Takes in one event at `now` and gives back what is to be done, in order.
  public mutating func step(
    _ event: TraceEvent, at now: MonotonicInstant
  ) -> [TraceEffect<TraceReport>] {
    guard !isFinished, !ledger.note(event) else { return [] }
    var effects: [TraceEffect<TraceReport>] = []
    switch event {
    case .start, .timer, .sent, .transmitted: break
    case .sendFailed(let number, let errorNumber):
      ledger.settle(number, .refused(errorNumber))
    case .arrived(let arrival, let time): takeIn(arrival, time, &effects)
    case .interrupted:
      isFinished = true
      return [.finish]
    }
    expire(at: now)
    while !isFinished, proceed(at: now, &effects) {}
    guard !isFinished else { return effects }
    lookAhead(at: now, &effects)
    if let next = openNumbers.compactMap({ expiry(of: $0) }).min() {
      effects.append(.wake(at: next))
    }
    return effects
  }

  private mutating func takeIn(
    _ arrival: TraceArrival, _ time: Arrival, _ effects: inout [TraceEffect<TraceReport>]
  ) {
    if case .error(let error) = arrival.answer, error.report.isNotice { return }
    guard let outcome = ledger.outcome(of: arrival, at: time),
      let request = ledger[arrival.number]?.request, Int(request.timeToLive) >= timeToLive,
      ledger.settle(arrival.number, outcome)
    else { return }
    let sent = numbers[Int(request.timeToLive)] ?? []
    let query = sent.firstIndex(of: arrival.number) ?? 0
    effects.append(
      .report(.answer(timeToLive: Int(request.timeToLive), query: query, outcome)))
  }
}

// MARK: - The hop that is looked at

extension PathMTUTrace {
  /// The probes of this TTL and size.
  private func probes(at timeToLive: Int, of size: Int) -> [TraceLedger.Entry] {
    (numbers[timeToLive] ?? []).compactMap { ledger[$0] }
      .filter { $0.request.length == size }
  }

  /// Takes the next step that needs no waiting; false when there is none.
  private mutating func proceed(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<TraceReport>]
  ) -> Bool {
    let probes = probes(at: timeToLive, of: sizing.size)
    if let found = sizing.found { return measure(found, probes, at: now, &effects) }
    if let outcome = Self.outcome(probes, expectedSendError) {
      sizing.note(outcome)
      return true
    }
    guard probes.allSatisfy({ $0.outcome != nil }) else { return false }
    guard probes.count < sizing.mostTries, !probes.contains(where: { $0.outcome?.sendError != nil })
    else {
      sizing.note(.silent)
      return true
    }
    send(timeToLive, sizing.size, at: now, &effects)
    return false
  }

  /// What the answers to probes of one size say; nil if there is none.
  private static func outcome(
    _ probes: [TraceLedger.Entry], _ tooLongError: Int32?
  ) -> MTUStep.Outcome? {
    for outcome in probes.compactMap(\.outcome) {
      if let error = outcome.sendError, error == tooLongError { return .refused }
      guard let answer = outcome.answer else { continue }
      if case .error(let error) = answer, let mtu = error.report.nextHopMTU {
        return .tooBig(says: mtu, from: error.report.source)
      }
      return .passed(outcome.roundTrip?.duration ?? .zero)
    }
    return nil
  }

  /// The rest of the hop's probes, of the length that was found; when all are settled the hop is told.
  private mutating func measure(
    _ found: Int?, _ probes: [TraceLedger.Entry], at now: MonotonicInstant,
    _ effects: inout [TraceEffect<TraceReport>]
  ) -> Bool {
    // A hop that says nothing is asked as often as any other, whatever the size.
    let own = found == nil ? silentProbes : probes
    guard own.count >= configuration.queries else {
      for _ in own.count..<configuration.queries {
        send(timeToLive, sizing.size, at: now, &effects)
      }
      return false
    }
    let outcomes = own.prefix(configuration.queries).compactMap(\.outcome)
    guard outcomes.count == configuration.queries else { return false }
    tell(found, outcomes, &effects)
    return true
  }

  /// Without those that did not get here, unless routers go on to say so whatever the size is.
  private var silentProbes: [TraceLedger.Entry] {
    let all = (numbers[timeToLive] ?? []).compactMap { ledger[$0] }
    let silent = all.filter {
      $0.outcome?.sendError == nil && $0.outcome?.error?.nextHopMTU == nil
    }
    return all.count < 2 * HopSizing.mostSizes ? silent : all
  }

  private mutating func tell(
    _ found: Int?, _ outcomes: [TraceOutcome], _ effects: inout [TraceEffect<TraceReport>]
  ) {
    var hop = TraceHop(timeToLive: timeToLive, outcomes: outcomes)
    if let found {
      let isLess = isProven && found < longest
      var change: HopMTU.Change?
      if isLess || !isProven {
        change = HopMTU.Change(
          sizing.limit?.cause ?? .none, router: sizing.limit?.router,
          previous: isProven ? longest : nil, after: lastProven)
      }
      hop.mtu = HopMTU(found, change)
      (longest, isProven, lastProven) = (found, true, timeToLive)
    }
    effects.append(.report(.hop(hop)))
    if outcomes.contains(where: { $0.isFinal && $0.error?.nextHopMTU == nil }) {
      finalTTL = timeToLive
    }
    timeToLive += 1
    sizing = HopSizing(family, longest: longest)
    guard finalTTL != nil || timeToLive > configuration.maximumTTL else { return }
    isFinished = true
    effects.append(.finish)
  }
}

// MARK: - Sending

extension PathMTUTrace {
  private mutating func send(
    _ timeToLive: Int, _ size: Int, at now: MonotonicInstant,
    _ effects: inout [TraceEffect<TraceReport>]
  ) {
    guard !isReplay else { return }
    let request = ledger.add(
      timeToLive: UInt8(clamping: timeToLive), length: size, at: now)
    numbers[timeToLive, default: []].append(request.number)
    effects.append(.send(request))
  }

  /// One probe to each of the next hops, as long as nothing says that it is too long for them.
  private mutating func lookAhead(
    at now: MonotonicInstant, _ effects: inout [TraceEffect<TraceReport>]
  ) {
    let size = sizing.size
    guard isProven, size == longest || sizing.found != nil, timeToLive < configuration.maximumTTL
    else { return }
    let last = min(timeToLive + Self.lookahead, configuration.maximumTTL)
    for next in timeToLive...last {
      let sent = (numbers[next] ?? []).compactMap { ledger[$0] }
      let isFinal = sent.contains { $0.outcome?.isFinal ?? false }
      // Where a link is too narrow for the probes, or the target is, those behind say nothing new.
      if next == timeToLive, isFinal, sizing.found == nil { return }
      if next > timeToLive, !sent.contains(where: { $0.request.length == size }) {
        send(next, size, at: now, &effects)
      }
      if isFinal { return }
    }
  }
}

// MARK: - Replay

extension PathMTUTrace {
  /// A probe was sent, long ago.
  public mutating func replay(
    _ request: TraceRequest, _ timing: ProbeTiming
  ) -> [TraceEffect<TraceReport>] {
    guard !isFinished, ledger.add(replayed: request, timing) else { return [] }
    numbers[Int(request.timeToLive), default: []].append(request.number)
    return step(.timer, at: timing.clock.monotonic)
  }

  /// Nothing more was sent.
  public mutating func endReplay(at now: MonotonicInstant) -> [TraceEffect<TraceReport>] {
    step(.interrupted, at: now)
  }
}

// MARK: - Time

extension PathMTUTrace {
  private var openNumbers: [Int] { ledger.numbers.filter { ledger[$0]?.outcome == nil } }

  private mutating func expire(at now: MonotonicInstant) {
    guard ledger.waitingCount > 0 else { return }
    for number in openNumbers {
      if let expiry = expiry(of: number), expiry <= now { ledger.settle(number, .lost) }
    }
  }

  /// When a probe's time is up: four times what the hop has taken, or, of a hop that has said nothing, any
  /// hop; and a second at the least for those.
  private func expiry(of number: Int) -> MonotonicInstant? {
    guard let entry = ledger[number] else { return nil }
    let here = slowestAnswer(Int(entry.request.timeToLive))
    let anywhere = numbers.keys.compactMap { slowestAnswer($0) }.max()
    let wait =
      here.map { max(Nanoseconds($0.count * 4), Self.shortestTimeout) }
      ?? max(Nanoseconds((anywhere ?? .zero).count * 4), Self.usualTimeout)
    return entry.timing.clock.monotonic + min(wait, configuration.wait.maximum)
  }

  /// What a router before the hop says of the length is not the hop's own answer.
  private func slowestAnswer(_ timeToLive: Int) -> Nanoseconds? {
    (numbers[timeToLive] ?? []).compactMap { number in
      guard let outcome = ledger[number]?.outcome, outcome.error?.nextHopMTU == nil
      else { return nil }
      return outcome.roundTrip?.duration
    }.max()
  }
}
