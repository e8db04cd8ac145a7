import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

/// The sockets of traces to many targets of one family.
struct ManyChannel: ~Copyable {
  private let sockets: TraceSockets
  /// Holds our UDP source port, as for a single trace.
  private let portHolder: MessageSocket?
  private let family: IPFamily
  private let method: TraceMethod
  private let plan: TracePlan
  private var probes: ManyProbes
  /// Where the targets are that are traced, with their scopes.
  private var endpoints: [Int: Endpoint] = [:]
  private var ledger = TransmitLedger()
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// How many packets are read before timers get their turn.
  private static let readLimit = 256
  /// Answers to a second of probes at the highest rate.
  private static let receiveBuffer = 8 << 20

  /// Prepares the sockets.
  init(_ sockets: consuming TraceSockets, _ family: IPFamily, _ plan: TracePlan) throws {
    let source = Endpoint.any(family).address
    let portHolder = try TraceChannel.holdPort(sockets, from: source, plan)
    let number = try TraceChannel.prepare(
      sockets, family: family, plan, sourcePort: try portHolder?.localEndpoint().port)
    let method = try TraceMethod(plan.options, family, isRaw: sockets.sender.isRaw, number: number)
    try sockets.sender.setReceiveBuffer(Self.receiveBuffer)
    try sockets.listener?.setReceiveBuffer(Self.receiveBuffer)
    if case .icmp(let identifier) = method, sockets.sender.isRaw {
      try sockets.sender.attachFilter(.echoReplies(identifier: identifier, family: family))
    }
    var risingPort: UInt16?
    if case .udpRisingPort(let first, _) = method { risingPort = first }
    probes = ManyProbes(family, risingPort: risingPort)
    (self.family, self.plan, self.method) = (family, plan, method)
    self.portHolder = portHolder
    self.sockets = sockets
  }

  /// Poll these for reading.
  var descriptorNumbers: [CInt] {
    switch portHolder {
    case .some(let holder): sockets.descriptorNumbers + [holder.descriptorNumber]
    case .none: sockets.descriptorNumbers
    }
  }

  /// How many probes can be told from each other on the wire.
  var wireLimit: Int {
    if case .udpRisingPort(let first, _) = method { return Int(UInt16.max - first) }
    return ManyConfiguration().wireLimit
  }

  // MARK: Targets

  /// A trace begins.
  ///
  /// - Returns: how it is probed.
  /// - Throws: why nothing can be sent there.
  mutating func open(_ target: Int, _ endpoint: Endpoint) throws(SystemError) -> TraceProbe {
    let origin = try ProbeOrigin(for: endpoint, choices: plan.options.origin.choices)
    var headers = plan.options.headers
    headers.fragmentLength = origin.pathMTU
    // traceroute's default: the headers and 32 octets, whatever the family.
    let probe = TraceProbe(
      target: endpoint.address, source: origin.source, method: method,
      packetLength: family == .v4 ? 60 : 80, cookies: plan.cookies, headers: headers)
    (probes[target], endpoints[target]) = (probe, endpoint)
    return probe
  }

  /// A trace is over.
  mutating func close(_ target: Int) { (probes[target], endpoints[target]) = (nil, nil) }

  // MARK: Sending

  /// Hands a probe to the kernel.
  mutating func send(_ request: TraceRequest) throws(SystemError) {
    guard let probe = probes[request.target], var endpoint = endpoints[request.target] else {
      return
    }
    if !sockets.sender.isRaw, let ports = method.ports(of: request) {
      endpoint.port = ports.destination
    }
    do throws(SystemError) {
      for piece in try pieces(of: request, probe, endpoint) {
        try sockets.sender.send(
          piece.span, to: endpoint,
          timeToLive: sockets.sender.isRaw ? nil : request.timeToLive)
        ledger.sent(UInt64(request.number))
      }
    } catch {
      ledger.failed()
      throw error
    }
  }

  private func pieces(
    of request: TraceRequest, _ probe: TraceProbe, _ endpoint: Endpoint
  ) throws(SystemError) -> [[UInt8]] {
    do throws(PacketError) {
      return try probe.pieces(of: request, isRaw: sockets.sender.isRaw)
    } catch {
      throw SystemError.messageTooLong(sendingTo: endpoint)
    }
  }

  // MARK: Receiving

  /// Reads what the kernel says about sent probes, then what came from the network.
  mutating func receive(
    for ledger: TraceLedger, _ body: (TraceEvent) -> Void
  ) throws(SystemError) {
    try readErrorQueue(for: ledger, body)
    let (probes, family) = (probes, family)
    let framing: ArrivalFraming =
      sockets.sender.isRaw && family == .v4 ? .packet : .message
    func take(_ received: Received, _ arrival: TraceArrival?) {
      let time = Arrival(clock: .now(), kernelStamp: received.kernelReceiveTime)
      if let arrival { body(.arrived(arrival, time)) }
    }
    func fields(_ received: Received) -> ArrivalFields {
      ArrivalFields(
        source: received.source?.address ?? Endpoint.any(family).address,
        timeToLive: received.timeToLive, typeOfService: received.typeOfService)
    }
    func errors(_ received: Received, _ octets: Span<UInt8>) {
      let decoded = probes.decode(
        octets, framing: framing, fields: fields(received), ledger: ledger)
      take(received, decoded)
    }
    func answers(_ received: Received, _ octets: Span<UInt8>) {
      let decoded = probes.decode(
        answer: octets, framing: framing, fields: fields(received), ledger: ledger)
      take(received, decoded)
    }
    func datagrams(_ received: Received, _ octets: Span<UInt8>) {
      take(received, probes.decode(datagram: octets, fields: fields(received), ledger: ledger))
    }
    switch sockets.listener {
    case .some(let listener): try Self.read(listener, into: &buffer, errors)
    case .none: return try Self.read(sockets.sender, into: &buffer, errors)
    }
    switch portHolder {
    case .some(let holder): try Self.read(holder, into: &buffer, datagrams)
    case .none: try Self.read(sockets.sender, into: &buffer, answers)
    }
  }

  private static func read(
    _ socket: borrowing MessageSocket, into buffer: inout [UInt8],
    _ body: (Received, Span<UInt8>) -> Void
  ) throws(SystemError) {
    for _ in 0..<readLimit {
      guard let received = try socket.receive(into: &buffer) else { return }
      body(received, buffer.span.extracting(first: received.count))
    }
  }

  private mutating func readErrorQueue(
    for probes: TraceLedger, _ body: (TraceEvent) -> Void
  ) throws(SystemError) {
    for _ in 0..<Self.readLimit {
      guard let entry = try sockets.sender.receiveError(into: &buffer) else { return }
      switch entry {
      case .transmitted(let counter, let stamp):
        if let number = ledger.number(for: counter) {
          body(.transmitted(number: Int(number), stamp))
        }
      case .icmp(let report):
        let time = Arrival(clock: .now(), kernelStamp: report.receivedAt)
        let decoded = self.probes.decode(
          queued: buffer.span.extracting(first: report.quotedCount),
          destination: report.destination?.address, port: report.destination?.port ?? 0,
          error: ICMPErrorReport(report), ledger: probes)
        if let decoded { body(.arrived(decoded, time)) }
      case .handedOver, .leftCard: break  // not asked for
      case .local: break  // the failed send has said so already
      }
    }
  }
}
