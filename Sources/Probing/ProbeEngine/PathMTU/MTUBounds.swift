import PacketWire

/// Between which sizes the path MTU lies, and where to look next.
struct MTUBounds: Sendable {
  /// Every host takes these (RFC 791 §3.1, RFC 8200 §5), and nearly every link.
  private let base: Int
  private let smallest: Int
  private let longest: Int
  private var passing: Int?
  private var failing: Int?
  private var failure: MTUStep.Outcome?
  /// What routers said, and who.
  private var said: [(mtu: Int, by: IPAddress?)] = []
  private var hint: Int?

  /// MTUs that links and tunnels have: IPv6's least, tunnels and VPNs, PPPoE, Ethernet, jumbo frames.
  private static let common = [1280, 1400, 1420, 1454, 1480, 1492, 1500, 9000]
  /// One router after the other may name its MTU; more than this is noise.
  private static let mostSaid = 64

  init(_ family: IPFamily, longest: Int) {
    self.longest = longest
    smallest = min(longest, family == .v4 ? 68 : 1280)
    base = min(longest, family == .v4 ? 576 : 1280)
  }

  /// The size to be tried next; `nil` when there is nothing left to find.
  var next: Int? {
    guard let passing else {
      if failing == nil { return base }
      guard let failing, failing > smallest else { return nil }
      if let hint = hinted(between: smallest - 1, and: failing) { return hint }
      // What this host's own link refuses costs nothing: the longest first.
      guard failure == .refused else { return smallest }
      return Self.common.last { $0 >= smallest && $0 < failing } ?? smallest
    }
    let above = failing ?? longest + 1
    guard above - passing > 1 else { return nil }
    if let hint = hinted(between: passing, and: above) { return hint }
    // A size that a router named, or a common one, passes: is it the largest?
    let isLikely = Self.common.contains(passing) || said.contains { $0.mtu == passing }
    if isLikely, failing != nil || passing != base { return passing + 1 }
    let common = Self.common.filter { $0 > passing && $0 < above }
    if failing == nil { return common.last { $0 <= 1500 } ?? common.first ?? longest }
    return common.isEmpty ? passing + (above - passing) / 2 : common[common.count / 2]
  }

  private func hinted(between low: Int, and high: Int) -> Int? {
    hint.flatMap { $0 > low && $0 < high ? $0 : nil }
  }

  /// Takes in what became of a size.
  mutating func note(_ size: Int, _ outcome: MTUStep.Outcome) {
    if case .passed = outcome {
      passing = max(passing ?? 0, size)
      return
    }
    if size <= failing ?? .max { (failing, failure) = (size, outcome) }
    guard case .tooBig(let mtu, let router) = outcome else { return }
    hint = mtu
    if said.count < Self.mostSaid { said.append((mtu, router)) }
  }

  func result(probes: Int, isComplete: Bool) -> MTUResult {
    let isExact = isComplete && passing != nil
    return MTUResult(
      passing: passing, failing: failing, limit: passing.map { limit($0) },
      misleading: isExact ? misleading : [], probes: probes, isExact: isExact)
  }

  private func limit(_ passing: Int) -> MTUResult.Limit {
    switch failure {
    case nil, .passed: .none
    case .tooBig: .router
    case .refused: .ownLink
    // A router that names a size once may be silent the next time, for it limits its errors.
    case .silent: said.contains { $0.mtu == passing } ? .router : .blackHole
    }
  }

  /// Routers that named less than passes. More than that is no lie: a narrower link may follow.
  private var misleading: [IPAddress] {
    var found: [IPAddress] = []
    for (mtu, router) in said where mtu != 0 && mtu < passing ?? 0 {
      if let router, !found.contains(router) { found.append(router) }
    }
    return found
  }
}
