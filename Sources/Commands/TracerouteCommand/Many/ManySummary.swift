import EventJSON
import PacketText
import PacketWire
import ProbeEngine

/// What tracing many targets came to.
struct ManySummary {
  var totals: ManyTotals
  /// How many there were to trace.
  var targets: Int
  /// To how many nothing could be sent.
  var failures: Int
  var duration: Nanoseconds

  private var unfinished: Int { targets - totals.traces }

  /// `1000 targets, 998 reached: 4099 probes in 8.2 s, 11931 saved (74 %)`
  var sentence: String {
    var text = TextBuffer()
    text.append(decimal: targets)
    text.append(targets == 1 ? " target, " : " targets, ")
    text.append(decimal: totals.reached)
    text.append(" reached")
    append(failures, " not sent to", &text)
    append(unfinished, " not finished", &text)
    text.append(": ")
    text.append(decimal: totals.probes)
    text.append(totals.probes == 1 ? " probe in " : " probes in ")
    text.append(duration, in: .seconds, decimals: 1)
    text.append(" s")
    if totals.saved > 0 {
      text.append(", ")
      text.append(decimal: totals.saved)
      text.append(" saved (")
      text.append(decimal: totals.saved * 100 / (totals.saved + totals.probes))
      text.append(" %)")
    } else if totals.saved < 0 {
      text.append(", ")
      text.append(decimal: -totals.saved)
      text.append(" more than without stop sets")
    }
    return text.string
  }

  private func append(_ count: Int, _ words: String, _ text: inout TextBuffer) {
    guard count > 0 else { return }
    text.append(", ")
    text.append(decimal: count)
    text.append(words)
  }

  /// The same for programs (docs/OUTPUT.md).
  func event(at time: WallInstant, _ text: inout TextBuffer) {
    text.appendEvent("trace.many_end") { event in
      event.field("time_ns", time)
      event.field("targets", targets)
      event.field("reached", totals.reached)
      event.field("not_sent", failures)
      event.field("unfinished", unfinished)
      event.field("probes", totals.probes)
      event.field("probes_saved", totals.saved)
      event.field("duration_ns", duration)
    }
  }
}

extension TracerouteText {
  /// ` 2  name (addr) <known>`: a hop that another trace has found.
  func hop(_ hop: KnownHop, _ text: inout TextBuffer) {
    let start = text.count
    text.append(decimal: hop.timeToLive)
    text.padLeft(from: start, to: 2)
    text.append("  ")
    if let address = hop.address { appendPeer(address, &text) } else { text.append("*") }
    text.append(" <known>")
  }
}

extension TracerouteEvents {
  /// A hop that the trace to `other` has found, and that was not asked for this target.
  func hop(
    _ hop: KnownHop, foundFor other: IPAddress, at time: WallInstant, _ text: inout TextBuffer
  ) {
    begin("trace.hop", at: time, &text) { event in
      event.field("ttl", hop.timeToLive)
      event.field("address", hop.address)
      event.field("name", hop.address.flatMap(name))
      for field in ["asn", "as_name", "prefix", "country"] { event.null(field) }
      for field in ["from", "rtt_ns"] { event.array(field) { _ in } }
      event.null("loss")
      for field in ["mpls", "changed"] { event.array(field) { _ in } }
      event.field("known_from", other)
    }
  }

  func end(_ trace: ManyTrace, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.end", at: time, &text) { event in
      event.field("reached", trace.ending == .target)
      event.field("final_ttl", trace.finalTTL)
      event.field("probes", trace.probes)
      event.field("ending", trace.ending.rawValue)
    }
  }
}
