import PacketWire

/// What the connections of an analysis share.
struct StreamShared: Sendable {
  let limits: AnalysisLimits
  var counts = AnalysisCounts()
  var memory: StreamMemory
  var segments: SegmentMemory
  /// What unpacks messages of WebSockets, and where it writes to.
  let inflaterSource: MessageInflaterSource?
  var unpacked: [UInt8] = []
  var transactions: DNSTransactions
  var names: AddressNames
  /// HTTP requests seen so far.
  var exchanges = 0

  init(limits: AnalysisLimits, inflaterSource: MessageInflaterSource?) {
    self.limits = limits
    self.inflaterSource = inflaterSource
    if inflaterSource != nil { unpacked = [UInt8](repeating: 0, count: 16_384) }
    memory = StreamMemory(limit: limits.heldOctets, limitPerStream: limits.heldOctetsPerStream)
    segments = SegmentMemory(
      limit: limits.rememberedSegments, limitPerStream: limits.rememberedSegmentsPerStream)
    transactions = DNSTransactions(capacity: limits.pendingRequests)
    names = AddressNames(capacity: limits.names)
  }
}

/// Both streams of a connection as their application sees them: octets in order.
struct StreamConversation: Sendable {
  /// Who sends a segment, to whom.
  struct Ends {
    var side: TCPSide
    var source: Endpoint
    var destination: Endpoint

    /// The same, as the other side has it.
    var reversed: Ends { Ends(side: side.peer, source: destination, destination: source) }
  }

  /// What it was recognised to be.
  private(set) var application = StreamProtocol.undecided
  /// Who sends the requests, when it is HTTP.
  private(set) var requester = TCPSide.client
  /// The capture begins in the middle of it: octets that were not understood may be the end of a
  /// message whose successor will be.
  private let beginsMidStream: Bool
  private var starts = BothSides<[UInt8]>([])
  private var http = HTTPConversation()
  private var tls = BothSides(TLSStream())
  private var dns = BothSides(DNSStream())
  private var webSocket = OutOfLine<WebSocketConversation>()

  init(beginsMidStream: Bool) { self.beginsMidStream = beginsMidStream }

  /// Nothing is known that says who is who.
  var isUnsettled: Bool {
    (application == .undecided || application == .unknown) && starts.client.isEmpty
      && starts.server.isEmpty
  }

  /// Octets are looked at, so they are worth being put in order.
  var isRead: Bool {
    switch application {
    case .undecided, .http, .tls, .dns, .webSocket: true
    case .http2, .upgraded, .unknown: beginsMidStream
    }
  }

  /// Reads octets that are next in order.
  mutating func consume(
    _ octets: Span<UInt8>, _ ends: Ends, at mark: PacketMark, _ shared: inout StreamShared,
    into facts: inout StreamFacts
  ) {
    if application == .undecided || (application == .unknown && beginsMidStream) {
      decide(octets, ends)
    }
    let side = ends.side
    guard application != .undecided else { return keepStart(octets, side, &shared.memory) }
    guard !starts[side].isEmpty else { return read(octets, ends, mark, &shared, &facts) }
    let whole = starts[side] + Array(copying: octets)
    shared.memory.used -= starts[side].count
    starts[side] = []
    read(whole.span, ends, mark, &shared, &facts)
  }

  /// Jumps over `missing` octets of one direction.
  mutating func skip(
    _ missing: Int64, _ side: TCPSide, at mark: PacketMark, _ shared: inout StreamShared,
    into facts: inout StreamFacts
  ) {
    switch application {
    case .undecided: application = .unknown
    case .http: http.skip(missing, kind(of: side), at: mark, &shared.memory, into: &facts)
    case .tls: tls[side].skip(missing, &shared.memory)
    case .dns: application = .unknown
    case .webSocket: withWebSocket { $0.skip(missing, side, at: mark, &shared, into: &facts) }
    case .http2, .upgraded, .unknown: break
    }
  }

  /// One direction has ended, in order or by a reset.
  mutating func close(
    _ side: TCPSide, at mark: PacketMark, byReset: Bool, _ shared: inout StreamShared,
    into facts: inout StreamFacts
  ) {
    if application == .webSocket { withWebSocket { $0.close(side, into: &facts) } }
    guard application == .http else { return }
    http.close(kind(of: side), at: mark, byReset: byReset, &shared.memory, into: &facts)
  }

