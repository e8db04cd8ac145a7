import PacketWire

/// What one hop was asked, and what it made of the sizes: the part of `PathMTUTrace` that is of one hop.
struct HopSizing: Sendable {
  /// The size that is asked for now.
  private(set) var size: Int
  /// Nothing is left to be found: the longest that comes here, or nil if nobody answers.
  private(set) var found: Int??
  /// Why that is less than what was tried first.
  private(set) var limit: (cause: MTUResult.Limit, router: IPAddress?)?
  /// Somebody at this hop has answered.
  private(set) var isHeard = false

  private let family: IPFamily
  private var bounds: MTUBounds
  private var longest: Int
  private var asked = 0
  /// Silence may have been chance as long as nobody was heard; what was asked then is asked again.
  private var doubtful: Int?

  /// After so many sizes the hop is left with what is known of it, whatever routers say.
  static let mostSizes = 64
  /// A host that is told less than that does not believe it (RFC 1191 §3, RFC 8201 §4).
  private static func least(_ family: IPFamily) -> Int { family == .v4 ? 68 : 1_280 }

  init(_ family: IPFamily, longest: Int) {
    (self.family, self.longest, size) = (family, longest, longest)
    bounds = MTUBounds(family, longest: longest)
  }

  /// How many probes of the size may stay without an answer.
  var mostTries: Int {
    if isHeard { return MTUSearch.triesPerSize }
    // Silent at its full length, a hop is asked once whether it answers at all.
    return size == longest ? 2 : 1
  }

  /// Takes in what became of `size`, and finds the next one.
  mutating func note(_ outcome: MTUStep.Outcome) {
    asked += 1
    switch outcome {
    case .passed: notePassed(outcome)
    case .tooBig(let mtu, let router):
      limit = (.router, router)
      if mtu >= Self.least(family), mtu < size {
        restart(at: mtu)
      } else {
        // A router that names nothing (RFC 1191 §5), or nonsense.
        bounds.note(size, .tooBig(says: 0, from: router))
        proceed()
      }
    case .refused:
      limit = (.ownLink, nil)
      bounds.note(size, outcome)
      proceed()
    case .silent:
      if !isHeard { doubtful = size == longest ? size : doubtful }
      bounds.note(size, outcome)
      proceed()
    }
    if asked >= Self.mostSizes, found == nil { finish() }
  }

  private mutating func notePassed(_ outcome: MTUStep.Outcome) {
    isHeard = true
    let passed = size
    if let again = doubtful.take(), again > passed {
      bounds = MTUBounds(family, longest: longest)
      bounds.note(passed, outcome)
      size = again
      return
    }
    bounds.note(passed, outcome)
    proceed()
  }

  private mutating func restart(at mtu: Int) {
    (longest, size, doubtful) = (mtu, mtu, nil)
    bounds = MTUBounds(family, longest: mtu)
  }

  private mutating func proceed() {
    guard let next = bounds.next else { return finish() }
    size = next
  }

  private mutating func finish() {
    let result = bounds.result(probes: asked, isComplete: true)
    if let passing = result.passing, passing < longest, let cause = result.limit {
      limit = (cause, cause == .router ? limit?.router : nil)
    }
    size = result.passing ?? longest
    found = .some(result.passing)
  }
}
