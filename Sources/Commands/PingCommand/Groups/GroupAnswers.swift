import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// Who answered probes to groups and broadcast addresses: told with `-v`, and in events.
struct GroupAnswers {
  private let targets: PingTargets
  private var table = ResponderTable()

  /// `nil` where nobody wants to know, or nobody but the target can answer.
  init?(_ options: PingOptions, _ targets: PingTargets) {
    guard Self.areWanted(options, targets) else { return nil }
    self.targets = targets
  }

  /// Whether answers have to be told one by one for this.
  static func areWanted(_ options: PingOptions, _ targets: PingTargets) -> Bool {
    (options.isVerbose || options.printsJSON)
      && (options.allowsBroadcast || targets.targets.contains { $0.address.isMulticast })
  }

  /// The report as it is to be printed: an answer is a duplicate if the same host gave it before.
  mutating func take(_ report: PingReport) -> PingReport {
    guard case .reply(var answer) = report else { return report }
    answer.isDuplicate = table.take(answer)
    return .reply(answer)
  }

  /// A row for each of those who answered, below the summary.
  func text(_ styling: TerminalStyle, _ text: inout TextBuffer) {
    guard !table.rows.isEmpty else { return }
    var lines = TextTable([.left] + [TextTable.Alignment](repeating: .right, count: 5))
    lines.append(headings: ["answered by", "received", "duplicates", "min ms", "avg ms", "max ms"])
    for row in table.rows {
      let name = targets.count == 1 ? "\(row.address)" : "\(row.address) (\(label(row)))"
      let cells =
        [name, "\(row.received)", "\(row.duplicates)"]
        + [row.rtt.minimum, Nanoseconds(rounding: row.rtt.mean), row.rtt.maximum]
        .map { PingText.milliseconds($0) }
      lines.append(cells.map { TextTable.Cell($0) })
    }
    for line in lines.lines(styling) {
      text.append(line)
      text.newline()
    }
    guard table.others > 0 else { return }
    text.append(decimal: table.others)
    text.append(" more answers came from others")
    text.newline()
  }

  private func label(_ row: ResponderTable.Row) -> String {
    SafeText.escaped(targets.label(of: row.target))
  }

  /// `ping.responder` for each.
  func events(_ events: PingEvents, at time: WallInstant, _ output: inout LineOutput) {
    for row in table.rows {
      events.responder(row, at: time, &output.text)
      output.endLine()
    }
  }
}

extension PingEvents {
  func responder(
    _ row: ResponderTable.Row, at time: WallInstant, _ text: inout TextBuffer
  ) {
    text.appendEvent("ping.responder") { event in
      event.field("time_ns", time)
      append(row.target, to: &event)
      event.field("from", row.address)
      event.field("received", row.received)
      event.field("duplicates", row.duplicates)
      event.object("rtt_ns") { object in
        object.field("min", row.rtt.minimum)
        object.field("mean", Nanoseconds(rounding: row.rtt.mean))
        object.field("max", row.rtt.maximum)
      }
    }
  }
}
