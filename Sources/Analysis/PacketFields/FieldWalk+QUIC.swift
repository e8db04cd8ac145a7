import PacketWire

/// Who speaks QUIC, and how long the identifiers are that they want to be called by: packets with a
/// short header do not say (RFC 9000 §17.3.1).
struct QUICEnds: Sendable {
  struct End: Hashable, Sendable {
    var address: IPAddress
    var port: UInt16
  }

  private var lengths = RecentTable<End, Int>(capacity: 8_192)

  /// The length of the identifiers of packets to `end`, if it is known to speak QUIC.
  func length(to end: End) -> Int? { lengths[end] }

  /// `end` wants to be called by identifiers of that length.
  mutating func note(_ length: Int, of end: End) { lengths.set(length, for: end) }
}

extension FieldWalk {
  /// Adds the packets of QUIC in a datagram (RFC 9000 §12.2), `start..<end`.
  mutating func addQUIC(
    _ octets: Span<UInt8>, _ start: Int, _ end: Int, _ transport: Transport
  ) {
    guard let ends = Self.ends(of: transport.network, octets) else { return }
    let source = QUICEnds.End(address: ends.source, port: octets.u16(at: transport.start))
    let destination = QUICEnds.End(
      address: ends.destination, port: octets.u16(at: transport.start &+ 2))
    let known = quicEnds.length(to: destination)
    var offset = start
    var isFirst = true
    while offset < end {
      var layer = transport.bounds.layer(.quic, at: offset)
      layer.end = end
      guard octets[offset] & 0x80 != 0 else {
        guard let length = known ?? (isFirst ? nil : 0) else { return }
        layer.dataStart = length
        return append(layer)
      }
      guard offset &+ 6 <= end, Self.isQUIC(octets.u32(at: offset &+ 1), isKnown: known != nil),
        octets[offset &+ 5] <= 20
      else { return }
      append(layer)
      let identifiers = offset &+ 6 &+ Int(octets[offset &+ 5])
      guard identifiers < end else { return }
      if transport.bounds.quotedBy == nil, octets[identifiers] <= 20 {
        quicEnds.note(Int(octets[identifiers]), of: source)
      }
      var reader = PacketReader(octets.extracting(offset..<end))
      guard let header = try? QUICLongHeader(parsing: &reader), case .packet = header.content,
        header.payloadLength <= reader.available
      else { return }
      let next = end &- reader.available &+ header.payloadLength
      if header.type == .initial, messages.contains(.hello), transport.bounds.quotedBy == nil {
        addHellos(
          octets.extracting(offset..<next),
          QUICHandshakes.Packet(header: header, source: source, destination: destination),
          transport.bounds)
      }
      offset = next
      isFirst = false
    }
  }

  /// Adds the handshake messages that a packet makes whole.
  private mutating func addHellos(
    _ octets: Span<UInt8>, _ packet: QUICHandshakes.Packet, _ bounds: Bounds
  ) {
    for message in quicHandshakes.read(octets, packet) {
      let source = keep(message.body)
      for kind in [FieldLayer.Kind.tls, .tlsHandshake] {
        var layer = FieldLayer(kind, 0, message.body.count)
        (layer.source, layer.dataStart) = (source, Int(message.type))
        layer.isFromQUIC = true
        append(layer)
      }
    }
  }

  /// Versions that exist (RFC 9000 §15, RFC 9369), drafts of them, and those that are noise on
  /// purpose; 0 is an answer to one who is known.
  private static func isQUIC(_ version: UInt32, isKnown: Bool) -> Bool {
    switch version {
    case 0: isKnown
    case 1, 0x6b33_43cf, 0x709a_50c4, 0xff00_0001...0xff00_0022: true
    default: version & 0x0f0f_0f0f == 0x0a0a_0a0a
    }
  }
}
