/// Where traces begin.
///
/// A trace that begins anywhere between the last hop that it shares with others and its end asks each of its hops
/// once. One that begins nearer asks known hops again, one that begins farther asks beyond the end: a probe
/// for each hop in between.
///
/// The target's own answer to a probe tells how far it is (Huang, Rabinovich and Al-Dalky, "FlashRoute", 2020),
/// which costs a probe, and a wait where it is silent. Where that does not pay, and for targets that are silent, it
/// is the TTL that would have wasted the fewest probes on the traces before.
struct FirstHopChoice: Sendable {
  /// What is tried before anything is known.
  static let guess = 6
  /// So many traces are remembered at the most; then the old ones count half.
  private static let memory: UInt32 = 1_024
  /// So many traces have to be known before they are believed.
  private static let trial: UInt32 = 16

  /// By TTL, of how many traces it was the last one shared.
  private var shared = [UInt32](repeating: 0, count: 256)
  /// By TTL, of how many traces it was the last one that answered.
  private var ends = [UInt32](repeating: 0, count: 256)
  private var count: UInt32 = 0
  /// How many of the traces were answered by their targets.
  private var reached: UInt32 = 0

  /// A trace is over.
  mutating func note(lastShared: Int, end: Int, isReached: Bool) {
    if isReached { reached += 1 }
    shared[min(max(lastShared, 0), 255)] += 1
    ends[min(max(end, 0), 255)] += 1
    count += 1
    guard count >= Self.memory else { return }
    for index in shared.indices {
      shared[index] /= 2
      ends[index] /= 2
    }
    count = shared.reduce(0, +)
    reached /= 2
  }

  /// To ask targets how far they are costs less than it spares. That is tried before it is known.
  func asksTarget(in hops: ClosedRange<Int>) -> Bool {
    guard count >= Self.trial else { return true }
    let share = Double(reached) / Double(count)
    return share * Double(waste(from: best(in: hops))) > Double(count)
  }

  private func waste(from start: Int) -> UInt64 {
    var waste: UInt64 = 0
    for index in shared.indices {
      if index > start { waste += UInt64(index - start) * UInt64(shared[index]) }
      if index < start { waste += UInt64(start - index) * UInt64(ends[index]) }
    }
    return waste
  }

  /// Of several that are as good as each other it is the one in the middle.
  func best(in hops: ClosedRange<Int>) -> Int {
    guard count > 0 else { return min(max(Self.guess, hops.lowerBound), hops.upperBound) }
    // One hop farther spares a probe for each trace that shares more, and wastes one for each that has ended.
    var slope = ends[0...min(hops.lowerBound, 255)].reduce(0) { $0 + Int64($1) }
    slope -= shared[min(hops.lowerBound + 1, 256)...].reduce(0) { $0 + Int64($1) }
    var (start, nearest) = (hops.lowerBound, nil as Int?)
    while start < hops.upperBound, slope <= 0 {
      if slope == 0, nearest == nil { nearest = start }
      start += 1
      slope += Int64(ends[min(start, 255)]) + Int64(shared[min(start, 255)])
    }
    return ((nearest ?? start) + start) / 2
  }
}

extension TraceOutcome {
  /// The TTL that would have been enough for this answer of a target's, if that can be told: by what an error
  /// quotes of the probe's, or by what is left of a reply's own, which began with 64, 128 or 255.
  var distance: Int? {
    guard isFinal else { return nil }
    if case .error(let error) = answer, case .taken(let routers)? = error.alteration?.hopsLeft {
      return routers + 1
    }
    guard let left = answer?.timeToLive, left > 0 else { return nil }
    return ([64, 128].first { $0 >= Int(left) } ?? 255) - Int(left) + 1
  }
}
