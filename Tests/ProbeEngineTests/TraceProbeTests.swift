import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Trace probes and their answers")
struct TraceProbeTests {
  static let udp = TraceMethod.udp(sourcePort: 50_000, destinationPort: 33_434)
  static let icmp = TraceMethod.icmp(identifier: 0x1234)

  private func probe(_ method: TraceMethod, packetLength: Int = 60) -> TraceProbe {
    TraceHarness(method, packetLength: packetLength, path: []).probe
  }

  @Test("all datagrams of a trace are one flow, and each has a checksum of its own")
  func udpFlow() throws {
    var checksums: Set<UInt16> = []
    for number in 0..<90 {
      let message = try probe(Self.udp).message(of: TraceRequest(number: number, timeToLive: 1))
      var reader = PacketReader(message.span)
      let header = try UDPHeader(parsing: &reader)
      #expect(header.sourcePort == 50_000 && header.destinationPort == 33_434)
      #expect(header.datagramLength == 40 && message.count == 40)
      let expected = header.computedChecksum(
        payload: reader.remaining, from: TraceHarness.source, to: .v4(TraceHarness.target))
      #expect(header.checksum == expected)
      checksums.insert(header.checksum)
    }
    #expect(checksums.count == 90)
  }

  @Test("all echo probes of a trace have the same checksum", arguments: [IPFamily.v4, .v6])
  func icmpFlow(family: IPFamily) throws {
    let source = try #require(IPAddress(family == .v4 ? "192.0.2.1" : "2001:db8::1"))
    let target = try #require(IPAddress(family == .v4 ? "192.0.2.2" : "2001:db8::2"))
    let probe = TraceProbe(
      target: target, source: source, method: Self.icmp, packetLength: 60 + 20,
      cookies: KeyedCookie(key: 3, 4))
    var checksums: Set<UInt16> = []
    for number in 0..<200 {
      let message = try probe.message(of: TraceRequest(number: number, timeToLive: 1))
      checksums.insert(message.span.u16(at: 2))
      #expect(message.span.u16(at: 6) == number + 1)
    }
    #expect(checksums.count == 1)
  }

