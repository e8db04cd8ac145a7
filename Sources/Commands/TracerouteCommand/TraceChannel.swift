import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

/// The sockets of a trace at work: told what to send, asked what came.
struct TraceChannel: ~Copyable {
  /// How the probes are made, which depends on what sockets could be had.
  let method: TraceMethod

  private let sockets: TraceSockets
  /// Holds our UDP source port, so that no other program gets it and the kernel does not refuse a
  /// target's answer to it in our name.
  private let portHolder: MessageSocket?
  private let includesHeader: Bool
  private let target: Endpoint
  private var ledger = TransmitLedger()
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// Where UDP probes go: the port that traceroute has always begun with.
  private static let destinationPort: UInt16 = 33_434
  /// How many packets are read before timers get their turn.
  private static let readLimit = 256

  /// Prepares the sockets for probes to `target`.
  init(
    _ sockets: consuming TraceSockets, to target: Endpoint, usesICMP: Bool, includesHeader: Bool
  ) throws(SystemError) {
    let portHolder = try Self.holdPort(sockets, family: target.address.family, usesICMP: usesICMP)
    method = try Self.prepare(
      sockets, family: target.address.family, usesICMP: usesICMP,
      sourcePort: try portHolder?.localEndpoint().port ?? 0, includesHeader: includesHeader)
    (self.target, self.includesHeader) = (target, includesHeader)
    self.portHolder = portHolder
    self.sockets = sockets
  }

  /// A UDP socket on a port of its own, where we write UDP headers ourselves.
  private static func holdPort(
    _ sockets: borrowing TraceSockets, family: IPFamily, usesICMP: Bool
  ) throws(SystemError) -> MessageSocket? {
    guard sockets.sender.isRaw, !usesICMP else { return nil }
    let holder = try MessageSocket(.datagram(.udp), family: family)
    try holder.bind(to: .any(family))
    return holder
  }

  /// Sets all that the sockets can be set, and says how probes are to be made.
  private static func prepare(
    _ sockets: borrowing TraceSockets, family: IPFamily, usesICMP: Bool, sourcePort: UInt16,
    includesHeader: Bool
  ) throws(SystemError) -> TraceMethod {
    try sockets.sender.enableReceivedFields()
    try sockets.sender.enableTimestamps()
    guard sockets.sender.isRaw else {
      try sockets.sender.bind(to: .any(family))
      try sockets.sender.enableErrorQueue()
      return usesICMP
        ? .icmp(identifier: try sockets.sender.localEndpoint().port)
        : .udpRisingPort(first: destinationPort)
    }
    if includesHeader { try sockets.sender.setHeaderIncluded() }
    if usesICMP {
      let identifier = UInt16.random(in: 1 ... .max)
      try sockets.sender.attachFilter(.echoReplies(identifier: identifier, family: family))
      return .icmp(identifier: identifier)
    }
    // A raw UDP socket would be handed every datagram that comes to this host.
    try sockets.sender.attachFilter(SocketFilter([.drop]))
    try sockets.listener?.attachFilter(.errors(family: family))
    try sockets.listener?.enableReceivedFields()
    try sockets.listener?.enableTimestamps()
    return .udp(sourcePort: sourcePort, destinationPort: destinationPort)
  }

  /// Poll these for reading.
  var descriptorNumbers: [CInt] { sockets.descriptorNumbers }

  /// Hands probe `number` to the kernel.
  mutating func send(
    _ number: Int, of probe: TraceProbe, timeToLive: UInt8
  ) throws(SystemError) {
    do throws(SystemError) {
      try sendUnrecorded(number, of: probe, timeToLive: timeToLive)
      ledger.sent(UInt64(number))
    } catch {
      ledger.failed()
      throw error
    }
  }

  private func sendUnrecorded(
    _ number: Int, of probe: TraceProbe, timeToLive: UInt8
  ) throws(SystemError) {
    var destination = target
    if case .udpRisingPort = method {
      destination.port = probe.destinationPort(of: number)
      let payload = probe.payload(of: number)
      return try sockets.sender.send(payload.span, to: destination, timeToLive: timeToLive)
    }
    let octets: [UInt8]
    do throws(PacketError) {
      octets = try packet(number, of: probe, timeToLive: timeToLive)
    } catch {
      throw SystemError.messageTooLong(sendingTo: target)
    }
    try sockets.sender.send(
      octets.span, to: destination, timeToLive: includesHeader ? nil : timeToLive)
  }

  private func packet(
    _ number: Int, of probe: TraceProbe, timeToLive: UInt8
  ) throws(PacketError) -> [UInt8] {
    let message = try probe.message(of: number)
    guard includesHeader else { return message }
    // The identification tells probes apart even where a router quotes nothing but the IP header.
    let header = ProbePacket(
      from: probe.source, to: probe.target, carrying: probe.protocolNumber,
      timeToLive: timeToLive, identification: UInt16(truncatingIfNeeded: number + 1))
    return try header.octets(payload: message.span)
  }

  /// Reads what the kernel says about sent probes, then what came from the network.
  mutating func receive(
    for session: TraceSession, _ body: (TraceSession.Event) -> Void
  ) throws(SystemError) {
    let probe = session.configuration.probe
    try readErrorQueue(for: probe, session.probeCount, body)
    let framing =
      sockets.sender.isRaw && target.address.family == .v4 ? ArrivalFraming.packet : .message
    for _ in 0..<Self.readLimit {
      let received =
        sockets.listener == nil
        ? try sockets.sender.receive(into: &buffer)
        : try sockets.listener?.receive(into: &buffer)
      guard let received else { return }
      let arrival = Arrival(clock: .now(), kernelStamp: received.kernelReceiveTime)
      let octets = buffer.span.extracting(first: received.count)
      let decoded = probe.decode(
        octets, framing: framing, source: received.source?.address ?? target.address,
        timeToLive: received.timeToLive, probeCount: session.probeCount)
      if let decoded { body(.arrived(decoded, arrival)) }
    }
  }

  private mutating func readErrorQueue(
    for probe: TraceProbe, _ probeCount: Int, _ body: (TraceSession.Event) -> Void
  ) throws(SystemError) {
    for _ in 0..<Self.readLimit {
      guard let entry = try sockets.sender.receiveError(into: &buffer) else { return }
      switch entry {
      case .transmitted(let counter, let stamp):
        if let number = ledger.number(for: counter) {
          body(.transmitted(number: Int(number), stamp))
        }
      case .icmp(let report):
        let arrival = Arrival(clock: .now(), kernelStamp: report.receivedAt)
        let octets = buffer.span.extracting(first: report.quotedCount)
        let decoded = probe.decode(
          queued: octets, destinationPort: report.destination?.port ?? 0,
          error: ICMPErrorReport(report), probeCount: probeCount)
        if let decoded { body(.arrived(decoded, arrival)) }
      case .handedOver: break  // not asked for
      case .local: break  // the failed send has said so already
      }
    }
  }
}
