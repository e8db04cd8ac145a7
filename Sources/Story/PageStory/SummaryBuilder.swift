import FlowAnalysis
import PacketWire

/// Gathers what the summary says while the story is told. Every list has an end.
struct SummaryBuilder: Sendable {
  /// The most entries of each list; more are counted.
  static let maximumLines = 512
  /// The packets that a warning names.
  private static let maximumNumbers = 8

  var built = StorySummary()
  private var spanOfFlow: [FlowID: Int] = [:]
  private var placeOfFlow: [FlowID: Int] = [:]
  /// Places in `lookups`, by the number of the query; only while they wait.
  var openLookups: [Int: Int] = [:]
  /// Places in `exchanges`, by the exchange.
  var placeOfExchange: [Int: Int] = [:]
  /// Places in `webSockets`, by flow.
  var webSocketOfFlow: [FlowID: Int] = [:]
  /// Places in `encryptions`, by flow.
  var encryptionOfFlow: [FlowID: Int] = [:]
  var warnings: [StorySummary.Warning.Kind: StorySummary.Warning] = [:]
  /// Servers of QUIC, which has no handshake in the clear.
  var hiddenServers: [Endpoint] = []
  var cutPackets = 0
  /// The first pieces of packets that are not whole.
  var unfinishedPackets: Set<Int> = []
  /// Frames with more data than their connection's segments may have.
  var joinedFrames = 0

  mutating func count(_ step: StoryStep, _ facts: PacketFacts, _ passage: Passage) {
    built.packets += 1
    built.octets += step.length
    built.duration = max(built.duration, step.time)
    if facts.cutOctets > 0 { cutPackets += 1 }
    countPieces(facts)
    guard let flow = step.flow else { return }
    countFlow(flow, step, facts)
    if step.phase != .other { countSpan(flow, step, passage) }
  }

  /// Keeps the numbers of first pieces until their packets are whole.
  private mutating func countPieces(_ facts: PacketFacts) {
    if let pieces = facts.pieces { unfinishedPackets.remove(pieces.first.number) }
    // To look into the content of every packet would cost a copy of it.
    guard facts.flow?.kind == .ip, case .fragment(let piece) = facts.content, piece.first == nil,
      unfinishedPackets.count < Self.maximumLines
    else { return }
    unfinishedPackets.insert(facts.mark.number)
  }

  private mutating func countFlow(_ id: FlowID, _ step: StoryStep, _ facts: PacketFacts) {
    guard let place = placeOfFlow[id] ?? beginFlow(id, step, facts) else { return }
    // Who is the client may turn out late; the sides stay as they began.
    let first = built.flows[place].initiator
    let isFromFirst = first?.address == facts.source?.address && first?.port == facts.source?.port
    let side = isFromFirst ? 0 : 1
    built.flows[place].packets[side] += 1
    built.flows[place].octets[side] += step.length
    built.flows[place].end = max(built.flows[place].end, step.time)
    if step.layer > .transport || built.flows[place].protocolName.isEmpty {
      built.flows[place].protocolName = step.protocolName
    }
    // A name that is learned later serves too.
    let ends = isFromFirst ? (facts.source, facts.destination) : (facts.destination, facts.source)
    if first?.name == nil { built.flows[place].initiator?.name = ends.0?.name }
    if built.flows[place].responder?.name == nil {
      built.flows[place].responder?.name = ends.1?.name
    }
  }

  private mutating func beginFlow(
    _ id: FlowID, _ step: StoryStep, _ facts: PacketFacts
  ) -> Int? {
    guard built.flows.count < Self.maximumLines else {
      if facts.isFirstOfFlow { built.omitted += 1 }
      return nil
    }
    var flow = StorySummary.Flow(
      id: id, protocolName: step.protocolName, start: step.time, end: step.time)
    let isForward = facts.isFromInitiator
    flow.initiator = isForward ? facts.source : facts.destination
    flow.responder = isForward ? facts.destination : facts.source
    if case .tcp(let tcp) = facts.content { flow.beginsMidStream = tcp.beginsMidStream }
    built.flows.append(flow)
    placeOfFlow[id] = built.flows.count - 1
    return built.flows.count - 1
  }

  private mutating func countSpan(_ flow: FlowID, _ step: StoryStep, _ passage: Passage) {
    let movesPhase = passage.movesPhase
    if let place = spanOfFlow[flow], !movesPhase || built.spans[place].phase == step.phase {
      built.spans[place].packets += 1
      built.spans[place].octets += step.length
      let first = built.spans[place].numbers.lowerBound
      built.spans[place].numbers = first...max(first, step.number)
      if movesPhase { built.spans[place].end = max(built.spans[place].end, step.time) }
      return
    }
    if let place = spanOfFlow[flow], built.spans[place].phase == .request {
      built.spans[place].end = max(built.spans[place].end, step.time)
    }
    guard built.spans.count < Self.maximumLines else {
      built.omitted += 1
      spanOfFlow[flow] = nil
      return
    }
    built.spans.append(
      StorySummary.Span(
        phase: step.phase, flow: flow, label: passage.label, numbers: step.number...step.number,
        start: step.time, end: step.time, packets: 1, octets: step.length))
    spanOfFlow[flow] = built.spans.count - 1
  }

  mutating func warn(_ kind: StorySummary.Warning.Kind, _ number: Int) {
    var warning = warnings[kind] ?? StorySummary.Warning(kind: kind, count: 0, numbers: [])
    warning.count += 1
    if warning.numbers.count < Self.maximumNumbers { warning.numbers.append(number) }
    warnings[kind] = warning
  }

  mutating func hide(_ facts: PacketFacts) {
    let server = facts.isFromInitiator ? facts.destination : facts.source
    guard let server, hiddenServers.count < Self.maximumLines,
      !hiddenServers.contains(where: { $0.address == server.address })
    else { return }
    hiddenServers.append(server)
  }

  mutating func note(_ handshake: TCPHandshake, _ facts: PacketFacts) {
    guard built.handshakes.count < Self.maximumLines else { return built.omitted += 1 }
    guard let flow = facts.flow, let client = facts.source, let server = facts.destination
    else { return }
    built.handshakes.append(
      StorySummary.Handshake(flow: flow, client: client, server: server, packets: handshake))
  }
}
