public import PacketWire

/// Finds outages in what became of probes, told in whatever order that is known.
///
/// An answer is there long before a loss is sure, so that outcomes come out of order. They wait here,
/// as runs of alike ones, until that of every probe before them is known; 1 024 runs are let wait, and
/// then probes whose outcome is still unknown are passed over (`unknown`). Memory is bounded: 40 KiB
/// of runs at the most, and 1 000 outages; the totals count all.
public struct OutageMeter: Hashable, Sendable {
  /// What became of a probe. One that met an ICMP error, or that the kernel refused, is lost.
  public enum Outcome: Hashable, Sendable {
    case answered
    case lost
  }

  /// How many probes in a row have to be lost for an outage.
  public let leastLost: Int
  /// The outages that are over, the last 1 000 of them.
  public private(set) var outages = RecentValues<Outage>(limit: 1_000)
  /// Probes that all outages together cost, the one that goes on not among them.
  public private(set) var lost = 0
  /// How long all of them took.
  public private(set) var length = Nanoseconds.zero
  /// How long the longest one took.
  public private(set) var longest = Nanoseconds.zero
  /// Losses of fewer probes in a row than make an outage.
  public private(set) var shortLosses = 0
  /// Probes that were passed over because too many were waiting for their outcome.
  public private(set) var unknown = 0

  /// Probes one after the other with one outcome.
  private struct Run: Hashable {
    var outcome: Outcome
    var first: UInt64
    var last: UInt64
    /// When the first one was sent.
    var start: MonotonicInstant
  }

  /// All before this one are known.
  private var next: UInt64 = 1
  /// What is known behind it, in order.
  private var waiting: [Run] = []
  /// Lost probes that no answered one has ended.
  private var open: Outage?

  private static let waitingLimit = 1_024

  /// Nothing is known yet.
  ///
  /// - Parameter leastLost: how many probes in a row make an outage. Two by default: a single lost
  ///   packet is what networks do every day and what the loss already says, while two in a row are
  ///   the sign that something was down.
  public init(leastLost: Int = 2) { self.leastLost = max(leastLost, 1) }

  /// Takes in what became of a probe; what is said a second time of the same one changes nothing.
  ///
  /// - Parameters:
  ///   - number: the probe, counted from 1. Every probe settles at some time, or those behind it wait.
  ///   - outcome: what became of it.
  ///   - sentAt: when it was sent.
  public mutating func settle(
    _ number: UInt64, as outcome: Outcome, sentAt: MonotonicInstant
  ) {
    guard number >= next else { return }
    let run = Run(outcome: outcome, first: number, last: number, start: sentAt)
    if number == next, waiting.isEmpty { return take(run) }
    insert(run)
    guard waiting.first?.first == next || waiting.count > Self.waitingLimit else { return }
    release()
  }

  /// The outage that goes on, if one does: no `end`, and `lastLost` the last that is known.
  public var ongoing: Outage? {
    open.flatMap { $0.lost >= leastLost ? $0 : nil }
  }
}

// MARK: - Order

extension OutageMeter {
  /// Puts a run of one probe in its place, as a part of one beside it where that has its outcome.
  private mutating func insert(_ run: Run) {
    // The place behind all runs that begin before it, nearly always the last.
    var place = waiting.count
    while place > 0, waiting[place - 1].first > run.first { place -= 1 }
    if place > 0 {
      let before = waiting[place - 1]
      if before.last >= run.first { return }
      if before.last + 1 == run.first, before.outcome == run.outcome {
        waiting[place - 1].last = run.last
        return joinNeighbours(at: place - 1)
      }
    }
    if place < waiting.count {
      let behind = waiting[place]
      if behind.first - 1 == run.last, behind.outcome == run.outcome {
        (waiting[place].first, waiting[place].start) = (run.first, run.start)
        return
      }
    }
    waiting.insert(run, at: place)
  }

  private mutating func joinNeighbours(at place: Int) {
    guard place + 1 < waiting.count else { return }
    let (left, right) = (waiting[place], waiting[place + 1])
    guard left.last + 1 == right.first, left.outcome == right.outcome else { return }
    waiting[place].last = right.last
    waiting.remove(at: place + 1)
  }

  /// Takes what nothing is missing before, and a quarter of all when too many wait.
  private mutating func release() {
    let surplus = waiting.count > Self.waitingLimit ? Self.waitingLimit / 4 : 0
    var taken = 0
    while taken < waiting.count, taken < surplus || waiting[taken].first == next {
      take(waiting[taken])
      taken += 1
    }
    waiting.removeFirst(taken)
  }

  private mutating func take(_ run: Run) {
    unknown += Int(clamping: run.first - next)
    next = run.last &+ 1
    switch run.outcome {
    case .lost:
      let count = Int(clamping: run.last - run.first) &+ 1
      guard let outage = open else {
        open = Outage(
          firstLost: run.first, lastLost: run.last, lost: count, start: run.start, end: nil)
        return
      }
      open?.lastLost = run.last
      open?.lost = outage.lost &+ count
    case .answered:
      if let outage = open { close(outage, at: run.start) }
    }
  }

  private mutating func close(_ outage: Outage, at end: MonotonicInstant) {
    open = nil
    guard outage.lost >= leastLost else {
      shortLosses += 1
      return
    }
    var outage = outage
    outage.end = end
    outages.append(outage)
    lost += outage.lost
    let length = end - outage.start
    self.length = self.length + length
    longest = max(longest, length)
  }
}
