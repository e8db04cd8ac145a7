import PacketTestSupport
import PacketWire
import SimulatedInternet
import Testing

@Suite("Network address translation")
struct TranslationTests {
  static let topology = try? Topology(
    parsing: """
      client a.test 192.0.2.10 2001:db8::2
      router nat.test 192.0.2.1 2001:db8:1::1 far 198.18.1.1 nat
      path 2
      site b.test 203.0.113.80 2001:db8:cb::80
      """)

  /// Runs packets through; gives what comes out on the other side.
  private struct Passage {
    var internet: SimulatedInternet
    var now = MonotonicInstant(nanoseconds: 0)

    init() throws {
      internet = SimulatedInternet(topology: try #require(TranslationTests.topology))
    }

    mutating func pass(_ octets: [UInt8], from side: AttachmentPoint) -> [(
      AttachmentPoint, [UInt8]
    )] {
      internet.step(.packet(octets, from: side), at: now).compactMap {
        if case .deliver(let octets, let side, _) = $0 { (side, octets) } else { nil }
      }
    }

    /// The one packet that arrives at the other side, all checksums verified.
    mutating func through(
      _ octets: [UInt8], from side: AttachmentPoint, _ location: SourceLocation = #_sourceLocation
    ) throws -> Answer {
      let out = pass(octets, from: side)
      #expect(out.count == 1 && out.first?.0 != side, sourceLocation: location)
      return Answer(try #require(out.first, sourceLocation: location).1, location)
    }
  }

  private func ports(_ answer: Answer) -> [UInt16] {
    switch answer.frame.transport {
    case .udp(let header): [header.sourcePort, header.destinationPort]
    case .tcp(let header): [header.sourcePort, header.destinationPort]
    case .icmpv4(let header): [UInt16(header.rest >> 16)]
    default: []
    }
  }

  private func udp(
    _ source: String, _ from: UInt16, to destination: String, _ to: UInt16, payload: [UInt8] = [1]
  ) throws -> [UInt8] {
    let probe = try Probe(from: source, to: destination)
    var header = UDPHeader(from: from, to: to)
    try header.fill(payload: payload.span, from: probe.source, to: probe.destination)
    return try probe.packet(.udp, written(UDPHeader.length, header.write) + payload)
  }

  @Test("out with another address, and back to where it came from")
  func thereAndBack() throws {
    var passage = try Passage()
    let out = try passage.through(
      udp("192.0.2.10", 40_000, to: "203.0.113.80", 53), from: .client)
    #expect(out.source?.description == "198.18.1.1" && out.hopLimit == 61)
    #expect(ports(out) == [40_000, 53])
    let back = try passage.through(udp("203.0.113.80", 53, to: "198.18.1.1", 40_000), from: .server)
    #expect(back.destination?.description == "192.0.2.10" && ports(back) == [53, 40_000])
    let segment = try passage.through(
      Probe(from: "192.0.2.10", to: "203.0.113.80").tcp(.syn), from: .client)
    #expect(segment.source?.description == "198.18.1.1" && ports(segment) == [50_000, 80])
    let echo = try passage.through(
      Probe(from: "192.0.2.10", to: "203.0.113.80").echoRequest(), from: .client)
    #expect(echo.source?.description == "198.18.1.1" && ports(echo) == [0xabcd])
    #expect(passage.internet.counters.translated == 4)
  }

  @Test("two inside that use one port get two outside")
  func samePorts() throws {
    var passage = try Passage()
    var seen: [UInt16] = []
    for host in [10, 11, 12] {
      let out = try passage.through(
        udp("192.0.2.\(host)", 65_535, to: "203.0.113.80", 53), from: .client)
      seen.append(ports(out)[0])
    }
    #expect(seen == [65_535, 1024, 1025])
    // Others inside are not of the topology, so nothing can be sent to them; the first one is.
    let back = try passage.through(udp("203.0.113.80", 9, to: "198.18.1.1", 65_535), from: .server)
    #expect(back.destination?.description == "192.0.2.10")
  }

  @Test("what nobody asked for is the router's own")
  func unasked() throws {
    var passage = try Passage()
    let out = passage.pass(try udp("203.0.113.80", 53, to: "198.18.1.1", 40_000), from: .server)
    #expect(out.map(\.0) == [.server])
    #expect(Answer(out[0].1).typeAndCode == [3, 3])
    // Pings from outside are answered by it, even if somebody inside pings with this identifier.
    _ = try passage.through(
      Probe(from: "192.0.2.10", to: "203.0.113.80").echoRequest(identifier: 7), from: .client)
    let ping = passage.pass(
      try Probe(from: "203.0.113.80", to: "198.18.1.1").echoRequest(identifier: 7), from: .server)
    #expect(ping.map(\.0) == [.server])
  }

  @Test("mappings end when nobody uses them", arguments: [(299, true), (301, false)])
  func expiry(seconds: Int64, isMapped: Bool) throws {
    var passage = try Passage()
    _ = try passage.through(udp("192.0.2.10", 40_000, to: "203.0.113.80", 53), from: .client)
    passage.now = passage.now + .seconds(200)
    _ = try passage.through(udp("203.0.113.80", 53, to: "198.18.1.1", 40_000), from: .server)
    passage.now = passage.now + .seconds(seconds)
    let out = passage.pass(try udp("203.0.113.80", 53, to: "198.18.1.1", 40_000), from: .server)
    #expect(out.map(\.0) == [isMapped ? .client : .server])
  }

  @Test("a port that has changed hands is not the old owner's any more")
  func newOwner() throws {
    var passage = try Passage()
    func port(of host: Int) throws -> UInt16 {
      ports(
        try passage.through(
          udp("192.0.2.\(host)", 5000, to: "203.0.113.80", 53), from: .client))[0]
    }
    #expect(try port(of: 11) == 5000)
    passage.now = passage.now + .seconds(400)
    #expect(try port(of: 10) == 5000)
    #expect(try port(of: 11) == 5001)
    let back = try passage.through(udp("203.0.113.80", 53, to: "198.18.1.1", 5000), from: .server)
    #expect(back.destination?.description == "192.0.2.10")
  }

  @Test("more mappings than there is room for are refused, until some have ended")
  func crowd() throws {
    var passage = try Passage()
    func send(_ port: UInt16) throws -> Int {
      passage.pass(try udp("192.0.2.10", port, to: "203.0.113.80", 53), from: .client).count
    }
    for port in 2000..<(2000 + 8192 as UInt16) { #expect(try send(port) == 1) }
    #expect(try send(20_000) == 0 && passage.internet.counters.untranslatable == 1)
    #expect(try send(2000) == 1)
    passage.now = passage.now + .seconds(301)
    #expect(try send(20_000) == 1)
  }

  @Test("errors from beyond come home with what was sent", arguments: [2, 3] as [UInt8])
  func errors(hop: UInt8) throws {
    let topology = try #require(Self.topology)
    var network = VirtualNetwork(topology: topology)
    var probe = try Probe(from: "192.0.2.10", to: "203.0.113.80")
    probe.hopLimit = hop
    for packet in [
      try probe.udp(port: 33434), try probe.tcp(.syn), try probe.echoRequest(),
    ] {
      // Another one inside has this port already, so that it has to be changed back, too.
      var other = packet
      other[15] = 99
      var sum = InternetChecksum()
      other.setWordForTest(at: 10, 0)
      sum.add(other.span.extracting(first: 20))
      other.setWordForTest(at: 10, sum.value)
      _ = answers(to: other, in: &network)
      let answer = Answer(try #require(answers(to: packet, in: &network).first).octets)
      #expect(answer.source?.description == "198.18.\(hop).1")
      #expect(answer.destination?.description == "192.0.2.10")
      #expect(answer.typeAndCode == [11, 0])
      var expected = packet
      expected[8] = 1
      var header = InternetChecksum()
      expected.setWordForTest(at: 10, 0)
      header.add(expected.span.extracting(first: 20))
      expected.setWordForTest(at: 10, header.value)
      #expect(answer.payload == expected)
    }
  }

  @Test("the translator's own errors tell those outside of what they sent, and of nothing inside")
  func ownErrors() throws {
    var topology = try #require(Self.topology)
    topology.routers[0].link.homeward.mtu = 600
    var passage = try Passage()
    passage.internet = SimulatedInternet(topology: topology)
    _ = try passage.through(udp("192.0.2.10", 40_000, to: "203.0.113.80", 53), from: .client)
    func complaint(about packet: [UInt8]) throws -> Answer {
      let out = passage.pass(packet, from: .server)
      #expect(out.map(\.0) == [.server])
      return Answer(try #require(out.first).1)
    }
    var long = try udp(
      "203.0.113.80", 53, to: "198.18.1.1", 40_000, payload: [UInt8](repeating: 7, count: 700))
    long[6] = 0x40
    long.setWordForTest(at: 10, 0)
    var sum = InternetChecksum()
    sum.add(long.span.extracting(first: 20))
    long.setWordForTest(at: 10, sum.value)
    let tooBig = try complaint(about: long)
    #expect(tooBig.typeAndCode == [3, 4] && tooBig.payload[16..<20] == [198, 18, 1, 1])
    var short = try udp("203.0.113.80", 53, to: "198.18.1.1", 40_000)
    short[8] = 3
    short.setWordForTest(at: 10, 0)
    sum = InternetChecksum()
    sum.add(short.span.extracting(first: 20))
    short.setWordForTest(at: 10, sum.value)
    let expired = try complaint(about: short)
    #expect(expired.typeAndCode == [11, 0] && expired.source?.description == "198.18.1.1")
    #expect(expired.payload[16..<20] == [198, 18, 1, 1])
    #expect(expired.payload[22..<24] == [0x9c, 0x40])
  }

  @Test func theTranslatorItselfIsAHop() throws {
    var probe = try Probe(from: "192.0.2.10", to: "203.0.113.80")
    probe.hopLimit = 1
    let answer = try answer(to: probe.udp(), in: try #require(Self.topology))
    #expect(answer.source?.description == "192.0.2.1" && answer.typeAndCode == [11, 0])
  }

  @Test("a datagram without a checksum keeps none")
  func noChecksum() throws {
    var packet = try udp("192.0.2.10", 40_000, to: "203.0.113.80", 53)
    packet.setWordForTest(at: 26, 0)
    var passage = try Passage()
    let out = passage.pass(packet, from: .client)
    #expect(out.first?.1[26...27] == [0, 0])
  }

  @Test("fragments follow the first")
  func fragments() throws {
    var passage = try Passage()
    _ = try passage.through(udp("192.0.2.10", 40_000, to: "203.0.113.80", 53), from: .client)
    let whole = try udp(
      "203.0.113.80", 53, to: "198.18.1.1", 40_000, payload: [UInt8](repeating: 7, count: 64))
    func fragment(_ payload: ArraySlice<UInt8>, _ flagsAndOffset: UInt16) throws -> [UInt8] {
      var probe = try Probe(from: "203.0.113.80", to: "198.18.1.1")
      probe.flagsAndOffset = flagsAndOffset
      return try probe.packet(.udp, Array(payload))
    }
    let later = try fragment(whole[52...], 4)
    #expect(passage.pass(later, from: .server).isEmpty)
    let first = passage.pass(try fragment(whole[20..<52], 0x2000), from: .server)
    #expect(first.map(\.0) == [.client] && first[0].1[16..<20] == [192, 0, 2, 10])
    let second = passage.pass(later, from: .server)
    #expect(second.map(\.0) == [.client] && second[0].1[16..<20] == [192, 0, 2, 10])
    // The checksum in the first one covers both.
    let octets = first[0].1[20...] + second[0].1[20...]
    let pseudoHeader: [UInt8] = [203, 0, 113, 80, 192, 0, 2, 10, 0, 17, 0, UInt8(octets.count)]
    let covered = pseudoHeader + octets
    var sum = InternetChecksum()
    sum.add(covered.span)
    #expect(sum.value == 0)
  }

  @Test("IPv6 passes as it is")
  func ipv6() throws {
    var passage = try Passage()
    let out = try passage.through(
      Probe(from: "2001:db8::2", to: "2001:db8:cb::80").udp(), from: .client)
    #expect(out.source?.description == "2001:db8::2")
  }

  @Test("whatever comes, it stays a packet", arguments: 0..<200 as Range<UInt64>)
  func noise(seed: UInt64) throws {
    var random = SeededRNG(seed: seed)
    var passage = try Passage()
    var packet = try udp("192.0.2.10", 40_000, to: "203.0.113.80", 53)
    for _ in 0..<40 {
      var noisy =
        packet
        + (0..<Int.random(in: 0..<60, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
      for _ in 0..<4 {
        noisy[Int.random(in: 9..<noisy.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      for index in 12..<20 where Bool.random(using: &random) {
        noisy[index] = ([198, 18, 1, 1, 192, 0, 2, 10] as [UInt8])[index - 12]
      }
      noisy.setWordForTest(at: 2, UInt16(noisy.count))
      noisy.setWordForTest(at: 10, 0)
      var sum = InternetChecksum()
      sum.add(noisy.span.extracting(first: 20))
      noisy.setWordForTest(at: 10, sum.value)
      for (_, octets) in passage.pass(noisy, from: Bool.random(using: &random) ? .client : .server)
      {
        var sum = InternetChecksum()
        sum.add(octets.span.extracting(first: Int(octets[0] & 0xf) * 4))
        #expect(sum.value == 0)
      }
      packet = try udp("192.0.2.10", .random(in: 1...9, using: &random), to: "203.0.113.80", 53)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func setWordForTest(at index: Int, _ word: UInt16) {
    self[index] = UInt8(word >> 8)
    self[index + 1] = UInt8(truncatingIfNeeded: word)
  }
}
