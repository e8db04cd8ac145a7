import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

/// A socket that may turn out not to be needed: sockets are opened, and privileges dropped, before
/// it is known which family the target's name will lead to.
struct SocketAttempt: ~Copyable {
  private var socket: MessageSocket?
  private let error: SystemError?

  /// Tries a raw socket, and an ICMP datagram one if that is not allowed and will do.
  init(family: IPFamily, needsRaw: Bool) {
    let protocolNumber: IPProtocol = family == .v4 ? .icmp : .icmpv6
    do throws(SystemError) {
      socket = try MessageSocket(.raw(protocolNumber), family: family)
      error = nil
    } catch {
      guard error.isPermission, !needsRaw else {
        self.error = error
        return
      }
      do throws(SystemError) {
        socket = try MessageSocket(.datagram(protocolNumber), family: family)
        self.error = nil
      } catch {
        self.error = error
      }
    }
  }

  /// The socket, or why there is none.
  consuming func take() throws(SystemError) -> MessageSocket {
    if let error { throw error }
    guard let socket = socket.take() else { preconditionFailure("a socket is taken once") }
    return socket
  }

  /// Binds to an interface, which may need the privileges that are about to be dropped.
  func bind(toInterface name: String) throws(SystemError) {
    if error == nil { try socket?.bind(toInterface: name) }
  }
}

/// The socket of a ping, told what to send and asked what came.
struct EchoChannel: ~Copyable {
  /// Poll this for reading.
  var descriptorNumber: CInt { socket.descriptorNumber }
  /// Names the session in each probe; the kernel's choice on a datagram socket.
  let identifier: UInt16

  private let socket: MessageSocket
  private let target: Endpoint
  private let isRaw: Bool
  private let header: ProbePacket?
  private var ledger = TransmitLedger()
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// How many packets are read before timers get their turn.
  private static let readLimit = 256

  /// Prepares `socket` for probes to `target`.
  init(
    _ socket: consuming MessageSocket, to target: Endpoint, from origin: ProbeOrigin,
    choice: ProbeOrigin.Choice?, timeToLive: UInt8?, includesHeader: Bool
  ) throws(SystemError) {
    let identifier = try Self.prepare(
      socket, family: target.address.family, choice: choice, timeToLive: timeToLive,
      includesHeader: includesHeader)
    isRaw = socket.isRaw
    (self.target, self.identifier) = (target, identifier)
    header =
      includesHeader
      ? ProbePacket(
        from: origin.source, to: target.address,
        carrying: target.address.family == .v4 ? .icmp : .icmpv6, timeToLive: timeToLive ?? 64)
      : nil
    self.socket = socket
  }

  /// Sets all that a socket can be set, and says which identifier its probes are to have.
  private static func prepare(
    _ socket: borrowing MessageSocket, family: IPFamily, choice: ProbeOrigin.Choice?,
    timeToLive: UInt8?, includesHeader: Bool
  ) throws(SystemError) -> UInt16 {
    if case .address(let address) = choice {
      try socket.bind(to: Endpoint(address))
    } else if !socket.isRaw {
      try socket.bind(to: .any(family))
    }
    let identifier =
      socket.isRaw ? UInt16.random(in: 1 ... .max) : try socket.localEndpoint().port
    if let timeToLive { try socket.setTimeToLive(timeToLive) }
    if includesHeader { try socket.setHeaderIncluded() }
    if socket.isRaw {
      try socket.attachFilter(.echoReplies(identifier: identifier, family: family))
    } else {
      // A datagram socket is given no ICMP errors but through its error queue.
      try socket.enableErrorQueue()
    }
    try socket.enableReceivedFields()
    try socket.enableTimestamps()
    return identifier
  }

  /// Hands probe `number` to the kernel.
  mutating func send(_ message: [UInt8], number: UInt64) throws(SystemError) {
    do throws(SystemError) {
      if let header {
        let packet: [UInt8]
        do throws(PacketError) {
          packet = try header.octets(payload: message.span)
        } catch {
          throw SystemError.messageTooLong(sendingTo: target)
        }
        try socket.send(packet.span, to: target)
      } else {
        try socket.send(message.span, to: target)
      }
      ledger.sent(number)
    } catch {
      ledger.failed()
      throw error
    }
  }

  /// Reads what the kernel says about sent probes, then what came from the network.
  mutating func receive(
    for request: EchoRequest, _ body: (PingSession.Event) -> Void
  ) throws(SystemError) {
    try readErrorQueue(for: request, body)
    let framing = isRaw && target.address.family == .v4 ? ArrivalFraming.packet : .message
    for _ in 0..<Self.readLimit {
      guard let received = try socket.receive(into: &buffer) else { return }
      let arrival = Arrival(clock: .now(), kernelStamp: received.kernelReceiveTime)
      let octets = buffer.span.extracting(first: received.count)
      let decoded = request.decode(
        octets, framing: framing, source: received.source?.address ?? target.address,
        timeToLive: received.timeToLive)
      if let decoded { body(.arrived(decoded, arrival)) }
    }
  }

  private mutating func readErrorQueue(
    for request: EchoRequest, _ body: (PingSession.Event) -> Void
  ) throws(SystemError) {
    for _ in 0..<Self.readLimit {
      guard let entry = try socket.receiveError(into: &buffer) else { return }
      switch entry {
      case .transmitted(let counter, let stamp):
        if let number = ledger.number(for: counter) {
          body(.transmitted(number: number, stamp))
        }
      case .icmp(let report):
        let arrival = Arrival(clock: .now(), kernelStamp: report.receivedAt)
        let octets = buffer.span.extracting(first: report.quotedCount)
        let decoded = request.decode(queued: octets, error: ICMPErrorReport(report))
        if let decoded { body(.arrived(decoded, arrival)) }
      case .local: break  // the failed send has said so already
      }
    }
  }
}
