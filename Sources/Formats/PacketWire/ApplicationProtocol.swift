/// What a segment or datagram carries, as its content and its ports tell.
///
/// Content counts more than ports: HTTP on 8080, TLS on 8443 and DNS anywhere are seen, and what is no
/// TLS on 443 is not called that. A protocol whose messages cannot be told by their content goes by its
/// port.
public enum ApplicationProtocol: Hashable, Sendable, CaseIterable {
  case dns, multicastDNS, linkLocalMulticastDNS
  case dhcpv4, dhcpv6, ntp
  case http, http2, tls, quic, ssh
  case ftp, smtp, pop3, imap, telnet

  /// Its messages are those of RFC 1035 §4.1.
  public var isDNS: Bool {
    switch self {
    case .dns, .multicastDNS, .linkLocalMulticastDNS: true
    default: false
    }
  }

  /// What the payload of a TCP segment or UDP datagram is, nil when nothing tells.
  ///
  /// - Parameters:
  ///   - transport: TCP or UDP; nil for all others.
  ///   - ports: the sender's and the receiver's.
  ///   - payload: as far as it was captured; need not begin a message.
  /// - Returns: the protocol, or nil.
  public static func recognize(
    _ transport: IPProtocol, ports: (source: UInt16, destination: UInt16), payload: Span<UInt8>
  ) -> ApplicationProtocol? {
    switch transport {
    case .tcp: recognize(stream: payload) ?? ofStreams(on: ports)
    case .udp:
      // The lower one is the server's.
      byDatagramPort(min(ports.source, ports.destination), payload)
        ?? byDatagramPort(max(ports.source, ports.destination), payload)
        ?? recognize(datagram: payload, ports: ports)
    default: nil
    }
  }

  /// What octets from a stream begin, wherever it goes; nil when they do not tell.
  public static func recognize(stream octets: Span<UInt8>) -> ApplicationProtocol? {
    guard octets.count > 0 else { return nil }
    switch octets[0] {
    case 20...24:
      var reader = PacketReader(octets)
      guard let header = try? TLSRecordHeader(parsing: &reader), header.isPlausible,
        header.bodyLength > 0
      else { return nil }
      return .tls
    case UInt8(ascii: "S") where octets.begins(with: "SSH-"): return .ssh
    default: break
    }
    switch StreamStart(octets) {
    case .httpResponse: return .http
    case .http2: return .http2
    case .httpRequest: return octets.goesOnAsRequest ? .http : nil
    case .tlsClient, .tlsServer, .needsMore, .unknown: return nil
    }
  }

  /// What a datagram is by its content alone: only a long QUIC header of a known version, the magic
  /// cookie of DHCP and a DNS message without a fault are sure enough.
  private static func recognize(
    datagram octets: Span<UInt8>, ports: (source: UInt16, destination: UInt16)
  ) -> ApplicationProtocol? {
    if octets.count >= DHCPv4Message.headerLength + 4,
      octets.u32(at: DHCPv4Message.headerLength) == DHCPv4Message.magicCookie,
      (1...2).contains(octets[0])
    {
      return .dhcpv4
    }
    if octets.count >= 7, octets[0] & 0xc0 == 0xc0, octets[5] <= 20 {
      switch octets.u32(at: 1) {
      case 1, 0x6b33_43cf, 0xff00_0000...0xff00_00ff: return .quic
      default: break
      }
    }
    // NetBIOS names look the same, and are not of the DNS (RFC 1002 §4.2).
    guard ports.source != 137, ports.destination != 137 else { return nil }
    return octets.isFaultlessDNS ? .dns : nil
  }

  /// What a stream carries, by its ports alone.
  public static func ofStreams(
    on ports: (source: UInt16, destination: UInt16)
  ) -> ApplicationProtocol? {
    byStreamPort(min(ports.source, ports.destination))
      ?? byStreamPort(max(ports.source, ports.destination))
  }

  private static func byStreamPort(_ port: UInt16) -> ApplicationProtocol? {
    switch port {
    case 53: .dns
    case 21: .ftp
    case 23: .telnet
    case 25, 587: .smtp
    case 110: .pop3
    case 143: .imap
    // RFC 6762 §5.4.
    case 5353: .multicastDNS
    default: nil
    }
  }

  private static func byDatagramPort(
    _ port: UInt16, _ payload: Span<UInt8>
  ) -> ApplicationProtocol? {
    switch port {
    case 53: .dns
    case 67, 68: .dhcpv4
    case 123: .ntp
    case 443: payload.count > 0 && payload[0] & 0x40 != 0 ? .quic : nil
    case 546, 547: .dhcpv6
    // RFC 6762 §3 and RFC 4795 §2.
    case 5353: .multicastDNS
    case 5355: .linkLocalMulticastDNS
    default: nil
    }
  }
}

extension ApplicationProtocol {
  /// tshark's name, as its filters and tables have it.
  public var keyword: String {
    switch self {
    case .dns: "dns"
    case .multicastDNS: "mdns"
    case .linkLocalMulticastDNS: "llmnr"
    case .dhcpv4: "dhcp"
    case .dhcpv6: "dhcpv6"
    case .ntp: "ntp"
    case .http: "http"
    case .http2: "http2"
    case .tls: "tls"
    case .quic: "quic"
    case .ssh: "ssh"
    case .ftp: "ftp"
    case .smtp: "smtp"
    case .pop3: "pop"
    case .imap: "imap"
    case .telnet: "telnet"
    }
  }
}

extension Span<UInt8> {
  /// Behind a method, which `StreamStart` has seen, there is the rest of a request line of HTTP/1.x
  /// (RFC 9112 §3): as far as the line was captured a target and the version.
  fileprivate var goesOnAsRequest: Bool {
    var end = 0
    while end < count, self[end] != 0x20 { end += 1 }
    guard end + 1 < count, (0x21...0x7e).contains(self[end + 1]) else { return false }
    var lineEnd = end + 1
    // A target of 8000 octets is the least that everyone should take (RFC 9112 §3).
    while lineEnd < Swift.min(count, 8_200), self[lineEnd] != 0x0a, self[lineEnd] != 0x0d {
      guard self[lineEnd] >= 0x20 else { return false }
      lineEnd += 1
    }
    guard lineEnd < count, self[lineEnd] == 0x0a || self[lineEnd] == 0x0d else {
      return self[end + 1] == UInt8(ascii: "/") || self[end + 1] == UInt8(ascii: "h")
    }
    guard lineEnd >= end + 10 else { return false }
    return extracting(lineEnd - 9..<lineEnd).begins(with: " HTTP/1.")
  }
}
