public import FlowAnalysis
public import PacketWire

/// Tells a capture as a story: one step a packet, each in plain words and with its causes, and at
/// the end what it all came to.
///
/// Steps look back only, so that the story can be told while the capture runs.
public struct PageStory: Sendable {
  /// The first packet's stamp.
  private var start: WallInstant?
  var summary = SummaryBuilder()
  /// What is remembered of flows, by name; at most `maximumFlows`.
  var flows: [FlowID: FlowMemory] = [:]
  private var flowOrder: [FlowID] = []

  /// More flows than a reader follows at one time; the oldest is forgotten.
  private static let maximumFlows = 4_096

  /// A story that has not begun.
  public init() {}

  /// Tells one packet. Call it for every packet, in the order of capture.
  public mutating func tell(_ facts: PacketFacts) -> StoryStep {
    let begin = start ?? facts.mark.time
    start = begin
    let time = facts.mark.time - begin
    let passage = passage(for: facts)
    let step = StoryStep(
      number: facts.mark.number, time: time, layer: passage.layer,
      protocolName: passage.protocolName, flow: facts.flow,
      direction: facts.flow == nil ? .none : facts.isFromInitiator ? .forward : .backward,
      sentence: passage.sentence.text,
      because: passage.sentence.causes(before: facts.mark.number), phase: passage.phase,
      length: facts.length)
    summary.count(step, facts, movesPhase: passage.movesPhase)
    return step
  }

  /// What it all came to. `counts` are those of the analysis that made the facts.
  public func finish(_ counts: AnalysisCounts) -> StorySummary { summary.summary(counts) }

  /// Changes what is remembered of the packet's flow.
  mutating func remember(_ facts: PacketFacts, _ change: (inout FlowMemory) -> Void) {
    guard let flow = facts.flow else { return }
    if flows[flow] == nil {
      if flowOrder.count >= Self.maximumFlows { forgetOldest() }
      flowOrder.append(flow)
    }
    change(&flows[flow, default: FlowMemory()])
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
  /// A QUIC packet was recognised in it.
  var isQUIC = false
  /// Enciphered data was told of, by the client or the server.
  var hasCipheredData = false
  /// One direction spoke the unknown protocol.
  var hasUnknownData = false
}