  @Test(
    "packets too short for headers and mark are as long as those", arguments: [0, 28, 39, 40, 41])
  func shortPackets(length: Int) throws {
    for method in [Self.udp, Self.icmp] {
      #expect(
        try probe(method, packetLength: length).message(of: TraceRequest(number: 1, timeToLive: 1))
          .count == max(20, length - 20))
    }
  }

  @Test("an answer finds its probe however little it quotes", arguments: [0, 4, 8, 10, 12, 64])
  func matching(quotes: Int) {
    for method in [Self.udp, Self.icmp, .udpRisingPort(first: 33_434)] {
      let hop = TraceHarness.Hop(
        address: IPv4Address(198, 51, 100, 1), milliseconds: 1, quotes: quotes)
      let final = TraceHarness.Hop(
        address: TraceHarness.target, milliseconds: 2, quotes: quotes,
        type: .destinationUnreachable, code: 3)
      var harness = TraceHarness(method, packetLength: quotes == 0 ? 0 : 60, path: [hop, final])
      harness.run()
      #expect(harness.hops.map(\.timeToLive) == [1, 2])
      #expect(harness.hops.allSatisfy { $0.outcomes.allSatisfy { $0.source != nil } })
    }
  }

  @Test(
    "an error about another flow, target or cookie is not ours",
    arguments: [(16, 0), (20, 0), (22, 0), (28, 64)])
  func foreign(offset: Int, quotes: Int) {
    let hop = TraceHarness.Hop(
      address: IPv4Address(198, 51, 100, 1), milliseconds: 1, quotes: quotes)
    var harness = TraceHarness(Self.udp, path: [hop])
    harness.feed(.start)
    var packet = harness.pending[0].packet
    packet[20 + 8 + offset] ^= 1
    harness.deliver(packet)
    #expect(harness.answers.isEmpty)
    harness.deliver(harness.pending[0].packet)
    #expect(harness.answers.count == 1)
  }

  @Test("a cookie proves a probe whose addresses and ports were translated, and the change is told")
  func translated() throws {
    let hop = TraceHarness.Hop(address: IPv4Address(198, 51, 100, 1), milliseconds: 1)
    var harness = TraceHarness(Self.udp, path: [hop])
    harness.feed(.start)
    var packet = harness.pending[0].packet
    for offset in [12, 16, 20, 22] { packet[20 + 8 + offset] ^= 1 }
    harness.deliver(packet)
    guard case .answer(_, _, let outcome)? = harness.answers.first,
      case .error(let error)? = outcome.answer
    else { throw PacketError(.icmpv4, at: 0, .unexpectedVersion(0)) }
    let changed = try #require(error.alteration).changes.map(\.field)
    #expect(Set(changed).isSuperset(of: [.source, .destination, .sourcePort, .destinationPort]))
  }

  @Test("no quotation is matched by a checksum, which a card may have filled in late")
  func checksums() {
    let hop = TraceHarness.Hop(
      address: IPv4Address(198, 51, 100, 1), milliseconds: 1, quotes: 0)
    for method in [Self.udp, Self.icmp] {
      var harness = TraceHarness(method, path: [hop])
      harness.feed(.start)
      var packet = harness.pending[0].packet
      // The quoted transport header's checksum.
      let offset = method == Self.udp ? 26 : 22
      packet[20 + 8 + offset] ^= 0xff
      harness.deliver(packet)
      #expect(harness.answers.count == 1)
    }
  }

  @Test(
    "a probe longer than the link goes out in fragments, which together are the probe",
    arguments: IPFamily.allCases, [1_280, 1_499, 1_500, 4_000])
  func fragments(family: IPFamily, length: Int) throws {
    var headers = TraceProbe.Headers()
    headers.fragmentLength = 1_499
    let probe = TraceProbe(
      target: try #require(IPAddress(family == .v4 ? "192.0.2.2" : "2001:db8::2")),
      source: try #require(IPAddress(family == .v4 ? "192.0.2.1" : "2001:db8::1")),
      method: Self.udp, packetLength: length, cookies: KeyedCookie(key: 3, 4), headers: headers)
    let request = TraceRequest(number: 6, timeToLive: 9)
    let packets = try probe.packets(of: request)
    #expect(packets.count == (length <= 1_499 ? 1 : length == 1_500 ? 2 : 3))
    #expect(packets.allSatisfy { $0.count <= 1_499 })
    var joined: [UInt8] = []
    for packet in packets where packets.count > 1 {
      let frame = Frame(decoding: packet.span, linkType: .raw)
      let start: Int
      switch frame.network {
      case .ipv4(let header):
        #expect(header.isChecksumValid && header.identification == 7 && header.timeToLive == 9)
        #expect(header.fragmentOffset == joined.count)
        #expect(header.moreFragments == (packet != packets.last))
        start = header.length
      default:
        start = IPv6Header.length + IPv6FragmentHeader.length
        var reader = PacketReader(packet.span.extracting(IPv6Header.length..<start))
        let header = try IPv6FragmentHeader(parsing: &reader)
        #expect(header.fragmentOffset == joined.count && header.identification == 7)
        #expect(header.moreFragments == (packet != packets.last))
      }
      joined += packet.dropFirst(start)
    }
    let message = try probe.message(of: request)
    #expect(packets.count == 1 || joined == message)
    // What a router quotes of the first one, and the target of the whole, is as it was sent.
    for packet in [packets[0], try probe.packet(of: request)] {
      var reader = PacketReader(packet.span)
      let sent = try probe.sent(request, quotedAs: try QuotedDatagram(parsing: &reader))
      #expect(sent.octets == packet)
    }
  }

  private func ledger(_ count: Int) -> TraceLedger {
    var ledger = TraceLedger()
    for _ in 0..<count { _ = ledger.add(timeToLive: 3, at: MonotonicInstant(nanoseconds: 0)) }
    return ledger
  }

  @Test func queuedErrors() throws {
    let report = ICMPErrorReport(family: .v4, type: 11, code: 0, source: .v4(.loopback))
    let rising = probe(.udpRisingPort(first: 65_530))
    let expected = TraceArrival(number: 8, answer: .error(TraceError(report)))
    let nothing: [UInt8] = []
    let found = rising.decode(
      queued: nothing.span, destinationPort: 65_532, error: report, ledger: ledger(9))
    #expect(found == expected)
    // Six ports there are from the first on: the third and the ninth probe have the same one.
    let earlier = rising.decode(
      queued: nothing.span, destinationPort: 65_532, error: report, ledger: ledger(8))
    #expect(earlier?.number == 2)
    let below = rising.decode(
      queued: nothing.span, destinationPort: 2, error: report, ledger: ledger(9))
    #expect(below == nil)
    let message = try probe(Self.icmp).message(of: TraceRequest(number: 8, timeToLive: 1))
    let echo = probe(Self.icmp).decode(
      queued: message.span, destinationPort: 0, error: report, ledger: ledger(9))
    #expect(echo == expected)
  }

  @Test("octets of any kind are read without a trap", arguments: 0..<4 as Range<UInt64>)
  func hostile(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    var harness = TraceHarness(
      seed.isMultiple(of: 2) ? Self.udp : Self.icmp,
      path: [TraceHarness.Hop(address: .loopback, milliseconds: 1)])
    harness.feed(.start)
    for _ in 0..<3_000 {
      var packet = harness.pending[0].packet
      for _ in 0..<3 {
        packet[.random(in: packet.indices, using: &rng)] = .random(in: 0...255, using: &rng)
      }
      packet.removeLast(.random(in: 0..<packet.count, using: &rng))
      for framing in [ArrivalFraming.packet, .message] {
        _ = harness.probe.decode(
          packet.span, framing: framing,
          fields: ArrivalFields(source: TraceHarness.source, timeToLive: 1),
          ledger: harness.session.ledger)
      }
    }
  }
}
