import PacketFields
import PacketTestSupport
import PacketWire
import Testing

/// A pattern that is found where its text is, capitals or not: libraries are tested elsewhere.
struct PlainPattern: TextPattern {
  let text: String

  func isFound(in octets: Span<UInt8>) -> Bool {
    String(decoding: Array(copying: octets), as: UTF8.self).lowercased().contains(text)
  }
  var gaveUpCount: Int { 0 }

  /// Two hours ahead of UTC.
  static let surroundings = DisplayFilter.Surroundings(
    pattern: { text throws(DisplayFilter.PatternError) in
      guard text != "(" else { throw DisplayFilter.PatternError("not closed") }
      return PlainPattern(text: text.lowercased())
    }, secondsEastOfUTC: { _ in 7200 })
}

@Suite("display filters")
struct DisplayFilterTests {
  /// 1 to 3 a handshake, 4 a request, 5 a response, 6 to 8 the end; 9 and 10 a question and its answer;
  /// 11 an ARP request; 12 IPv4 within IPv4. A millisecond is between packets.
  private static let capture: ConversationBuilder = {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
    capture.open(&connection)
    capture.send(&connection, .client, text: "GET /a.js HTTP/1.1\r\nHost: www.Example.test\r\n\r\n")
    capture.send(
      &connection, .server, text: "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n")
    capture.close(&connection)
    let name: [UInt8] = [3] + Array("www".utf8) + [4] + Array("test".utf8) + [0, 0, 1, 0, 1]
    let answer: [UInt8] = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]
    let ends = (
      client: (address: IPAddress.v4(IPv4Address(198, 18, 0, 2)), port: UInt16(50_001)),
      server: (address: IPAddress.v4(IPv4Address(203, 0, 113, 53)), port: UInt16(53))
    )
    capture.udp(
      from: ends.client, to: ends.server, [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name)
    capture.udp(
      from: ends.server, to: ends.client,
      [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0] + name + answer + answer)
    let mac = MACAddress(bits: 0x0200_0000_0001)
    capture.frame(
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]
        + (0..<6).map { UInt8(truncatingIfNeeded: mac.bits >> UInt64(40 - 8 * $0)) }
        + [192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 9])
    let inner: [UInt8] = [
      0x45, 0, 0, 28, 0, 7, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 53, 0, 99, 0, 8, 0,
      0,
    ]
    capture.ip(IPProtocol(rawValue: 4), from: ends.client.address, to: ends.server.address, inner)
    return capture
  }()

  private func numbers(_ expression: String) throws -> [Int] {
    let filter = try DisplayFilter(expression, PlainPattern.surroundings)
    var printer = FieldPrinter([], where: filter)
    var numbers: [Int] = []
    for (index, packet) in Self.capture.packets.enumerated() {
      let length = packet.originalLength ?? packet.octets.count
      let frame = Frame(
        decoding: packet.octets.span, linkType: .ethernet, originalLength: length)
      let described = FieldPacket(number: index + 1, time: packet.time, originalLength: length)
      if printer.read(described, frame, packet.octets.span) { numbers.append(index + 1) }
    }
    return numbers
  }

  @Test(
    "which packets pass",
    arguments: [
      // Whether something is there.
      ("tcp", Array(1...8)), ("not tcp", Array(9...12)), ("!tcp && ip", [9, 10, 12]),
      ("dns or arp", [9, 10, 11]), ("tcp xor ip.ttl", [9, 10, 12]),
      ("tcp.options.mss_val", [1, 2]),
      ("http.request", [4]), ("http.response", [5]), ("dns.a", [10]), ("vlan", []),
      // Numbers in all their forms, and every comparison: any of several values, or all of them.
      ("tcp.port == 80", Array(1...8)), ("tcp.dstport == 0x50", [1, 3, 4, 6, 8]),
      ("tcp.srcport == 0120", [2, 5, 7]), ("tcp.srcport == 0b1010000", [2, 5, 7]),
      ("tcp.srcport == '\\x50'", [2, 5, 7]), ("tcp.port != 80", []),
      ("tcp.port ~= 80", Array(1...8)),
      ("tcp.port !== 80", Array(1...8)), ("tcp.port === 80", []), ("udp.port != 80", [9, 10, 12]),
      ("any tcp.port != 80", Array(1...8)), ("all tcp.port > 79", Array(1...8)),
      ("all tcp.port > 80", []), ("udp.srcport < udp.dstport", [10, 12]),
      ("53 < 1 or tcp", nil), ("udp.srcport < udp.dstport < 100", [12]),
      ("frame.number le 2 or frame.number ge 12", [1, 2, 12]),
      ("frame.number in {2, 4..5}", [2, 4, 5]), ("frame.number not in {2..12}", [1]),
      ("all udp.port in {53, 99}", [12]), ("udp.port in {99}", [12]),
      ("!tcp.port == 80", Array(9...12)),
      // What binds more: not, and, xor, or.
      ("arp or tcp and frame.number == 1", [1, 11]), ("(arp or tcp) and frame.number == 1", [1]),
      ("not arp and frame.number > 10", [12]), ("arp or tcp xor tcp", [11]),
      // Flags and arithmetic.
      ("tcp.flags.syn == 1", [1, 2]), ("tcp.flags.syn == True && tcp.flags.ack == FALSE", [1]),
      ("tcp.flags & 0x01", [6, 7]), ("tcp.flags & 3 == 1", [6, 7]), ("tcp[13] & 02", [1, 2]),
      ("tcp.srcport - 40000 == 1", [1, 3, 4, 6, 8]), ("tcp.srcport % 2", [1, 3, 4, 6, 8]),
      ("{tcp.srcport + 1} * 2 == 162", [2, 5, 7]), ("tcp.srcport / {tcp.len - tcp.len}", []),
      ("-tcp.srcport == -tcp.srcport", Array(1...8)), ("tcp.len + 1 > tcp.hdr_len", [4, 5]),
      // Addresses, alone and as prefixes.
      ("ip.src == 203.0.113.0/24", [2, 5, 7, 10]), ("ip.addr == 10.0.0.2", [12]),
      ("ip.src > 198.18.0.2", [2, 5, 7, 10]), ("ip.src in {10.0.0.0..10.0.0.9}", [12]),
      ("ip.src & 255.0.0.0 == 203.0.0.0", [2, 5, 7, 10]), ("ip.src#2 == 10.0.0.1", [12]),
      ("ip.addr#1 == 10.0.0.0/8", []), ("ip.ttl#[-1] == 64 && ip.src#2", [12]),
      ("ip.src#[2-3]", [12]), ("eth.dst == ff:ff:ff:ff:ff:ff", [11]), ("eth.dst[0] & 1", [11]),
      ("eth.src[0:3] == 02-00-00", Array(1...12)), ("eth.dst contains ffff", [11]),
      ("eth.src[4:3]", []), ("eth.src[-1] == 0x01 && arp", [11]),
      ("eth.dst[0,2-3,5:] == ff:ff:ff:ff", [11]), ("frame[:6] == eth.dst && arp", [11]),
      ("ip.src[0:2] == c6:12 && dns", [9]),
      // Text and octets.
      ("http.host == \"www.Example.test\"", [4]), ("lower(http.host) contains \"example\"", [4]),
      ("upper(http.host)[4:2] == \"EX\"", [4]), ("http.host contains \"example\"", []),
      ("http.host matches \"EXAMPLE\"", [4]), ("http.request.method in {GET, \"POST\"}", [4]),
      ("http.request.uri[-2:] == 6a:73", [4]), ("tcp contains \"Not\\x20F\"", [5]),
      ("tcp contains r\"\\x20\"", []), ("http.host contains \"\"", []),
      ("len(http.host) == 16", [4]),
      ("len(ip) == 20 && !ip.src#2", Array(1...10)), ("ip[20]", []), ("ip contains 47:45:54", [4]),
      ("tcp.payload[0:3] == \"GET\"", [4]), ("dns.qry.name == \"www.test\"", [9, 10]),
      // Functions.
      ("count(dns.a) == 2", [10]), ("count(ip.src) > 1", [12]), ("count(dns.a) < 9", [10]),
      ("string(frame.number) matches \"1\"", [1, 10, 11, 12]),
      ("string(ip.src) contains \"10.\"", [12]),
      ("max(tcp.srcport, udp.srcport) == 80", [2, 5, 7]), ("min(ip.ttl) > 0 && arp", []),
      ("max(frame.number, 11) == 11", Array(1...11)),
      // Times: of day in UTC, in another zone, and in the local one.
      ("frame.time_relative == 0", [1]), ("frame.time_relative > 0.0095", [11, 12]),
      ("frame.time_delta in {0.0009..0.0011} && arp", [11]),
      ("abs(frame.time_delta) >= 0 && arp", [11]),
      ("frame.time > \"2200-01-01\"", []), ("frame.time_epoch > 0 && arp", [11]),
      // What is known from earlier packets.
      ("tcp.stream == 0 && tcp.analysis.acks_frame == 1", [2]),
      ("tcp.analysis.initial_rtt && http", [4, 5]),
      ("udp.stream == 1", [12]),
    ] as [(String, [Int]?)])
  func passing(_ expression: String, _ expected: [Int]?) throws {
    guard let expected else {
      #expect(throws: DisplayFilterError.self) { try numbers(expression) }
      return
    }
    #expect(try numbers(expression) == expected)
  }

  @Test("times with a zone, without one, and as a word for a month")
  func times() throws {
    let first = try #require(Self.capture.packets.first?.time)
    let seconds = first.nanoseconds / 1_000_000_000
    for text in [
      "1970-01-01T00:00:00Z", "1970-01-01 02:00", "Jan 1, 1970 00:00:00 UTC",
      "1970-01-01T01:30:00.000+01:30",
    ] {
      // What is as far from there as the first packet is from 1970.
      let expression = "frame.time > \"\(text)\" and frame.time_epoch < \(seconds + 1)"
      #expect(try numbers(expression).first == 1, "\(text)")
    }
    for text in [
      "1969-12-31", "2024-13-01", "2024-01-01 24:00", "Foo 1, 2024", "2024-01-01 00:00 UT",
    ] {
      #expect(throws: DisplayFilterError.self, "\(text)") {
        try numbers("frame.time > \"\(text)\"")
      }
    }
  }

  @Test("a table has the rows that pass")
  func table() throws {
    let filter = try DisplayFilter("http", PlainPattern.surroundings)
    var printer = FieldPrinter(
      ["frame.number", "tcp.stream", "http.response.code"].compactMap { PacketField.named($0) },
      where: filter)
    var lines: [[String]] = []
    for (index, packet) in Self.capture.packets.enumerated() {
      let row = filteredRow(&printer, packet, number: index + 1)
      if !row.isEmpty { lines.append(row) }
    }
    #expect(lines == [["4", "0", ""], ["5", "0", "404"]])
  }
}
