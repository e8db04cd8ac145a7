import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketWire
import ServiceEngine

/// A request for a page, and the page on its way to standard output.
struct PageFetch: ~Copyable {
  /// A server that says nothing for so long is not waited for.
  private static let patience = Nanoseconds.seconds(30)

  private let socket: StreamSocket
  private let signals: SignalSource
  private let options: ConnectHTTPOptions
  private var security: ClientSecurity
  private var client: HTTPClient
  private var waiting: [UInt8] = []
  private var output = PeerOutput()
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  private var exitCode: CInt = 1

  /// A request over a TCP connection that there is.
  init(
    over socket: consuming StreamSocket, _ security: ClientSecurity, of url: WebURL,
    _ options: ConnectHTTPOptions, signals: consuming SignalSource
  ) {
    client = HTTPClient(
      options.wantsHeadOnly ? "HEAD" : "GET", host: url.hostField, target: url.target)
    self.socket = socket
    self.signals = signals
    (self.security, self.options) = (security, options)
  }

  /// Asks, and prints what comes. Gives the exit code.
  mutating func run() throws(SystemError) -> CInt {
    var poller = Poller()
    let socketSlot = poller.add(socket.descriptorNumber, interest: .read)
    let signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    if options.isVerbose { explain("connected to \(socket.peer)") }
    explainRequest()
    var deadline = MonotonicClock.now() + Self.patience
    while !client.isOver, output.isOpen {
      try send()
      poller.modify(socketSlot, interest: waiting.isEmpty ? .read : [.read, .write])
      try poller.wait(until: deadline)
      if !poller.readiness(of: signalSlot).isEmpty, try signals.next() != nil { return 1 }
      if MonotonicClock.now() >= deadline { return refuse("the server says nothing any more") }
      guard !poller.readiness(of: socketSlot).isEmpty, let count = try socket.read(into: &buffer)
      else { continue }
      deadline = MonotonicClock.now() + Self.patience
      let plain = security.unpacked(buffer[..<count])
      for event in client.receive(plain[...]) { tell(event) }
      if let problem = security.problem, !client.isOver { return refuse(problem) }
      if count == 0 { for event in client.receiveEnd() { tell(event) } }
    }
    return exitCode
  }

  private mutating func send() throws(SystemError) {
    waiting += security.packed([])
    if security.isOpen, !client.output.isEmpty {
      waiting += security.packed(client.output)
      client.hasSent(client.output.count)
    }
    while !waiting.isEmpty, let count = try socket.write(waiting.span) {
      waiting.removeFirst(count)
    }
  }

  private mutating func tell(_ event: HTTPClient.Event) {
    switch event {
    case .head(let status, let lines):
      exitCode = status < 400 ? 0 : 1
      for line in lines {
        if options.wantsHeadOnly {
          output.printLine(Array(line.utf8)[...])
        } else if options.isVerbose {
          explain("< \(line)")
        }
      }
    case .body(let octets): output.print(octets[...])
    case .end: break
    case .failed(let reason): exitCode = refuse(reason)
    }
  }

  private func explainRequest() {
    guard options.isVerbose else { return }
    for line in client.output.split(separator: 0x0a) where line.count > 1 {
      explain("> \(String(decoding: line.dropLast(), as: UTF8.self))")
    }
  }

  private func refuse(_ reason: String) -> CInt {
    Tool.printDiagnostic(reason)
    return 1
  }

  private func explain(_ line: String) { Tool.printDiagnostic(line) }
}
