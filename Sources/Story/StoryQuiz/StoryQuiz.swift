public import FlowAnalysis
import PageStory
import PacketWire

/// Makes questions for a classroom from the reader's own packets, each with the answer that is right
/// for these.
///
/// A kind of question is asked once, and a packet has one question at the most. What is asked depends
/// on what the capture holds.
public struct StoryQuiz: Sendable {
  /// A question about one packet.
  public struct Question: Hashable, Sendable {
    /// Its place among the questions, from 1.
    public var number: Int
    /// The packet that it is about.
    public var packet: Int
    /// What kind it is.
    public var kind: Kind
    /// The question, and its answer: sentences of printable ASCII.
    public var text: String
    /// The answer.
    public var answer: String
  }

  /// What is asked.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    // Link and network.
    case linkBroadcast, hops, networkError
    // Names.
    case twoFamilies, noHandshake, alias, missingName, timeToLive
    // Connections.
    case refusal, lostSYN, learnedAddress, ports, segmentSize, acknowledgesSYN, roundTrip,
      thirdPacket
    case windowScale, acknowledgment, halfClosed, timeWait, reset
    // Data.
    case retransmission, duplicate, gap, zeroWindow
    // HTTP.
    case hostField, reuse, status, segments, bodyEnd
    // WebSocket.
    case webSocketAccept, webSocketClose, webSocketMask, webSocketFrame
    // TLS.
    case serverName, hiddenCertificate, openCertificate, enciphered
  }

  /// A question without its place.
  struct Draft {
    var kind: Kind
    var text: String
    var answer: String
  }

  /// What a flow did that later packets are asked about.
  struct Memory: Sendable {
    var clientISN: UInt32?
    var firstFIN: (mark: PacketMark, side: TCPSide)?
    var requests = 0
  }

  /// The questions so far, with their answers.
  public private(set) var questions: [Question] = []
  private var asked: Set<Kind> = []
  private var memories: [FlowID: Memory] = [:]
  /// The first question for each name: its packet, and what kind of record.
  private var names: [String: (number: Int, type: DNSType)] = [:]

  /// Flows and names that are remembered; what comes later is not asked about.
  private static let maximumRemembered = 1_024

  /// A quiz that has asked nothing.
  public init() {}

  /// Looks at the next packet; the question about it, if it is worth one.
  public mutating func ask(about facts: PacketFacts) -> Question? {
    defer { remember(facts) }
    guard asked.count < Kind.allCases.count,
      let draft = drafts(facts).first(where: { !asked.contains($0.kind) })
    else { return nil }
    asked.insert(draft.kind)
    let question = Question(
      number: questions.count + 1, packet: facts.mark.number, kind: draft.kind, text: draft.text,
      answer: draft.answer)
    questions.append(question)
    return question
  }

  /// What could be asked about a packet, the rarest first.
  private func drafts(_ facts: PacketFacts) -> [Draft] {
    let memory = facts.flow.flatMap { memories[$0] } ?? Memory()
    switch facts.content {
    case .arp(let arp): return Self.drafts(arp, facts)
    case .neighbor(let neighbor): return Self.drafts(neighbor, facts)
    case .icmp(let icmp): return Self.drafts(icmp, facts)
    case .dns(let dns): return drafts(dns, facts)
    case .tcp(let tcp): return TCPQuestions(tcp, facts, memory).drafts + Self.hops(facts)
    default: return []
    }
  }

  private func drafts(_ dns: DNSFacts, _ facts: PacketFacts) -> [Draft] {
    guard dns.service == .dns, let question = dns.message.questions.first else { return [] }
    let before = names[question.name.textWithoutFinalDot]
    return DNSQuestions(dns, question, facts, before: before).drafts
  }

  private mutating func remember(_ facts: PacketFacts) {
    if case .dns(let dns) = facts.content, case .query = dns.role,
      let question = dns.message.questions.first, names.count < Self.maximumRemembered
    {
      let name = question.name.textWithoutFinalDot
      if names[name] == nil { names[name] = (facts.mark.number, question.type) }
    }
    guard case .tcp(let tcp) = facts.content, let flow = facts.flow,
      memories[flow] != nil || memories.count < Self.maximumRemembered
    else { return }
    var memory = memories[flow] ?? Memory()
    if case .syn(let offer) = tcp.opening { memory.clientISN = offer.initialSequenceNumber }
    if case .first = tcp.closing?.fin { memory.firstFIN = (facts.mark, tcp.sender) }
    for event in tcp.stream?.events ?? [] {
      if case .request = event { memory.requests += 1 }
    }
    memories[flow] = memory
  }
}
