import PacketWire

/// Finds the last hop that answers, hop by hop from this host on.
///
/// Up to four hops behind the last one that answered are asked at once: routers that never answer are
/// common, four of them in a row are not. Where all of those are silent they are asked once more, for
/// routers limit how many errors they send; then those up to where the target is supposed to be.
struct HopSearch: Hashable, Sendable {
  /// So many probes at the most.
  static let budget = 30
  /// Between two of them.
  static let pace = Nanoseconds.milliseconds(50)
  private static let window = 4
  private static let furthest = 30

  /// What is to be done next.
  enum Step: Hashable {
    case send(timeToLive: UInt8)
    case wait(until: MonotonicInstant)
    case done
  }

  private struct Asked: Hashable {
    var sequenceNumber: UInt16
    var serial: UInt64
    var timeToLive: Int
    var sentAt: MonotonicInstant
    var isAnswered = false
  }

  let target: Int
  private let expectedHop: Int?
  private let patience: Nanoseconds
  private var asked: [Asked] = []
  private var hops: [PathDiagnosis.Hop] = []
  private var end: PathDiagnosis.Finding?
  private var nextSendAt = MonotonicInstant(nanoseconds: .min)

  /// A search that has not begun.
  ///
  /// - Parameters:
  ///   - target: the index of who does not answer.
  ///   - expectedHop: where it should be, if that is known.
  ///   - patience: how long an answer may take.
  init(target: Int, expectedHop: Int?, patience: Nanoseconds) {
    (self.target, self.expectedHop, self.patience) = (target, expectedHop, patience)
  }

  /// What has been found.
  var result: PathDiagnosis {
    PathDiagnosis(
      target: target, finding: end ?? .silence, hops: hops, probeCount: asked.count,
      expectedHop: expectedHop)
  }

  var probeCount: Int { asked.count }

  /// What is to be done at `now`.
  func step(at now: MonotonicInstant) -> Step {
    guard end == nil else { return .done }
    guard asked.count < Self.budget, let next = nextTimeToLive(at: now) else {
      return deadline(at: now).map { .wait(until: $0) } ?? .done
    }
    return nextSendAt <= now ? .send(timeToLive: next) : .wait(until: nextSendAt)
  }

  /// A probe was sent.
  mutating func sent(
    timeToLive: UInt8, sequenceNumber: UInt16, serial: UInt64, at now: MonotonicInstant
  ) {
    asked.append(
      Asked(
        sequenceNumber: sequenceNumber, serial: serial, timeToLive: Int(timeToLive), sentAt: now))
    nextSendAt = now + Self.pace
  }

  /// Which of the probes had this sequence number.
  func serial(of sequenceNumber: UInt16) -> UInt64? {
    asked.first { $0.sequenceNumber == sequenceNumber }?.serial
  }

  /// A probe was answered.
  ///
  /// - Parameters:
  ///   - sequenceNumber: which one.
  ///   - address: by whom.
  ///   - error: with what; `nil` for an echo reply.
  ///   - now: when.
  mutating func answered(
    _ sequenceNumber: UInt16, by address: IPAddress?, _ error: ICMPErrorReport?,
    at now: MonotonicInstant
  ) {
    guard let index = asked.firstIndex(where: { $0.sequenceNumber == sequenceNumber }),
      !asked[index].isAnswered
    else { return }
    asked[index].isAnswered = true
    let probe = asked[index]
    take(
      PathDiagnosis.Hop(
        timeToLive: UInt8(clamping: probe.timeToLive), address: address, error: error,
        roundTrip: max(now - probe.sentAt, .zero)))
  }

  private mutating func take(_ hop: PathDiagnosis.Hop) {
    guard !hops.contains(where: { $0.timeToLive == hop.timeToLive }) else { return }
    let place = hops.firstIndex { $0.timeToLive > hop.timeToLive } ?? hops.count
    hops.insert(hop, at: place)
    if hop.error?.isTimeExceeded == true {
      // The same router at three distances: a loop. At two neighbouring ones a router may have sent the
      // probe on with no hop left.
      if hops.count(where: { $0.address == hop.address }) >= 3 { finish(.loop, at: hop) }
    } else {
      finish(hop.error == nil ? .answer : .refusal, at: hop)
    }
  }

  /// What is known of hops behind the one that says how it is does not matter any more.
  private mutating func finish(_ finding: PathDiagnosis.Finding, at hop: PathDiagnosis.Hop) {
    end = finding
    if finding != .loop { hops.removeAll { $0.timeToLive > hop.timeToLive } }
  }
}

// MARK: - Whom to ask

extension HopSearch {
  private var lastAnswered: Int { hops.last.map { Int($0.timeToLive) } ?? 0 }

  /// Hops behind this one are not asked.
  private var limit: Int {
    min(Self.furthest, expectedHop.map { max($0, lastAnswered + 1) } ?? Self.furthest)
  }

  private func nextTimeToLive(at now: MonotonicInstant) -> UInt8? {
    let newest = asked.map(\.timeToLive).max() ?? 0
    let windowEnd = min(lastAnswered + Self.window, limit)
    if newest < windowEnd { return UInt8(clamping: newest + 1) }
    let waiting = asked.filter { $0.timeToLive > lastAnswered && $0.sentAt + patience > now }
    let once = (lastAnswered..<windowEnd).lazy.map { $0 + 1 }.filter { timeToLive in
      asked.count { $0.timeToLive == timeToLive } == 1
    }
    if let again = once.first {
      let isWaiting = waiting.contains { once.contains($0.timeToLive) }
      return isWaiting ? nil : UInt8(clamping: again)
    }
    // Behind the window, where it is known how far that is.
    guard expectedHop != nil, newest < limit,
      !waiting.contains(where: { $0.timeToLive <= windowEnd })
    else { return nil }
    return UInt8(clamping: newest + 1)
  }

  /// When the last of the probes that may tell more is given up; `nil` when there is none.
  private func deadline(at now: MonotonicInstant) -> MonotonicInstant? {
    asked.lazy
      .filter { !$0.isAnswered && $0.timeToLive > lastAnswered }
      .map { $0.sentAt + patience }.filter { $0 > now }.max()
  }
}
