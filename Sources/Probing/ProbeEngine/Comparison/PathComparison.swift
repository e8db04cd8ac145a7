public import PacketWire

/// Two traces of a path beside each other, and what has changed from the one to the other.
///
/// Hops are put beside each other where the same router answers, as many of them as can be in order; what is
/// between those has changed. A hop that says nothing is the same as any other such hop in its place, for
/// nobody can know.
public struct PathComparison: Hashable, Sendable {
  /// Two hops that stand for each other, or one that has no other.
  public struct Row: Hashable, Sendable {
    /// What happened to it.
    public enum Change: String, Hashable, Sendable, CaseIterable {
      /// The same router answers at both, or nobody does.
      case none
      /// Another router answers.
      case replaced
      /// The path has a hop less.
      case gone
      /// The path has a hop more.
      case new
      /// Who answered says nothing now.
      case silenced
      /// Where nobody answered somebody does.
      case heard
      /// Some of those that answered are the same, others are not.
      case mixed
    }

    /// The hop of the first trace.
    public var before: PathSketch.Hop?
    /// The hop of the second.
    public var after: PathSketch.Hop?
    /// What happened.
    public var change: Change
  }

  /// A change of the time to the end of the path.
  public struct Delay: Hashable, Sendable {
    /// The shortest round trip to it, before.
    public var before: Nanoseconds
    /// The shortest one now.
    public var after: Nanoseconds
    /// Place among `rows` of the hop from which on the times differ by at least half as much.
    public var from: Int
  }

  /// The first trace.
  public let before: PathSketch
  /// The second one.
  public let after: PathSketch
  /// All hops, from the first to the last.
  public let rows: [Row]
  /// The time to the end of the path is another; nil where it is not, or too little is known.
  public let delay: Delay?

  /// Compares two traces of a path.
  public init(_ before: PathSketch, _ after: PathSketch) {
    (self.before, self.after) = (before, after)
    rows = Self.rows(before, after)
    delay = Self.delay(rows)
  }

  /// Links that the one has and the other has not, between routers that both know; nil where one of them did
  /// not look for all ways.
  public var links: (gone: [PathSketch.Link], new: [PathSketch.Link])? {
    guard let old = before.links, let new = after.links else { return nil }
    let known = Set(before.hops.flatMap(\.addresses))
      .intersection(after.hops.flatMap(\.addresses))
    func sorted(_ links: Set<PathSketch.Link>) -> [PathSketch.Link] {
      links.filter { known.contains($0.from) && known.contains($0.to) }
        .sorted { ("\($0.from)", "\($0.to)") < ("\($1.from)", "\($1.to)") }
    }
    return (sorted(old.subtracting(new)), sorted(new.subtracting(old)))
  }

  /// Something but delays has changed.
  public var hasChangedRoute: Bool {
    rows.contains { ![.none, .silenced, .heard].contains($0.change) }
      || before.isReached != after.isReached
      || links.map { !$0.gone.isEmpty || !$0.new.isEmpty } ?? false
  }
}

// MARK: - Which hops stand for each other

extension PathComparison {
  private static func rows(_ one: PathSketch, _ other: PathSketch) -> [Row] {
    let (before, after) = (one.hops, other.hops)
    // A single flow passes some of all routers that a discovery finds.
    let sizes = [(one.links == nil, true), (other.links == nil, false)].filter(\.0).map(\.1)
    let single = sizes.count == 1 ? sizes[0] : nil
    var rows: [Row] = []
    var (i, j) = (0, 0)
    for (nextI, nextJ) in matches(before, after) + [(before.count, after.count)] {
      rows += between(before[i..<nextI], after[j..<nextJ])
      guard nextI < before.count, nextJ < after.count else { break }
      let (old, new) = (Set(before[nextI].addresses), Set(after[nextJ].addresses))
      let isSame =
        old == new || single == true && old.isSubset(of: new)
        || single == false && new.isSubset(of: old)
      rows.append(
        Row(before: before[nextI], after: after[nextJ], change: isSame ? .none : .mixed))
      (i, j) = (nextI + 1, nextJ + 1)
    }
    return rows
  }

