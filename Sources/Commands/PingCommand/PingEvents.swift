import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

/// The events of `ping-swift --json` (docs/OUTPUT.md). Each appends one line without its end.
struct PingEvents {
  /// Whom probes go to.
  var targets: PingTargets
  /// Where they come from, if that was asked of the routes.
  var source: IPAddress?
  /// ICMP payload, in octets.
  var payloadLength: Int
  /// What is asked instead of an echo.
  var question: ProbeQuestion?
  /// The type of the probes, if no answer is expected to it.
  var unanswered: ProbeType?
  /// When the session began, from which on outages are told.
  var startedAt = MonotonicInstant(nanoseconds: 0)

  func start(_ target: Int, at time: WallInstant, _ text: inout TextBuffer) {
    text.appendEvent("ping.start") { event in
      event.field("time_ns", time)
      append(target, to: &event)
      event.field("source", source)
      event.field("payload_bytes", payloadLength)
      event.field("type", type(targets.targets[target].address.family))
      event.field("expects_answers", unanswered == nil)
    }
  }

  private func type(_ family: IPFamily) -> UInt8 {
    unanswered?[family] ?? question?.requestType(family) ?? EchoRequest.echoType(family)
  }

  /// Who is asked, and by which of several ways.
  func append(_ target: Int, to event: inout JSONObject) {
    event.field("target", targets.name(of: target))
    event.field("address", targets.targets[target].address)
    if targets.flows > 1 { event.field("flow", target % targets.flows + 1) }
  }

  /// `facts` are an error's, if more is known of it than the report says.
  func report(
    _ report: PingReport, _ facts: ErrorFacts? = nil, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    switch report {
    case .reply(let answer): reply(answer, at: time, &text)
    case .answer(let answer): self.answer(answer, at: time, &text)
    case .error(let probe, let error): self.error(probe, error, facts, at: time, &text)
    case .sendFailed(let probe, let errorNumber):
      simple("ping.send_failed", probe, at: time, &text) { $0.field("errno", errorNumber) }
    case .outstanding(let probe): simple("ping.outstanding", probe, at: time, &text) { _ in }
    case .lost(let probe): simple("ping.lost", probe, at: time, &text) { _ in }
    case .rejected(let probe, let reply):
      simple("ping.rejected", probe, at: time, &text) { $0.field("from", reply.source) }
    case .unreachable(let target):
      simple("ping.unreachable", target, at: time, &text) { _ in }
    case .outage(let target, let outage):
      simple("ping.outage", target, at: time, &text) { $0.fields(of: outage, start: startedAt) }
    case .pathChange(let target, let change):
      simple("ping.path_change", target, at: time, &text) { $0.fields(of: change) }
    case .diagnosis(let diagnosis):
      simple("ping.diagnosis", diagnosis.target, at: time, &text) { $0.fields(of: diagnosis) }
    }
  }

  private func reply(_ answer: PingReply, at time: WallInstant, _ text: inout TextBuffer) {
    let name =
      !answer.reply.isChecksumValid
      ? "ping.corrupted"
      : answer.isDuplicate ? "ping.duplicate" : answer.isLate ? "ping.late" : "ping.reply"
    simple(name, answer.probe, at: time, &text) { event in
      event.field("from", answer.reply.source)
      event.field("ttl", answer.reply.timeToLive)
      event.field("bytes", answer.reply.length)
      event.field("rtt_ns", answer.roundTrip.duration)
      event.field("rtt_source", answer.roundTrip.source.rawValue)
      if name == "ping.reply", let parts = answer.roundTrip.parts {
        event.object("split_ns") { object in
          object.field("sending", parts.sending)
          object.field("queueing", parts.queueing)
          object.field("network", parts.network)
          object.field("receiving", parts.receiving)
        }
      }
      guard let damage = answer.reply.damage else { return }
      event.object("damage") { object in
        object.field("offset", damage.offset)
        object.field("expected", damage.expected)
        object.field("seen", damage.seen)
      }
    }
  }

  private func error(
    _ probe: PingProbe, _ error: ICMPErrorReport, _ facts: ErrorFacts?, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    simple("ping.error", probe, at: time, &text) { event in
      event.field("from", error.source)
      event.field("type", error.type)
      event.field("code", error.code)
      event.field("text", error.iputilsText)
      (facts ?? ErrorFacts(error)).appendFields(to: &event)
    }
  }

  func simple(
    _ name: String, _ probe: PingProbe, at time: WallInstant, _ text: inout TextBuffer,
    _ fields: (inout JSONObject) -> Void
  ) {
    simple(name, probe.target, at: time, &text) { event in
      event.field("seq", probe.number)
      fields(&event)
    }
  }

  private func simple(
    _ name: String, _ target: Int, at time: WallInstant, _ text: inout TextBuffer,
    _ fields: (inout JSONObject) -> Void
  ) {
    text.appendEvent(name) { event in
      event.field("time_ns", time)
      append(target, to: &event)
      fields(&event)
    }
  }

  func summary(
    _ target: Int, _ summary: PingSummary, figures: TargetFigures? = nil, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    simple("ping.summary", target, at: time, &text) { event in
      for (name, count) in [
        ("sent", summary.transmitted), ("received", summary.received),
        ("lost", unanswered == nil ? max(0, summary.transmitted - summary.received) : 0),
        ("duplicates", summary.duplicates), ("corrupted", summary.corrupted),
        ("late", summary.late), ("errors", summary.errors), ("rejected", summary.rejected),
      ] { event.field(name, count) }
      event.field("loss", unanswered == nil ? summary.lossRatio : nil)
      event.lossFields(figures)
      event.field("elapsed_ns", summary.elapsed)
      roundTrips(summary.rtt, figures, &event)
      event.figureFields(figures?.figures)
    }
  }

  private func roundTrips(
    _ rtt: RTTStatistics, _ figures: TargetFigures?, _ event: inout JSONObject
  ) {
    guard rtt.count > 0 else { return event.null("rtt_ns") }
    event.object("rtt_ns") { object in
      object.field("min", rtt.minimum)
      object.field("mean", Nanoseconds(rounding: rtt.mean))
      object.field("max", rtt.maximum)
      object.field("stddev", Nanoseconds(rounding: rtt.standardDeviation))
      object.quantileFields(figures?.figures.delays)
    }
  }
}
