import AddressOrigins
import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

/// The events of `traceroute-swift --json` (docs/OUTPUT.md). Each appends one line without its end.
struct TracerouteEvents: TraceEventWriter {
  /// The name as it was typed.
  var host: String
  /// How probes are made.
  var probe: TraceProbe
  var target: IPAddress { probe.target }
  /// The name of an address, if it is known.
  var name: (IPAddress) -> String?
  /// Who runs an address, if it is known.
  var origin: (IPAddress) -> AddressOrigin?
  /// In which country an address is, if that is known: two capital letters.
  var country: (IPAddress) -> String?
  /// Which of many targets it is, from zero.
  var index: Int?

  /// `queries` is nil where the number of probes a hop shows later.
  func start(
    hops: ClosedRange<Int>, queries: Int?, method: String, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    begin("trace.start", at: time, &text) { event in
      event.field("source", probe.source)
      event.field("method", method)
      event.field("first_ttl", hops.lowerBound)
      event.field("max_ttl", hops.upperBound)
      event.field("queries", queries)
      event.field("packet_bytes", probe.packetLength)
    }
  }

  func reply(
    timeToLive: Int, query: Int, _ outcome: TraceOutcome, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    begin("trace.reply", at: time, &text) { event in
      event.field("ttl", timeToLive)
      event.field("query", query)
      event.field("from", outcome.source)
      event.field("rtt_ns", outcome.roundTrip?.duration)
      event.field("rtt_source", outcome.roundTrip?.source.rawValue)
      event.field("icmp_type", outcome.error?.type)
      event.field("icmp_code", outcome.error?.code)
      event.field("answer_ttl", outcome.answer?.timeToLive)
      event.field("tcp", outcome.answer?.segmentWords)
      event.field("final", outcome.isFinal)
    }
  }

  func hop(_ hop: TraceHop, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.hop", at: time, &text) { event in
      event.field("ttl", hop.timeToLive)
      let address = hop.outcomes.lazy.compactMap(\.source).first
      event.field("address", address)
      event.field("name", address.flatMap(name))
      let origin = address.flatMap(origin)
      event.field("asn", origin?.numbers.first)
      event.field("as_name", origin?.name.map { SafeText.escaped($0) })
      event.field("prefix", origin?.block.description)
      event.field("country", address.flatMap(country))
      event.array("from") { array in
        for outcome in hop.outcomes { array.element(outcome.source) }
      }
      event.array("rtt_ns") { array in
        for outcome in hop.outcomes { array.element(outcome.roundTrip?.duration) }
      }
      let lost = hop.outcomes.count { $0.source == nil }
      event.field("loss", Double(lost) / Double(hop.outcomes.count))
      let extensions = hop.outcomes.lazy.compactMap(\.extensions).first
      event.array("mpls") { array in
        for label in extensions?.labels ?? [] { array.element(Int(label.label)) }
      }
      event.array("changed") { array in
        for field in hop.changedFields { array.element(field.name) }
      }
    }
  }

  func note(_ finding: TraceFinding, at time: WallInstant, _ text: inout TextBuffer) {
    var sentence = TextBuffer()
    sentence.append(finding)
    begin("trace.note", at: time, &text) { event in
      event.field("ttl", finding.hop == Int.max ? nil : finding.hop)
      event.field("kind", finding.kind)
      event.field("text", sentence.string)
    }
  }

  func change(
    _ fields: (inout JSONObject) -> Void, at time: WallInstant, _ text: inout TextBuffer
  ) {
    begin("trace.change", at: time, &text, fields)
  }

  func mtu(
    _ fields: (inout JSONObject) -> Void, at time: WallInstant, _ text: inout TextBuffer
  ) {
    begin("trace.mtu", at: time, &text, fields)
  }

  func end(_ session: some HopTracer, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.end", at: time, &text) { event in
      event.field("reached", session.isReached(probe.target))
      event.field("final_ttl", session.finalTTL)
      event.field("probes", session.ledger.count)
    }
  }
}

extension TraceHop {
  /// The fields that any answer quotes other than they were sent, in the order of the wire.
  var changedFields: [DatagramField] {
    let changed = Set(outcomes.flatMap(\.changedFields))
    return DatagramField.allCases.filter(changed.contains)
  }
}

extension TraceOutcome {
  /// The fields that the answer quotes other than they were sent.
  var changedFields: [DatagramField] {
    guard case .error(let error) = answer else { return [] }
    return error.alteration?.changes.map(\.field) ?? []
  }
}

extension TraceFinding {
  /// One word for programs.
  var kind: String {
    switch self {
    case .silentHops: "silent_hops"
    case .silence: "silence"
    case .limitedHop: "limited_hop"
    case .refusal: "refusal"
    case .loop: "loop"
    case .forwardedUsedUp: "forwarded_used_up"
    case .otherAddress: "other_address"
    case .severalAddresses: "several_addresses"
    case .wrongChecksum: "wrong_checksum"
    case .brokenExtensions: "broken_extensions"
    case .hopsLeft: "hops_left"
    }
  }
}
