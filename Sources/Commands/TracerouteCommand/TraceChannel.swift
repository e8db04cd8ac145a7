import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// The sockets of a trace at work: told what to send, asked what came.
struct TraceChannel: ~Copyable {
  /// How the probes are made, which depends on what sockets could be had.
  let probe: TraceProbe
  /// The port or identifier that probes come from.
  let number: UInt16

  private let sockets: TraceSockets
  /// Holds our UDP source port, so that no other program gets it and the kernel does not refuse a
  /// target's answer to it in our name.
  private let portHolder: MessageSocket?
  private let target: Endpoint
  private var ledger = TransmitLedger()
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  /// What comes is wanted as it came, and not only what it means.
  var keepsPackets = false

  /// How many packets are read before timers get their turn.
  private static let readLimit = 256

  /// Prepares the sockets for probes to `target`.
  init(
    _ sockets: consuming TraceSockets, to target: Endpoint, from origin: ProbeOrigin,
    _ plan: TracePlan
  ) throws {
    let source = origin.source
    let family = target.address.family
    let portHolder = try Self.holdPort(sockets, from: source, plan)
    let number = try Self.prepare(
      sockets, family: family, plan, sourcePort: try portHolder?.localEndpoint().port)
    let method = try TraceMethod(
      plan.options, family, isRaw: sockets.sender.isRaw, number: number)
    var headers = plan.options.headers
    // The kernel sends what begins with a header of ours as it is, or not at all (raw(7)).
    headers.fragmentLength = origin.pathMTU
    // traceroute's default: the headers and 32 octets, whatever the family.
    let length = plan.packetLength ?? (family == .v4 ? 60 : 80)
    let probe = TraceProbe(
      target: target.address, source: source, method: method, packetLength: length,
      cookies: plan.cookies, headers: headers)
    if case .icmp(let identifier) = method, sockets.sender.isRaw {
      try sockets.sender.attachFilter(.echoReplies(identifier: identifier, family: family))
    }
    (self.probe, self.target, self.number) = (probe, target, number)
    self.portHolder = portHolder
    self.sockets = sockets
  }

  /// A UDP socket on a port of its own, where we write UDP headers ourselves.
  static func holdPort(
    _ sockets: borrowing TraceSockets, from source: IPAddress, _ plan: TracePlan
  ) throws(SystemError) -> MessageSocket? {
    guard sockets.sender.isRaw, [.udp, .dns, .quic].contains(plan.options.kind) else { return nil }
    let holder = try MessageSocket(.datagram(.udp), family: source.family)
    try holder.bind(to: .any(source.family, port: plan.options.sourcePort ?? 0))
    try holder.enableReceivedFields()
    try holder.enableTimestamps()
    return holder
  }

  /// Sets all that the sockets can be set, and returns the port or identifier that probes come from.
  static func prepare(
    _ sockets: borrowing TraceSockets, family: IPFamily, _ plan: TracePlan, sourcePort: UInt16?
  ) throws(SystemError) -> UInt16 {
    let options = plan.options
    try sockets.sender.enableReceivedFields()
    try sockets.sender.enableTimestamps()
    try sockets.listener?.attachFilter(.errors(family: family))
    try sockets.listener?.enableReceivedFields()
    try sockets.listener?.enableTimestamps()
    // Up to what the link takes, whatever the kernel has heard of the path before.
    if options.headers.dontFragment { try sockets.sender.setPathMTUDiscovery(.probe) }
    guard sockets.sender.isRaw else {
      try sockets.sender.bind(to: options.localEndpoint(family))
      try sockets.sender.enableErrorQueue()
      if options.headers.typeOfService != 0 {
        try sockets.sender.setTypeOfService(options.headers.typeOfService)
      }
      return try sockets.sender.localEndpoint().port
    }
    try sockets.sender.setHeaderIncluded()
    // A raw UDP socket would be handed every datagram that comes to this host.
    if sourcePort != nil { try sockets.sender.attachFilter(SocketFilter([.drop])) }
    // Above the ports that servers and, by default, this host's own connections have, with room for as many
    // flows as a discovery has.
    return sourcePort ?? options.sourcePort ?? .random(in: 61_001...61_400)
  }

  /// Poll these for reading.
  var descriptorNumbers: [CInt] {
    switch portHolder {
    case .some(let holder): sockets.descriptorNumbers + [holder.descriptorNumber]
    case .none: sockets.descriptorNumbers
    }
  }

  // MARK: Sending

  /// Hands a probe to the kernel.
  mutating func send(_ request: TraceRequest) throws(SystemError) {
    do throws(SystemError) {
      for piece in try pieces(of: request) {
        try sockets.sender.send(
          piece.span, to: destination(of: request),
          timeToLive: sockets.sender.isRaw ? nil : request.timeToLive)
        ledger.sent(UInt64(request.number))
      }
    } catch {
      ledger.failed()
      throw error
    }
  }

  private func pieces(of request: TraceRequest) throws(SystemError) -> [[UInt8]] {
    do throws(PacketError) {
      return try probe.pieces(of: request, isRaw: isRaw)
    } catch {
      throw SystemError.messageTooLong(sendingTo: target)
    }
  }

