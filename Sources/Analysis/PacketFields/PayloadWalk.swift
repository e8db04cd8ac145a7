public import FlowAnalysis
public import PacketWire

/// What a segment of TCP or a datagram of UDP carries, and for whom.
public struct TransportPayload: Hashable, Sendable {
  /// TCP or UDP.
  public var transport: IPProtocol
  /// Its conversation's number, as `tcp.stream` and `udp.stream` count them.
  public var stream: Int
  /// Who sent it, and whom it is for.
  public var source: (address: IPAddress, port: UInt16) { (sourceAddress, sourcePort) }
  /// Whom it is for.
  public var destination: (address: IPAddress, port: UInt16) {
    (destinationAddress, destinationPort)
  }
  /// Its sender is the one whose address and port are the lower ones; of UDP too.
  public var isFromLow: Bool
  /// The header's numbers; 0 for UDP.
  public var number: UInt32 = 0, acknowledgment: UInt32 = 0
  /// The control bits of TCP.
  public var flags: TCPHeader.Flags = []
  /// Octets on the wire, of which the capture may hold less.
  public var length: Int

  /// What puts it in its place among the octets of its connection.
  public var segment: OrderedConnection.Segment {
    OrderedConnection.Segment(
      isFromLow: isFromLow, number: number, acknowledgment: acknowledgment, flags: flags,
      length: length)
  }

  /// Where the octets stand that were captured.
  fileprivate var range = 0..<0

  private var sourceAddress: IPAddress, destinationAddress: IPAddress
  private var sourcePort: UInt16, destinationPort: UInt16

  init(
    _ transport: IPProtocol, stream: Int, length: Int,
    from source: (address: IPAddress, port: UInt16),
    to destination: (address: IPAddress, port: UInt16)
  ) {
    (self.transport, self.stream, self.length) = (transport, stream, length)
    (sourceAddress, sourcePort) = source
    (destinationAddress, destinationPort) = destination
    isFromLow = (sourceAddress, sourcePort) < (destinationAddress, destinationPort)
  }
}

/// Finds what the segments and datagrams of packets carry, within tunnels and fragments too, with the
/// numbers of their conversations.
public struct PayloadWalk: Sendable {
  private var walk: FieldWalk

  /// Before the first packet; `includingDatagrams`, UDP's payloads are handed over too.
  public init(includingDatagrams: Bool) {
    walk = FieldWalk(
      messages: [], needs: includingDatagrams ? [.connections, .datagrams] : .connections)
  }

  /// Hands over the payloads of the next packet, empty ones of TCP too, each with those of its octets that
  /// were captured.
  public mutating func forEachPayload(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>,
    _ body: (TransportPayload, Span<UInt8>) -> Void
  ) {
    walk.begin(frame, octets, packet)
    for layer in walk.layers where layer.quotedBy == nil && layer.history != nil {
      if layer.source > 0 {
        let whole = walk.reassembled[layer.source - 1]
        give(layer, whole.span, body)
      } else {
        give(layer, octets, body)
      }
    }
  }

  private func give(
    _ layer: FieldLayer, _ octets: Span<UInt8>, _ body: (TransportPayload, Span<UInt8>) -> Void
  ) {
    guard let payload = payload(layer, octets) else { return }
    body(payload, octets.extracting(payload.range))
  }

  private func payload(_ layer: FieldLayer, _ octets: Span<UInt8>) -> TransportPayload? {
    guard let place = layer.history, let ends = FieldWalk.ends(of: layer.outerStart, octets) else {
      return nil
    }
    let source = (address: ends.source, port: octets.u16(at: layer.start))
    let destination = (address: ends.destination, port: octets.u16(at: layer.start &+ 2))
    if layer.kind == .udp {
      let start = layer.start &+ UDPHeader.length
      let said = Int(octets.u16(at: layer.start &+ 4)) &- UDPHeader.length
      let length = max(0, min(said, layer.wireEnd &- start))
      var payload = TransportPayload(
        .udp, stream: walk.datagrams[place].stream, length: length, from: source, to: destination)
      payload.range = start..<max(start, min(start &+ length, layer.end))
      return payload
    }
    let start = layer.start &+ Int(octets[layer.start &+ 12] >> 4) &* 4
    // Of a header whose options the capture cut, nothing behind it is here either.
    guard start >= layer.start &+ TCPHeader.minimumLength, start <= layer.wireEnd else {
      return nil
    }
    let analysis = walk.segments[place].analysis
    var payload = TransportPayload(
      .tcp, stream: analysis.stream, length: layer.wireEnd &- start, from: source, to: destination)
    payload.isFromLow = analysis.isFromLow
    payload.number = octets.u32(at: layer.start &+ 4)
    payload.acknowledgment = octets.u32(at: layer.start &+ 8)
    payload.flags = TCPHeader.Flags(rawValue: octets.u16(at: layer.start &+ 12) & 0x0fff)
    payload.range = min(start, layer.end)..<layer.end
    return payload
  }
}
