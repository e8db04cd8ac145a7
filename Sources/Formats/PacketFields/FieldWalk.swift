import PacketWire

/// Finds the layers of a packet, from the outermost to the innermost.
struct FieldWalk: Sendable {
  /// What was found; the memory is used again for the next packet.
  private(set) var layers: [FieldLayer] = []
  /// Messages are looked for in what transport layers carry.
  let readsMessages: Bool

  init(readsMessages: Bool) { self.readsMessages = readsMessages }

  /// Finds the layers of `frame` and of what it carries.
  mutating func begin(_ frame: Frame, _ octets: Span<UInt8>, originalLength: Int) {
    layers.removeAll(keepingCapacity: true)
    layers.append(FieldLayer(.frame, 0, octets.count, wireEnd: originalLength))
    var (frame, base, isQuoted) = (frame, 0, false)
    var (end, wireEnd) = (octets.count, originalLength)
    var depth = 1
    while true {
      let inner = octets.extracting(base..<end)
      add(
        frame, octets, FrameBounds(base: base, end: end, wireEnd: wireEnd, isQuoted: isQuoted))
      guard depth < Frame.maximumDepth, let carried = frame.carried(in: inner) else { return }
      depth &+= 1
      let carriedOctets = inner.extracting(carried.octets)
      frame = Frame(
        decoding: carriedOctets, linkType: carried.linkType,
        originalLength: carried.originalLength)
      base &+= carried.octets.lowerBound
      end = base &+ carried.octets.count
      wireEnd = base &+ carried.originalLength
      isQuoted = isQuoted || carried.role == .quoted
    }
  }

  /// Where a frame stands in the octets of the outermost one.
  struct FrameBounds {
    var base: Int
    var end: Int
    var wireEnd: Int
    var isQuoted: Bool
  }

  private mutating func add(_ frame: Frame, _ octets: Span<UInt8>, _ bounds: FrameBounds) {
    addLink(frame, octets, bounds)
    let network = bounds.base &+ frame.networkOffset
    switch frame.etherType {
    case EtherType.arp?, EtherType.reverseARP?:
      return layers.append(FieldLayer(.arp, network, bounds.end, wireEnd: bounds.wireEnd))
    default: break
    }
    switch frame.network {
    case .ipv4(let header): addIPv4(frame, header, octets, bounds)
    case .ipv6: addIPv6(frame, octets, bounds)
    case .none, .arp: addCutNetwork(frame, octets, bounds)
    }
  }

  mutating func append(_ layer: FieldLayer) { layers.append(layer) }

  /// A network header that could not be read whole.
  private mutating func addCutNetwork(
    _ frame: Frame, _ octets: Span<UInt8>, _ bounds: FrameBounds
  ) {
    guard let problem = frame.problem, case .truncated = problem.reason else { return }
    let kind: FieldLayer.Kind
    switch problem.layer {
    case .ipv4: kind = .ipv4
    case .ipv6: kind = .ipv6
    default: return
    }
    layers.append(
      FieldLayer(kind, bounds.base &+ frame.networkOffset, bounds.end, wireEnd: bounds.wireEnd))
  }

  private mutating func addIPv4(
    _ frame: Frame, _ header: IPv4Header, _ octets: Span<UInt8>, _ bounds: FrameBounds
  ) {
    let start = bounds.base &+ frame.networkOffset
    var layer = FieldLayer(.ipv4, start, bounds.end, wireEnd: bounds.wireEnd)
    layer.isQuoted = bounds.isQuoted
    layers.append(layer)
    guard header.totalLength == 0 || Int(header.totalLength) >= header.length,
      header.fragmentOffset == 0
    else { return }
    let wire = header.totalLength == 0 ? bounds.wireEnd : start &+ Int(header.totalLength)
    addTransport(
      frame.protocolNumber, octets,
      Transport(
        start: start &+ header.length, end: min(bounds.end, wire), wireEnd: wire,
        network: start, isFragment: header.isFragment, isQuoted: bounds.isQuoted))
  }

  private mutating func addIPv6(
    _ frame: Frame, _ octets: Span<UInt8>, _ bounds: FrameBounds
  ) {
    let start = bounds.base &+ frame.networkOffset
    var layer = FieldLayer(.ipv6, start, bounds.end, wireEnd: bounds.wireEnd)
    layer.isQuoted = bounds.isQuoted
    layers.append(layer)
    let length = Int(octets.u16(at: start &+ 4))
    let wire = length == 0 ? bounds.wireEnd : start &+ 40 &+ length
    let end = min(bounds.end, wire)
    addFragmentHeaders(octets, start, end)
    let fragment = frame.ipv6Fragment
    guard (fragment?.fragmentOffset ?? 0) == 0, frame.problem?.layer != .ipv6Extension else {
      return
    }
    addTransport(
      frame.protocolNumber, octets,
      Transport(
        start: bounds.base &+ frame.transportOffset, end: end, wireEnd: wire, network: start,
        isFragment: fragment?.moreFragments ?? false, isQuoted: bounds.isQuoted))
  }

  /// Walks the extension headers again: there can be several fragment headers.
  private mutating func addFragmentHeaders(_ octets: Span<UInt8>, _ network: Int, _ end: Int) {
    var next = IPProtocol(rawValue: octets[network &+ 6])
    var offset = network &+ 40
    var count = 0
    while count < 16, offset &+ 8 <= end {
      if next == .fragment {
        layers.append(FieldLayer(.ipv6Fragment, offset, end))
        next = IPProtocol(rawValue: octets[offset])
        offset &+= 8
      } else if IPv6ExtensionHeader.isExtension(next) {
        let unit = next == .authentication ? 4 : 8
        let words = Int(octets[offset &+ 1]) &+ (next == .authentication ? 2 : 1)
        next = IPProtocol(rawValue: octets[offset])
        offset &+= words &* unit
      } else {
        return
      }
      count &+= 1
    }
  }
}
