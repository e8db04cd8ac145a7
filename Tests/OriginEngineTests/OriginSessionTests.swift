import AddressOrigins
import OriginEngine
import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

/// A session, and a server beside it that knows some records.
struct OriginHarness {
  var session: OriginSession
  var now = MonotonicInstant(nanoseconds: 0)
  /// Questions on their way: name, octets, server and slot.
  var sent: [(name: String, octets: [UInt8], server: Int, slot: Int)] = []
  var closed: [Int] = []
  /// All names that were asked for.
  var asked: [String] = []

  init(servers: Int = 1, _ change: (inout OriginSession.Configuration) -> Void = { _ in }) {
    var configuration = OriginSession.Configuration(serverCount: servers)
    change(&configuration)
    session = OriginSession(configuration, cookies: KeyedCookie(key: 1, 2))
  }

  static let records: [String: [String]] = [
    "1.1.18.198.origin.asn.cymru.com.": ["64500 | 198.18.0.0/15 | ZZ | arin | 2001-01-01"],
    "7.113.0.203.origin.asn.cymru.com.": ["64501 64500 | 203.0.113.0/24 | ZZ | arin | "],
    "AS64500.asn.cymru.com.": ["64500 | ZZ | arin | 2001-01-01 | ONE-AS One, ZZ"],
    "AS64501.asn.cymru.com.": ["64501 | ZZ | arin | 2001-01-01 | TWO-AS Two, ZZ"],
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.origin6.asn.cymru.com.": [
      "64501 | 2001:db8::/32 | ZZ | arin | "
    ],
  ]

  mutating func act(_ effects: [OriginSession.Effect]) throws {
    for effect in effects {
      switch effect {
      case .close(let slot): closed.append(slot)
      case .ask(let octets, let server, let slot):
        var reader = PacketReader(octets.span)
        let message = try DNSMessage(parsing: &reader)
        let name = try #require(message.questions.first).name.description
        asked.append(name)
        sent.append((name, octets, server, slot))
      }
    }
  }

  mutating func request(_ text: String) throws {
    try act(session.request(try #require(IPAddress(text)), at: now))
  }

  /// What the server says to a question.
  static func reply(
    to octets: [UInt8], _ change: (inout DNSMessage) -> Void = { _ in }
  ) throws -> [UInt8] {
    var reader = PacketReader(octets.span)
    var message = try DNSMessage(parsing: &reader)
    let question = try #require(message.questions.first)
    let texts = records[question.name.description]
    message.flags = texts == nil ? 0x8183 : 0x8180
    message.answers = (texts ?? []).map {
      DNSRecord(question.name, .txt, timeToLive: 60, .txt([Array($0.utf8)]))
    }
    change(&message)
    return [UInt8](capacity: message.length) { message.write(to: &$0) }
  }

  /// Answers what is on its way, and what comes of it, until nothing is.
  mutating func answerAll() throws {
    while !sent.isEmpty {
      let question = sent.removeFirst()
      try act(
        session.receive(try Self.reply(to: question.octets), slot: question.slot, at: now))
    }
  }

  mutating func pass(_ time: Nanoseconds) throws {
    now = now + time
    try act(session.timer(at: now))
  }

  func words(_ text: String) throws -> String {
    switch session.finding(of: try #require(IPAddress(text))) {
    case nil: "nil"
    case .unannounced?: "unannounced"
    case .unanswered?: "unanswered"
    case .origin(let origin)?:
      "\(origin.numbers) \(origin.block) \(origin.country ?? "-") \(origin.name ?? "-")"
    }
  }
}

@Suite("Origins by DNS")
struct OriginSessionTests {
  @Test(
    "an address is asked for, then the name of its system",
    arguments: [
      (
        "198.18.1.1", "1.1.18.198.origin.asn.cymru.com.", "AS64500.asn.cymru.com.",
        "[64500] 198.18.0.0/15 ZZ ONE-AS One, ZZ"
      ),
      (
        "203.0.113.7", "7.113.0.203.origin.asn.cymru.com.", "AS64501.asn.cymru.com.",
        "[64501, 64500] 203.0.113.0/24 ZZ TWO-AS Two, ZZ"
      ),
      (
        "2001:db8::1",
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.origin6.asn.cymru.com.",
        "AS64501.asn.cymru.com.", "[64501] 2001:db8::/32 ZZ TWO-AS Two, ZZ"
      ),
    ])
  func plain(address: String, first: String, second: String, words: String) throws {
    var harness = OriginHarness()
    let key = try #require(IPAddress(address))
    #expect(try harness.words(address) == "nil" && !harness.session.isSettled(key))
    try harness.request(address)
    #expect(harness.asked == [first] && harness.session.wakeAt != nil)
    try harness.answerAll()
    #expect(harness.asked == [first, second])
    #expect(try harness.words(address) == words)
    #expect(harness.session.isSettled(key) && harness.session.isIdle)
    #expect(harness.session.wakeAt == nil && harness.closed.count == 2)
    try harness.request(address)
    #expect(harness.asked.count == 2)
  }

  @Test("the hops of one prefix cost one question, asked one after the other or at once")
  func prefixes() throws {
    for order in [true, false] {
      var harness = OriginHarness()
      try harness.request("198.18.1.1")
      if order { try harness.answerAll() }
      for last in 2...40 { try harness.request("198.18.1.\(last)") }
      try harness.answerAll()
      #expect(harness.asked.count == 2)
      try harness.request("198.19.255.255")
      #expect(harness.asked.count == 2)
      #expect(try harness.words("198.18.1.40") == harness.words("198.18.1.1"))
    }
  }

  @Test("a neighbour that the answer is not about is asked for itself")
  func neighbours() throws {
    var harness = OriginHarness()
    try harness.request("203.0.113.9")
    try harness.request("203.0.113.7")
    #expect(harness.asked == ["9.113.0.203.origin.asn.cymru.com."])
    try harness.answerAll()
    #expect(try harness.words("203.0.113.9").hasPrefix("unannounced"))
    #expect(try harness.words("203.0.113.7").hasPrefix("[64501, 64500]"))
  }

  @Test(
    "nobody outside is told of private addresses",
    arguments: [
      "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "169.254.1.1",
      "100.64.0.1", "100.127.255.255", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1",
      "fe80::1", "fd00::1", "fc00::1", "ff02::1", "::ffff:192.0.2.1",
    ])
  func privateAddresses(address: String) throws {
    var harness = OriginHarness()
    try harness.request(address)
    #expect(harness.asked.isEmpty && harness.session.isIdle)
    #expect(try harness.words(address) == "unannounced")
    #expect(harness.session.isSettled(try #require(IPAddress(address))))
  }

  @Test(
    "but of their neighbours",
    arguments: [
      "9.255.255.255", "11.0.0.0", "172.15.0.1", "172.32.0.1", "192.167.0.1", "192.169.0.1",
      "100.63.0.1", "100.128.0.1", "1.1.1.1", "223.255.255.255", "fb00::1", "2001:db8::1",
    ])
  func announceable(address: String) throws {
    var harness = OriginHarness()
    try harness.request(address)
    #expect(harness.asked.count == 1)
  }

  @Test("servers are asked in turn, and who answered is asked first from then on")
  func servers() throws {
    var harness = OriginHarness(servers: 3)
    try harness.request("198.18.1.1")
    for _ in 0..<4 { try harness.pass(.milliseconds(1499)) }
    #expect(harness.sent.map(\.server) == [0, 1, 2])
    // A new identifier and a new socket each time.
    #expect(Set(harness.sent.map { $0.octets.prefix(2) }).count == 3)
    let last = harness.sent[2]
    // The answer to an earlier query is not the answer to this one.
    try harness.act(
      harness.session.receive(
        try OriginHarness.reply(to: harness.sent[0].octets), slot: last.slot, at: harness.now))
    #expect(try harness.words("198.18.1.1") == "nil")
    harness.sent = [last]
    try harness.answerAll()
    #expect(try harness.words("198.18.1.1").hasPrefix("[64500]"))
    try harness.request("203.0.113.7")
    #expect(harness.sent.map(\.server) == [2])
  }

  @Test("nobody answers: that is found too, for the neighbours as well")
  func silence() throws {
    var harness = OriginHarness(servers: 2)
    try harness.request("198.18.1.1")
    try harness.request("198.18.1.2")
    for _ in 0..<20 { try harness.pass(.milliseconds(1500)) }
    #expect(harness.asked.count == 4 && harness.session.isIdle && harness.closed == [0])
    #expect(try harness.words("198.18.1.1") == "unanswered")
    #expect(try harness.words("198.18.1.2") == "unanswered")
  }

  @Test("a name that nobody tells is missing, and the origin is there")
  func namelessOrigin() throws {
    var harness = OriginHarness()
    try harness.request("198.18.1.1")
    let first = harness.sent.removeFirst()
    try harness.act(
      harness.session.receive(
        try OriginHarness.reply(to: first.octets), slot: first.slot, at: harness.now))
    let key = try #require(IPAddress("198.18.1.1"))
    #expect(try harness.words("198.18.1.1") == "[64500] 198.18.0.0/15 ZZ -")
    #expect(!harness.session.isSettled(key))
    for _ in 0..<5 { try harness.pass(.milliseconds(1500)) }
    #expect(harness.session.isSettled(key) && harness.session.isIdle)
    #expect(try harness.words("198.18.1.1") == "[64500] 198.18.0.0/15 ZZ -")
  }

  @Test("failures of servers and sockets ask the next one at once", arguments: [2, 5, 4])
  func failures(code: UInt16) throws {
    var harness = OriginHarness(servers: 2)
    try harness.request("198.18.1.1")
    let first = harness.sent.removeFirst()
    let refusal = try OriginHarness.reply(to: first.octets) {
      $0.flags = 0x8180 | code
      $0.answers = []
    }
    try harness.act(harness.session.receive(refusal, slot: first.slot, at: harness.now))
    #expect(harness.sent.map(\.server) == [1])
    try harness.act(harness.session.failed(slot: 0, at: harness.now))
    #expect(harness.sent.map(\.server) == [1, 0])
  }

  @Test("a truncated answer counts for what it says")
  func truncated() throws {
    var harness = OriginHarness()
    try harness.request("198.18.1.1")
    let first = harness.sent.removeFirst()
    let answer = try OriginHarness.reply(to: first.octets) { $0.flags |= 0x0200 }
    try harness.act(harness.session.receive(answer, slot: first.slot, at: harness.now))
    #expect(try harness.words("198.18.1.1").hasPrefix("[64500]"))
  }

  @Test("a zone of one's own, and one that leaves no room")
  func zones() throws {
    var harness = OriginHarness { $0.zone = OriginZone(DNSName("as.example.test") ?? .root) }
    try harness.request("198.18.1.1")
    #expect(harness.asked == ["1.1.18.198.origin.as.example.test."])
    let label = String(repeating: "a", count: 60)
    let long = [label, label, label, label].joined(separator: ".")
    harness = OriginHarness { $0.zone = OriginZone(DNSName(long) ?? .root) }
    try harness.request("2001:db8::1")
    #expect(harness.asked.isEmpty)
    #expect(try harness.words("2001:db8::1") == "unanswered")
  }
}
