import PacketFields
import PacketTestSupport
import PacketWire
import Testing

@Suite("times and numbers that earlier packets give")
struct ExchangeFieldTests {
  private static let segmentNames = [
    "tcp.seq", "tcp.nxtseq", "tcp.ack", "tcp.time_relative", "tcp.time_delta",
    "tcp.analysis.push_bytes_sent",
  ]

  @Test("numbers from each side's first, times from the connection's")
  func segments() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
    var other = ConversationBuilder.Connection(from: "198.18.0.9", 40_002, to: "203.0.113.80", 80)
    capture.open(&connection)
    capture.send(&other, .client, [.syn])
    capture.send(&connection, .client, [.ack], [1, 2, 3])
    capture.send(&connection, .client, [.psh, .ack], [4, 5])
    capture.send(&connection, .client, [.ack], [6])
    capture.send(&connection, .server, [.fin, .ack])
    let rows = rows(of: capture, Self.segmentNames)
    func row(_ number: Int) -> [String] { Self.segmentNames.map { rows[number - 1][$0] ?? "" } }
    #expect(row(1) == ["0", "1", "0", "0.000000000", "0.000000000", ""])
    #expect(row(2) == ["0", "1", "1", "0.001000000", "0.001000000", ""])
    #expect(row(3) == ["1", "1", "1", "0.002000000", "0.001000000", ""])
    #expect(row(4) == ["0", "1", "0", "0.000000000", "0.000000000", ""])
    #expect(row(5) == ["1", "4", "1", "0.004000000", "0.002000000", "3"])
    #expect(row(6) == ["4", "6", "1", "0.005000000", "0.001000000", "5"])
    #expect(row(7) == ["6", "7", "1", "0.006000000", "0.001000000", "1"])
    #expect(row(8) == ["1", "2", "7", "0.007000000", "0.001000000", ""])
  }

  @Test("a connection that begins before the capture counts from 1")
  func middle() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
    (connection.clientNext, connection.serverNext) = (501, 901)
    capture.send(&connection, .client, [.psh, .ack], [1, 2])
    capture.send(&connection, .server, [.psh, .ack], [3])
    let rows = rows(of: capture, Self.segmentNames)
    #expect(rows.map { $0["tcp.seq"] } == ["1", "1"])
    #expect(rows.map { $0["tcp.ack"] } == ["1", "3"])
    #expect(rows.map { $0["tcp.nxtseq"] } == ["3", "2"])
  }

  /// The last packet's cells.
  private func told(_ capture: ConversationBuilder, _ names: [String]) -> [String: String]? {
    rows(of: capture, names).last
  }

  private static func dns(
    _ capture: inout ConversationBuilder, _ identifier: UInt8, isResponse: Bool,
    client: UInt16 = 50_001, server: UInt16 = 53
  ) {
    let ends = (
      client: (address: IPAddress.v4(IPv4Address(198, 18, 0, 2)), port: client),
      server: (address: IPAddress.v4(IPv4Address(203, 0, 113, 53)), port: server)
    )
    let message: [UInt8] =
      [0, identifier, isResponse ? 0x81 : 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + [1, 0x61, 0, 0, 1, 0, 1]
    if isResponse {
      capture.udp(from: ends.server, to: ends.client, message)
    } else {
      capture.udp(from: ends.client, to: ends.server, message)
    }
  }

  @Test("an answer's time is since the question, and a repeated question is not asked anew")
  func dns() {
    var capture = ConversationBuilder()
    Self.dns(&capture, 1, isResponse: false)
    Self.dns(&capture, 2, isResponse: false)
    Self.dns(&capture, 1, isResponse: false)
    Self.dns(&capture, 2, isResponse: true)
    Self.dns(&capture, 1, isResponse: true)
    Self.dns(&capture, 1, isResponse: true)
    Self.dns(&capture, 3, isResponse: true)
    // From another port it is another question.
    Self.dns(&capture, 2, isResponse: false, client: 50_002)
    Self.dns(&capture, 2, isResponse: true, client: 50_002)
    // After an answer, or after five seconds, the same number is a new question.
    Self.dns(&capture, 1, isResponse: false)
    Self.dns(&capture, 1, isResponse: true)
    Self.dns(&capture, 7, isResponse: false)
    capture.wait(.seconds(6))
    Self.dns(&capture, 7, isResponse: false)
    Self.dns(&capture, 7, isResponse: true)
    let times = rows(of: capture, ["dns.time"]).map { $0["dns.time"] ?? "" }
    #expect(
      times == [
        "", "", "", "0.002000000", "0.004000000", "", "", "", "0.001000000", "", "0.001000000", "",
        "", "0.001000000",
      ])
    var multicast = ConversationBuilder()
    Self.dns(&multicast, 1, isResponse: false, server: 5353)
    Self.dns(&multicast, 1, isResponse: true, server: 5353)
    let multicastRows = rows(of: multicast, ["dns.time", "dns.unsolicited", "dns.retransmission"])
    #expect(multicastRows == [[:], [:]])
  }

  @Test("questions and answers that come again, and answers that nobody asked for")
  func dnsCopies() {
    var capture = ConversationBuilder()
    Self.dns(&capture, 1, isResponse: false)
    Self.dns(&capture, 1, isResponse: false)
    Self.dns(&capture, 1, isResponse: true)
    Self.dns(&capture, 1, isResponse: true)
    Self.dns(&capture, 1, isResponse: true)
    Self.dns(&capture, 2, isResponse: true)
    // Behind an answer the same number asks anew.
    Self.dns(&capture, 1, isResponse: false)
    let names = [
      "dns.response_to", "dns.retransmission", "dns.retransmit_request",
      "dns.retransmit_request_in", "dns.retransmit_response", "dns.retransmit_response_in",
      "dns.unsolicited",
    ]
    #expect(
      rows(of: capture, names) == [
        [:],
        [
          "dns.retransmission": "1", "dns.retransmit_request": "1",
          "dns.retransmit_request_in": "1",
        ],
        ["dns.response_to": "1"],
        [
          "dns.retransmission": "1", "dns.retransmit_response": "1",
          "dns.retransmit_response_in": "3",
        ],
        [
          "dns.retransmission": "1", "dns.retransmit_response": "1",
          "dns.retransmit_response_in": "3",
        ],
        ["dns.unsolicited": "1"],
        [:],
      ])
  }

  @Test("times of a conversation of UDP, which begin anew with other ports")
  func datagrams() {
    var capture = ConversationBuilder()
    Self.dns(&capture, 1, isResponse: false)
    Self.dns(&capture, 1, isResponse: false, client: 50_002)
    Self.dns(&capture, 1, isResponse: true)
    Self.dns(&capture, 2, isResponse: false)
    let names = ["udp.stream", "udp.time_relative", "udp.time_delta"]
    let rows = rows(of: capture, names)
    func row(_ number: Int) -> [String] { names.map { rows[number - 1][$0] ?? "" } }
    #expect(row(1) == ["0", "0.000000000", "0.000000000"])
    #expect(row(2) == ["1", "0.000000000", "0.000000000"])
    #expect(row(3) == ["0", "0.002000000", "0.002000000"])
    #expect(row(4) == ["0", "0.003000000", "0.001000000"])
  }

  @Test("a retransmission repeats what waits longest, or else what was new last")
  func retransmissions() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
    capture.open(&connection)
    capture.send(&connection, .client, [.ack], [1, 2, 3])
    capture.send(&connection, .client, [.ack], [4, 5, 6])
    capture.wait(.seconds(1))
    connection.clientNext = 4
    capture.send(&connection, .client, [.ack], [4, 5, 6])
    capture.wait(.seconds(1))
    connection.clientNext = 1
    capture.send(&connection, .client, [.ack], [1, 2, 3])
    // All is acknowledged but for the last one, and something before it comes again.
    connection.clientNext = 7
    capture.send(&connection, .server, [.ack])
    capture.send(&connection, .client, [.ack], [7, 8, 9])
    capture.wait(.seconds(1))
    connection.clientNext = 5
    capture.send(&connection, .client, [.ack], [5, 6, 7])
    let names = ["tcp.analysis.rto_frame", "tcp.analysis.rto", "tcp.analysis.retransmission"]
    let rows = rows(of: capture, names)
    func row(_ number: Int) -> [String] { names.map { rows[number - 1][$0] ?? "" } }
    #expect(row(5) == ["", "", ""])
    #expect(row(6) == ["4", "1.002000000", "1"])
    #expect(row(7) == ["4", "2.003000000", "1"])
    #expect(row(9) == ["", "", ""])
    #expect(row(10) == ["9", "1.001000000", "1"])
    // Nothing waits any more behind a SYN that was answered.
    var (again, other) = (ConversationBuilder(), ConversationBuilder.Connection())
    again.open(&other)
    again.wait(.seconds(1))
    other.clientNext = 0
    again.send(&other, .client, [.syn])
    let last = told(again, names)
    #expect(last?["tcp.analysis.rto_frame"] == "1" && last?["tcp.analysis.rto"] == "1.003000000")
  }

  @Test("what waits for answers has a bound: the oldest questions are forgotten")
  func bound() {
    var capture = ConversationBuilder()
    for port in 0..<16_390 {
      Self.dns(&capture, 1, isResponse: false, client: UInt16(10_000 + port))
    }
    Self.dns(&capture, 1, isResponse: true, client: 10_000)
    Self.dns(&capture, 1, isResponse: true, client: 10_006)
    let times = rows(of: capture, ["dns.time"]).suffix(2).map { $0["dns.time"] != nil }
    #expect(times == [false, true])
  }

  @Test("responses are timed in the order of their requests; interim ones are none")
  func http() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
    capture.open(&connection)
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", none = "HTTP/1.1 204 No Content\r\n\r\n"
    capture.send(&connection, .client, text: get)
    capture.send(&connection, .client, text: get)
    capture.send(&connection, .server, text: "HTTP/1.1 100 Continue\r\n\r\n")
    capture.send(&connection, .server, text: none)
    capture.send(&connection, .server, text: none)
    capture.send(&connection, .server, text: none)
    let names = [
      "http.time", "http.request_in", "http.prev_request_in", "http.prev_response_in",
    ]
    let rows = rows(of: capture, names).dropFirst(3).map { row in names.map { row[$0] ?? "" } }
    #expect(
      rows == [
        ["", "", "", ""], ["", "", "4", ""], ["", "", "", ""],
        ["0.003000000", "4", "", ""], ["0.003000000", "5", "4", "7"], ["", "", "5", "8"],
      ])
  }

  @Test("addresses of requests, and requests that are events")
  func httpAddresses() {
    let names = ["http.request.full_uri", "http.request", "http.notification"]
    func row(_ head: String) -> [String] {
      var capture = ConversationBuilder()
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
      capture.open(&connection)
      capture.send(&connection, .client, text: head + "\r\n\r\n")
      let cells = rows(of: capture, names).last ?? [:]
      return names.map { cells[$0] ?? "" }
    }
    #expect(row("GET /a?b HTTP/1.1\r\nHost: c.example:81") == ["http://c.example:81/a?b", "1", ""])
    #expect(row("GET http://d.example/ HTTP/1.1\r\nHost: e") == ["http://d.example/", "1", ""])
    #expect(row("CONNECT f.example:443 HTTP/1.1\r\nHost: e") == ["f.example:443", "1", ""])
    #expect(row("GET /a HTTP/1.0\r\nAccept: */*") == ["", "1", ""])
    #expect(row("CONNECT f.example:443 HTTP/1.0") == ["", "1", ""])
    #expect(row("NOTIFY /a HTTP/1.1\r\nHost: g") == ["http://g/a", "", "1"])
    #expect(row("NOTIFYX /a HTTP/1.1\r\nHost: g") == ["http://g/a", "1", ""])
  }
}
