public import PacketWire

/// Something about a trace that is worth a sentence.
public enum TraceFinding: Hashable, Sendable {
  /// Nobody answered at these hops, but somebody behind them did: they forward and keep silent.
  case silentHops(ClosedRange<Int>)
  /// Nobody answered from this hop on, and the target was not reached.
  case silence(from: Int)
  /// A hop answered some of its probes only, while all were answered behind it: it limits its errors, which
  /// says nothing about what it forwards.
  case limitedHop(Int, answered: Int, of: Int)
  /// Somebody refused to forward, or to deliver.
  case refusal(at: Int, ICMPErrorReport)
  /// The same router at several hops, with others between them: packets go in circles.
  case loop(IPAddress, hops: [Int])
  /// The same router twice in a row: the first of the two hops forwarded what it should have dropped.
  case forwardedUsedUp(by: Int, seenBy: IPAddress)
  /// The target answered, and gave another address as its own.
  case otherAddress(IPAddress)
  /// Several addresses answered at one hop, although all probes were of one flow.
  case severalAddresses(at: Int, [IPAddress])
  /// The ICMP checksum of an answer was wrong.
  case wrongChecksum(at: Int, IPAddress?)
  /// Extensions that were wrong or could not be read.
  case brokenExtensions(at: Int, IPAddress?)
  /// A probe arrived with more hops left than it can have had, by so many: hops are hidden, in a tunnel or
  /// behind labels, or the router takes hops only when it drops.
  case hopsLeft(at: Int, UInt8)
}

extension TraceFinding {
  /// What is to be said of a finished trace, in the order of the hops.
  ///
  /// - Parameters:
  ///   - hops: all of them, in order.
  ///   - target: where the probes were going.
  ///   - isSingleFlow: routers that balance by flow have sent all probes one way.
  /// - Returns: what was found; empty for a trace without surprises.
  public static func findings(
    in hops: [TraceHop], target: IPAddress, isSingleFlow: Bool
  ) -> [TraceFinding] {
    let path = FoundPath(hops: hops, target: target)
    var findings = path.silences + path.loops
    for hop in hops {
      findings += path.limit(of: hop) + path.faults(of: hop)
      if isSingleFlow, hop.addresses.count > 1, !path.isLast(hop) {
        findings.append(.severalAddresses(at: hop.timeToLive, hop.addresses))
      }
    }
    return (findings + path.end).sorted { $0.hop < $1.hop }
  }

  /// The hop that it is about; for what is about the end, one behind all.
  public var hop: Int {
    switch self {
    case .silentHops(let hops): hops.lowerBound
    case .silence(let hop), .limitedHop(let hop, _, _), .refusal(let hop, _),
      .forwardedUsedUp(let hop, _), .severalAddresses(let hop, _), .wrongChecksum(let hop, _),
      .brokenExtensions(let hop, _), .hopsLeft(let hop, _):
      hop
    case .loop(_, let hops): hops.first ?? 0
    case .otherAddress: Int.max
    }
  }
}

extension TraceHop {
  /// Who answered, each once, in the order of the probes.
  public var addresses: [IPAddress] {
    var seen: [IPAddress] = []
    for source in outcomes.compactMap(\.source) where !seen.contains(source) { seen.append(source) }
    return seen
  }

  /// How many of the probes were answered.
  var answeredCount: Int { outcomes.count { $0.answer != nil } }
}

/// The hops of a trace, looked at for what is unusual.
struct FoundPath {
  let hops: [TraceHop]
  let target: IPAddress

  func isLast(_ hop: TraceHop) -> Bool { hop.timeToLive == hops.last?.timeToLive }

  private var lastAnswer: Int? { hops.last { $0.answeredCount > 0 }?.timeToLive }

  /// Runs of hops without an answer.
  var silences: [TraceFinding] {
    var findings: [TraceFinding] = []
    var start: Int?
    for hop in hops {
      if hop.answeredCount == 0 {
        start = start ?? hop.timeToLive
      } else if let first = start {
        findings.append(.silentHops(first...hop.timeToLive - 1))
        start = nil
      }
    }
    if let start { findings.append(.silence(from: start)) }
    return findings
  }

  /// Addresses that come back.
  var loops: [TraceFinding] {
    var places: [(address: IPAddress, hops: [Int])] = []
    for hop in hops {
      for address in hop.addresses where !(isLast(hop) && address == target) {
        if let index = places.firstIndex(where: { $0.address == address }) {
          places[index].hops.append(hop.timeToLive)
        } else {
          places.append((address, [hop.timeToLive]))
        }
      }
    }
    return places.filter { $0.hops.count > 1 }.map { place in
      let isTwiceInARow = place.hops.count == 2 && place.hops[1] == place.hops[0] + 1
      return isTwiceInARow
        ? .forwardedUsedUp(by: place.hops[0], seenBy: place.address)
        : .loop(place.address, hops: place.hops)
    }
  }

  /// Loss of a hop's own that does not go on.
  func limit(of hop: TraceHop) -> [TraceFinding] {
    let count = hop.answeredCount
    guard count > 0, count < hop.outcomes.count else { return [] }
    let behind = hops.filter { $0.timeToLive > hop.timeToLive && $0.answeredCount > 0 }
    guard behind.contains(where: { $0.answeredCount == $0.outcomes.count }) else { return [] }
    return [.limitedHop(hop.timeToLive, answered: count, of: hop.outcomes.count)]
  }

  /// What is wrong with the answers themselves, each kind once a hop.
  func faults(of hop: TraceHop) -> [TraceFinding] {
    var findings: [TraceFinding] = []
    for outcome in hop.outcomes {
      guard case .error(let error) = outcome.answer else { continue }
      let source = error.report.source
      if error.detail?.isChecksumRight == false {
        findings.append(.wrongChecksum(at: hop.timeToLive, source))
      }
      if let extensions = error.detail?.extensions,
        extensions.problem != nil || extensions.isChecksumRight == false
      {
        findings.append(.brokenExtensions(at: hop.timeToLive, source))
      }
      if case .left(let count)? = error.alteration?.hopsLeft {
        findings.append(.hopsLeft(at: hop.timeToLive, count))
      }
    }
    var seen: Set<TraceFinding> = []
    return findings.filter { seen.insert($0).inserted }
  }

  /// How the trace ended.
  var end: [TraceFinding] {
    guard let last = hops.last, let outcome = last.outcomes.first(where: \.isFinal),
      let source = outcome.source
    else { return [] }
    if let error = outcome.error, !error.isFromTarget {
      return [.refusal(at: last.timeToLive, error)]
    }
    return source == target ? [] : [.otherAddress(source)]
  }
}