  private func destination(of request: TraceRequest) -> Endpoint {
    var destination = target
    destination.address = probe.firstStop
    if !sockets.sender.isRaw, let ports = probe.method.ports(of: request) {
      destination.port = ports.destination
    }
    return destination
  }

  // MARK: Receiving

  /// Reads what the kernel says about sent probes, then what came from the network.
  mutating func receive(
    for probes: TraceLedger, _ body: (ChannelEvent) -> Void
  ) throws(SystemError) {
    try readErrorQueue(for: probes, body)
    try readErrors(for: probes, body)
    try readAnswers(for: probes, body)
    try readDatagrams(for: probes, body)
  }

  /// IP headers of probes are ours.
  var isRaw: Bool { sockets.sender.isRaw }

  /// The octets of what was read last.
  func read(_ received: Received) -> [UInt8] { Array(buffer[..<received.count]) }

  var rawFraming: ArrivalFraming {
    sockets.sender.isRaw && target.address.family == .v4 ? .packet : .message
  }

  func fields(_ received: Received) -> ArrivalFields {
    ArrivalFields(
      source: received.source?.address ?? target.address, timeToLive: received.timeToLive,
      typeOfService: received.typeOfService)
  }

  /// What the raw ICMP socket hears, be it the sender or another.
  private mutating func readErrors(
    for probes: TraceLedger, _ body: (ChannelEvent) -> Void
  ) throws(SystemError) {
    for _ in 0..<Self.readLimit {
      let received =
        sockets.listener == nil
        ? try sockets.sender.receive(into: &buffer)
        : try sockets.listener?.receive(into: &buffer)
      guard let received else { return }
      let arrival = Arrival(clock: .now(), kernelStamp: received.kernelReceiveTime)
      let decoded = probe.decode(
        buffer.span.extracting(first: received.count), framing: rawFraming,
        fields: fields(received), ledger: probes)
      if let decoded { body(ChannelEvent(decoded, arrival, packet(received))) }
    }
  }

  /// What a raw socket of another protocol hears.
  private mutating func readAnswers(
    for probes: TraceLedger, _ body: (ChannelEvent) -> Void
  ) throws(SystemError) {
    guard sockets.listener != nil, portHolder == nil else { return }
    for _ in 0..<Self.readLimit {
      guard let received = try sockets.sender.receive(into: &buffer) else { return }
      let arrival = Arrival(clock: .now(), kernelStamp: received.kernelReceiveTime)
      let decoded = probe.decode(
        answer: buffer.span.extracting(first: received.count), framing: rawFraming,
        fields: fields(received), ledger: probes)
      guard let decoded else { continue }
      let packet = packet(received, carrying: probe.protocolNumber)
      body(ChannelEvent(decoded, arrival, packet))
    }
  }

  private mutating func readDatagrams(
    for probes: TraceLedger, _ body: (ChannelEvent) -> Void
  ) throws(SystemError) {
    for _ in 0..<Self.readLimit {
      guard let received = try portHolder?.receive(into: &buffer) else { return }
      let arrival = Arrival(clock: .now(), kernelStamp: received.kernelReceiveTime)
      let decoded = probe.decode(
        datagram: buffer.span.extracting(first: received.count), fields: fields(received),
        ledger: probes)
      if let decoded { body(ChannelEvent(decoded, arrival, datagram(received))) }
    }
  }

  private mutating func readErrorQueue(
    for probes: TraceLedger, _ body: (ChannelEvent) -> Void
  ) throws(SystemError) {
    for _ in 0..<Self.readLimit {
      guard let entry = try sockets.sender.receiveError(into: &buffer) else { return }
      switch entry {
      case .transmitted(let counter, let stamp):
        if let number = ledger.number(for: counter) {
          body(ChannelEvent(.transmitted(number: Int(number), stamp)))
        }
      case .icmp(let report):
        let arrival = Arrival(clock: .now(), kernelStamp: report.receivedAt)
        let decoded = probe.decode(
          queued: buffer.span.extracting(first: report.quotedCount),
          destinationPort: report.destination?.port ?? 0, error: ICMPErrorReport(report),
          ledger: probes)
        if let decoded { body(ChannelEvent(decoded, arrival, nil)) }
      case .handedOver, .leftCard: break  // not asked for
      case .local: break  // the failed send has said so already
      }
    }
  }
}

/// What the command line says about probes, and the key that makes them ours.
struct TracePlan: Sendable {
  var options: TracerouteOptions
  /// Of the whole packet, if one was given.
  var packetLength: Int?
  var cookieKey: EvidenceKey

  var cookies: KeyedCookie { KeyedCookie(key: cookieKey.low, cookieKey.high) }
}

extension TracerouteOptions {
  /// What a datagram socket is bound to.
  func localEndpoint(_ family: IPFamily) -> Endpoint {
    let port = sourcePort ?? 0
    return origin.source.map { Endpoint($0, port: port) } ?? .any(family, port: port)
  }
}
