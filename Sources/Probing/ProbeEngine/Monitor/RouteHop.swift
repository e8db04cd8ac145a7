public import PacketWire

/// What a monitor knows of a hop, in constant space: about 12 KiB, and never more than 90.
public struct RouteHop: Hashable, Sendable {
  /// One of those that answered.
  public struct Source: Hashable, Sendable {
    /// Who.
    public let address: IPAddress
    /// How long its answers took; their number is its share.
    public fileprivate(set) var delays = RTTStatistics()
  }

  /// TTL or hop limit of its probes.
  public let timeToLive: Int
  /// Probes sent to it, those that are still waited for too.
  public private(set) var sent = 0
  /// Probes answered, late or not.
  public private(set) var answered = 0
  /// Answers that came when the probe had been given up.
  public private(set) var late = 0
  /// Probes without an answer, but for those that `silent` counts.
  public private(set) var lost = 0
  /// Probes without an answer on paths whose router at this hop never said anything: a path that changes to
  /// such a router loses nothing.
  public private(set) var silent = 0
  /// How long answers took.
  public private(set) var delays = RTTStatistics()
  /// Their geometric mean, which few slow answers hardly change.
  public private(set) var geometricMean = GeometricMean()
  /// The same, for quantiles.
  public private(set) var histogram = DelayHistogram()
  /// How much that changed.
  public private(set) var variation = DelayVariation()
  /// The newest answer's.
  public private(set) var last: Nanoseconds?
  /// By how much it differed from the one before.
  public private(set) var lastChange: Nanoseconds?
  /// What became of the last probes, by rounds of their flow, from 1.
  public private(set) var recent = RecentDelays(limit: Self.recentLimit)
  /// Who answered, in the order of their first answers; at most `sourceLimit`.
  public private(set) var sources: [Source] = []
  /// Whose hop it is.
  public internal(set) var owner = HopSources()
  /// The newest answer, if it says that probes get no farther although it is not the target's.
  public private(set) var refusal: ICMPErrorReport?

  /// How many of those that answer are held apart.
  public static let sourceLimit = 16
  private static let recentLimit = 256

  /// Probes with smaller numbers do not count any more.
  private var base = 0
  /// A router that passes probes on answered here.
  private var hasForwarded = false
  /// Of the path as it is now: probes given up before the first answer; nil if there was one, or the path has
  /// never changed.
  private var silentSoFar: Int?
  /// The round of that first answer, and how many probes before it count as lost for it.
  private var firstWord = FirstWord()
  /// Probes given up one after the other, up to now.
  private var lostInARow = 0

  private struct FirstWord: Hashable {
    var round = 0
    var lost = 0
  }

  init(_ timeToLive: Int) { self.timeToLive = timeToLive }

  /// How much of what is known was lost.
  public var loss: LossInterval { LossInterval(lost: lost, of: lost + answered) }

  /// Probes whose fate is not known yet.
  public var waiting: Int { max(0, sent - answered - lost - silent) }

  /// Whose hop it is, or who answered there last.
  public var address: IPAddress? { owner.current ?? sources.first?.address }
}

// MARK: - What happens

extension RouteHop {
  func counts(_ number: Int) -> Bool { number >= base }

  mutating func send() { sent += 1 }

  /// The probe went beyond the target, as it turned out, and was none to this hop.
  mutating func takeBack() { sent = max(0, sent - 1) }

  /// Nobody but the target has answered here, which is at an earlier hop, as it turned out before a second
  /// round: forget it all.
  mutating func forgetTarget(before number: Int) {
    guard !hasForwarded, sent <= 1 else { return }
    self = RouteHop(timeToLive)
    base = number
  }

  /// Forgets all figures; who answers where stays known.
  mutating func reset(before number: Int) {
    let (owner, hasForwarded) = (owner, hasForwarded)
    self = RouteHop(timeToLive)
    (base, self.owner, self.hasForwarded) = (number, owner, hasForwarded)
  }

  mutating func giveUp(in round: Int) {
    lostInARow += 1
    recent.set(UInt64(round), to: .lost)
    guard let count = silentSoFar else { return lost += 1 }
    silentSoFar = count + 1
    silent += 1
  }

  mutating func take(_ outcome: TraceOutcome, wasLost: Bool, in round: Int) {
    guard let source = outcome.source, let delay = outcome.roundTrip?.duration else { return }
    speak(in: round)
    if wasLost {
      late += 1
      lost = max(0, lost - 1)
    }
    answered += 1
    lostInARow = 0
    if let last { lastChange = Nanoseconds(abs((delay - last).count)) }
    last = delay
    delays.add(delay)
    geometricMean.add(delay)
    histogram.add(delay)
    variation.add(delay, of: UInt64(round))
    recent.set(UInt64(round), to: .answered(delay))
    if !outcome.isFinal { hasForwarded = true }
    refusal = outcome.isFinal && !outcome.isFromTarget ? outcome.error : nil
    add(source, delay)
  }

  private mutating func add(_ source: IPAddress, _ delay: Nanoseconds) {
    if let place = sources.firstIndex(where: { $0.address == source }) {
      sources[place].delays.add(delay)
    } else if sources.count < Self.sourceLimit {
      var new = Source(address: source)
      new.delays.add(delay)
      sources.append(new)
    }
  }

  /// Whoever is there now does answer: what it left unanswered was lost.
  private mutating func speak(in round: Int) {
    guard let count = silentSoFar else { return }
    lost += count
    silent -= count
    silentSoFar = nil
    firstWord = FirstWord(round: round, lost: count)
  }

  /// The path is another one, since `round`, as round `now` makes clear: whoever is at this hop has yet to
  /// say something.
  mutating func beginPath(since round: Int, now: Int) {
    let unanswered = min(lostInARow, now - round + 1)
    var moved = answered == 0 ? lost : silentSoFar == nil ? unanswered : 0
    // Who answered then was not who had said nothing before.
    if firstWord.round >= round { moved += firstWord.lost }
    moved = min(moved, lost)
    lost -= moved
    silent += moved
    silentSoFar = unanswered > 0 ? unanswered : nil
    firstWord = FirstWord()
  }
}

extension TraceOutcome {
  /// The target itself answered.
  public var isFromTarget: Bool {
    switch answer {
    case .reply: true
    case .error(let error): isFinal && error.report.isFromTarget
    case nil: false
    }
  }
}
