import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketWire

/// Standard input to a TCP connection, and what comes back to standard output, both at the same time.
///
/// At the end of the input our side of the connection ends (a half-close, RFC 9293 §3.6); the server
/// may still speak until it ends its own.
struct StreamClient: ~Copyable {
  /// No more of the input is read while so many octets wait to be sent.
  private static let waitingLimit = 65_536

  private let socket: StreamSocket
  private let signals: SignalSource
  private let input: Descriptor
  private var poller: Poller
  private let socketSlot: Poller.Slot
  private let signalSlot: Poller.Slot
  /// Nil while the input is not read, and for good behind its end.
  private var inputSlot: Poller.Slot?
  private var hasInputEnded = false
  private var hasEndedOurSide = false
  private var waiting: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  private var output = PeerOutput()
  private var sentCount = 0
  private var receivedCount = 0

  /// A conversation over a connection that there is.
  init(over socket: consuming StreamSocket, signals: consuming SignalSource) throws(SystemError) {
    let input = try Descriptor.duplicate(of: StandardStream.input)
    var poller = Poller()
    socketSlot = poller.add(socket.descriptorNumber, interest: .read)
    signalSlot = poller.add(signals.descriptorNumber, interest: .read)
    self.socket = socket
    self.signals = signals
    self.input = input
    self.poller = poller
  }

  /// Connects to the first of the endpoints that takes a connection; nil when a signal came before.
  static func connect(
    to endpoints: [Endpoint], _ signals: borrowing SignalSource
  ) throws(SystemError) -> StreamSocket? {
    var failure: SystemError?
    for endpoint in endpoints {
      do throws(SystemError) {
        let socket = try StreamSocket(connectingTo: endpoint)
        var poller = Poller()
        _ = poller.add(socket.descriptorNumber, interest: .write)
        let signalSlot = poller.add(signals.descriptorNumber, interest: .read)
        try poller.wait(until: nil)
        guard poller.readiness(of: signalSlot).isEmpty else { return nil }
        try socket.finishConnecting()
        return socket
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return nil
  }

  /// Talks until the server has ended its side, or a signal comes. Gives the exit code.
  mutating func run() throws(SystemError) -> CInt {
    note("connected to \(socket.peer) from \(try socket.localEndpoint())")
    let beganAt = MonotonicClock.now()
    var isOver = false
    while !isOver, output.isOpen {
      watch()
      try poller.wait(until: nil)
      if !poller.readiness(of: signalSlot).isEmpty, try signals.next() != nil { break }
      if let inputSlot, !poller.readiness(of: inputSlot).isEmpty { try readInput() }
      let readiness = poller.readiness(of: socketSlot)
      if !readiness.isDisjoint(with: [.readable, .failed, .hungUp]) { isOver = try readSocket() }
      try send()
    }
    let time = MonotonicClock.now() - beganAt
    note(
      "\(isOver ? "ended by the server" : "interrupted") after \(time.milliseconds) ms, "
        + "\(counted(sentCount, "octet")) sent, \(receivedCount) received")
    return 0
  }

  /// Watches for what can be done next. The input is taken out of the table where it is not to be
  /// read, since its end would be told over and over.
  private mutating func watch() {
    poller.modify(socketSlot, interest: waiting.isEmpty ? .read : [.read, .write])
    let wantsInput = !hasInputEnded && waiting.count < Self.waitingLimit
    if wantsInput, inputSlot == nil {
      inputSlot = poller.add(input.rawValue, interest: .read)
    } else if !wantsInput, let slot = inputSlot {
      poller.remove(slot)
      inputSlot = nil
    }
  }

  private mutating func readInput() throws(SystemError) {
    guard let count = try input.read(into: &buffer) else { return }
    hasInputEnded = count == 0
    waiting += buffer[..<count]
  }

  /// Prints what has come; gives whether it was the end.
  private mutating func readSocket() throws(SystemError) -> Bool {
    guard let count = try socket.read(into: &buffer) else { return false }
    receivedCount += count
    output.print(buffer[..<count])
    return count == 0
  }

  private mutating func send() throws(SystemError) {
    while !waiting.isEmpty, let count = try socket.write(waiting.span) {
      sentCount += count
      waiting.removeFirst(count)
    }
    if waiting.isEmpty, hasInputEnded, !hasEndedOurSide {
      try socket.shutdownWriting()
      hasEndedOurSide = true
    }
  }

  private func note(_ line: String) { Tool.printDiagnostic(line) }
}

extension Nanoseconds {
  /// Whole milliseconds.
  var milliseconds: Int64 { count / 1_000_000 }
}
