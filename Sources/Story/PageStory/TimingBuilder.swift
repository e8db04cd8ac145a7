import FlowAnalysis
import PacketWire

/// Notes the instants at which the phases of requests end. Every table has an end.
struct TimingBuilder: Sendable {
  /// What is known of one connection.
  struct Connection: Sendable {
    var client: IPAddress?
    var server: Endpoint?
    /// When the name that led here was asked for, and when it was known.
    var lookup: (asked: PacketMark, known: PacketMark)?
    var syn: PacketMark?
    var opened: PacketMark?
    var clientISN: UInt32?
    var tls: TLSMarks?
  }

  /// A name that was asked for.
  private struct Name {
    var asked: PacketMark
    var known: PacketMark?
    /// A connection to its address was begun: who asks again begins anew.
    var isTried = false
    /// A request was sent to its address: what is asked later is for another one.
    var isUsed = false
  }

  private var connections: [FlowID: Connection] = [:]
  private var order: [FlowID] = []
  private var names: [String: Name] = [:]

  /// An answer that is older than this when it is first used was not waited for.
  private static let freshness = Nanoseconds.seconds(1)

  /// Takes note of one packet.
  mutating func note(_ facts: PacketFacts) {
    switch facts.content {
    case .dns(let dns): note(dns, facts.mark)
    case .tcp(let tcp):
      for message in tcp.stream?.dns ?? [] { note(message, facts.mark) }
      note(tcp, facts)
    default: break
    }
  }

  private mutating func note(_ dns: DNSFacts, _ mark: PacketMark) {
    guard dns.service == .dns, let question = dns.message.questions.first else { return }
    let text = question.name.textWithoutFinalDot
    switch dns.role {
    case .query:
      if let name = names[text], !name.isUsed {
        // The other family's question, or the same once more.
        guard let known = name.known, name.isTried || mark.time - known.time > Self.freshness
        else { return }
      } else if names.count >= SummaryBuilder.maximumLines, names[text] == nil {
        return
      }
      names[text] = Name(asked: mark)
    case .answer: if names[text]?.isUsed == false { names[text]?.known = mark }
    }
  }

  private mutating func note(_ tcp: TCPFacts, _ facts: PacketFacts) {
    guard let flow = facts.flow else { return }
    switch tcp.opening {
    case .syn(let offer): begin(flow, offer, tcp, facts)
    case .complete: connections[flow]?.opened = facts.mark
    default: break
    }
    if connections[flow] == nil, tcp.stream?.tls != nil { begin(flow, nil, tcp, facts) }
    guard connections[flow] != nil else { return }
    if !tcp.positions.isEmpty, tcp.sender == .client { use(flow) }
    noteTLS(flow, tcp, facts.mark)
  }

  private mutating func begin(
    _ flow: FlowID, _ offer: TCPOffer?, _ tcp: TCPFacts, _ facts: PacketFacts
  ) {
    guard connections.count < SummaryBuilder.maximumLines else { return }
    let isFromClient = tcp.sender == .client
    var connection = Connection()
    connection.client = (isFromClient ? facts.source : facts.destination)?.address
    connection.server = isFromClient ? facts.destination : facts.source
    if let offer {
      (connection.syn, connection.clientISN) = (facts.mark, offer.initialSequenceNumber)
    }
    if let text = connection.server?.name?.text, let name = names[text], !name.isUsed,
      let known = name.known, known.time <= facts.mark.time,
      facts.mark.time - known.time <= Self.freshness
    {
      connection.lookup = (name.asked, known)
      names[text]?.isTried = true
    }
    connections[flow] = connection
    order.append(flow)
  }

  /// A connection speaks: its name was looked up for it.
  private mutating func use(_ flow: FlowID) {
    guard let text = connections[flow]?.server?.name?.text else { return }
    names[text]?.isUsed = true
  }

  private mutating func noteTLS(_ flow: FlowID, _ tcp: TCPFacts, _ mark: PacketMark) {
    guard let tls = tcp.stream?.tls else { return }
    let isn = connections[flow]?.clientISN
    if connections[flow]?.tls == nil { connections[flow]?.tls = TLSMarks() }
    connections[flow]?.tls?.note(tls, tcp, clientISN: isn, mark)
  }

  /// The requests that were seen, by start. Times count from `begin`.
  func timings(of exchanges: [StorySummary.Exchange], since begin: WallInstant) -> [RequestTiming] {
    var timings: [RequestTiming] = []
    var opened: Set<FlowID> = []
    for exchange in exchanges {
      // What opened the connection was for its first request.
      let connection = exchange.flow.flatMap {
        opened.insert($0).inserted ? connections[$0] : nil
      }
      var timing = RequestTiming(
        flow: exchange.flow, label: exchange.request, packet: exchange.requestStart.number,
        start: .zero)
      timing.client = exchange.client
      (timing.status, timing.octets) = (exchange.status, exchange.bodyOctets)
      let ends = [exchange.requestEnd, exchange.responseStart, exchange.responseEnd]
      timing.fill(connection, exchange.requestStart, ends, since: begin)
      timings.append(timing)
    }
    for flow in order {
      guard let connection = connections[flow], let tls = connection.tls, let start = tls.request
      else { continue }
      var timing = RequestTiming(
        flow: flow, label: Words.who(connection.server) + RequestTiming.seal,
        packet: start.number, start: .zero)
      (timing.isEnciphered, timing.octets) = (true, tls.octets)
      timing.client = connection.client
      timing.fill(
        connection, start, [tls.requestEnd, tls.answerStart, tls.answerEnd], since: begin)
      timings.append(timing)
    }
    return timings.sorted { ($0.start, $0.packet) < ($1.start, $1.packet) }
  }
}

extension RequestTiming {
  /// Sets start and ends: of the connection if the request was its first, then `marks` of the request's
  /// end and of the answer's first and last octet. Clocks may run backwards; phases do not.
  fileprivate mutating func fill(
    _ connection: TimingBuilder.Connection?, _ request: PacketMark, _ marks: [PacketMark?],
    since begin: WallInstant
  ) {
    let first = connection?.lookup?.asked ?? connection?.syn ?? request
    start = first.time - begin
    let known = connection?.lookup?.known ?? first
    let opened = connection?.opened ?? (connection?.syn == nil ? known : request)
    var last = start
    let instants = [known, opened, connection?.tls?.agreed ?? opened] + marks
    for mark in instants {
      guard let mark else { break }
      last = max(last, mark.time - begin)
      ends.append(last)
    }
  }
}
