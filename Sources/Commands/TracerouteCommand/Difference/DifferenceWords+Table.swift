import EventJSON
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine

extension DifferenceWords {
  /// So many routers of a hop are named.
  private static let addressLimit = 3

  /// What is compared, and all hops beside each other.
  var table: [String] {
    let rows = comparison.rows.map { row in
      (sign: Self.sign(row.change), left: cells(row.before), right: cells(row.after))
    }
    let widths = (
      rows.flatMap { [$0.left[1].count, $0.right[1].count] }.max() ?? 0,
      rows.flatMap { [$0.left[2].count, $0.right[2].count] }.max() ?? 0
    )
    var lines = [
      "path to \(SafeText.escaped(after.host)) (\(after.probe.target))",
      "before: \(heading(before, paths[0], comparison.before))",
      "now:    \(heading(after, paths[1], comparison.after))", "",
    ]
    for row in rows {
      var line = "\(row.sign) \(Self.join(row.left, widths))   \(Self.join(row.right, widths))"
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    return lines + ["Times are the shortest round trips."]
  }

  private func heading(_ trace: RecordedTrace, _ path: String, _ sketch: PathSketch) -> String {
    var text = TextBuffer()
    text.append(SafeText.escaped(path))
    let time = trace.start.wall
    text.append(", ")
    text.append(dateAndTime: time, secondsEastOfUTC: LocalTime.secondsEastOfUTC(at: time))
    let count = sketch.hops.last?.timeToLive ?? 0
    text.append(", \(trace.options.kind.rawValue), ")
    text.append(
      sketch.isReached ? "reached at hop \(count)" : "not reached, answers to hop \(count)")
    return text.string
  }

  private static func sign(_ change: PathComparison.Row.Change) -> String {
    switch change {
    case .none: " "
    case .replaced, .mixed: "~"
    case .gone: "-"
    case .new: "+"
    case .silenced, .heard: "?"
    }
  }

  /// TTL, routers and time.
  private func cells(_ hop: PathSketch.Hop?) -> [String] {
    guard let hop else { return ["", "", ""] }
    var addresses = hop.addresses.prefix(Self.addressLimit).map { "\($0)" }
      .joined(separator: " ")
    let more = hop.addresses.count - Self.addressLimit
    if more > 0 { addresses += " and \(more) more" }
    return [
      "\(hop.timeToLive)", hop.isSilent ? "*" : addresses,
      hop.delays.count == 0 ? "" : Self.milliseconds(hop.delays.minimum),
    ]
  }

  private static func join(_ cells: [String], _ widths: (Int, Int)) -> String {
    func blanks(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
    return blanks(3 - cells[0].count) + cells[0] + "  " + cells[1]
      + blanks(widths.0 - cells[1].count) + "  " + blanks(widths.1 - cells[2].count) + cells[2]
  }
}

// MARK: - Events

extension DifferenceWords: TraceEventWriter {
  var host: String { after.host }
  var target: IPAddress { after.probe.target }

  /// All that is told belongs to the time of the second trace.
  private var time: WallInstant { after.start.wall }

  /// Appends one event without ending its line.
  func append(_ finding: Finding, to text: inout TextBuffer) {
    begin("trace.difference", at: time, &text) { event in
      event.field("kind", finding.kind)
      event.field("before_ttl", finding.before)
      event.field("after_ttl", finding.after)
      event.field("text", finding.text)
    }
  }

  /// Appends the last event.
  func appendEnd(_ findings: [Finding], to text: inout TextBuffer) {
    begin("trace.diff_end", at: time, &text) { event in
      event.field("before_file", SafeText.escaped(paths[0]))
      event.field("after_file", SafeText.escaped(paths[1]))
      event.field("before_time_ns", before.start.wall)
      event.field("after_time_ns", after.start.wall)
      event.field("route_changed", comparison.hasChangedRoute)
      event.field("differences", findings.count)
    }
  }
}
