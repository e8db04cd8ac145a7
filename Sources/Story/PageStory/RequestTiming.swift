public import FlowAnalysis
public import PacketWire

/// Where one request's time went: what it needed, one after the other, as curl's `-w` and the
/// waterfalls of browsers have it. The phases follow each other without a gap, so that they add up.
public struct RequestTiming: Hashable, Sendable {
  /// What a request needs, in order. What it did not need takes no time.
  public enum Phase: Int, Hashable, Sendable, CaseIterable {
    /// From the first question for the name to the last answer that was used.
    case nameLookup
    /// Up to the handshake's third packet; attempts that failed count.
    case connect
    /// Up to the keys' confirmation.
    case tls
    /// Up to the request's last octet.
    case request
    /// Up to the answer's first octet.
    case wait
    /// Up to the answer's last octet.
    case content

    /// A heading for a person.
    public var name: String {
      switch self {
      case .nameLookup: "name look-up"
      case .connect: "connect"
      case .tls: "TLS"
      case .request: "request"
      case .wait: "wait"
      case .content: "content"
      }
    }

    /// A word for programs.
    public var keyword: String {
      switch self {
      case .nameLookup: "name_lookup"
      default: name.lowercased()
      }
    }
  }

  /// What the label of an enciphered one ends with, behind the server's name.
  static let seal = ", enciphered"

  /// The connection.
  public var flow: FlowID?
  /// What was asked for, or with whom nobody can see what. Printable ASCII.
  public var label: String
  /// The answer's status and reason; empty without one, and when it is enciphered. Printable ASCII.
  public var status = ""
  /// Octets of the answer: its body, or the records that hide it.
  public var octets: Int64 = 0
  /// What is said is enciphered: all of a connection counts as one request.
  public var isEnciphered = false
  /// Who asked.
  public var client: IPAddress?
  /// The packet in which the request begins.
  public var packet: Int
  /// When the first phase began, since the first packet of the capture.
  public var start: Nanoseconds
  /// When each phase was over, by `Phase.rawValue`, never falling; fewer than there are phases when
  /// the answer, or its end, is not in the capture.
  public var ends: [Nanoseconds] = []

  /// All phases were seen.
  public var isWhole: Bool { ends.count == Phase.allCases.count }
  /// When the last phase that was seen was over.
  public var end: Nanoseconds { ends.last ?? start }

  /// When a phase began and ended; nil when it was not seen.
  public func span(_ phase: Phase) -> Range<Nanoseconds>? {
    guard phase.rawValue < ends.count else { return nil }
    return (phase.rawValue == 0 ? start : ends[phase.rawValue - 1])..<ends[phase.rawValue]
  }

  /// How long a phase took; nil when it was not seen.
  public func duration(_ phase: Phase) -> Nanoseconds? {
    span(phase).map { $0.upperBound - $0.lowerBound }
  }
}

/// Requests that one client made without a pause of a second: a page, as far as packets can tell.
public struct PageTime: Hashable, Sendable {
  /// Who asked.
  public var client: IPAddress?
  /// What was asked for first. Printable ASCII.
  public var label: String
  /// How many requests.
  public var requests: Int
  /// When the first one began, since the first packet of the capture.
  public var start: Nanoseconds
  /// When the last one was over.
  public var end: Nanoseconds
  /// How long each phase was at work, by `RequestTiming.Phase.rawValue`; an instant at which several
  /// were counts for the last of them. With `idle` these add up to the whole.
  public var shares: [Nanoseconds]
  /// How long nothing was.
  public var idle: Nanoseconds

  /// From the first need to the last octet.
  public var duration: Nanoseconds { end - start }
}

extension [RequestTiming] {
  /// The pause between two requests from which on they are no longer one page.
  private static var longestPause: Nanoseconds { .seconds(1) }

  /// The requests as pages, by start. `self` is ordered by start.
  func pages(atMost limit: Int) -> [PageTime] {
    var groups: [(client: IPAddress?, end: Nanoseconds, members: [RequestTiming])] = []
    for timing in self {
      if let place = groups.lastIndex(where: { $0.client == timing.client }),
        timing.start <= groups[place].end + Self.longestPause
      {
        groups[place].end = Swift.max(groups[place].end, timing.end)
        groups[place].members.append(timing)
      } else if groups.count < limit {
        groups.append((timing.client, timing.end, [timing]))
      }
    }
    return groups.compactMap { PageTime($0.members) }
  }
}

extension PageTime {
  /// Adds requests up; nil of none.
  fileprivate init?(_ requests: [RequestTiming]) {
    guard let first = requests.first else { return nil }
    (client, label, self.requests) = (first.client, first.label, requests.count)
    (start, end) = (first.start, requests.map(\.end).max() ?? first.start)
    shares = [Nanoseconds](repeating: .zero, count: RequestTiming.Phase.allCases.count)
    idle = .zero
    // Between two marks nothing changes.
    var marks: [(time: Nanoseconds, phase: Int, change: Int)] = []
    for request in requests {
      for phase in RequestTiming.Phase.allCases {
        guard let span = request.span(phase), !span.isEmpty else { continue }
        marks.append((span.lowerBound, phase.rawValue, 1))
        marks.append((span.upperBound, phase.rawValue, -1))
      }
    }
    marks.sort { $0.time < $1.time }
    var active = [Int](repeating: 0, count: shares.count)
    var now = start
    for mark in marks {
      let time = mark.time - now
      if let phase = active.lastIndex(where: { $0 > 0 }) {
        shares[phase] = shares[phase] + time
      } else {
        idle = idle + time
      }
      active[mark.phase] += mark.change
      now = mark.time
    }
    // A request that took no time at all may be the last.
    idle = idle + (end - now)
  }
}
