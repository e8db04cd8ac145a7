/// How many answers came behind those to later probes, and how far behind: RFC 4737's reordering, by
/// the order of sending.
///
/// Each probe's first answer is taken in, late ones too where they are counted as received. Duplicates
/// are not: they would all be reordered (RFC 4737 §3.2 has each packet once). Over a round trip either
/// way, or the answering host itself, can have changed the order.
///
/// Memory is constant, some 2 KiB: what came in order is one run, and 64 runs are remembered.
public struct ReorderingMeter: Hashable, Sendable {
  /// Answers taken in.
  public private(set) var arrived = 0
  /// Those of them that are reordered (RFC 4737 §3.3): an answer to a later probe was there before.
  public private(set) var reordered = 0
  /// The largest extent (RFC 4737 §4.2.2): how many answers ago the first one came in that should have
  /// come later.
  public private(set) var largestExtent = 0
  /// Reordered answers whose extent is not less than what was counted, but may be more: what came
  /// when they were due is forgotten.
  public private(set) var clippedExtents = 0

  /// Answers in order that came one after the other to probes that were sent one after the other.
  private struct Run: Hashable {
    var firstNumber: UInt64
    /// Which answer that was, from 1.
    var firstPlace: Int
    var count: UInt64

    var lastNumber: UInt64 { firstNumber &+ count &- 1 }
    /// Which answer the next one of this run would be.
    var endPlace: Int { firstPlace + Int(clamping: count) }
  }

  private var runs = RecentValues<Run>(limit: 64)
  /// RFC 4737's NextExp: an answer to a probe before this one is reordered.
  private var nextExpected: UInt64 = 0
  private var extentSum = 0.0

  /// No answer yet.
  public init() {}

  /// Takes in the first answer to a probe.
  ///
  /// - Parameter number: the probe, counted in the order of sending.
  /// - Returns: the answer's extent if it is reordered.
  @discardableResult
  public mutating func add(_ number: UInt64) -> Int? {
    arrived += 1
    guard number >= nextExpected else { return addReordered(number) }
    let place = runs.count - 1
    // In order, and nothing between it and the one before.
    if place >= 0, number == nextExpected, runs[place].endPlace == arrived {
      runs[place].count += 1
    } else {
      runs.append(Run(firstNumber: number, firstPlace: arrived, count: 1))
    }
    nextExpected = number &+ 1
    return nil
  }

  private mutating func addReordered(_ number: UInt64) -> Int {
    reordered += 1
    // The first answer that should have come later came in order itself, for it was later than all
    // before it. So it is in the oldest run that reaches beyond this probe.
    var place = runs.count - 1
    while place > 0, runs[place - 1].lastNumber > number { place -= 1 }
    let run = runs[place]
    if place == 0, runs.dropped > 0, number < run.firstNumber { clippedExtents += 1 }
    let skipped = number < run.firstNumber ? 0 : number - run.firstNumber + 1
    let extent = arrived - run.firstPlace - Int(clamping: skipped)
    largestExtent = max(largestExtent, extent)
    extentSum += Double(extent)
    return extent
  }

  /// RFC 4737 §4.1: the share of reordered answers among all, 0 to 1.
  public var ratio: Double { arrived == 0 ? 0 : Double(reordered) / Double(arrived) }

  /// The mean extent of reordered answers; nil when there is none.
  public var meanExtent: Double? { reordered == 0 ? nil : extentSum / Double(reordered) }
}
