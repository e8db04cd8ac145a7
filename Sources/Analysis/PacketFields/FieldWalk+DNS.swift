import FlowAnalysis
import PacketWire

extension FieldWalk {
  /// How many records are read of one message: more is an attack on decoders.
  private static let maximumRecords = 4096

  /// Adds the message that a UDP datagram carries.
  mutating func addMessage(_ octets: Span<UInt8>, _ transport: Transport) {
    let start = transport.start &+ UDPHeader.length
    guard start < transport.end else { return }
    let length = Int(octets.u16(at: transport.start &+ 4))
    guard length >= UDPHeader.length else { return }
    let end = max(start, min(transport.end, transport.start &+ length))
    let ports = (octets.u16(at: transport.start), octets.u16(at: transport.start &+ 2))
    if messages.contains(.http), ports.0 == 1900 || ports.1 == 1900 {
      addDiscovery(octets, start, end, transport.bounds)
    }
    if !messages.isDisjoint(with: [.quic, .hello]) { addQUIC(octets, start, end, transport) }
    let seen = ApplicationProtocol.recognize(
      .udp, ports: ports, payload: octets.extracting(start..<end))
    guard seen?.isDNS ?? false else { return }
    let kinds: [UInt16] = [5353, 5355]
    addDNS(
      octets, start, end, transport.bounds,
      port: kinds.first { $0 == ports.0 || $0 == ports.1 } ?? 53)
  }

  /// Adds a head of HTTP in a datagram, as UPnP's discovery sends them.
  private mutating func addDiscovery(
    _ octets: Span<UInt8>, _ start: Int, _ end: Int, _ bounds: Bounds
  ) {
    let line = octets.extracting(start..<end).httpLine(at: 0)
    guard HTTPStartLine(octets.extracting(start..<end).extracting(line.content)) != nil else {
      return
    }
    var layer = bounds.layer(.http, at: start)
    layer.dataStart = 1900
    append(layer)
  }

  /// Adds a message and its parts.
  mutating func addDNS(
    _ octets: Span<UInt8>, _ start: Int, _ end: Int, _ transport: Bounds,
    port: UInt16
  ) {
    var bounds = transport
    bounds.end = end
    var message = bounds.layer(.dns, at: start)
    message.dataStart = Int(port)
    if needs.contains(.exchanges) {
      message.history = exchange(octets, start, end, bounds, port: port).map { keep($0) }
    }
    append(message)
    guard start &+ DNSMessage.headerLength <= end else { return }
    let questions = Int(octets.u16(at: start &+ 4))
    var records = 0
    for place in stride(from: 6, through: 10, by: 2) {
      records &+= Int(octets.u16(at: start &+ place))
    }
    var offset = start &+ DNSMessage.headerLength
    for _ in 0..<min(questions, Self.maximumRecords) {
      guard let next = addQuestion(octets, start, offset, bounds) else { return }
      offset = next
    }
    for _ in 0..<min(records, Self.maximumRecords) {
      guard let next = addRecord(octets, start, offset, bounds) else { return }
      offset = next
    }
  }

  /// What this message answers or repeats. Of multicast DNS no message answers one other.
  private mutating func exchange(
    _ octets: Span<UInt8>, _ start: Int, _ end: Int, _ bounds: Bounds, port: UInt16
  ) -> MessageFacts? {
    guard start &+ DNSMessage.headerLength <= end, bounds.quotedBy == nil, port != 5353,
      let speakers
    else { return nil }
    let identifier = octets.u16(at: start)
    let mark = PacketMark(number: number, time: now)
    return octets[start &+ 2] & 0x80 != 0
      ? dnsExchanges.answer(identifier, speakers, at: mark)
      : dnsExchanges.ask(identifier, speakers, at: mark)
  }

  private mutating func addQuestion(
    _ octets: Span<UInt8>, _ message: Int, _ offset: Int, _ bounds: Bounds
  ) -> Int? {
    guard let name = octets.endOfName(at: offset, before: bounds.end) else { return nil }
    var layer = bounds.layer(.dnsQuestion, at: offset)
    (layer.outerStart, layer.dataStart) = (message, name)
    append(layer)
    return name &+ 4 <= bounds.end ? name &+ 4 : nil
  }

  private mutating func addRecord(
    _ octets: Span<UInt8>, _ message: Int, _ offset: Int, _ bounds: Bounds
  ) -> Int? {
    guard let name = octets.endOfName(at: offset, before: bounds.end), name &+ 10 <= bounds.end
    else {
      return nil
    }
    let next = name &+ 10 &+ Int(octets.u16(at: name &+ 8))
    var layer = bounds.layer(.dnsRecord, at: offset)
    layer.end = min(next, bounds.end)
    (layer.outerStart, layer.dataStart) = (message, name &+ 10)
    append(layer)
    return next <= bounds.end ? next : nil
  }
}

extension Span<UInt8> {
  /// Where the name at `offset` ends, pointers not followed; nil when it does not end before `end`.
  func endOfName(at offset: Int, before end: Int) -> Int? {
    var position = offset
    while position < end {
      let octet = self[position]
      switch octet >> 6 {
      case 0b00:
        position &+= 1 &+ Int(octet)
        if octet == 0 { return position }
      case 0b11: return position &+ 2 <= end ? position &+ 2 : nil
      default: return nil
      }
    }
    return nil
  }
}
