import PacketWire

/// What an address translator has to know of an IPv4 packet, or of one that an ICMP error quotes.
struct TranslatedPacket: Sendable {
  /// Protocols with ports, or identifiers that serve as such.
  enum Kind: Sendable {
    case udp, tcp, echoRequest, echoReply
  }

  /// Where the header begins, in octets.
  private let start: Int
  private let header: IPv4Header
  /// `nil` for other protocols, and for fragments but the first.
  let kind: Kind?
  /// The port that it comes from, or the identifier.
  let sourcePort: UInt16
  /// The port that it goes to, or the identifier.
  let destinationPort: UInt16

  /// Reads the packet that begins at `start`; `nil` if there is no IPv4 header.
  init?(_ octets: [UInt8], at start: Int = 0) {
    guard start <= octets.count else { return nil }
    var reader = PacketReader(octets.span.extracting(start...))
    guard let header = try? IPv4Header(parsing: &reader) else { return nil }
    (self.start, self.header) = (start, header)
    let transport = start + header.length
    guard header.fragmentOffset == 0, transport + 8 <= octets.count else {
      (kind, sourcePort, destinationPort) = (nil, 0, 0)
      return
    }
    let words = (0..<3).map { octets.span.u16(at: transport + 2 * $0) }
    switch (header.protocolNumber, octets[transport]) {
    case (.tcp, _): kind = .tcp
    case (.udp, _): kind = .udp
    case (.icmp, ICMPv4Header.MessageType.echoRequest.rawValue): kind = .echoRequest
    case (.icmp, ICMPv4Header.MessageType.echoReply.rawValue): kind = .echoReply
    default: kind = nil
    }
    let isEcho = header.protocolNumber == .icmp
    (sourcePort, destinationPort) = isEcho ? (words[2], words[2]) : (words[0], words[1])
  }

  var source: IPv4Address { header.source }
  var destination: IPv4Address { header.destination }
  var identification: UInt16 { header.identification }
  var protocolNumber: IPProtocol { header.protocolNumber }
  var isFirstFragment: Bool { header.moreFragments && header.fragmentOffset == 0 }
  var isLaterFragment: Bool { header.fragmentOffset > 0 }

  private var transport: Int { start + header.length }

  /// What an ICMP error quotes, and where that error's checksum stands.
  func quoted(in octets: [UInt8]) -> (packet: TranslatedPacket, checksum: Int)? {
    guard protocolNumber == .icmp, !isLaterFragment, transport < octets.count,
      ICMPv4Header.MessageType(rawValue: octets[transport]).isError,
      let packet = TranslatedPacket(octets, at: transport + ICMPv4Header.length)
    else { return nil }
    return (packet, transport + 2)
  }

  func setSource(_ address: IPv4Address, in rewriter: inout PacketRewriter) {
    rewriter.set(address, at: start + 12, covering: [.plain(start + 10)] + pseudoHeaderChecksum)
  }

  func setDestination(_ address: IPv4Address, in rewriter: inout PacketRewriter) {
    rewriter.set(address, at: start + 16, covering: [.plain(start + 10)] + pseudoHeaderChecksum)
  }

  func setSourcePort(_ port: UInt16, in rewriter: inout PacketRewriter) {
    rewriter.set(port, at: transport + (isEcho ? 4 : 0), covering: transportChecksum)
  }

  func setDestinationPort(_ port: UInt16, in rewriter: inout PacketRewriter) {
    rewriter.set(port, at: transport + (isEcho ? 4 : 2), covering: transportChecksum)
  }

  private var isEcho: Bool { kind == .echoRequest || kind == .echoReply }

  private var transportChecksum: [PacketRewriter.Checksum] {
    switch kind {
    case .udp: [.optional(transport + 6)]
    case .tcp: [.plain(transport + 16)]
    case .echoRequest, .echoReply: [.plain(transport + 2)]
    case nil: []
    }
  }

  /// The checksum that covers the addresses too, which that of ICMP does not.
  private var pseudoHeaderChecksum: [PacketRewriter.Checksum] { isEcho ? [] : transportChecksum }
}
