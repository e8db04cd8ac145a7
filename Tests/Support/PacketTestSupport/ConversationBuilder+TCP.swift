public import PacketWire

extension ConversationBuilder {
  /// Options that both ends of a test connection offer: MSS 1460, SACK, window scale 7.
  public static let usualOptions: [UInt8] = [2, 4, 0x05, 0xb4, 4, 2, 1, 3, 3, 7]

  /// Adds a segment at a position of one's own choice; nothing moves on.
  public mutating func segment(
    _ connection: Connection, _ side: Side, _ flags: TCPHeader.Flags, at position: Int64,
    acknowledging: Int64?, _ data: [UInt8] = [], options: [UInt8] = [], window: UInt16 = 502
  ) {
    let isClient = side == .client
    let (from, to) =
      isClient ? (connection.client, connection.server) : (connection.server, connection.client)
    let (own, peer) =
      isClient
      ? (connection.clientISN, connection.serverISN) : (connection.serverISN, connection.clientISN)
    var header = TCPHeader(from: from.port, to: to.port, flags: flags)
    header.sequenceNumber = own &+ UInt32(truncatingIfNeeded: position)
    if let acknowledging {
      header.flags.insert(.ack)
      header.acknowledgmentNumber = peer &+ UInt32(truncatingIfNeeded: acknowledging)
    }
    header.window = window
    header.options = OptionOctets(padding: options) ?? OptionOctets()
    header.fill(payload: data.span, from: from.address, to: to.address)
    let octets = [UInt8](capacity: header.length + data.count) { out in
      header.write(to: &out)
      for octet in data { out.append(octet) }
    }
    ip(.tcp, from: from.address, to: to.address, octets)
  }

  /// Adds the segment that comes next from one side, acknowledging all that the other has sent.
  public mutating func send(
    _ connection: inout Connection, _ side: Side, _ flags: TCPHeader.Flags = [.ack],
    _ data: [UInt8] = [], options: [UInt8] = [], window: UInt16 = 502
  ) {
    let isClient = side == .client
    let (own, peer) =
      isClient
      ? (connection.clientNext, connection.serverNext)
      : (connection.serverNext, connection.clientNext)
    segment(
      connection, side, flags, at: own, acknowledging: flags.contains(.ack) ? peer : nil, data,
      options: options, window: window)
    var moved = Int64(data.count)
    if flags.contains(.syn) { moved += 1 }
    if flags.contains(.fin) { moved += 1 }
    if isClient { connection.clientNext += moved } else { connection.serverNext += moved }
  }

  /// Adds text as data.
  public mutating func send(
    _ connection: inout Connection, _ side: Side, _ flags: TCPHeader.Flags = [.psh, .ack],
    text: String
  ) {
    send(&connection, side, flags, Array(text.utf8))
  }

  /// Adds SYN, SYN-ACK and ACK.
  public mutating func open(_ connection: inout Connection) {
    send(&connection, .client, [.syn], options: Self.usualOptions, window: 64_240)
    send(&connection, .server, [.syn, .ack], options: Self.usualOptions, window: 65_160)
    send(&connection, .client)
  }

  /// Adds FIN, FIN with ACK, and ACK; the client closes first.
  public mutating func close(_ connection: inout Connection) {
    send(&connection, .client, [.fin, .ack])
    send(&connection, .server, [.fin, .ack])
    send(&connection, .client)
  }
}
