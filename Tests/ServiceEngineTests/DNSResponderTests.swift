import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@testable import ServiceEngine

@Suite("The DNS server")
struct DNSResponderTests {
  let responder = DNSResponder(records: Topology.default.dnsRecords)

  private func ask(
    _ name: String, _ type: DNSType, _ change: (inout DNSMessage) -> Void = { _ in },
    over transport: DNSResponder.Transport = .udp, of server: DNSResponder? = nil
  ) throws -> DNSMessage {
    var query = DNSMessage(query: try #require(DNSName(name)), type, identifier: 0xbeef)
    change(&query)
    let octets = [UInt8](capacity: query.length) { query.write(to: &$0) }
    let answer = try #require((server ?? responder).answer(to: octets, over: transport))
    var reader = PacketReader(answer.span)
    let reply = try DNSMessage(parsing: &reader)
    #expect(reader.available == 0)
    #expect(reply.identifier == 0xbeef && reply.isResponse)
    return reply
  }

  private func texts(_ records: [DNSRecord]) -> [String] {
    records.map { record in
      let data =
        switch record.data {
        case .a(let address): address.description
        case .aaaa(let address): address.description
        case .name(let name): name.description
        case .mx(let preference, let exchange): "\(preference) \(exchange)"
        case .txt(let strings): strings.map { String(decoding: $0, as: UTF8.self) }.joined()
        case .soa(let soa): "\(soa.primaryServer) \(soa.mailbox)"
        default: "\(record.data)"
        }
      return "\(record.name) \(record.timeToLive) \(data)"
    }
  }

  @Test(
    "records of every type",
    arguments: [
      ("www.discord.test", DNSType.a, ["www.discord.test. 300 203.0.113.80"]),
      ("WWW.Discord.TEST", .a, ["www.discord.test. 300 203.0.113.80"]),
      ("www.discord.test", .aaaa, ["www.discord.test. 300 2001:db8:cb::80"]),
      ("r1.home.test", .a, ["r1.home.test. 300 198.18.1.1"]),
      ("discord.test", .mx, ["discord.test. 300 10 mail.discord.test."]),
      ("discord.test", .txt, ["discord.test. 300 a site that is only here"]),
      ("discord.test", .ns, ["discord.test. 300 dns.discord.test."]),
      (
        "discord.test", .soa,
        ["discord.test. 300 dns.discord.test. hostmaster.discord.test."]
      ),
      ("3.8.18.198.in-addr.arpa", .ptr, []),
      ("1.8.18.198.in-addr.arpa", .ptr, ["1.8.18.198.in-addr.arpa. 300 core2.transit.test."]),
      (
        "chat.discord.test", .a,
        ["chat.discord.test. 300 www.discord.test.", "www.discord.test. 300 203.0.113.80"]
      ),
      ("chat.discord.test", .cname, ["chat.discord.test. 300 www.discord.test."]),
      ("www.discord.test", .any, ["www.discord.test. 300 203.0.113.80"]),
    ])
  func answers(name: String, type: DNSType, expected: [String]) throws {
    let reply = try ask(name, type)
    #expect(texts(reply.answers) == expected)
    #expect(reply.responseCode == (expected.isEmpty ? 3 : 0))
    // QR AA RD RA: the client asked for recursion.
    #expect(reply.flags & 0xfff0 == 0x8580)
    #expect(reply.questions == [DNSQuestion(try #require(DNSName(name)), type)])
    #expect(reply.authorities.isEmpty == !expected.isEmpty)
    #expect(reply.additionals.isEmpty)
  }

  @Test(
    "what there is not, and which zone says so",
    arguments: [
      ("nothing.discord.test", 3, "discord.test."), ("www.discord.test.test", 3, "test."),
      ("www.discord.test", 0, "discord.test."),
      // Exists only because r1.home.test and others do.
      ("home.test", 0, "test."), ("0.18.198.in-addr.arpa", 0, "in-addr.arpa."),
      ("9.9.9.9.in-addr.arpa", 3, "in-addr.arpa."),
    ])
  func negative(name: String, code: UInt8, zone: String) throws {
    let reply = try ask(name, .mx)
    #expect(reply.answers.isEmpty && reply.responseCode == code)
    #expect(reply.isAuthoritative)
    #expect(reply.authorities.map(\.name.description) == [zone])
    #expect(reply.authorities.map(\.type) == [.soa])
  }

  @Test("the deepest zone speaks for a name, in whatever order zones were given")
  func nestedZones() throws {
    let zones = ["test", "b.a.test", "a.test"].map { "record \($0) SOA s.test x.\($0)\n" }
    for rotation in zones.indices {
      let order = zones[rotation...] + zones[..<rotation]
      let topology = try Topology(
        parsing: "client c.test 198.18.0.2\nsite s.test 203.0.113.80\n" + order.joined())
      let server = DNSResponder(records: topology.dnsRecords)
      for (name, zone) in [
        ("x.b.a.test", "b.a.test."), ("x.a.test", "a.test."), ("x.test", "test."),
      ] {
        #expect(try ask(name, .a, of: server).authorities.map(\.name.description) == [zone])
      }
    }
  }

  @Test func aliasesWithoutAnEndOrAway() throws {
    let topology = try Topology(
      parsing: """
        client a.test 198.18.0.2
        site b.test 203.0.113.80
        record loop.test CNAME loop.test
        record one.test CNAME two.test
        record two.test CNAME one.test
        record gone.test CNAME nothing.test
        record empty.test CNAME b.test
        record away.test CNAME www.example.org
        """)
    let server = DNSResponder(records: topology.dnsRecords)
    for name in ["loop.test", "one.test"] {
      let reply = try ask(name, .a, of: server)
      #expect(reply.responseCode == 2 && reply.answers.isEmpty)
    }
    let gone = try ask("gone.test", .a, of: server)
    #expect(gone.responseCode == 3 && gone.answers.count == 1 && gone.authorities.count == 1)
    let empty = try ask("empty.test", .aaaa, of: server)
    #expect(empty.responseCode == 0 && empty.answers.count == 1 && empty.authorities.count == 1)
    let away = try ask("away.test", .a, of: server)
    #expect(away.responseCode == 0 && away.answers.count == 1 && away.authorities.isEmpty)
  }

  @Test func eightAliasesAreFollowed() throws {
    for (count, code) in [(8, 0), (9, 2)] as [(Int, UInt8)] {
      let aliases = (0..<count).map { "record a\($0).test CNAME a\($0 + 1).test\n" }.joined()
      let topology = try Topology(
        parsing: "client c.test 198.18.0.2\nsite a\(count).test 203.0.113.80\n" + aliases)
      let reply = try ask("a0.test", .a, of: DNSResponder(records: topology.dnsRecords))
      #expect(reply.responseCode == code)
      #expect(reply.answers.count == (code == 0 ? count + 1 : 0))
    }
  }

  @Test(
    "what is refused",
    arguments: [
      ("www.example.org", DNSType.a, DNSClass.internet), (".", .ns, .internet),
      ("discord.test", DNSType(rawValue: 252), .internet),
      ("discord.test", DNSType(rawValue: 251), .internet),
      ("version.bind", .txt, .chaos), ("www.discord.test", .a, .chaos),
    ])
  func refused(name: String, type: DNSType, recordClass: DNSClass) throws {
    let reply = try ask(name, type, { $0.questions[0].recordClass = recordClass })
    #expect(reply.responseCode == 5)
    #expect(!reply.isAuthoritative && reply.answers.isEmpty && reply.authorities.isEmpty)
  }

  @Test func otherOperations() throws {
    for opcode in 1...15 as ClosedRange<UInt16> {
      let reply = try ask("www.discord.test", .a, { $0.flags |= opcode << 11 })
      #expect(reply.responseCode == 4 && reply.opcode == UInt8(opcode))
      #expect(reply.questions.isEmpty && reply.answers.isEmpty)
    }
  }

  @Test func flagsThatComeBack() throws {
    let plain = try ask("www.discord.test", .a, { $0.flags = 0 })
    #expect(plain.flags == 0x8480)
    // All that a query may not set, and CD, which comes back (RFC 4035 §3.1.6).
    let odd = try ask("www.discord.test", .a, { $0.flags = 0x07ff })
    #expect(odd.flags == 0x8590)
  }

  private func options(
    _ length: UInt16, timeToLive: UInt32 = 0, name: DNSName = .root
  ) -> DNSRecord {
    DNSRecord(
      name, .opt, timeToLive: timeToLive, .opaque([]),
      recordClass: DNSClass(rawValue: length))
  }

  @Test func ednsIsAnswered() throws {
    // DO comes back, other flags do not (RFC 6891 §6.1.4).
    let reply = try ask(
      "www.discord.test", .a, { $0.additionals = [options(4096, timeToLive: 0xffff)] })
    let record = try #require(reply.additionals.first)
    #expect(reply.additionals.count == 1 && record.name == .root && record.type == .opt)
    #expect(record.recordClass.rawValue == 1232 && record.timeToLive == 0x8000)
    #expect(reply.answers.count == 1)
  }

  @Test func ednsErrors() throws {
    let version = try ask(
      "www.discord.test", .a, { $0.additionals = [options(4096, timeToLive: 1 << 16)] })
    #expect(version.responseCode == 0 && version.answers.isEmpty)
    #expect(version.additionals.first?.timeToLive == 1 << 24)  // BADVERS, 16
    let two = try ask("www.discord.test", .a, { $0.additionals = [options(512), options(512)] })
    #expect(two.responseCode == 1)
    let name = try #require(DNSName("a.test"))
    let named = try ask("www.discord.test", .a, { $0.additionals = [options(512, name: name)] })
    #expect(named.responseCode == 1)
  }

  @Test(
    "answers that are too long are cut to nothing",
    arguments: [
      (nil, 460, false), (nil, 480, true), (100, 450, false), (100, 470, true),
      (600, 500, false), (600, 600, true), (4096, 1100, false), (4096, 1250, true),
    ] as [(UInt16?, Int, Bool)])
  func truncation(edns: UInt16?, length: Int, expected: Bool) throws {
    let strings = stride(from: 0, to: length, by: 200).map { start in
      "\"" + String(repeating: "x", count: min(200, length - start)) + "\""
    }
    let topology = try Topology(
      parsing: """
        client c.test 198.18.0.2
        site s.test 203.0.113.80
        record long.test TXT \(strings.joined(separator: " "))
        """)
    let server = DNSResponder(records: topology.dnsRecords)
    let withEDNS: (inout DNSMessage) -> Void = {
      if let edns { $0.additionals = [options(edns)] }
    }
    let reply = try ask("long.test", .txt, withEDNS, of: server)
    #expect(reply.isTruncated == expected)
    #expect(reply.answers.isEmpty == expected)
    #expect(reply.responseCode == 0 && reply.additionals.count == (edns == nil ? 0 : 1))
    #expect(reply.length <= max(512, min(Int(edns ?? 512), 1232)))
    let whole = try ask("long.test", .txt, withEDNS, over: .tcp, of: server)
    #expect(!whole.isTruncated && whole.answers.count == 1)
  }

  @Test func noAnswerToNoise() throws {
    let query = DNSMessage(query: try #require(DNSName("discord.test")), .a, identifier: 7)
    var octets = [UInt8](capacity: query.length) { query.write(to: &$0) }
    for length in 0..<12 {
      #expect(responder.answer(to: Array(octets.prefix(length)), over: .udp) == nil)
    }
    // A header is there: it can at least be told that the rest is not.
    for length in 12..<octets.count {
      let answer = responder.answer(to: Array(octets.prefix(length)), over: .udp)
      #expect(answer == [0, 7, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0])
    }
    octets[5] = 2
    #expect(responder.answer(to: octets, over: .udp)?[3] == 0x81)
    octets[5] = 0
    #expect(responder.answer(to: Array(octets.prefix(12)), over: .udp)?[3] == 0x81)
    octets[2] |= 0x80
    #expect(responder.answer(to: octets, over: .udp) == nil)
  }

  @Test func theQuestionComesBackInItsOwnCase() throws {
    let name = try #require(DNSName("wWw.DISCORD.test"))
    let reply = try ask("wWw.DISCORD.test", .a)
    #expect(reply.questions[0].name == name)
  }

  @Test("random octets never trap, and an answer is never much longer", arguments: 0..<4)
  func hostile(seed: UInt64) throws {
    var random = SeededRNG(seed: seed)
    let query = DNSMessage(query: try #require(DNSName("www.discord.test")), .a, identifier: 7)
    let good = [UInt8](capacity: query.length) { query.write(to: &$0) }
    for _ in 0..<5000 {
      var octets = random.bytes(count: Int.random(in: 0...80, using: &random))
      if Bool.random(using: &random) {
        octets = good
        for _ in 0..<3 {
          octets[Int.random(in: 2..<good.count, using: &random)] = random.bytes(count: 1)[0]
        }
      }
      guard let answer = responder.answer(to: octets, over: .udp) else { continue }
      #expect(answer.count <= 512 && answer[2] & 0x80 != 0)
    }
  }
}
