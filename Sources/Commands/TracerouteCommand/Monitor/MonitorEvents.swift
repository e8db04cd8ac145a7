import EventJSON
import PacketText
import PacketWire
import ProbeEngine

/// The events of `traceroute-swift --monitor --json` (docs/OUTPUT.md). Each appends one line without its end.
struct MonitorEvents: TraceEventWriter {
  /// The name as it was typed.
  var host: String
  /// How probes are made.
  var probe: TraceProbe
  var target: IPAddress { probe.target }
  /// The name of an address, if it is known.
  var name: (IPAddress) -> String?

  func start(
    _ configuration: RouteMonitor.Configuration, method: String, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    begin("trace.monitor", at: time, &text) { event in
      event.field("source", probe.source)
      event.field("method", method)
      event.field("first_ttl", configuration.firstTTL)
      event.field("max_ttl", configuration.maximumTTL)
      event.field("packet_bytes", probe.packetLength)
      event.field("interval_ns", configuration.interval)
      event.field("rounds", configuration.rounds)
      event.field("flows", configuration.flows)
      event.field("adds_flows", configuration.addsFlows)
    }
  }

  func round(_ round: RouteRound, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.round", at: time, &text) { event in
      event.field("round", round.number)
      event.field("flow", round.flow)
      event.field("reached", round.isReached)
      event.array("hops") { array in
        for hop in round.hops {
          array.object { object in
            object.field("ttl", hop.timeToLive)
            object.field("address", hop.outcome.source)
            object.field("rtt_ns", hop.outcome.roundTrip?.duration)
          }
        }
      }
    }
  }

  /// `since` is the time of `change.since`.
  func change(
    _ change: RouteChange, since: WallInstant, at time: WallInstant, _ text: inout TextBuffer
  ) {
    begin("trace.path_change", at: time, &text) { event in
      event.field("round", change.round)
      event.field("flow", change.flow)
      event.field("since_ns", since)
      event.array("hops") { array in
        for hop in change.hops {
          array.object { object in
            object.field("ttl", hop.timeToLive)
            object.field("from", hop.before)
            object.field("to", hop.after)
          }
        }
      }
    }
  }

  func verdict(_ flow: RouteFlow, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.loss", at: time, &text) { event in
      event.field("flow", flow.number)
      event.field("finding", flow.verdict.finding.word)
      var range: ClosedRange<Int>?
      if case .loss(let first, let last) = flow.verdict.finding { range = first...last }
      event.field("from_ttl", range?.lowerBound)
      event.field("to_ttl", range?.upperBound)
      Self.loss(flow.loss, &event)
      for (name, kind) in [("own", RouteVerdict.HopLoss.own), ("silent", .silent)] {
        event.array(name) { array in
          for (hop, verdict) in zip(flow.hops, flow.verdict.hops) where verdict == kind {
            array.element(hop.timeToLive)
          }
        }
      }
    }
  }

  /// A hop's figures at the end.
  func figures(
    _ hop: RouteHop, _ kind: RouteVerdict.HopLoss, of flow: RouteFlow, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    begin("trace.figures", at: time, &text) { event in
      event.field("flow", flow.number)
      event.field("ttl", hop.timeToLive)
      event.field("address", hop.address)
      event.field("name", hop.address.flatMap(name))
      event.field("sent", hop.sent)
      event.field("answered", hop.answered)
      event.field("late", hop.late)
      event.field("lost", hop.lost)
      event.field("silent", hop.silent)
      Self.loss(hop.loss, &event)
      event.field("kind", kind.word)
      event.field("jitter_ns", hop.jitter)
      if hop.answered > 0 {
        event.object("rtt_ns") { Self.delays(hop, &$0) }
      } else {
        event.null("rtt_ns")
      }
      event.field("alternates", hop.owner.alternates)
      event.array("sources") { array in
        for source in hop.sources {
          array.object { object in
            object.field("address", source.address)
            object.field("name", name(source.address))
            object.field("answers", source.delays.count)
            object.field("mean_ns", Nanoseconds(Int64(source.delays.mean.rounded())))
          }
        }
      }
    }
  }

  func end(_ flow: RouteFlow, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.monitor_end", at: time, &text) { event in
      event.field("flow", flow.number)
      event.field("reached", flow.isReached)
      event.field("final_ttl", flow.finalTTL)
      event.field("rounds", flow.loss.sent)
      event.field("lost", flow.loss.lost)
      Self.loss(flow.loss, &event)
      event.field("path_changes", flow.changes.total)
    }
  }

  private static func loss(_ loss: LossInterval, _ object: inout JSONObject) {
    object.field("loss", loss.ratio)
    object.array("loss_ci95") { array in
      array.element(loss.lower)
      array.element(loss.upper)
    }
  }

  private static func delays(_ hop: RouteHop, _ object: inout JSONObject) {
    object.field("last", hop.last)
    object.field("min", hop.delays.minimum)
    object.field("mean", Int64(hop.delays.mean.rounded()))
    object.field("max", hop.delays.maximum)
    object.field("stddev", Int64(hop.delays.standardDeviation.rounded()))
    object.field("p50", hop.histogram.quantile(0.5))
    object.field("p90", hop.histogram.quantile(0.9))
  }
}

extension RouteHop {
  /// How much delays change from one answer to the next (RFC 3550); nil before the second one.
  var jitter: Nanoseconds? {
    variation.jitterSamples == 0 ? nil : Nanoseconds(Int64(variation.jitter.rounded()))
  }
}

extension RouteVerdict.Finding {
  /// In events.
  var word: String {
    switch self {
    case .nothingYet: "unknown"
    case .noLoss: "none"
    case .loss: "loss"
    case .unreached: "unreached"
    }
  }
}

extension RouteVerdict.HopLoss {
  /// In events.
  var word: String {
    switch self {
    case .none: "none"
    case .little: "little"
    case .own: "own"
    case .real: "real"
    case .unclear: "unclear"
    case .silent: "silent"
    }
  }
}
