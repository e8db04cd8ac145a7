public import FlowAnalysis
public import PacketWire

/// Counts what a capture holds: as much of it as is asked for, in bounded memory.
public struct CaptureStatistics: Sendable {
  /// What can be asked for.
  public struct Kinds: OptionSet, Hashable, Sendable {
    /// The bits.
    public var rawValue: UInt16

    /// The kinds of these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Who talks to whom.
    public static let conversations = Self(rawValue: 0x01)
    /// Who sends and receives how much.
    public static let endpoints = Self(rawValue: 0x02)
    /// Which protocol carries which.
    public static let hierarchy = Self(rawValue: 0x04)
    /// How connections of TCP fare.
    public static let tcp = Self(rawValue: 0x08)
    /// How much there is when.
    public static let io = Self(rawValue: 0x10)
    /// Names that were asked for, and how soon they were answered.
    public static let dns = Self(rawValue: 0x20)
    /// Requests and their responses.
    public static let http = Self(rawValue: 0x40)
    /// What is wrong.
    public static let expert = Self(rawValue: 0x80)
    /// WebSockets and their frames.
    public static let webSocket = Self(rawValue: 0x100)
  }

  /// What is counted.
  public let kinds: Kinds
  /// All frames.
  public private(set) var total = TrafficCount()
  /// The first and the last packet's time.
  public private(set) var time: ClosedRange<WallInstant>?
  /// Who talks to whom.
  public private(set) var conversations: Conversations
  /// Which protocol carries which.
  public private(set) var hierarchy = ProtocolHierarchy()
  /// How much there is when.
  public private(set) var series = TrafficSeries()
  /// Names that were asked for.
  public private(set) var dns = DNSStatistics()
  /// Requests and their responses.
  public private(set) var http = HTTPStatistics()
  /// WebSockets and their frames.
  public private(set) var webSocket = WebSocketStatistics()
  private var expert = ExpertReport()
  private var fragments = FragmentReassembler()
  /// What connects messages.
  private var analysis: FlowAnalysis
  private let readsConversations: Bool
  private let readsMessages: Bool

  /// Counts `kinds`.
  ///
  /// - Parameters:
  ///   - kinds: what is counted.
  ///   - limits: how much is remembered of conversations; messages are followed within usual limits.
  ///   - inflaters: what unpacks messages of WebSockets.
  public init(
    _ kinds: Kinds, limits: AnalysisLimits = AnalysisLimits(),
    inflaters: MessageInflaterSource? = nil
  ) {
    self.kinds = kinds
    conversations = Conversations(limits: limits)
    var limits = AnalysisLimits()
    limits.names = 0
    analysis = FlowAnalysis(limits: limits, inflaters: inflaters)
    readsMessages = !kinds.isDisjoint(with: [.dns, .http, .webSocket, .expert])
    readsConversations = !kinds.isDisjoint(with: [.conversations, .endpoints, .tcp, .expert])
  }

  /// Counts one frame.
  ///
  /// - Parameters:
  ///   - frame: the frame, decoded from `octets`.
  ///   - octets: what was captured of it.
  ///   - length: how long it was on the wire.
  ///   - mark: its number, and when it was captured.
  public mutating func add(
    _ frame: Frame, _ octets: Span<UInt8>, length: Int, at mark: PacketMark
  ) {
    total += TrafficCount(packets: 1, octets: length)
    time =
      time.map { min($0.lowerBound, mark.time)...max($0.upperBound, mark.time) }
      ?? mark.time...mark.time
    if readsConversations { follow(frame, octets, length: length, at: mark) }
    if readsMessages {
      add(
        analysis.add(
          frame, octets: octets, number: mark.number, time: mark.time, originalLength: length))
    }
    if kinds.contains(.io) { series.add(frame: length, at: mark.time) }
    if kinds.contains(.hierarchy) { hierarchy.add(ProtocolPath(frame, octets), length: length) }
  }

  /// Counts a frame's packet in its conversation, and those that it carries in theirs, each with the
  /// length of the whole frame.
  private mutating func follow(
    _ outer: Frame, _ octets: Span<UInt8>, length: Int, at mark: PacketMark
  ) {
    if outer.isFragment { return followFragment(outer, octets, length: length, at: mark) }
    followPacket(outer, octets, length: length, at: mark)
  }

  /// A fragment counts between its addresses; the one with which its packet is whole, as that packet.
  private mutating func followFragment(
    _ fragment: Frame, _ octets: Span<UInt8>, length: Int, at mark: PacketMark
  ) {
    if case .whole(let packet, let octets) = fragments.add(
      fragment, octets, on: fragment.vlanBits, at: mark.time)
    {
      followPacket(packet, octets.span, length: length, at: mark)
    } else {
      conversations.add(fragment, length: length, at: mark)
    }
  }

  @inline(__always)
  private mutating func followPacket(
    _ outer: Frame, _ octets: Span<UInt8>, length: Int, at mark: PacketMark
  ) {
    note(conversations.add(outer, length: length, at: mark), mark)
    if outer.mayBeTunnel { followInwards(outer, octets, length: length, at: mark) }
  }

  private mutating func followInwards(
    _ outer: Frame, _ octets: Span<UInt8>, length: Int, at mark: PacketMark
  ) {
    guard var inner = TunnelledFrame(in: outer, octets) else { return }
    var tunnel = TunnelMark(outer, within: nil)
    repeat {
      note(conversations.add(inner.frame, length: length, at: mark, within: tunnel), mark)
      tunnel = TunnelMark(inner.frame, within: tunnel) ?? tunnel
    } while inner.goInwards(octets)
  }

  private mutating func note(_ segment: TCPSegmentAnalysis?, _ mark: PacketMark) {
    guard let segment, kinds.contains(.expert), !segment.findings.isEmpty else { return }
    expert.add(segment.findings, packet: mark.number)
  }

  private mutating func add(_ facts: PacketFacts) {
    if kinds.contains(.expert), facts.cutOctets > 0 { expert.addCut(facts) }
    // Most segments say nothing that is counted here.
    if facts.flow?.kind == .tcp, !facts.hasEvents { return }
    if kinds.contains(.expert) { expert.add(facts) }
    switch facts.content {
    case .dns(let message): dns.add(message, from: facts.source, at: facts.mark)
    case .tcp(let tcp):
      for event in tcp.stream?.events ?? [] { http.add(event) }
      if kinds.contains(.webSocket), let stream = tcp.stream {
        webSocket.add(stream, from: tcp.sender, facts)
      }
      for message in tcp.stream?.dns ?? [] { dns.add(message, from: facts.source, at: facts.mark) }
    default: break
    }
  }

  /// What is wrong, with what is only known at the end.
  public var findings: [ExpertReport.Finding] {
    var report = expert
    report.finish(conversations, incomplete: analysis.incompletePackets)
    return report.all
  }
}
