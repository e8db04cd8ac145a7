import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ServerShell
import ServiceEngine
import TerminalText

extension LabVerb {
  /// Shows what a slow client does to both kinds of servers, measured on the loopback interface.
  ///
  /// - Returns: the exit code.
  static func compareServers() -> CInt {
    let settings = TerminalSettings.current(of: StandardStream.output)
    var output = LineOutput(to: StandardStream.output, flushing: .eachLine)
    let introduction = """
      Five clients come to an echo server, a tenth of a second apart. The first is slow: it sends a \
      letter every tenth of a second, ten in all, and ends. Each of the others sends one line, and ends \
      when that has come back.
      """
    output.text.append(wrapping: introduction, columns: settings.columns, at: 0, hanging: 0)
    output.endLine()
    do throws(SystemError) {
      for manner in ServerComparison.Manner.allCases {
        var comparison = try ServerComparison(manner)
        try comparison.run()
        comparison.print(to: &output, settings)
      }
    } catch {
      return Tool.printFailure(tool: tool("serve tcp"), "\(error)", exitCode: 1)
    }
    return 0
  }
}

/// A slow client and four quick ones, and one server.
struct ServerComparison: ~Copyable {
  enum Manner: CaseIterable {
    case iterative
    case concurrent

    var title: String {
      switch self {
      case .iterative: "An iterative server"
      case .concurrent: "A concurrent server"
      }
    }

    var explanation: String {
      switch self {
      case .iterative:
        "serves one client to its end. The others are connected, but wait in the kernel's backlog."
      case .concurrent: "serves whoever has said something; nobody waits for anybody else."
      }
    }
  }

  /// Between two clients, and between two letters of the slow one.
  private static let step = Nanoseconds.milliseconds(100)
  private static let clientCount = 5
  /// A machine that is stopped for so long shows nothing.
  private static let patience = Nanoseconds.seconds(30)

  private let manner: Manner
  private let server: StreamServer
  private let beganAt = MonotonicClock.now()
  private var clients: [ComparedClient] = []

  init(_ manner: Manner) throws(SystemError) {
    self.manner = manner
    server = try StreamServer(
      at: Endpoint(.v4(.loopback)), maximumConnections: manner == .iterative ? 1 : 64,
      crowding: manner == .iterative ? .othersWait : .idlestMakesRoom,
      makeService: { _, _ in EchoService() })
  }

  /// Lets the clients come, one by one, until all have ended.
  mutating func run() throws(SystemError) {
    let endpoint = try server.localEndpoint()
    var poller = Poller()
    let servers = try ServerGroup([server], watchedBy: &poller)
    var now = MonotonicClock.now()
    while now < beganAt + Self.patience {
      if clients.count < Self.clientCount, now >= arrival(of: clients.count) {
        let client = try ComparedClient(to: endpoint, isSlow: clients.isEmpty, at: now)
        client.slot = poller.add(client.descriptorNumber, interest: .read)
        clients.append(client)
      }
      for client in clients { try client.act(at: now) }
      if clients.count == Self.clientCount, clients.allSatisfy(\.isOver) { return }
      var wake = now + Self.step
      if clients.count < Self.clientCount { wake = min(wake, arrival(of: clients.count)) }
      for client in clients { wake = min(wake, client.speaksAt ?? wake) }
      try poller.wait(until: min(wake, servers.wakeAt ?? wake))
      now = MonotonicClock.now()
      try servers.serve(poller, at: now)
      for client in clients { try client.listen(&poller, at: now) }
    }
  }

  private func arrival(of client: Int) -> MonotonicInstant {
    beganAt + Nanoseconds(Self.step.count * Int64(client))
  }
}

extension ServerComparison {
  /// Draws when each client waited and when it was served.
  func print(to output: inout LineOutput, _ settings: TerminalSettings) {
    output.endLine()
    output.text.append(manner.title, as: .emphasis, settings.style)
    output.text.append(" ")
    let margin = manner.title.utf8.count + 1
    output.text.append(
      wrapping: manner.explanation, columns: settings.columns, at: margin, hanging: 0)
    output.endLine()
    let end = clients.compactMap(\.endedAt).max() ?? beganAt
    for (index, client) in clients.enumerated() {
      output.text.append("  client \(index + 1) ")
      draw(client, until: end, to: &output, settings.style)
      output.endLine()
    }
  }

  private func draw(
    _ client: ComparedClient, until end: MonotonicInstant, to output: inout LineOutput,
    _ style: TerminalStyle
  ) {
    guard let answeredAt = client.answeredAt, let endedAt = client.endedAt else {
      return output.text.append("was never served")
    }
    let width = 36
    let whole = max((end - beganAt).count, 1)
    let (came, answered, ended) = (
      column(client.beganAt, of: width, whole), column(answeredAt, of: width, whole),
      column(endedAt, of: width, whole)
    )
    output.text.append(repeating: 0x20, count: came)
    output.text.append(String(repeating: ".", count: answered - came), as: .warning, style)
    output.text.append(
      String(repeating: "=", count: max(ended - answered, 1)), as: .good, style)
    let used = answered + max(ended - answered, 1)
    output.text.append(repeating: 0x20, count: max(width + 2 - used, 1))
    output.text.append("answered after ")
    output.text.append(answeredAt - client.beganAt, in: .milliseconds, decimals: 1)
    output.text.append(" ms")
    if client.isSlow { output.text.append(", slow") }
  }

  private func column(_ instant: MonotonicInstant, of width: Int, _ whole: Int64) -> Int {
    Int((instant - beganAt).count * Int64(width) / whole)
  }
}

/// One of the clients of a comparison.
private final class ComparedClient {
  private static let letters = 10

  let isSlow: Bool
  let beganAt: MonotonicInstant
  var slot: Poller.Slot?
  private let socket: StreamSocket
  private var spokenCount = 0
  private var heardCount = 0
  private var buffer = [UInt8](repeating: 0, count: 256)
  /// When it says the next thing.
  private(set) var speaksAt: MonotonicInstant?
  private(set) var answeredAt: MonotonicInstant?
  private(set) var endedAt: MonotonicInstant?

  init(to endpoint: Endpoint, isSlow: Bool, at now: MonotonicInstant) throws(SystemError) {
    socket = try StreamSocket(connectingTo: endpoint)
    (self.isSlow, beganAt, speaksAt) = (isSlow, now, now)
  }

  var descriptorNumber: CInt { socket.descriptorNumber }
  var isOver: Bool { endedAt != nil }

  /// Says what is due.
  func act(at now: MonotonicInstant) throws(SystemError) {
    guard let due = speaksAt, due <= now else { return }
    let words = isSlow ? "a" : "hello\n"
    guard try socket.write(words.utf8.span) == words.utf8.count else { return }
    spokenCount += words.utf8.count
    let isDone = !isSlow || spokenCount == Self.letters
    speaksAt = isDone ? nil : due + .milliseconds(100)
  }

  /// Hears the answers; with the last of them it ends its side, and then waits for the server's end.
  func listen(_ poller: inout Poller, at now: MonotonicInstant) throws(SystemError) {
    guard let slot, !poller.readiness(of: slot).isEmpty else { return }
    guard let count = try socket.read(into: &buffer) else { return }
    if answeredAt == nil { answeredAt = now }
    heardCount += count
    if count == 0 {
      endedAt = now
      poller.remove(slot)
      self.slot = nil
    } else if speaksAt == nil, heardCount == spokenCount {
      try socket.shutdownWriting()
    }
  }
}
