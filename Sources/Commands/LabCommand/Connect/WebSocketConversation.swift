import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ServiceEngine

/// A conversation over a WebSocket: the lines of standard input are messages, and messages are lines
/// of standard output.
struct WebSocketConversation: ~Copyable {
  /// Who has closed waits so long for the server to do the same.
  private static let farewell = Nanoseconds.seconds(3)
  /// No more of the input is read while so much waits to be sent, in octets.
  private static let waitingLimit = 65_536

  private let socket: StreamSocket
  private var security: ClientSecurity
  /// What waits to be sent.
  private var waiting: [UInt8] = []
  private let signals: SignalSource
  private let input: Descriptor
  private let options: ConnectWebSocketOptions
  private var poller: Poller
  private let socketSlot: Poller.Slot
  private let signalSlot: Poller.Slot
  private var inputSlot: Poller.Slot?
  private var client: WebSocketClient
  private var lines = LineSplitter()
  private var output = PeerOutput()
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  private var hasInputEnded = false
  /// When it closes, or gives up waiting for the server's close.
  private var endsAt: MonotonicInstant?
  private var pingAt: MonotonicInstant?
  private var pingedAt: MonotonicInstant?
  private var isOver = false
  private var exitCode: CInt = 1
  private var sentCount = 0
  private var receivedCount = 0

  /// A conversation over a TCP connection that there is.
  init(
    over socket: consuming StreamSocket, _ security: ClientSecurity, to url: WebURL,
    _ options: ConnectWebSocketOptions, signals: consuming SignalSource
  ) throws(SystemError) {
    let input = try Descriptor.duplicate(of: StandardStream.input)
    var poller = Poller()
    socketSlot = poller.add(socket.descriptorNumber, interest: [.read, .write])
    signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    client = WebSocketClient(
      host: url.hostField, target: url.target, random: SystemRandomNumberGenerator())
    self.socket = socket
    self.security = security
    self.signals = signals
    self.input = input
    self.poller = poller
    self.options = options
  }

  /// Talks until the connection is closed. Gives the exit code.
  mutating func run() throws(SystemError) -> CInt {
    explain("connected to \(socket.peer)")
    send()
    while !isOver, output.isOpen {
      watch()
      try poller.wait(until: wakeAt)
      if !poller.readiness(of: signalSlot).isEmpty, try signals.next() != nil { interrupt() }
      if let inputSlot, !poller.readiness(of: inputSlot).isEmpty { try readInput() }
      let readiness = poller.readiness(of: socketSlot)
      if !readiness.isDisjoint(with: [.readable, .failed, .hungUp]) { readSocket() }
      doWhatIsDue(at: MonotonicClock.now())
      send()
    }
    explain("\(counted(sentCount, "message")) sent, \(receivedCount) received")
    return exitCode
  }

  private var wakeAt: MonotonicInstant? {
    guard let endsAt, let pingAt else { return endsAt ?? pingAt }
    return min(endsAt, pingAt)
  }

  /// Watches for what can be done next; the input once the server has agreed, and until its end.
  private mutating func watch() {
    poller.modify(socketSlot, interest: waiting.isEmpty ? .read : [.read, .write])
    let wantsInput =
      client.isOpen && !hasInputEnded && waiting.count < Self.waitingLimit
    if wantsInput, inputSlot == nil {
      inputSlot = poller.add(input.rawValue, interest: .read)
    } else if !wantsInput, let slot = inputSlot {
      poller.remove(slot)
      inputSlot = nil
    }
  }

  private mutating func readInput() throws(SystemError) {
    guard let count = try input.read(into: &buffer) else { return }
    for line in lines.add(buffer[..<count], isEnd: count == 0) {
      client.send(.text(String(decoding: line, as: UTF8.self)))
      sentCount += 1
    }
    if count == 0 {
      hasInputEnded = true
      endsAt = MonotonicClock.now() + options.patience
    }
  }

