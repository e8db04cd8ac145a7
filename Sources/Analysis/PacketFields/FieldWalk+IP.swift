import PacketWire

extension FieldWalk {
  mutating func addIPv4(
    _ frame: Frame, _ header: IPv4Header, _ octets: Span<UInt8>, _ outer: Bounds
  ) -> Bool {
    let start = outer.base &+ frame.networkOffset
    let destination = Self.finalDestination(header, at: start)
    if !outer.isReassembled {
      var layer = outer.layer(.ipv4, at: start)
      layer.dataStart = destination
      append(layer)
    }
    // A length of zero stands for the whole frame: a segment that the network card will cut up.
    let length = header.totalLength == 0 ? Int.max : Int(header.totalLength)
    guard length >= header.length else { return false }
    let bounds = outer.narrowed(to: length, from: start).narrowed(by: frame)
    let payload = start &+ header.length
    if header.isFragment, bounds.end == bounds.wireEnd, payload < bounds.end,
      length <= bounds.end &- start
    {
      let outcome = fragments.add(octets.extracting(payload..<bounds.end), of: header, at: now)
      guard case .whole(let whole) = outcome else { return endInFragment() }
      walk(reassembled: whole.packet(behind: header).octets, .ipv4, quotedBy: outer.quotedBy)
      return false
    }
    guard header.fragmentOffset == 0 else { return endInFragment() }
    var transport = Transport(bounds, start: outer.base &+ frame.transportOffset, network: start)
    transport.isFragment = header.isFragment
    transport.destination = destination
    addTransport(frame.protocolNumber, octets, transport)
    return true
  }

  /// What is behind a fragment's header is nothing yet.
  private mutating func endInFragment() -> Bool {
    names.add(ProtocolNames.data)
    return false
  }

  /// Where the address stands that a source route ends with, if the packet is still on its way there
  /// (RFC 791 §3.1).
  static func finalDestination(_ header: IPv4Header, at start: Int) -> Int {
    var place = start &+ 16
    guard !header.options.isEmpty else { return place }
    try? header.forEachOption { option in
      let isRoute =
        option.kind == IPv4Option.looseSourceRoute || option.kind == IPv4Option.strictSourceRoute
      guard isRoute, option.value.count >= 5 else { return }
      let pointer = Int(header.options[option.value.lowerBound])
      if pointer <= option.value.count &+ 2 {
        place = start &+ IPv4Header.minimumLength &+ option.value.upperBound &- 4
      }
    }
    return place
  }

  mutating func addIPv6(
    _ frame: Frame, _ header: IPv6Header, _ octets: Span<UInt8>, _ outer: Bounds
  ) -> Bool {
    let start = outer.base &+ frame.networkOffset
    if !outer.isReassembled { append(outer.layer(.ipv6, at: start)) }
    let length = header.payloadLength == 0 ? Int.max : 40 &+ Int(header.payloadLength)
    let bounds = outer.narrowed(to: length, from: start).narrowed(by: frame)
    let chain = addExtensionHeaders(header.nextHeader, octets, start, bounds)
    if let fragment = chain.fragment {
      let payload = fragment.offset &+ IPv6FragmentHeader.length
      if fragment.header.isFragment, bounds.end == bounds.wireEnd, payload < bounds.end {
        let outcome = fragments.add(
          octets.extracting(payload..<bounds.end), of: fragment.header, in: header, at: now)
        guard case .whole(let whole) = outcome else { return endInFragment() }
        walk(reassembled: whole.packet(behind: header).octets, .ipv6, quotedBy: outer.quotedBy)
        return false
      }
      guard fragment.header.fragmentOffset == 0 else { return endInFragment() }
    }
    guard frame.problem?.layer != .ipv6Extension else { return false }
    var transport = Transport(bounds, start: outer.base &+ frame.transportOffset, network: start)
    transport.isFragment = chain.fragment?.header.moreFragments ?? false
    transport.destination = chain.finalDestination ?? start &+ 24
    addTransport(frame.protocolNumber, octets, transport)
    return true
  }

  private struct ExtensionChain {
    /// The last fragment header, and where it is.
    var fragment: (header: IPv6FragmentHeader, offset: Int)?
    /// Where the address is that a routing header ends with.
    var finalDestination: Int?
  }

  /// Walks the extension headers again, and adds the fragment headers, of which there can be several.
  private mutating func addExtensionHeaders(
    _ first: IPProtocol, _ octets: Span<UInt8>, _ network: Int, _ bounds: Bounds
  ) -> ExtensionChain {
    var chain = ExtensionChain()
    var (next, offset) = (first, network &+ IPv6Header.length)
    for _ in 0..<16 {
      guard offset &+ 8 <= bounds.end else { return chain }
      if next == .fragment {
        append(bounds.layer(.ipv6Fragment, at: offset))
        var reader = PacketReader(octets.extracting(droppingFirst: offset))
        guard let header = try? IPv6FragmentHeader(parsing: &reader) else { return chain }
        chain.fragment = (header, offset)
        guard header.fragmentOffset == 0 else { return chain }
        next = header.nextHeader
        offset &+= IPv6FragmentHeader.length
        continue
      }
      guard IPv6ExtensionHeader.isExtension(next) else { return chain }
      let size =
        next == .authentication
        ? (Int(octets[offset &+ 1]) &+ 2) &* 4 : (Int(octets[offset &+ 1]) &+ 1) &* 8
      names.add(extensionHeader: next)
      if next == .routing {
        chain.finalDestination = Self.routeEnd(octets, offset, min(offset &+ size, bounds.end))
      }
      next = IPProtocol(rawValue: octets[offset])
      offset &+= size
    }
    return chain
  }

  /// Where the last address of a routing header is, unless the packet has been there: type 0
  /// (RFC 5095) and 2 (RFC 6275 §6.4) end with it, type 4 (RFC 8754 §2) begins with it.
  private static func routeEnd(_ octets: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard octets[start &+ 3] > 0, end &- start >= 24 else { return nil }
    switch octets[start &+ 2] {
    case 0, 2: return start &+ 8 &+ ((end &- start &- 8) / 16 &- 1) &* 16
    case 4: return start &+ 8
    default: return nil
    }
  }
}

extension FieldWalk.Bounds {
  /// What is left of these bounds where a length field before the network header, such as that of
  /// PPPoE (RFC 2516 §4), ends the packet early.
  func narrowed(by frame: Frame) -> Self {
    // The end that a UDP length gives is not the packet's.
    if case .udp = frame.transport { return self }
    let frameEnd = base &+ frame.payload.upperBound
    guard end == wireEnd, frameEnd < end else { return self }
    var bounds = self
    (bounds.end, bounds.wireEnd) = (frameEnd, frameEnd)
    return bounds
  }

  /// What is left of these bounds for a packet that starts at `start` and says how long it is. One
  /// that says more than the frame held is as long as the frame.
  func narrowed(to length: Int, from start: Int) -> Self {
    guard length < wireEnd &- start else { return self }
    var bounds = self
    bounds.wireEnd = start &+ length
    bounds.end = min(end, bounds.wireEnd)
    return bounds
  }
}
