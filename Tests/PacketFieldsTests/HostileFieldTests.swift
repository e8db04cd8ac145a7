import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("fields of hostile octets")
struct HostileFieldTests {
  static let fixtures = [
    "arp.hex", "dns.hex", "http.hex", "icmp.hex", "icmpv6.hex", "ipv4.hex", "ipv6.hex",
    "ethernet.hex", "null.hex", "raw.hex", "sll.hex", "sll2.hex", "tcp.hex", "udp.hex",
    "errors.pcap", "names.pcap", "pings.pcap", "cooked.pcap", "cooked2.pcap",
  ]

  /// One line, one cell a field, nothing that a terminal obeys.
  private func check(_ row: [String], _ place: String) {
    #expect(row.count == PacketField.all.count, "\(place)")
    let isSafe = row.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } }
    #expect(isSafe, "\(place)")
  }

  @Test("every prefix of every packet", arguments: fixtures)
  func prefixes(_ name: String) throws {
    let fixture = try Fixture(name)
    var printer = FieldPrinter(PacketField.all)
    for (number, packet) in fixture.packets.prefix(60).enumerated() {
      for length in 0...min(packet.octets.count, 400) {
        let prefix = Array(packet.octets.prefix(length))
        let row = row(
          &printer, prefix, fixture.linkType, originalLength: packet.originalLength)
        check(row, "\(name), packet \(number), \(length) octets")
      }
    }
  }

  @Test("packets with octets changed", arguments: fixtures)
  func changed(_ name: String) throws {
    let fixture = try Fixture(name)
    var printer = FieldPrinter(PacketField.all)
    var random = SeededRNG(seed: 20_260_401)
    for packet in fixture.packets.prefix(40) where !packet.octets.isEmpty {
      for _ in 0..<40 {
        var octets = packet.octets
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          octets[Int.random(in: 0..<octets.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
        check(row(&printer, octets, fixture.linkType), "\(name): \(octets)")
      }
    }
  }

  @Test("octets by chance, under every link type")
  func chance() {
    var printer = FieldPrinter(PacketField.all)
    var random = SeededRNG(seed: 8_086)
    for number: UInt32 in [0, 1, 12, 101, 108, 113, 228, 229, 276, 9999] {
      for _ in 0..<200 {
        let octets = (0..<Int.random(in: 0...120, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        check(row(&printer, octets, LinkType(rawValue: number)), "link \(number): \(octets)")
      }
    }
  }

  /// Starts of all that streams are read for, to be cut and mixed.
  static let starts: [[UInt8]] = [
    Array("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999\r\n\r\nabc".utf8),
    Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc".utf8),
    Array("HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n".utf8),
    Array("HTTP/1.1 101 X\r\nUpgrade: h2c\r\n\r\n".utf8),
    Array("CONNECT a:1 HTTP/1.1\r\n\r\n".utf8), Array("HTTP/1.0 200\r\n\r\n".utf8),
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0xff, 0xff, 0xff, 0, 0, 0xff],
    [0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4],
    [22, 3, 3, 0, 8, 1, 0xff, 0xff, 0xff, 3, 3, 7, 7], [22, 3, 1, 0x48, 0, 2, 0, 0, 70],
    TLSFieldTests.clientHello, [23, 3, 3, 0, 2, 1, 1], [0, 12, 1, 1, 1, 1, 1, 1, 1, 1], [255, 255],
  ]

  @Test("streams of any octets in any order, on any of the ports", arguments: [80, 443, 53, 4433])
  func streams(_ port: UInt16) {
    var printer = FieldPrinter(PacketField.all)
    var random = SeededRNG(seed: UInt64(port))
    for round in 0..<60 {
      var capture = ConversationBuilder()
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", 40_000 + UInt16(round % 7), to: "203.0.113.80", port)
      connection.clientISN = .max - 40
      for _ in 0..<24 {
        var octets = Self.starts.randomElement(using: &random) ?? []
        octets = Array(octets.prefix(.random(in: 0...60, using: &random)))
        if Bool.random(using: &random), !octets.isEmpty {
          octets[.random(in: 0..<octets.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
        let flags: [TCPHeader.Flags] = [[.ack], [.ack, .fin], [.syn], [.rst]]
        let choice = Int.random(in: 0..<12, using: &random)
        capture.segment(
          connection, Bool.random(using: &random) ? .client : .server,
          flags[choice < 4 ? choice : 0], at: .random(in: -30...200, using: &random),
          acknowledging: .random(in: 0...300, using: &random), octets)
        if choice == 11 { capture.cutLast(to: 60) }
      }
      for packet in capture.packets {
        let seen = row(
          &printer, packet.octets, .ethernet, originalLength: packet.originalLength)
        check(seen, "round \(round)")
      }
    }
  }

  @Test("a body that never ends, and one octet a segment, hold no more than their limits")
  func endless() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection()
    capture.open(&connection)
    capture.send(
      &connection, .server, text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n")
    for _ in 0..<1_200 {
      capture.send(&connection, .server, [.ack], [UInt8](repeating: 65, count: 1_400))
    }
    let found = rows(of: capture, ["http.response.code"])
    // The head is told where the limit of octets of one direction was reached.
    let place = found.firstIndex { $0["http.response.code"] == "200" }
    #expect(place.map { 4 + (1 << 20) / 1_400...6 + (1 << 20) / 1_400 ~= $0 } == true)
  }
}