  private mutating func readSocket() {
    do throws(SystemError) {
      guard let count = try socket.read(into: &buffer) else { return }
      take(buffer[..<count])
      guard count == 0, !isOver else { return }
      if !client.isOver { Tool.printDiagnostic("the server has broken off (1006)") }
      isOver = true
    } catch {
      fail(error)
    }
  }

  /// Takes octets from the socket.
  private mutating func take(_ octets: ArraySlice<UInt8>) {
    let plain = security.unpacked(octets)
    if security.hasJustOpened() { explain("TLS: the server's certificate is good") }
    for event in client.receive(plain[...]) { tell(event) }
    guard let problem = security.problem, !client.isOver else { return }
    Tool.printDiagnostic(problem)
    isOver = true
  }

  private mutating func send() {
    waiting += security.packed([])
    if security.isOpen {
      let output = client.output
      waiting += security.packed(output)
      client.hasSent(output.count)
    }
    do throws(SystemError) {
      while !waiting.isEmpty, let count = try socket.write(waiting.span) {
        waiting.removeFirst(count)
      }
    } catch {
      fail(error)
    }
  }

  private mutating func fail(_ error: SystemError) {
    if !client.isOver { Tool.printDiagnostic("\(error)") }
    isOver = true
  }

  private mutating func doWhatIsDue(at now: MonotonicInstant) {
    if let instant = endsAt, instant <= now {
      if client.isOpen {
        client.close(WebSocketClose(.normal))
        endsAt = now + Self.farewell
      } else {
        isOver = true
      }
    }
    if let instant = pingAt, instant <= now, let interval = options.pingInterval {
      client.ping()
      (pingedAt, pingAt) = (now, now + interval)
    }
  }

  /// The first signal closes, and the second one does not wait.
  private mutating func interrupt() {
    guard client.isOpen else {
      isOver = true
      return
    }
    client.close(WebSocketClose(.goingAway))
    endsAt = MonotonicClock.now() + Self.farewell
  }
}

extension WebSocketConversation {
  private mutating func tell(_ event: WebSocketClient.Event) {
    switch event {
    case .opened:
      explain("the server agrees: it is a WebSocket now (101)")
      pingAt = options.pingInterval.map { _ in MonotonicClock.now() }
    case .refused(let reason):
      Tool.printDiagnostic(reason)
      isOver = true
    case .happened(.message(.text(let text))):
      receivedCount += 1
      output.printLine(Array(text.utf8)[...])
    case .happened(.message(.binary(let octets))):
      receivedCount += 1
      output.note("(\(counted(octets.count, "octet")) of binary data)")
    case .happened(.ping(let payload)):
      explain("ping\(quoted(payload)), answered by a pong")
    case .happened(.pong(let payload)):
      let delay = pingedAt.map { " after \(milliseconds(MonotonicClock.now() - $0)) ms" } ?? ""
      explain("pong\(quoted(payload))" + delay)
    case .happened(.closed(let close)):
      explain("close\(words(close))")
      exitCode = 0
    case .happened(.failed(let close)):
      Tool.printDiagnostic("the server breaks the rules: \(close.reason)\(words(close))")
    }
  }

  private func words(_ close: WebSocketClose) -> String {
    let code = close.code.map { " \($0.rawValue)" } ?? " without a code"
    return code + (close.reason.isEmpty ? "" : " (\(SafeText.escaped(close.reason)))")
  }

  private func quoted(_ payload: [UInt8]) -> String {
    payload.isEmpty ? "" : " '\(SafeText.escaped(payload.span, atMost: 60))'"
  }

  private func milliseconds(_ time: Nanoseconds) -> String {
    var buffer = TextBuffer(capacity: 0)
    buffer.append(time, in: .milliseconds, decimals: 3)
    return buffer.string
  }

  private func explain(_ line: String) {
    if options.isVerbose { Tool.printDiagnostic(line) }
  }
}
