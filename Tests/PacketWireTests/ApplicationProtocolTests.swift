import PacketTestSupport
import PacketWire
import Testing

@Suite("Which protocol a payload is")
struct ApplicationProtocolTests {
  static let request = Array("GET /a HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
  static let clientHello = hex("16 0301 0005 01 000001 00")

  @Test(
    "content, on any port",
    arguments: [
      (request, .http), (Array("HTTP/1.0 200 OK\r\n".utf8), .http),
      (Array("M-SEARCH * HTTP/1.1\r\n".utf8), .http), (Array("GET /cut".utf8), .http),
      (Array("GET x HTTP/1.1\n".utf8), .http),
      (Array("PRI * HTTP/2.0\r\n\r\nSM".utf8), .http2), (clientHello, .tls),
      (hex("17 0303 4800 00"), .tls), (hex("15 0304 0002 0228"), .tls),
      (Array("SSH-2.0-x\r\n".utf8), .ssh),
    ] as [([UInt8], ApplicationProtocol)])
  func streams(octets: [UInt8], expected: ApplicationProtocol) {
    for port: UInt16 in [80, 443, 8080, 8443, 50_000] {
      #expect(recognize(.tcp, 40_000, port, octets) == expected)
      #expect(recognize(.tcp, port, 40_000, octets) == expected)
    }
    #expect(recognize(.udp, 40_000, 50_000, octets) == nil)
    #expect(recognize(.icmp, 40_000, 80, octets) == nil)
  }

  @Test(
    "what is not said is not guessed",
    arguments: [
      [], hex("16"), hex("16 0301 00"), hex("16 0305 0005 01"), hex("16 0200 0005 01"),
      hex("19 0303 0005 01"), hex("13 0303 0005 01"), hex("17 0303 4801 00"), hex("17 0303 0000"),
      Array("GET".utf8), Array("GET ".utf8), Array("get / HTTP/1.1\r\n".utf8),
      Array("gET x HTTP/1.1\r\n".utf8),
      Array("GET / HTTP/2.0\r\n".utf8), Array("GET  HTTP/1.1\r\n".utf8),
      Array("AB / HTTP/1.1\r\n".utf8),
      Array("GET /\u{1} HTTP/1.1\r\n".utf8), Array("QUIT now\r\n".utf8), Array("USER a".utf8),
      Array("SSH".utf8), Array("HTTP/2".utf8), Array("A HTTP/1.1\n".utf8), Array("LIST a\n".utf8),
    ] as [[UInt8]])
  func unknown(octets: [UInt8]) {
    #expect(recognize(.tcp, 40_000, 443, octets) == nil)
  }

  @Test(
    "ports of streams",
    arguments: [
      (53, .dns), (21, .ftp), (23, .telnet), (25, .smtp), (587, .smtp), (110, .pop3), (143, .imap),
      (5353, .multicastDNS),
    ] as [(UInt16, ApplicationProtocol)])
  func streamPorts(port: UInt16, expected: ApplicationProtocol) {
    #expect(recognize(.tcp, port, 40_000, [1]) == expected)
    #expect(recognize(.tcp, 40_000, port, [1]) == expected)
    // A mail server that has begun to speak TLS.
    #expect(recognize(.tcp, 40_000, port, Self.clientHello) == .tls)
  }

  @Test(
    "ports of datagrams",
    arguments: [
      (53, .dns), (67, .dhcpv4), (68, .dhcpv4), (123, .ntp), (443, .quic), (546, .dhcpv6),
      (547, .dhcpv6), (5353, .multicastDNS), (5355, .linkLocalMulticastDNS),
    ] as [(UInt16, ApplicationProtocol)])
  func datagramPorts(port: UInt16, expected: ApplicationProtocol) {
    #expect(recognize(.udp, port, 40_000, [0x40]) == expected)
    #expect(recognize(.udp, 40_000, port, [0x40]) == expected)
    #expect(recognize(.udp, 40_000, port == 443 ? 443 : 9, [0x3f]) == nil)
  }

  @Test("QUIC and DHCP on any port")
  func datagrams() {
    let dhcp = [UInt8](repeating: 1, count: 236) + hex("63825363")
    #expect(recognize(.udp, 1, 2, dhcp) == .dhcpv4)
    #expect(recognize(.udp, 1, 2, [3] + dhcp.dropFirst()) == nil)
    #expect(recognize(.udp, 1, 2, Array(dhcp.dropLast())) == nil)
    for version in ["00000001", "6b3343cf", "ff00001d"] {
      #expect(recognize(.udp, 1, 2, hex("c0 \(version) 14 00")) == .quic)
      #expect(recognize(.udp, 1, 2, hex("80 \(version) 14 00")) == nil)
      #expect(recognize(.udp, 1, 2, hex("c0 \(version) 15 00")) == nil)
      #expect(recognize(.udp, 1, 2, hex("c0 \(version) 14")) == nil)
    }
    #expect(recognize(.udp, 1, 2, hex("c0 00000002 14 00")) == nil)
  }

  static let query = hex("1234 0100 0001 0000 0000 0000 0377777704746573 7400 0001 0001")
  /// With an answer, an authority and an OPT record.
  static let response =
    hex("1234 8180 0001 0001 0001 0001 0377777704746573 7400 0001 0001")
    + hex("c00c 0001 0001 0000003c 0004 c0000250  c00c 0002 0001 0000003c 0002 c00c")
    + hex("00 0029 04d0 00000000 0000")

  @Test("DNS on any port, whole and without a fault")
  func names() {
    for message in [Self.query, Self.response] {
      #expect(recognize(.udp, 4_000, 5_300, message) == .dns)
      #expect(recognize(.tcp, 4_000, 5_300, message) == nil)
      // NetBIOS names.
      #expect(recognize(.udp, 137, 5_300, message) == nil)
      #expect(recognize(.udp, 5_300, 137, message) == nil)
      for count in 0..<message.count {
        #expect(recognize(.udp, 4_000, 5_300, Array(message.prefix(count))) == nil)
      }
      #expect(recognize(.udp, 4_000, 5_300, message + [0]) == nil)
    }
  }

  /// A place in the response, another octet there, and whether it is DNS all the same.
  @Test(
    "a fault ends it",
    arguments: [
      (2, 0x89, false), (2, 0xf9, false), (3, 0xc0, false), (3, 0x8a, true), (3, 0x8b, false),
      (5, 2, false), (4, 1, false), (6, 1, false), (7, 2, false), (12, 0x40, false),
      (12, 0xc0, false), (13, 0x20, false), (13, 0x7f, false), (16, 5, false), (22, 0, true),
      (23, 0, false), (24, 0x80, true), (25, 0xff, true), (25, 3, false), (26, 0xc1, true),
      (26, 0x80, false), (29, 0, true), (30, 0x80, true), (31, 3, false), (37, 5, false),
      (37, 3, false), (9, 2, false), (11, 2, false), (47, 3, false), (53, 3, false),
      (58, 0x2a, false), (66, 1, false),
    ] as [(Int, UInt8, Bool)])
  func faultyNames(place: Int, octet: UInt8, isNamed: Bool) {
    var message = Self.response
    message[place] = octet
    #expect((recognize(.udp, 4_000, 5_300, message) == .dns) == isNamed)
  }

  @Test("a query has neither answers nor a code")
  func queries() {
    #expect(recognize(.udp, 4_000, 5_300, [0x12, 0x34, 0x01, 0x83] + Self.query[4...]) == nil)
    #expect(recognize(.udp, 4_000, 5_300, [0x12, 0x34, 0x01] + Self.response[3...]) == nil)
    let short = hex("1234 0100 0001 0000 0000 0000 00 0002 0001")
    #expect(recognize(.udp, 4_000, 5_300, short) == .dns)
    #expect(recognize(.udp, 4_000, 5_300, Array(short.dropLast())) == nil)
  }

  @Test("the lower port is the server's")
  func lowerPort() {
    #expect(recognize(.udp, 53, 123, [0x40]) == .dns)
    #expect(recognize(.udp, 123, 53, [0x40]) == .dns)
    #expect(recognize(.tcp, 25, 143, [1]) == .smtp)
    #expect(recognize(.tcp, 143, 25, [1]) == .smtp)
    #expect(ApplicationProtocol.ofStreams(on: (4_000, 53))?.isDNS == true)
    #expect(ApplicationProtocol.ofStreams(on: (4_000, 25))?.isDNS == false)
    #expect(ApplicationProtocol.ofStreams(on: (4_000, 5_000)) == nil)
    let names = ApplicationProtocol.allCases.filter(\.isDNS)
    #expect(names == [.dns, .multicastDNS, .linkLocalMulticastDNS])
  }

  @Test func randomOctets() {
    var rng = SeededRNG(seed: 8443)
    for _ in 0..<2000 {
      let octets = rng.bytes(count: Int.random(in: 0...260, using: &rng))
      _ = recognize(.tcp, UInt16.random(in: 0...600, using: &rng), 80, octets)
      _ = recognize(.udp, UInt16.random(in: 0...600, using: &rng), 80, octets)
    }
  }

  private func recognize(
    _ transport: IPProtocol, _ source: UInt16, _ destination: UInt16, _ octets: [UInt8]
  ) -> ApplicationProtocol? {
    ApplicationProtocol.recognize(
      transport, ports: (source, destination), payload: octets.span)
  }
}
