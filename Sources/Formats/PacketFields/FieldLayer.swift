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
  }

  var kind: Kind
  /// Its first octet.
  var start: Int
  /// Behind the last octet of it, and of what it carries, that was captured.
  var end: Int
  /// Where that would be had nothing been cut; never before `end`.
  var wireEnd: Int
  /// It stands in a datagram that an ICMP error quotes.
  var isQuoted = false
  /// For a transport layer: the packet is a fragment, of which not all is here.
  var isFragment = false
  /// For a transport layer: where the network header starts, and for a part of a DNS message: where
  /// the message starts.
  var outerStart = 0
  /// For a record of a DNS message: where its data starts.
  var dataStart = 0

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
