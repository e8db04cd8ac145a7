public import PacketWire

/// The conversations of a capture, as tables and statistics need them: which packets belong
/// together, and what is to be said of each segment of TCP. It keeps no data and few hundred octets
/// a conversation.
///
/// Feed it every packet in the order of capture. Streams are numbered from 0 for each transport
/// protocol, in the order in which they begin, as tshark numbers them.
public struct Conversations: Sendable {
  private var connections: FlowTable<TCPConversation>
  private var exchanges: FlowTable<UDPExchange>
  private var waiting: UnacknowledgedSegments

  private struct UDPExchange: Sendable {}

  /// Follows nothing yet.
  public init(limits: AnalysisLimits = AnalysisLimits()) {
    connections = FlowTable(capacity: limits.connections)
    exchanges = FlowTable(capacity: limits.conversations)
    waiting = UnacknowledgedSegments(capacity: limits.rememberedSegments)
  }

  /// Conversations that were forgotten to make room for others.
  public var evicted: Int { connections.evicted + exchanges.evicted }

  /// Reads a segment of TCP.
  ///
  /// - Parameters:
  ///   - segment: what its headers say.
  ///   - mark: its number in the capture, and when it was captured.
  /// - Returns: what is known of it from itself and from those before it.
  public mutating func add(_ segment: TCPSegment, at mark: PacketMark) -> TCPSegmentAnalysis {
    let (key, fromLow) = Self.key(segment)
    var reused = false
    let place: Int
    if let found = connections.slot(of: key) {
      place = found
      if connections.slots[place].state.isReplaced(by: segment, fromLow: fromLow) {
        connections.restart(place, TCPConversation()) { $0.release(&waiting) }
        reused = true
      }
    } else {
      place = connections.insert(key, TCPConversation()) { $0.release(&waiting) }
    }
    var analysis = connections.slots[place].state.add(
      segment, fromLow: fromLow, at: mark, &waiting)
    analysis.stream = connections.slots[place].ordinal - 1
    if reused { analysis.findings.insert(.portsReused) }
    return analysis
  }

  /// The number of the connection that a segment belongs to, of which nothing else is read: an error
  /// quotes it.
  public mutating func stream(of segment: TCPSegment) -> Int {
    let (key, _) = Self.key(segment)
    let place =
      connections.slot(of: key)
      ?? connections.insert(key, TCPConversation()) { $0.release(&waiting) }
    return connections.slots[place].ordinal - 1
  }

  /// The number of the conversation that a datagram of UDP belongs to.
  public mutating func stream(
    ofUDP source: (address: IPAddress, port: UInt16),
    _ destination: (address: IPAddress, port: UInt16)
  ) -> Int {
    let (key, _) = FlowKey.make(
      from: source, to: destination, protocolNumber: IPProtocol.udp.rawValue, vlans: 0)
    let place = exchanges.slot(of: key) ?? exchanges.insert(key, UDPExchange()) { _ in }
    return exchanges.slots[place].ordinal - 1
  }

  private static func key(_ segment: TCPSegment) -> (key: FlowKey, sourceIsLow: Bool) {
    FlowKey.make(
      from: (segment.source, segment.sourcePort),
      to: (segment.destination, segment.destinationPort),
      protocolNumber: IPProtocol.tcp.rawValue, vlans: 0)
  }
}
