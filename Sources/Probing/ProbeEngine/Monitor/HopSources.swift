public import PacketWire

/// Who answers at a hop, in the order of rounds: tells a path that has changed from a balancer that takes
/// its ways in turn.
///
/// Of a flow that keeps to its way a hop is one router's. It is another's once that one has answered twice in
/// a row and the first had the answers before: ten in all, with a single change among them. Three
/// changes among ten answers are no new path but several ways at once, until one of them has given 32 in a
/// row. So of the hops of a balancer that tosses a coin one in seventy is told as changed, once.
public struct HopSources: Hashable, Sendable {
  /// Whose hop it is.
  public private(set) var current: IPAddress?
  /// Several routers answer in turn.
  public private(set) var alternates = false
  /// The round in which the newest answers' source spoke first.
  public private(set) var newestSince = 0

  private var history = RecentValues<IPAddress>(limit: Self.window)

  /// How many answers in a row were the newest source's.
  private var run = 0

  private static let window = 10
  private static let longRun = 32

  /// Nobody yet.
  public init() {}

  /// Takes in who answered in a round.
  ///
  /// - Returns: whose hop it was, where it is clear now that it has become another's.
  public mutating func add(_ source: IPAddress, in round: Int) -> IPAddress? {
    if history.last != source { (newestSince, run) = (round, 0) }
    run += 1
    history.append(source)
    guard let before = current else {
      current = source
      return nil
    }
    let changes = (1..<history.count).count { history[$0] != history[$0 - 1] }
    if changes >= 3 { alternates = true }
    if alternates {
      if run >= Self.longRun { (alternates, current) = (false, source) }
      return nil
    }
    guard source != before, history.count == Self.window, changes <= 1, run >= 2 else { return nil }
    current = source
    return before
  }

  /// Another hop of the path has become another's: so has this one, if its newest answer says so.
  ///
  /// - Returns: whose hop it was, where it is another's now.
  public mutating func follow() -> IPAddress? {
    let changes = (1..<max(history.count, 1)).count { history[$0] != history[$0 - 1] }
    guard let before = current, let newest = history.last, newest != before, !alternates,
      changes <= 1
    else { return nil }
    current = newest
    return before
  }
}
