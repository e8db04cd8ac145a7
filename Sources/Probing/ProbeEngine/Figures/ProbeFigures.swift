public import PacketWire

/// All figures of a target that take more than a few words, for some hundred targets: 20 to 30 KiB
/// each in a long run, most of it for the two histograms, and never more than 256 KiB. A value that was
/// told nothing has no memory beside itself. To take in an answer costs some 30 ns.
///
/// Probes are counted from 1 in the order of sending. Duplicates, corrupted answers and replies that
/// were rejected are not told here.
public struct ProbeFigures: Hashable, Sendable {
  /// How long first answers took.
  public private(set) var delays = DelayHistogram()
  /// How much that changed from one to the next.
  public private(set) var variation = DelayVariation()
  /// Whether they came in the order of sending.
  public private(set) var order = ReorderingMeter()
  /// When there were none.
  public private(set) var outages: OutageMeter
  /// How they came back.
  public private(set) var replyPath = ReplyPathMeter()
  /// Probes that were lost, met an error or could not be sent, and were not answered after that.
  public private(set) var lost = 0

  /// No probe yet. `leastLost` probes lost in a row make an outage.
  public init(leastLost: Int = 2) { outages = OutageMeter(leastLost: leastLost) }

  /// Takes in the first answer to a probe. One that comes late, when the probe was told as lost, counts
  /// for everything but outages.
  ///
  /// - Parameters:
  ///   - number: the probe.
  ///   - delay: its round trip.
  ///   - sentAt: when it was sent.
  ///   - timeToLive: what the answer had left of its TTL or hop limit, if known.
  ///   - trafficClass: the answer's TOS octet or traffic class, if known.
  ///   - wasLost: the probe was told as lost before.
  /// - Returns: whether it came back differently than the answer before it (`replyPath.changes`).
  @discardableResult
  public mutating func answered(
    _ number: UInt64, after delay: Nanoseconds, sentAt: MonotonicInstant, timeToLive: UInt8?,
    trafficClass: UInt8?, wasLost: Bool = false
  ) -> Bool {
    if wasLost { lost -= 1 }
    delays.add(delay)
    variation.add(delay, of: number)
    order.add(number)
    outages.settle(number, as: .answered, sentAt: sentAt)
    return replyPath.add(number, timeToLive: timeToLive, trafficClass: trafficClass)
  }

  /// Takes in that a probe was lost, met an error, or could not be sent.
  public mutating func lost(_ number: UInt64, sentAt: MonotonicInstant) {
    lost += 1
    outages.settle(number, as: .lost, sentAt: sentAt)
  }
}
