import EventJSON
import PacketText
import PacketWire
import ProbeEngine

/// The events of `--rate-limit --json` (docs/OUTPUT.md). Each appends one line without its end.
struct RateLimitEvents: TraceEventWriter {
  /// The name as it was typed.
  var host: String
  /// How probes are made.
  var probe: TraceProbe
  var target: IPAddress { probe.target }
  /// The name of an address, if it is known.
  var name: (IPAddress) -> String?

  func start(
    _ configuration: RateLimitTrace.Configuration, method: String, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    let events = TracerouteEvents(
      host: host, probe: probe, name: { _ in nil }, origin: { _ in nil }, country: { _ in nil })
    let path = configuration.path
    events.start(
      hops: path.firstTTL...path.maximumTTL, queries: nil, method: method, at: time, &text)
  }

  func hop(_ hop: HopRateLimit, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.rate_limit", at: time, &text) { event in
      event.field("ttl", hop.timeToLive)
      event.field("address", hop.addresses.first)
      event.field("name", hop.addresses.first.flatMap(name))
      event.array("from") { array in for address in hop.addresses { array.element(address) } }
      event.field("sent", hop.loss.sent)
      event.field("answered", hop.loss.sent - hop.loss.lost)
      event.field("fastest", hop.fastest)
      event.field("finding", hop.finding.word)
      let fit = hop.finding.fit
      event.field("rate", fit?.rate ?? hop.finding.roughRate)
      event.field("rate_from", fit?.rates.lowerBound)
      event.field("rate_to", fit?.rates.upperBound)
      event.field("burst", fit?.burst)
      event.field("burst_from", fit?.bursts.lowerBound)
      event.field("burst_to", fit?.bursts.upperBound)
      event.field("loss", fit?.loss ?? (hop.finding == .unlimited ? hop.loss.ratio : nil))
    }
  }

  func note(
    _ kind: String, _ timeToLive: Int?, _ sentence: String, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    begin("trace.note", at: time, &text) { event in
      event.field("ttl", timeToLive)
      event.field("kind", kind)
      event.field("text", sentence)
    }
  }

  func end(_ engine: RateLimitTrace, at time: WallInstant, _ text: inout TextBuffer) {
    let hops = engine.results
    let target = hops.first { $0.addresses.contains(probe.target) }
    begin("trace.end", at: time, &text) { event in
      event.field("reached", target != nil)
      event.field(
        "final_ttl", (target ?? hops.first { $0.finding == .target })?.timeToLive)
      event.field("probes", engine.ledger.count)
    }
  }
}

extension HopRateLimit.Finding {
  /// In events.
  var word: String {
    switch self {
    case .limited: "limited"
    case .unlimited: "unlimited"
    case .irregular: "irregular"
    case .silent: "silent"
    case .target: "target"
    case .unfinished: "unfinished"
    }
  }

  /// The bucket, where there is one.
  var fit: TokenBucketFit? {
    if case .limited(let fit) = self { fit } else { nil }
  }

  /// Answers a second, where no bucket explains them.
  var roughRate: Double? {
    if case .irregular(let rate) = self { rate } else { nil }
  }
}
