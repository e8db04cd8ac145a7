import PacketWire

/// Who is to be asked again, in a session that wants one answer from each target.
struct AskingState: Sendable {
  let retries: PingSession.Retries
  /// Targets that have answered or were given up.
  private(set) var settledCount = 0
  private var isGivenUp: [Bool]

  /// Targets whose time was up, in the order in which that was, with the attempt that is next.
  private var due = SerialQueue<(target: Int, attempt: UInt8)>()
  /// The probes of each attempt but the first, in the order in which they were sent.
  private var asked: [SerialQueue<UInt64>]

  init(_ retries: PingSession.Retries, targets: Int) {
    self.retries = retries
    isGivenUp = [Bool](repeating: false, count: targets)
    asked = [SerialQueue<UInt64>](repeating: SerialQueue(), count: retries.count)
  }

  /// The next target to be asked again; those that have answered meanwhile are passed over.
  mutating func nextDue(_ summaries: [PingSummary]) -> (target: Int, attempt: UInt8)? {
    while let next = due.popFirst() {
      if summaries[next.target].received == 0 { return next }
    }
    return nil
  }

  mutating func asked(_ serial: UInt64, attempt: UInt8) {
    asked[Int(attempt) - 1].append(serial)
  }

  func oldest(of attempt: UInt8) -> UInt64? {
    asked.indices.contains(Int(attempt) - 1) ? asked[Int(attempt) - 1].first : nil
  }

  mutating func dropOldest(of attempt: UInt8) { _ = asked[Int(attempt) - 1].popFirst() }

  /// A target has answered for the first time.
  mutating func answered(_ target: Int) {
    if !isGivenUp[target] { settledCount += 1 }
  }

  /// Somebody may have to be asked again.
  var hasDue: Bool { due.first != nil }

  /// A probe's time was up. Returns whether it was the target's last one.
  mutating func gaveUp(on target: Int, attempt: UInt8) -> Bool {
    guard Int(attempt) >= retries.count else {
      due.append((target, attempt + 1))
      return false
    }
    isGivenUp[target] = true
    settledCount += 1
    return true
  }

  /// What answers of this network need is known after so many of them.
  private static let samplesWanted = 16
  /// A host that has to look up its neighbour's link address first may take this long.
  private static let shortest = Nanoseconds.milliseconds(60)
  /// The last attempt is waited for at least this long.
  private static let shortestLast = Nanoseconds.milliseconds(250)

  /// How long an answer to an attempt may take: `initial` times the back-off; or, when enough answers
  /// have come to know what they need, four times the longest of them.
  func timeout(
    of attempt: UInt8, initial: Nanoseconds, longest: Nanoseconds, samples: Int
  ) -> Nanoseconds {
    var first = initial
    if retries.adapts, samples >= Self.samplesWanted {
      first = min(initial, max(Nanoseconds(min(longest.count, 1 << 60) * 4), Self.shortest))
    }
    var factor = 1.0
    for _ in 0..<attempt { factor *= retries.backoff }
    let wait = Nanoseconds(Int64(min(Double(first.count) * factor, 1e18)))
    return Int(attempt) == retries.count && retries.adapts ? max(wait, Self.shortestLast) : wait
  }
}

/// First in, first out, in an array whose used up front is cut off from time to time.
struct SerialQueue<Element: Sendable>: Sendable {
  private var items: [Element] = []
  private var head = 0

  var first: Element? { head < items.count ? items[head] : nil }

  mutating func append(_ item: Element) { items.append(item) }

  mutating func popFirst() -> Element? {
    guard head < items.count else { return nil }
    defer {
      head += 1
      if head > 1024, head * 2 > items.count {
        items.removeFirst(head)
        head = 0
      }
    }
    return items[head]
  }
}