  /// The longest common order (Needleman and Wunsch, 1970): a router that answers in both counts for more than silence in both.
  private static func matches(
    _ before: [PathSketch.Hop], _ after: [PathSketch.Hop]
  ) -> [(Int, Int)] {
    let width = after.count + 1
    var best = [Int](repeating: 0, count: (before.count + 1) * width)
    for i in before.indices.reversed() {
      for j in after.indices.reversed() {
        best[i * width + j] = max(
          best[(i + 1) * width + j], best[i * width + j + 1],
          best[(i + 1) * width + j + 1] + likeness(before[i], after[j]))
      }
    }
    var matches: [(Int, Int)] = []
    var (i, j) = (0, 0)
    while i < before.count, j < after.count {
      let likeness = likeness(before[i], after[j])
      if likeness > 0, best[i * width + j] == best[(i + 1) * width + j + 1] + likeness {
        matches.append((i, j))
        (i, j) = (i + 1, j + 1)
      } else if best[i * width + j] == best[(i + 1) * width + j] {
        i += 1
      } else {
        j += 1
      }
    }
    return matches
  }

  private static func likeness(_ one: PathSketch.Hop, _ other: PathSketch.Hop) -> Int {
    if one.isSilent, other.isSilent { return 1 }
    return Set(one.addresses).isDisjoint(with: other.addresses) ? 0 : 1_000
  }

  /// Hops of which none is the other's: in the same order, those that are left over gone or new.
  private static func between(
    _ before: ArraySlice<PathSketch.Hop>, _ after: ArraySlice<PathSketch.Hop>
  ) -> [Row] {
    let pairs = zip(before, after).map { old, new in
      Row(
        before: old, after: new,
        change: new.isSilent ? .silenced : old.isSilent ? .heard : .replaced)
    }
    return pairs
      + before.dropFirst(pairs.count).map { Row(before: $0, after: nil, change: .gone) }
      + after.dropFirst(pairs.count).map { Row(before: nil, after: $0, change: .new) }
  }
}

// MARK: - Delays

extension PathComparison {
  /// Smaller differences are the weather.
  private static let leastDelay = Nanoseconds(500_000)

  /// By how much the shortest round trip has become longer, where all that were measured then are shorter
  /// than all that are measured now, or the other way round.
  private static func growth(_ row: Row) -> Nanoseconds? {
    guard let old = row.before?.delays, let new = row.after?.delays, old.count > 1, new.count > 1
    else { return nil }
    let isApart = old.maximum < new.minimum || new.maximum < old.minimum
    let growth = new.minimum - old.minimum
    return isApart && max(growth, .zero - growth) >= leastDelay ? growth : .zero
  }

  /// Routers take their time for answers: only what goes on to the end counts.
  private static func delay(_ rows: [Row]) -> Delay? {
    guard let last = rows.last, [.none, .mixed].contains(last.change), let total = growth(last),
      total != .zero, let old = last.before?.delays, let new = last.after?.delays
    else { return nil }
    var from: Int?
    // What was last as before, as it is now.
    var unchanged = Nanoseconds.zero
    for (place, row) in rows.enumerated() {
      if let growth = growth(row) {
        let isAlike =
          total > .zero ? growth.count >= total.count / 2 : growth.count <= total.count / 2
        from = isAlike ? from ?? place : nil
        if !isAlike, let delays = row.after?.delays { unchanged = delays.minimum }
      } else if row.before == nil, let delays = row.after?.delays, delays.count > 0,
        (delays.minimum - unchanged).count >= max(total.count / 2, 1)
      {
        // A new hop has nothing to be compared with but the one before it.
        from = from ?? place
      }
    }
    return Delay(before: old.minimum, after: new.minimum, from: from ?? rows.count - 1)
  }
}
