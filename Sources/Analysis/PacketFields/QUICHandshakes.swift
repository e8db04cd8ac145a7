import PacketWire

/// The handshakes of QUIC's connections as far as everybody can read them: what the initial packets
/// carry (RFC 9001 §4).
struct QUICHandshakes: Sendable {
  /// A packet with its place in its datagram.
  struct Packet {
    var header: QUICLongHeader
    var source: QUICEnds.End
    var destination: QUICEnds.End
  }

  /// A handshake message, without its header.
  struct Message: Sendable {
    var type: UInt8
    var body: [UInt8]
  }

  /// What one end has said.
  private struct Stream: Sendable {
    var pending: PendingMessage?
    /// Octets of which the messages were told.
    var read = 0
  }

  private struct Connection: Sendable {
    /// The destination of the client's first packet, of which the keys are made.
    var original: [UInt8]
    /// What the server wants to be called.
    var server: [UInt8]?
    var fromClient = Stream(), fromServer = Stream()
  }

  /// By their clients' ends.
  private var connections = RecentTable<QUICEnds.End, Connection>(capacity: 1_024)
  /// Octets of one end's handshake; two hellos with post-quantum keys are far shorter.
  private static let maximumLength = 16_384

  /// Opens an initial packet; the messages that it makes whole.
  mutating func read(_ octets: Span<UInt8>, _ packet: Packet) -> [Message] {
    if let known = connections[packet.destination], packet.source != packet.destination {
      return readServer(octets, packet, known)
    }
    var connection = Connection(original: packet.header.destination)
    if let known = connections[packet.source],
      [known.original, known.server].contains(packet.header.destination)
    {
      connection = known
    }
    guard
      let messages = Self.read(
        octets, packet.header, connection.original, isServer: false, &connection.fromClient)
    else { return [] }
    connections.set(connection, for: packet.source)
    return messages
  }

  private mutating func readServer(
    _ octets: Span<UInt8>, _ packet: Packet, _ known: Connection
  ) -> [Message] {
    var connection = known
    guard
      let messages = Self.read(
        octets, packet.header, known.original, isServer: true, &connection.fromServer)
    else { return [] }
    connection.server = packet.header.source
    connections.set(connection, for: packet.destination)
    return messages
  }

  /// Nil for a packet that cannot be opened.
  private static func read(
    _ octets: Span<UInt8>, _ header: QUICLongHeader, _ identifier: [UInt8], isServer: Bool,
    _ stream: inout Stream
  ) -> [Message]? {
    guard
      let keys = QUICInitialKeys(
        version: header.version, identifier: identifier, isServer: isServer),
      let payload = keys.open(octets, headerLength: header.length)
    else { return nil }
    for frame in QUICCryptoFrame.all(in: payload.span) {
      guard frame.offset <= UInt64(maximumLength &- min(frame.octets.count, maximumLength)) else {
        continue
      }
      var pending =
        stream.pending
        ?? PendingMessage(start: 0, Span(), count: 0, MessageNeed(offset: 0, amount: .rest))
      stream.pending = nil
      pending.add(payload.span.extracting(frame.octets), at: Int(frame.offset))
      stream.pending = pending
    }
    return messages(of: &stream)
  }

  private static func messages(of stream: inout Stream) -> [Message] {
    guard let octets = stream.pending?.octets else { return [] }
    var messages: [Message] = []
    while stream.read &+ TLSHandshakeHeader.length <= octets.count {
      let body = stream.read &+ TLSHandshakeHeader.length
      let end = body &+ (Int(octets.span.u32(at: stream.read)) & 0xff_ffff)
      guard end <= octets.count else { break }
      messages.append(Message(type: octets[stream.read], body: Array(octets[body..<end])))
      stream.read = end
    }
    return messages
  }
}
