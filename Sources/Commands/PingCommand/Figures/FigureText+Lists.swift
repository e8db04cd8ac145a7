import PacketText
import PacketWire
import ProbeEngine

extension FigureText {
  /// What all outages came to, and a line for each of the newest.
  func outages(_ meter: OutageMeter, _ text: inout TextBuffer) {
    let ongoing = meter.ongoing
    let count = meter.outages.total + (ongoing == nil ? 0 : 1)
    guard count > 0 else { return }
    text.append(count, "outage")
    text.append(" (at least ")
    text.append(meter.leastLost, "probe")
    text.append(" lost in a row): ")
    text.append(meter.lost + (ongoing?.lost ?? 0), "probe")
    text.append(" lost")
    if meter.outages.total > 0 {
      text.append(", ")
      text.append(seconds: meter.length)
      text.append(" in all, the longest ")
      text.append(seconds: meter.longest)
    }
    text.newline()
    let listed = meter.outages.values(after: meter.outages.total - listLimit)
    skipped(meter.outages.total - listed.count, &text)
    for outage in listed + (ongoing.map { [$0] } ?? []) {
      text.append("  ")
      self.outage(outage, &text)
      text.newline()
    }
  }

  /// That there was none, where there was none.
  func noOutage(_ meter: OutageMeter, _ text: inout TextBuffer) {
    guard meter.outages.total == 0, meter.ongoing == nil else { return }
    text.append("no outage (at least ")
    text.append(meter.leastLost, "probe")
    text.append(" lost in a row)\n")
  }

  /// `probes 12 to 40: 29 lost, 29.0 s, from 11.0 s after the start (16:04:12 UTC)`
  func outage(_ outage: Outage, _ text: inout TextBuffer) {
    if outage.firstLost == outage.lastLost {
      text.append("probe ")
      text.append(decimal: outage.firstLost)
    } else {
      text.append("probes ")
      text.append(decimal: outage.firstLost)
      text.append(" to ")
      text.append(decimal: outage.lastLost)
    }
    text.append(": ")
    text.append(decimal: outage.lost)
    text.append(" lost, ")
    if let length = outage.length {
      text.append(seconds: length)
    } else {
      text.append("no answer since")
    }
    text.append(", from ")
    let sinceStart = outage.start - start.monotonic
    text.append(seconds: sinceStart)
    text.append(" after the start (")
    append(timeOfDay: start.wall + sinceStart, &text)
    text.append(" UTC)")
  }

  private func append(timeOfDay time: WallInstant, _ text: inout TextBuffer) {
    let day: Int64 = 86_400
    let second = ((time.nanoseconds / 1_000_000_000) % day + day) % day
    for (place, number) in [second / 3_600, second / 60 % 60, second % 60].enumerated() {
      if place > 0 { text.append(":") }
      if number < 10 { text.append("0") }
      text.append(decimal: number)
    }
  }

  /// What changed on the way back, and what that means.
  func replyPath(_ meter: ReplyPathMeter, _ text: inout TextBuffer) {
    if meter.changes.total > 0 {
      text.append("answers came back differently ")
      text.append(meter.changes.total, "time")
      text.append(":\n")
      let listed = meter.changes.values(after: meter.changes.total - listLimit)
      skipped(meter.changes.total - listed.count, &text)
      for change in listed {
        text.append("  ")
        self.change(change, &text)
        text.newline()
      }
    }
    guard meter.congestionMarks > 0 else { return }
    text.append(meter.congestionMarks, "answer")
    text.append(" marked on the way back because a queue was filling up (ECN CE, RFC 3168)\n")
  }

  private func skipped(_ count: Int, _ text: inout TextBuffer) {
    guard count > 0 else { return }
    text.append("  ")
    text.append(decimal: count)
    text.append(" before these\n")
  }

  /// `probe 57: TTL 53 after 55: the way back is 2 hops longer`
  func change(_ change: ReplyChange, _ text: inout TextBuffer) {
    text.append("probe ")
    text.append(decimal: change.number)
    text.append(": ")
    switch change.kind {
    case .timeToLive(let from, let to):
      text.append(family == .v4 ? "TTL " : "hop limit ")
      text.append(decimal: to)
      text.append(" after ")
      text.append(decimal: from)
      text.append(": ")
      meaning(ReturnPathMeaning(timeToLive: from, to: to), &text)
    case .codePoint(let from, let to):
      text.append("DSCP ")
      append(codePoint: to, &text)
      text.append(" after ")
      append(codePoint: from, &text)
      text.append(": the other end, or a router on the way back, gives answers another class")
    case .congestionField(let from, let to):
      text.append("ECN ")
      text.append(Self.congestionFieldName(to))
      text.append(" after ")
      text.append(Self.congestionFieldName(from))
      text.append(
        to == 0
          ? ": on this way back congestion cannot be marked, or the mark's field is cleared"
          : ": on this way back congestion can be marked")
    }
  }

  private func meaning(_ meaning: ReturnPathMeaning, _ text: inout TextBuffer) {
    switch meaning {
    case .hops(let count):
      text.append("the way back is ")
      text.append(abs(count), "hop")
      text.append(count > 0 ? " longer" : " shorter")
    case .otherSender(let began, let begins):
      text.append("answers began with ")
      text.append(decimal: began)
      text.append(" and begin with ")
      text.append(decimal: begins)
      text.append(": another machine answers")
    case .unclear: text.append("another way back, or another machine answers")
    }
  }

  private func append(codePoint: UInt8, _ text: inout TextBuffer) {
    if let name = DSCP(rawValue: codePoint).name {
      text.append(name)
    } else {
      text.append(decimal: codePoint)
    }
  }

  /// RFC 3168 §5's names.
  private static func congestionFieldName(_ field: UInt8) -> String {
    switch field {
    case 0: "Not-ECT"
    case 1: "ECT(1)"
    case 2: "ECT(0)"
    default: "CE"
    }
  }
}
