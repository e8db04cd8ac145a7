public import PacketWire

/// The conversations of a capture, as tables and statistics need them: which packets belong
/// together, how many they are, and what is to be said of each segment of TCP. It keeps no data, and
/// few hundred octets a conversation.
///
/// Feed it every packet in the order of capture. Streams are numbered from 0 for TCP and for UDP, in
/// the order in which they begin, as tshark numbers them.
public struct Conversations: Sendable {
  var connections: FlowTable<Connection>
  var exchanges: FlowTable<TrafficOfEnds>
  var others: FlowTable<TrafficOfEnds>
  /// What was forgotten to make room for others.
  public internal(set) var forgotten = ForgottenConversations()
  var waiting: UnacknowledgedSegments
  private let keepsVLANsApart: Bool

  /// A connection of TCP.
  struct Connection: Sendable {
    var traffic: TrafficOfEnds
    var tcp = TCPConversation()
    /// Most connections have none.
    var findings = OutOfLine<FindingsOfEnds>()
  }

  /// What was found of both ends' segments.
  struct FindingsOfEnds: Sendable {
    var fromLow = FindingCounts()
    var fromHigh = FindingCounts()
  }

  /// Follows nothing yet.
  ///
  /// - Parameters:
  ///   - limits: how much may be remembered.
  ///   - keepsVLANsApart: the same addresses and ports on two VLANs are two conversations.
  public init(limits: AnalysisLimits = AnalysisLimits(), keepsVLANsApart: Bool = true) {
    connections = FlowTable(capacity: limits.connections)
    exchanges = FlowTable(capacity: limits.conversations)
    others = FlowTable(capacity: limits.otherFlows)
    waiting = UnacknowledgedSegments(capacity: limits.rememberedSegments)
    self.keepsVLANsApart = keepsVLANsApart
  }

  /// Counts a frame in its conversation.
  ///
  /// - Parameters:
  ///   - frame: the frame, decoded.
  ///   - length: how long it was on the wire, in octets.
  ///   - mark: its number in the capture, and when it was captured.
  ///   - tunnel: what it came through.
  /// - Returns: of a segment of TCP, what is known of it from those before.
  @discardableResult
  public mutating func add(
    _ frame: Frame, length: Int, at mark: PacketMark, within tunnel: TunnelMark? = nil
  ) -> TCPSegmentAnalysis? {
    guard let ends = frame.addresses else { return nil }
    let vlans = keepsVLANsApart ? frame.vlanBits : 0
    switch frame.transport {
    case .tcp(let header) where !frame.isFragment:
      let segment = TCPSegment(
        header, length: frame.payloadLength, from: ends.source, to: ends.destination)
      return add(segment, frameLength: length, vlans: vlans, tunnel: tunnel?.bits ?? 0, at: mark)
    case .udp(let header) where !frame.isFragment:
      let key = FlowKey.make(
        from: (ends.source, header.sourcePort), to: (ends.destination, header.destinationPort),
        protocolNumber: IPProtocol.udp.rawValue, vlans: vlans, tunnel: tunnel?.bits ?? 0)
      let place = exchange(key, at: mark.time)
      exchanges.slots[place].state.add(frame: length, fromLow: key.sourceIsLow, at: mark.time)
    default:
      let key = FlowKey.make(
        from: (ends.source, 0), to: (ends.destination, 0),
        protocolNumber: frame.protocolNumber?.rawValue ?? 0xff, vlans: vlans,
        tunnel: tunnel?.bits ?? 0)
      let fresh = TrafficOfEnds(from: mark.time, lowBegan: key.sourceIsLow)
      let place =
        others.slot(of: key.key)
        ?? others.insert(key.key, fresh) { forgotten.add($0.state) }
      others.slots[place].state.add(frame: length, fromLow: key.sourceIsLow, at: mark.time)
    }
    return nil
  }

