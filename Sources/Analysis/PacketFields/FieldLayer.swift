import PacketWire

/// A header, or a part of one that comes several times, and where it stands. Fields of the same
/// kind of layer are read from all layers of that kind, outermost first.
struct FieldLayer: Hashable, Sendable {
  /// What it is.
  enum Kind: UInt8, Sendable {
    case frame, ethernet, linuxSLL, bsdLoopback, vlan, arp
    case ipv4, ipv6, ipv6Fragment
    case icmpv4, mplsLabel, icmpv6, tcp, udp
    case dns, dnsQuestion, dnsRecord
    case tcpReassembly, http, tls, tlsRecord, tlsHandshake, webSocket, http2, quic
  }

  var kind: Kind
  /// Its first octet.
  var start: Int
  /// Behind the last octet of it, and of what it carries, that was captured.
  var end: Int
  /// Where that would be had nothing been cut; never before `end`.
  var wireEnd: Int
  /// What its places count in: 0 is the frame; see `FieldWalk`.
  var source = 0
  /// The protocol of the error that quotes the datagram it stands in.
  var quotedBy: IPProtocol?
  /// For a transport layer: the packet is a fragment, of which not all is here.
  var isFragment = false
  /// It stands in a connection that began with HTTP, or has a port of it.
  var isInHTTP = false
  /// For a handshake message: QUIC carries it.
  var isFromQUIC = false
  /// For a transport layer: where the network header starts; for a part of a DNS message: where the
  /// message starts; for a cooked frame: where its EtherType is.
  var outerStart = 0
  /// For a part of a DNS message: where what is behind its name starts, in a record the data; for a
  /// transport layer: where the address is that the packet is for in the end; for a cooked frame:
  /// where its hardware type is; for a DNS message, and for a
  /// head in a datagram: the port of the protocol that it is of.
  var dataStart = 0
  /// The place of what is known of it from those before it: of a segment of TCP, a datagram of UDP, or
  /// a message of the DNS or of HTTP; nil where nobody asks for that.
  var history: Int?

  init(_ kind: Kind, _ start: Int, _ end: Int, wireEnd: Int? = nil) {
    (self.kind, self.start, self.end) = (kind, start, end)
    self.wireEnd = max(wireEnd ?? end, end)
  }

  /// How much of it was captured.
  var count: Int { end &- start }
  /// How much of it there was.
  var wireCount: Int { wireEnd &- start }

  /// Where the octet number `offset` of this layer stands, if it and the following ones, `width` in
  /// all, were captured.
  @inline(__always)
  func place(_ offset: Int, _ width: Int) -> Int? {
    count >= offset &+ width ? start &+ offset : nil
  }
}
