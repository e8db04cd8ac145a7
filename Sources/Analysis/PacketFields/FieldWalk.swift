import FlowAnalysis
import PacketWire

/// Finds the layers of a packet, from the outermost to the innermost. What fragments carry is found
/// with the one that makes their packet whole.
struct FieldWalk: Sendable {
  /// What was found; the memory is used again for the next packet.
  private(set) var layers: [FieldLayer] = []
  /// Packets and messages that were put together: what layers with a `source` above 0 count in.
  private(set) var reassembled: [[UInt8]] = []
  /// What is looked for in what transport layers carry.
  let messages: MessageKinds
  /// What is kept from packet to packet.
  let needs: FieldNeeds
  /// Which packets belong together, as tshark has it.
  var conversations = Conversations(keepsVLANsApart: false)
  /// What is known of this packet's segments from packets before it.
  var segments: [SegmentFacts] = []
  private var history = SegmentHistory()
  /// Of its datagrams.
  var datagrams: [DatagramFacts] = []
  var datagramHistory = DatagramHistory()
  /// And of its messages.
  private(set) var exchanged: [MessageFacts] = []
  /// What its protocols are called.
  var names: ProtocolNames
  /// What connections carry whose messages are not read.
  var streamNames = RecentTable<Int, ApplicationProtocol>(capacity: 16_384)
  /// The packet's place in the capture, from 1.
  private(set) var number = 0
  /// Tables tell what was sent, also where a receiver would have none of it.
  var fragments = FragmentReassembler(overlap: .keepsFirst)
  /// When the packet was captured; where that is not known, the one before it.
  private(set) var now = WallInstant(nanoseconds: 0)
  /// How many frames and packets within the outermost frame were read so far.
  private var depth = 0

  /// Who sent the segment or datagram whose messages are read, and whom it is for.
  var speakers: (source: QUICEnds.End, destination: QUICEnds.End)?
  var dnsExchanges = DNSExchanges()
  /// Streams whose messages are read.
  var readers = StreamReaders()
  /// Who speaks QUIC.
  var quicEnds = QUICEnds()
  /// And what they said before they had secrets.
  var quicHandshakes = QUICHandshakes()

  init(messages: MessageKinds, needs: FieldNeeds) {
    (self.messages, self.needs) = (messages, needs)
    names = ProtocolNames(areWanted: needs.contains(.protocols))
  }

  /// Where a frame, or the packet in it, stands in the octets of its source.
  struct Bounds {
    /// 0 for the captured octets, or the place in `reassembled` plus one.
    var source = 0
    var base: Int
    var end: Int
    /// Where it would end had the capture cut nothing.
    var wireEnd: Int
    /// The kind of error that quotes it.
    var quotedBy: IPProtocol?
    /// It was put together, and its network header is one of a fragment that is told already.
    var isReassembled = false
  }

  /// Finds the layers of `frame` and of what it carries.
  mutating func begin(_ frame: Frame, _ octets: Span<UInt8>, _ packet: FieldPacket) {
    if let time = packet.time { now = time }
    number = packet.number
    segments.empty()
    datagrams.empty()
    exchanged.empty()
    layers.empty()
    reassembled.empty()
    if names.areWanted { names.removeAll() }
    depth = 0
    let frameEnd = max(packet.originalLength, octets.count)
    layers.append(FieldLayer(.frame, 0, octets.count, wireEnd: frameEnd))
    walk(frame, octets, Bounds(base: 0, end: octets.count, wireEnd: frameEnd))
  }

  private mutating func walk(_ outer: Frame, _ octets: Span<UInt8>, _ outerBounds: Bounds) {
    var (frame, bounds) = (outer, outerBounds)
    while depth < Frame.maximumDepth {
      depth &+= 1
      let inner = octets.extracting(bounds.base..<bounds.end)
      guard add(frame, octets, bounds), let carried = frame.carried(in: inner) else { return }
      if carried.role == .quoted { bounds.quotedBy = frame.protocolNumber }
      frame = Frame(
        decoding: inner.extracting(carried.octets), linkType: carried.linkType,
        originalLength: carried.originalLength)
      bounds.wireEnd = min(
        bounds.wireEnd, bounds.base &+ carried.octets.lowerBound &+ carried.originalLength)
      bounds.base &+= carried.octets.lowerBound
      bounds.end = bounds.base &+ carried.octets.count
      bounds.isReassembled = false
    }
  }

  /// Reads a packet that was put together from fragments, its network header before it.
  mutating func walk(reassembled octets: [UInt8], _ linkType: LinkType, quotedBy: IPProtocol?) {
    reassembled.append(octets)
    let bounds = Bounds(
      source: reassembled.count, base: 0, end: octets.count, wireEnd: octets.count,
      quotedBy: quotedBy, isReassembled: true)
    walk(Frame(decoding: octets.span, linkType: linkType), octets.span, bounds)
  }

  mutating func append(_ layer: FieldLayer) {
    // Asked here and not there: else each layer would be copied to be looked at.
    if names.areWanted { names.add(layer, behind: layers.last) }
    layers.append(layer)
  }

  /// Keeps what is known of a segment; its place.
  mutating func keep(_ segment: TCPSegment, _ analysis: TCPSegmentAnalysis) -> Int {
    var facts = history.add(segment, analysis, at: now)
    if needs.contains(.retransmissions) {
      facts.retransmission = history.follow(
        segment, analysis, PacketMark(number: number, time: now), conversations)
    }
    segments.append(facts)
    return segments.count &- 1
  }

  /// Keeps what is known of a message; its place.
  mutating func keep(_ message: MessageFacts) -> Int {
    exchanged.append(message)
    return exchanged.count &- 1
  }

  /// Keeps octets that layers count in; their source.
  mutating func keep(_ octets: [UInt8]) -> Int {
    reassembled.append(octets)
    return reassembled.count
  }

  /// Adds the layers of one frame; false when what it carries is told elsewhere or not yet.
  private mutating func add(_ frame: Frame, _ octets: Span<UInt8>, _ bounds: Bounds) -> Bool {
    if names.areWanted {
      names.addLink(
        of: frame, isOutermost: depth == 1, octets.extracting(bounds.base..<bounds.end))
    }
    addLink(frame, octets, bounds)
    let network = bounds.base &+ frame.networkOffset
    // Cisco's HDLC framing has the number of RARP for a protocol of its own (SLARP).
    if frame.etherType == .arp || frame.etherType == .reverseARP && frame.link != .none {
      append(bounds.layer(.arp, at: network))
      return false
    }
    switch frame.network {
    case .ipv4(let header): return addIPv4(frame, header, octets, bounds)
    case .ipv6(let header): return addIPv6(frame, header, octets, bounds)
    case .none, .arp:
      // Of an IPv6 header that was cut there is what stands before the cut.
      if let problem = frame.problem, problem.layer == .ipv6, case .truncated = problem.reason {
        append(bounds.layer(.ipv6, at: network))
      }
      return true
    }
  }
}

extension Array {
  /// Takes all out and keeps the room. To do so where nothing is in costs fifty instructions, and most
  /// packets leave most arrays so.
  fileprivate mutating func empty() {
    if !isEmpty { removeAll(keepingCapacity: true) }
  }
}

extension FieldWalk.Bounds {
  /// A layer that goes from `start` to the end.
  func layer(_ kind: FieldLayer.Kind, at start: Int) -> FieldLayer {
    var layer = FieldLayer(kind, start, max(end, start), wireEnd: wireEnd)
    (layer.source, layer.quotedBy) = (source, quotedBy)
    return layer
  }
}
