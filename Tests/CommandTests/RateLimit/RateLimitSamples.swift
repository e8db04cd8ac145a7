import PacketWire

@testable import ProbeEngine
@testable import TracerouteCommand

/// Hops with every finding, and what is printed of them.
enum RateLimitSamples {
  static let probe = TraceProbe(
    target: .v4(IPv4Address(203, 0, 113, 80)), source: .v4(IPv4Address(198, 18, 0, 2)),
    method: .udp(sourcePort: 61_001, destinationPort: 33_434), packetLength: 60,
    cookies: KeyedCookie(key: 1, 2))

  static func router(_ timeToLive: Int, _ host: UInt8 = 1) -> IPAddress {
    .v4(IPv4Address(198, 18, UInt8(timeToLive), host))
  }

  static func hop(
    _ timeToLive: Int, lost: Int, of sent: Int, _ finding: HopRateLimit.Finding,
    addresses: [IPAddress]? = nil
  ) -> HopRateLimit {
    let isAsked = finding != .silent && finding != .target
    return HopRateLimit(
      timeToLive: timeToLive, addresses: addresses ?? [router(timeToLive)],
      loss: LossInterval(lost: lost, of: sent), fastest: isAsked ? 100 : nil, finding: finding)
  }

  /// A bucket, as its fit finds it: so many errors a second and at once, asked 20 times a second.
  static func limited(_ rate: Double, _ burst: Int, seconds: Int = 10) -> HopRateLimit.Finding {
    var level = Double(burst)
    let probes = (0..<20 * seconds).map { place in
      let isAnswered = level >= 1
      level = min(Double(burst), level - (isAnswered ? 1 : 0) + rate / 20)
      return TokenBucketFit.Probe(seconds: Double(place) / 20, isAnswered: isAnswered)
    }
    return TokenBucketFit(probes, fastest: 100).map { .limited($0) } ?? .unfinished
  }

  static let all: [HopRateLimit] = [
    hop(1, lost: 0, of: 213, .unlimited), hop(2, lost: 31, of: 55, limited(1, 6)),
    hop(3, lost: 3, of: 3, .silent, addresses: []),
    hop(4, lost: 100, of: 213, .irregular(40)),
    hop(5, lost: 80, of: 97, limited(2.37, 1), addresses: [router(5), router(5, 2)]),
    hop(6, lost: 20, of: 23, limited(0.01, 3, seconds: 3)),
    hop(7, lost: 0, of: 3, .unfinished),
    hop(8, lost: 0, of: 3, .target, addresses: [probe.target]),
  ]

  private static func name(_ address: IPAddress) -> String? {
    address == router(1) ? "r1.example.test" : nil
  }

  static var text: RateLimitText {
    RateLimitText(host: "www.example.test", probe: probe, name: name)
  }

  static let lines: [String] = {
    let events = RateLimitEvents(host: "www.example.test", probe: probe, name: name)
    let time = EventSamples.time
    let configuration = RateLimitTrace.Configuration()
    return [
      EventSamples.line { events.start(configuration, method: "udp", at: time, &$0) }
    ]
      + all.map { hop in EventSamples.line { events.hop(hop, at: time, &$0) } }
      + text.sentences(all, configuration).map { note in
        EventSamples.line { events.note(note.kind, note.timeToLive, note.text, at: time, &$0) }
      }
      + [EventSamples.line { events.end(RateLimitTrace(configuration), at: time, &$0) }]
  }()
}