  /// Forgets what is held.
  mutating func removeAll(_ memory: inout StreamMemory) {
    http.removeAll(&memory)
    withWebSocket { $0.removeAll(&memory) }
    for side in [TCPSide.client, .server] {
      memory.used -= starts[side].count
      starts[side] = []
      tls[side].removeAll(&memory)
      dns[side].removeAll(&memory)
    }
  }

  private func kind(of side: TCPSide) -> HTTPConversation.Kind {
    side == requester ? .requests : .responses
  }

  /// DNS is told by its port, all else by its first octets.
  private mutating func decide(_ octets: Span<UInt8>, _ ends: Ends) {
    let ports = (ends.source.port ?? 0, ends.destination.port ?? 0)
    if ApplicationProtocol.ofStreams(on: ports)?.isDNS ?? false {
      application = .dns
      return
    }
    let start = starts[ends.side]
    let verdict =
      start.isEmpty ? StreamStart(octets) : StreamStart((start + Array(copying: octets)).span)
    switch verdict {
    case .needsMore: break
    case .httpRequest: (application, requester) = (.http, ends.side)
    case .httpResponse: (application, requester) = (.http, ends.side.peer)
    case .http2: application = .http2
    case .tlsClient, .tlsServer: application = .tls
    case .unknown: application = .unknown
    }
  }

  private mutating func keepStart(
    _ octets: Span<UInt8>, _ side: TCPSide, _ memory: inout StreamMemory
  ) {
    starts[side] += Array(copying: octets)
    memory.used += octets.count
  }

  private mutating func read(
    _ octets: Span<UInt8>, _ ends: Ends, _ mark: PacketMark, _ shared: inout StreamShared,
    _ facts: inout StreamFacts
  ) {
    switch application {
    case .http:
      let kind = kind(of: ends.side)
      let (outcome, count) = http.consume(octets, kind, at: mark, &shared, into: &facts)
      follow(outcome, at: mark, &shared.memory)
      // Frames may stand right behind the head that ends HTTP. In a tunnel stray ends of lines do,
      // which would pass for a protocol that is not known.
      guard application == .webSocket, count < octets.count else { return }
      read(octets.extracting(count..<octets.count), ends, mark, &shared, &facts)
    case .tls: facts.tls = tls[ends.side].consume(octets, &shared.memory)
    case .dns: readDNS(octets, ends, mark, &shared, &facts)
    case .webSocket:
      withWebSocket { $0.consume(octets, ends.side, at: mark, &shared, into: &facts) }
    case .undecided, .http2, .upgraded, .unknown: break
    }
  }

  private mutating func follow(
    _ outcome: HTTPConversation.Outcome, at mark: PacketMark, _ memory: inout StreamMemory
  ) {
    switch outcome {
    case .goesOn: return
    case .notHTTP: application = .unknown
    case .tunnel: application = .undecided
    case .upgraded: application = .upgraded
    case .webSocket(let agreement):
      application = .webSocket
      webSocket.value = WebSocketConversation(agreement, client: requester, upgrade: mark)
    }
    http.removeAll(&memory)
    http = HTTPConversation()
  }

  /// Taken out and put back, so that what it holds is not copied.
  private mutating func withWebSocket(_ body: (inout WebSocketConversation) -> Void) {
    guard var taken = webSocket.value else { return }
    webSocket.value = nil
    body(&taken)
    webSocket.value = taken
  }

  private mutating func readDNS(
    _ octets: Span<UInt8>, _ ends: Ends, _ mark: PacketMark, _ shared: inout StreamShared,
    _ facts: inout StreamFacts
  ) {
    var messages: [DNSMessage] = []
    var isBroken = false
    dns[ends.side].consume(octets, &shared.memory) { message in
      if let message { messages.append(message) } else { isBroken = true }
    }
    if isBroken { application = .unknown }
    for message in messages {
      let found = shared.transactions.add(
        message, from: ends.source, to: ends.destination, at: mark)
      shared.names.learn(from: found, number: mark.number)
      facts.dns.append(found)
    }
  }
}
