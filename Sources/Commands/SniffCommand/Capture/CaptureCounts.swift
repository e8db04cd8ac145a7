import CommandLineKit
import LiveCapture
import TerminalText

/// How many packets there were, and how many were lost: tcpdump's words.
struct CaptureCounts: Hashable {
  /// Packets that reached us.
  var captured: Int
  /// All interfaces together.
  var statistics: LiveCapture.Statistics
  /// Each interface, where there are several.
  var interfaces: [(name: String, statistics: LiveCapture.Statistics)]

  init(_ interfaces: [CapturedInterface], captured: Int) {
    self.captured = captured
    statistics = interfaces.statistics
    self.interfaces =
      interfaces.count < 2 ? [] : interfaces.map { ($0.name, $0.statistics) }
  }

  static func == (a: Self, b: Self) -> Bool {
    a.captured == b.captured && a.statistics == b.statistics
  }

  func hash(into hasher: inout Hasher) { hasher.combine(captured) }

  /// Each count in words. A count of the interface's own is only told if it lost something.
  var words: [String] {
    var words = [
      Self.packets(captured) + " captured",
      Self.packets(Int(statistics.received)) + " received by filter",
      Self.packets(Int(statistics.droppedByKernel)) + " dropped by kernel",
    ]
    if statistics.droppedByInterface > 0 {
      words.append(Self.packets(Int(statistics.droppedByInterface)) + " dropped by interface")
    }
    return words
  }

  /// One line for each interface.
  var details: [String] {
    interfaces.map { name, one in
      "\(name): \(Self.packets(Int(one.received))) received by filter, \(one.droppedByKernel) "
        + "dropped by kernel, \(one.droppedByInterface) by interface"
    }
  }

  /// What a terminal shows while a file is written.
  var status: String {
    var text = "Got \(captured)"
    let lost = Int(statistics.droppedByKernel) + Int(statistics.droppedByInterface)
    if lost > 0 { text += ", \(lost) lost" }
    return text
  }

  /// At the end: a line each.
  func report() { for line in words + details { Tool.printDiagnostic(line) } }

  /// In between (SIGUSR1): in one line.
  func reportShortly() {
    let line = words.joined(separator: ", ")
    Tool.printDiagnostic("\(SniffCommand.toolName): \(line)")
    for line in details { Tool.printDiagnostic(line) }
  }

  private static func packets(_ count: Int) -> String {
    count == 1 ? "1 packet" : "\(count) packets"
  }
}
