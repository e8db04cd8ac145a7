public import FlowAnalysis
import PacketWire

/// Tells a capture as a story: one step a packet, each in plain words and with its causes, and at
/// the end what it all came to.
///
/// Steps look back only, so that the story can be told while the capture runs.
public struct PageStory: Sendable {
  /// The first packet's stamp.
  private var start: WallInstant?
  var summary = SummaryBuilder()
  private var timings = TimingBuilder()
  private var blindSpots = BlindSpotBuilder()
  var races = ConnectionRaces()
  /// What is remembered of flows, by name; at most `maximumFlows`.
  var flows: [FlowID: FlowMemory] = [:]
  /// Names that are not there, until they are tried with more behind them.
  var missingNames = MissingNames()
  /// Where answers sent clients to.
  var links = PageLinks()
  private var flowOrder: [FlowID] = []
  /// Link addresses that were asked for, and the packets that told them, until they are used.
  private var neighborAnswers: [MACAddress: Int] = [:]

  /// More flows than a reader follows at one time; the oldest is forgotten.
  private static let maximumFlows = 4_096

  /// A story that has not begun.
  public init() {}

  /// Tells one packet. Call it for every packet, in the order of capture.
  public mutating func tell(_ facts: PacketFacts) -> StoryStep {
    let begin = start ?? facts.mark.time
    start = begin
    let time = facts.mark.time - begin
    var passage = passage(for: facts)
    notePieces(facts, &passage.sentence)
    noteNeighbor(facts, &passage.sentence)
    noteWay(facts, &passage.sentence)
    let step = StoryStep(
      number: facts.mark.number, time: time, layer: passage.layer,
      protocolName: passage.protocolName, flow: facts.flow,
      direction: facts.flow == nil ? .none : facts.isFromInitiator ? .forward : .backward,
      sentence: passage.sentence.text,
      because: passage.sentence.causes(before: facts.mark.number), phase: passage.phase,
      length: facts.length)
    summary.count(step, facts, passage)
    timings.note(facts)
    blindSpots.note(facts)
    return step
  }

  /// What it all came to. `counts` are those of the analysis that made the facts.
  public func finish(_ counts: AnalysisCounts) -> StorySummary {
    var summary = summary.summary(counts, blindSpots.spots)
    summary.races = races.all
    guard let start else { return summary }
    summary.timings = timings.timings(of: summary.exchanges, since: start)
    summary.pages = summary.timings.pages(atMost: SummaryBuilder.maximumLines)
    return summary
  }

  /// Changes what is remembered of the packet's flow.
  mutating func remember(_ facts: PacketFacts, _ change: (inout FlowMemory) -> Void) {
    guard let flow = facts.flow else { return }
    if flows[flow] == nil {
      if flowOrder.count >= Self.maximumFlows { forgetOldest() }
      flowOrder.append(flow)
    }
    change(&flows[flow, default: FlowMemory()])
  }

  /// Says of the first packet that goes to a link address just learned because of what it can.
  private mutating func noteNeighbor(_ facts: PacketFacts, _ sentence: inout Sentence) {
    switch facts.content {
    case .arp(let arp):
      if case .reply(_?) = arp.role { learn(arp.packet.senderMAC, facts.mark.number) }
    case .neighbor(let neighbor):
      if case .advertisement(_, _?) = neighbor.role, let address = neighbor.linkAddress {
        learn(address, facts.mark.number)
      }
    default:
      guard !neighborAnswers.isEmpty, let address = facts.linkDestination,
        let number = neighborAnswers.removeValue(forKey: address)
      else { return }
      sentence.add(ifRoom: " (It goes to the link address learned in \(sentence.refer(number)).)")
    }
  }

  /// Says of a flow's first packet what it comes through.
  private func noteWay(_ facts: PacketFacts, _ sentence: inout Sentence) {
    guard facts.isFirstOfFlow else { return }
    if let tunnel = facts.tunnel {
      let kind =
        tunnel.depth > 1
        ? "\(tunnel.depth) tunnels, the innermost \(tunnel.kind.rawValue)"
        : "a \(tunnel.kind.rawValue) tunnel"
      sentence.add(
        ifRoom: " (Inside of \(kind), from \(tunnel.source) to \(tunnel.destination).)",
        else: " (Inside of \(kind).)")
    }
    if let vlan = facts.vlan { sentence.add(ifRoom: " (On VLAN \(vlan).)") }
  }

  private mutating func learn(_ address: MACAddress, _ number: Int) {
    // A link has few hosts; a flood of replies starts over.
    if neighborAnswers.count >= 256 { neighborAnswers = [:] }
    neighborAnswers[address] = number
  }

  /// Forgets a quarter of the flows at once, which costs less than one at a time.
  private mutating func forgetOldest() {
    let gone = flowOrder.prefix(Self.maximumFlows / 4)
    for flow in gone { flows[flow] = nil }
    flowOrder.removeFirst(gone.count)
  }

  private mutating func passage(for facts: PacketFacts) -> Passage {
    switch facts.content {
    case .unreadable(let problem): unreadable(problem, facts)
    case .link(let type): otherFrame(type, facts)
    case .arp(let arp): self.arp(arp, facts)
    case .neighbor(let neighbor): self.neighbor(neighbor, facts)
    case .icmp(let icmp): self.icmp(icmp, facts)
    case .fragment(let fragment): self.fragment(fragment, facts)
    case .dns(let dns): self.dns(dns, facts)
    case .udp(let udp): self.udp(udp, facts)
    case .tcp(let tcp): self.tcp(tcp, facts)
    case .other(let number): otherPacket(number, facts)
    }
  }
}

/// What there is to say of one packet.
struct Passage {
  var layer: OSILayer
  var protocolName: String
  var sentence: Sentence
  var phase: StoryPhase
  /// What the phase is for, when this packet begins it: a name, a server, a request.
  var label = ""
  /// The packet is part of the phase's work, and not only an acknowledgment that comes with it.
  var movesPhase = true

  init(_ layer: OSILayer, _ protocolName: String, _ phase: StoryPhase, _ sentence: Sentence) {
    (self.layer, self.protocolName) = (layer, protocolName)
    (self.phase, self.sentence) = (phase, sentence)
  }
}

/// What the story remembers of a flow.
struct FlowMemory: Sendable {
  /// What the flow does at present.
  var phase = StoryPhase.other
  /// HTTP requests told so far.
  var requests = 0
  /// The host that the last one was for.
  var host: UntrustedText?
  /// The packet that began the last HTTP response.
  var lastAnswer: Int?
  /// The last packet with TLS of the client and of the server.
  var lastTLS: [PacketMark?] = [nil, nil]
  /// It was told that its frames are longer than its segments.
  var hasToldOffload = false
  /// The packets with the close frames of a WebSocket, two at the most.
  var closes: [Int] = []
  /// A QUIC packet was recognised in it.
  var isQUIC = false
}