  /// Reads a segment of TCP.
  ///
  /// - Parameters:
  ///   - segment: what its headers say.
  ///   - frameLength: how long its frame was on the wire, in octets.
  ///   - vlans: the identifiers of both VLAN tags, in 24 bits.
  ///   - tunnel: the bits of the mark of what it came through.
  ///   - mark: its number in the capture, and when it was captured.
  /// - Returns: what is known of it from itself and from those before it.
  public mutating func add(
    _ segment: TCPSegment, frameLength: Int = 0, vlans: UInt64 = 0, tunnel: UInt32 = 0,
    at mark: PacketMark
  ) -> TCPSegmentAnalysis {
    let (key, fromLow) = Self.key(segment, vlans, tunnel)
    var found = connections.slot(of: key)
    var isReused = false
    if let old = found,
      connections.slots[old].state.tcp.isReplaced(by: segment, fromLow: fromLow)
    {
      connections.slots[old].state.tcp.release(&waiting)
      (found, isReused) = (nil, true)
    }
    let place = found ?? begin(key, fromLow: fromLow, at: mark.time)
    connections.slots[place].state.traffic.add(frame: frameLength, fromLow: fromLow, at: mark.time)
    var analysis = connections.slots[place].state.tcp.add(
      segment, fromLow: fromLow, at: mark, &waiting)
    if isReused {
      analysis.findings.insert(.portsReused)
      analysis.completeness = .syn
    }
    if !analysis.findings.isEmpty {
      connections.slots[place].state.note(analysis.findings, fromLow: fromLow)
    }
    analysis.stream = connections.slots[place].ordinal - 1
    (analysis.slot, analysis.isFromLow) = (place, fromLow)
    return analysis
  }

  /// What is known of a segment that an error quotes, or that cannot be followed: its connection, and how
  /// that stood.
  public mutating func quoted(_ segment: TCPSegment, at time: WallInstant) -> TCPSegmentAnalysis {
    let (key, fromLow) = Self.key(segment, 0, 0)
    let place = connections.slot(of: key) ?? begin(key, fromLow: fromLow, at: time)
    var analysis = connections.slots[place].state.tcp.quoted(segment, fromLow: fromLow)
    analysis.stream = connections.slots[place].ordinal - 1
    (analysis.slot, analysis.isFromLow) = (place, fromLow)
    return analysis
  }

  /// The number of the conversation that a datagram of UDP belongs to.
  public mutating func stream(
    ofUDP source: (address: IPAddress, port: UInt16),
    _ destination: (address: IPAddress, port: UInt16), at time: WallInstant
  ) -> Int {
    let key = FlowKey.make(
      from: source, to: destination, protocolNumber: IPProtocol.udp.rawValue, vlans: 0)
    return exchanges.slots[exchange(key, at: time)].ordinal - 1
  }

  private mutating func begin(_ key: FlowKey, fromLow: Bool, at time: WallInstant) -> Int {
    connections.insert(key, Connection(traffic: TrafficOfEnds(from: time, lowBegan: fromLow))) {
      forgotten.add($0.state.traffic)
      $0.state.tcp.release(&waiting)
    }
  }

  private mutating func exchange(
    _ key: (key: FlowKey, sourceIsLow: Bool), at time: WallInstant
  ) -> Int {
    if let place = exchanges.slot(of: key.key) { return place }
    let fresh = TrafficOfEnds(from: time, lowBegan: key.sourceIsLow)
    return exchanges.insert(key.key, fresh) { forgotten.add($0.state) }
  }

  private static func key(
    _ segment: TCPSegment, _ vlans: UInt64, _ tunnel: UInt32
  ) -> (key: FlowKey, sourceIsLow: Bool) {
    FlowKey.make(
      from: (segment.source, segment.sourcePort),
      to: (segment.destination, segment.destinationPort),
      protocolNumber: IPProtocol.tcp.rawValue, vlans: vlans, tunnel: tunnel)
  }
}
