import CommandLineKit
import EventJSON
import LinuxSystem
import PacketText
import PacketWire
import TerminalText

extension LabVerb {
  static let status = LabVerb(
    name: "status", summary: "lists the labs that are up"
  ) { arguments in
    start(statusTable, arguments, StatusOptions()) {
      options, operands, command throws(UsageError) in
      try UsageError.requireNone(operands + (command.map { _ in ["--"] } ?? []))
      return printStatus(options)
    }
  }

  private struct StatusOptions: Sendable {
    var isJSON = false
  }

  private static var statusTable: OptionTable<StatusOptions> {
    OptionTable(
      tool: tool("status"), usage: ["[OPTION]..."],
      summary: """
        Lists this user's labs that are up: how long, the processes in them, and what has become of \
        their packets so far.
        """
    ) { options in
      options.flag(nil, "json", help: "events instead of a table (docs/OUTPUT.md)") {
        $0.isJSON = true
      }
    } notes: { notes in
      notes.exitCode(0, "each lab has answered, or there is none")
      notes.exitCode(125, "a lab did not answer")
    }
  }

  private static func printStatus(_ options: StatusOptions) -> CInt {
    var code: CInt = 0
    var found: [(name: LabName, status: LabStatus)] = []
    do {
      for name in try LabName.all() {
        do throws(LabError) {
          found.append((name, try LabConnection(to: name).status()))
        } catch {
          code = LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
        }
      }
    } catch {
      return LabCommand.fail("\(error)", code: LabCommand.failureExitCode)
    }
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    if options.isJSON {
      for lab in found { append(lab.name, lab.status, asEventTo: &output) }
    } else if !found.isEmpty {
      let settings = TerminalSettings.current(of: StandardStream.output)
      let now = WallClock.now()
      for line in statusTable(of: found, at: now).lines(settings.style) {
        output.text.append(line)
        output.endLine()
      }
    }
    output.flush()
    return output.failure == nil ? code : 1
  }

  /// A table of labs, with a line of headings.
  static func statusTable(
    of labs: [(name: LabName, status: LabStatus)], at now: WallInstant
  ) -> TextTable {
    var table = TextTable([.left, .left, .right, .right, .right, .right, .right, .right])
    table.append(headings: [
      "NAME", "TOPOLOGY", "UP FOR", "PROCESSES", "SENT", "DELIVERED", "LOST", "DROPPED",
    ])
    for (name, status) in labs {
      let packets = status.packets
      let numbers = [packets.sent, packets.delivered, packets.lost, packets.dropped]
      table.append(
        [
          .init("\(name)"), .init(SafeText.printable(status.topology)),
          .init(lengthOfTime(since: status.since, at: now)),
          .init(status.processes.map { "\($0)" } ?? "?"),
        ] + numbers.map { .init("\($0)") })
    }
    return table
  }

  /// "45s", "3m05s", "2h00m", "4d03h"; a clock that was set back is at 0.
  private static func lengthOfTime(since start: WallInstant, at now: WallInstant) -> String {
    let seconds = max((now.nanoseconds - start.nanoseconds) / 1_000_000_000, 0)
    func padded(_ number: Int64) -> String { (number < 10 ? "0" : "") + "\(number)" }
    return switch seconds {
    case ..<60: "\(seconds)s"
    case ..<3600: "\(seconds / 60)m\(padded(seconds % 60))s"
    case ..<86_400: "\(seconds / 3600)h\(padded(seconds / 60 % 60))m"
    default: "\(seconds / 86_400)d\(padded(seconds / 3600 % 24))h"
    }
  }

  private static func append(
    _ name: LabName, _ status: LabStatus, asEventTo output: inout LineOutput
  ) {
    output.text.appendLabStatus(name.description, status)
    output.endLine()
  }
}

extension TextBuffer {
  /// The event `lab.status`, without ending its line.
  mutating func appendLabStatus(_ name: String, _ status: LabStatus) {
    appendEvent("lab.status") { event in
      event.field("name", name)
      event.field("topology", status.topology)
      event.field("time_ns", status.since.nanoseconds)
      event.field("processes", status.processes)
      event.field("sent", status.packets.sent)
      event.field("delivered", status.packets.delivered)
      event.field("forwarded", status.packets.forwarded)
      event.field("lost", status.packets.lost)
      event.field("dropped", status.packets.dropped)
    }
  }
}
