import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ServiceEngine
import TerminalText

/// The same conversation by WebSocket and by long polling, with all that went over the wire counted.
struct ChatComparison: ~Copyable {
  /// What one way came to.
  struct Outcome {
    var connections = 0
    var requests = 0
    var segmentsSent = 0
    var segmentsReceived = 0
    var octetsSent = 0
    var octetsReceived = 0
    /// From when each line was said until the other one heard it.
    var delays: [Nanoseconds] = []
  }

  static let lineCount = 20
  /// Between two lines.
  private static let step = Nanoseconds.milliseconds(100)
  /// A conversation that takes so long is none.
  private static let patience = Nanoseconds.seconds(30)

  private let url: WebURL
  private let endpoints: [Endpoint]
  private let signals: SignalSource
  /// What begins our own lines, in a room where others may speak too.
  private let token: String

  init(at url: WebURL, _ endpoints: [Endpoint], _ signals: consuming SignalSource) {
    var random = SystemRandomNumberGenerator()
    token = "comparison-" + String(random.next(), radix: 36)
    (self.url, self.endpoints) = (url, endpoints)
    self.signals = signals
  }

  /// Runs both, and prints a table. Gives the exit code.
  func run() throws(SystemError) -> CInt {
    var outcomes: [Outcome] = []
    for way in ChatWay.allCases {
      guard let outcome = try converse(by: way) else { return 1 }
      outcomes.append(outcome)
    }
    printTable(outcomes)
    return 0
  }

  /// Two voices say lines in turn. Nil where a signal came, or the server is no chat.
  private func converse(by way: ChatWay) throws(SystemError) -> Outcome? {
    var poller = Poller()
    let signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    var voices: [ChatVoice] = []
    for name in ["Ada", "Bob"] {
      var wires: [ChatWire] = []
      for _ in 0..<ChatVoice.wireCount(way) {
        guard let socket = try StreamClient.connect(to: endpoints, signals) else { return nil }
        wires.append(ChatWire(socket, &poller))
      }
      let voice = ChatVoice(name, by: way, at: url, over: wires)
      try voice.begin(&poller)
      voices.append(voice)
    }
    var outcome = Outcome()
    var saidAt: [MonotonicInstant] = []
    let deadline = MonotonicClock.now() + Self.patience
    var nextAt: MonotonicInstant?
    while outcome.delays.count < Self.lineCount {
      try poller.wait(until: min(nextAt ?? deadline, deadline))
      if !poller.readiness(of: signalSlot).isEmpty, try signals.next() != nil { return nil }
      for voice in voices {
        for line in try voice.hear(&poller) {
          if let number = number(in: line, heardBy: voice), saidAt.indices.contains(number) {
            outcome.delays.append(MonotonicClock.now() - saidAt[number])
          }
        }
      }
      let now = MonotonicClock.now()
      if voices.contains(where: { $0.isBroken }) || now >= deadline {
        Tool.printDiagnostic("\(url.hostField) has no chat by \(way.title), or it is broken")
        return nil
      }
      if nextAt == nil, voices.allSatisfy({ $0.isInside }) { nextAt = now + Self.step }
      if let due = nextAt, due <= now, saidAt.count < Self.lineCount {
        saidAt.append(now)
        try voices[saidAt.count % 2].say("\(token) \(saidAt.count - 1)", &poller)
        nextAt = saidAt.count < Self.lineCount ? due + Self.step : deadline
      }
    }
    for voice in voices { try count(voice, into: &outcome) }
    return outcome
  }

  /// The number of a line of ours, `NAME: TOKEN NUMBER`, that somebody else has said.
  private func number(in line: String, heardBy voice: ChatVoice) -> Int? {
    let words = line.split(separator: " ")
    guard words.count > 2, words[words.count - 2] == token, !line.hasPrefix(voice.name + ":") else {
      return nil
    }
    return Int(words[words.count - 1])
  }

  private func count(_ voice: ChatVoice, into outcome: inout Outcome) throws(SystemError) {
    outcome.requests += voice.requestCount
    outcome.connections += voice.wires.count
    for wire in voice.wires {
      let segments = try wire.socket.segmentCount()
      outcome.segmentsSent += segments.sent
      outcome.segmentsReceived += segments.received
      outcome.octetsSent += wire.sentCount
      outcome.octetsReceived += wire.receivedCount
    }
  }
}

extension ChatComparison {
  private func printTable(_ outcomes: [Outcome]) {
    let settings = TerminalSettings.current(of: StandardStream.output)
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    let introduction = """
      Two people say \(Self.lineCount) lines in turn, one each tenth of a second, and each hears the \
      other's. These are the TCP segments that their side sent and received for it, and the octets in \
      them, without headers of TCP and IP; handshakes are counted, the ends of connections are not.
      """
    output.text.append(wrapping: introduction, columns: settings.columns, at: 0, hanging: 0)
    output.endLine()
    output.endLine()
    var table = TextTable([.left] + outcomes.map { _ in .right })
    table.append(headings: [""] + ChatWay.allCases.map(\.title))
    func row(_ title: String, _ value: (Outcome) -> String) {
      table.append(
        [TextTable.Cell(title)] + outcomes.map { TextTable.Cell(value($0)) })
    }
    row("connections") { "\($0.connections)" }
    row("requests") { "\($0.requests)" }
    row("segments sent") { "\($0.segmentsSent)" }
    row("segments received") { "\($0.segmentsReceived)" }
    row("octets sent") { "\($0.octetsSent)" }
    row("octets received") { "\($0.octetsReceived)" }
    row("octets a line") { "\(($0.octetsSent + $0.octetsReceived) / Self.lineCount)" }
    row("delay, median") { Self.milliseconds($0.delays.sorted()[$0.delays.count / 2]) }
    row("delay, longest") { Self.milliseconds($0.delays.max() ?? .zero) }
    for line in table.lines(settings.style) {
      output.text.append(line)
      output.endLine()
    }
    output.flush()
  }

  private static func milliseconds(_ time: Nanoseconds) -> String {
    var buffer = TextBuffer(capacity: 0)
    buffer.append(time, in: .milliseconds, decimals: 3)
    return buffer.string + " ms"
  }
}
