import PacketWire

/// One of many traces, under way: it begins in the middle of the path and goes outward and back from there.
struct OngoingTrace: Sendable {
  /// A hop that probes are sent to.
  struct Hop: Sendable {
    /// How many probes it is to have.
    var wanted: Int
    /// Those that were sent.
    var numbers: [Int] = []
    /// What became of each; nil while it is waited for.
    var outcomes: [TraceOutcome?] = []
    /// The trace has gone on from it.
    var isSettled = false

    /// The router that the probes ran out at.
    var router: IPAddress? {
      outcomes.lazy.compactMap { $0 }.first { $0.answer != nil && !$0.isFinal }?.source
    }
    var hasAnswer: Bool { outcomes.contains { $0?.answer != nil } }
    /// All that was wanted was sent, and answered or given up.
    var isComplete: Bool { outcomes.count == wanted && outcomes.allSatisfy { $0 != nil } }
  }

  let target: Int
  let address: IPAddress
  /// Where it begins, if that is known already.
  private(set) var start = 0
  /// The probe that asks the target how far it is.
  var distanceProbe: Int?
  /// The TTL of the first of `hops`.
  private(set) var nearest = 0
  /// Without gaps, since it goes on hop by hop.
  private(set) var hops: [Hop] = []

  /// Why it goes no farther; nil while it does.
  var ending: ManyTrace.Ending?
  /// It asks no nearer hops any more.
  var isBackAtStart = false
  /// The least TTL at which the target or a refusal answered.
  var finalTTL: Int?
  var probes = 0
  var slowest: Nanoseconds?
  var sendError: Int32?

  /// In the local stop set: where the way back goes on, where the way outward does, and how many hops kept
  /// silent since then.
  var (back, front, silentHops) = (nil as Int?, nil as Int?, 0)
  /// The router in that set that it met, and need not go back behind.
  var joint: Int?
  /// The last TTL at which it met a router that was known.
  var lastShared: Int?

  init(target: Int, address: IPAddress) { (self.target, self.address) = (target, address) }

  /// Begins with the hop `start`.
  mutating func begin(at start: Int, probes: Int) {
    (self.start, nearest, distanceProbe) = (start, start, nil)
    hops = [Hop(wanted: probes)]
  }

  /// Nothing was asked yet.
  var isNew: Bool { hops.isEmpty && distanceProbe == nil }

  var farthest: Int { nearest + hops.count - 1 }

  subscript(timeToLive: Int) -> Hop? {
    get {
      let index = timeToLive - nearest
      return hops.indices.contains(index) ? hops[index] : nil
    }
    set {
      let index = timeToLive - nearest
      guard hops.indices.contains(index), let newValue else { return }
      hops[index] = newValue
    }
  }

  /// The next hop in either direction is to be asked.
  mutating func open(_ timeToLive: Int, probes: Int) {
    if timeToLive < nearest {
      hops.insert(Hop(wanted: probes), at: 0)
      nearest = timeToLive
    } else {
      hops.append(Hop(wanted: probes))
    }
  }

  /// A probe is sent.
  mutating func add(_ request: TraceRequest) {
    probes += 1
    let timeToLive = Int(request.timeToLive)
    guard var hop = self[timeToLive] else { return distanceProbe = request.number }
    hop.numbers.append(request.number)
    hop.outcomes.append(nil)
    self[timeToLive] = hop
  }

  /// Answers from there still matter.
  func asks(_ timeToLive: Int) -> Bool {
    if isNew { return true }
    guard let hop = self[timeToLive], !hop.isSettled else { return false }
    if timeToLive > start { return ending == nil }
    return timeToLive == start || !isBackAtStart
  }

  /// How many hops kept silent at the far end.
  var gap: Int { hops[(start - nearest)...].reversed().prefix { !$0.hasAnswer }.count }

  /// The router at the far end was met at two hops before, with others between some of them.
  var isLoop: Bool {
    guard let router = hops.last?.router else { return false }
    let places = hops.indices.filter { hops[$0].router == router }
    // A router that forwards what it should have dropped is met twice in a row.
    return places.count > 2 && places[places.count - 1] - places[0] >= places.count
  }

  /// The last TTL that is part of the path.
  var lastTTL: Int { finalTTL ?? farthest }

  /// The last TTL at which anybody answered.
  var lastAnswer: Int {
    (hops.lastIndex { $0.hasAnswer }).map { min($0 + nearest, lastTTL) } ?? nearest
  }
}
