import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Routers that lie, are broken, or mean ill")
struct HostileTraceTests {
  private static let methods: [TraceMethod] = [
    TraceProbeTests.udp, TraceProbeTests.icmp,
    .tcp(sourcePort: 50_000, destinationPort: 80),
  ]

  private func router(_ index: UInt8) -> IPv4Address { IPv4Address(198, 18, index, 1) }

  /// A path of three routers, the second of which answers as `edit` has it, and the target.
  private func trace(
    _ method: TraceMethod = TraceProbeTests.udp,
    editing edit: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> TraceHarness {
    var hops = (1...4).map { TraceHarness.Hop(address: router($0), milliseconds: Int64($0)) }
    hops[1].edit = edit
    hops[3].address = TraceHarness.target
    (hops[3].type, hops[3].code) = (.destinationUnreachable, 3)
    var harness = TraceHarness(method, path: hops)
    harness.run()
    return harness
  }

  private func findings(_ harness: TraceHarness) -> [TraceFinding] {
    TraceFinding.findings(
      in: harness.hops, target: .v4(TraceHarness.target), isSingleFlow: true)
  }

  /// Puts the right checksum into an ICMP message.
  private static func sealed(_ message: [UInt8]) -> [UInt8] {
    var message = message
    (message[2], message[3]) = (0, 0)
    var sum = InternetChecksum()
    sum.add(message.span)
    (message[2], message[3]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
    return message
  }

  @Test("a wrong checksum is told, and the answer is not lost", arguments: methods)
  func checksum(method: TraceMethod) {
    let harness = trace(method) { message in
      var message = message
      message[2] ^= 0x10
      return message
    }
    #expect(harness.hops[1].addresses == [.v4(router(2))])
    #expect(findings(harness) == [.wrongChecksum(at: 2, .v4(router(2)))])
  }

  @Test("a quotation cut within what tells probes apart is nobody's", arguments: 0..<24)
  func cut(count: Int) {
    for method in Self.methods {
      let harness = trace(method) { Self.sealed(Array($0.prefix(8 + count))) }
      #expect(harness.hops[1].outcomes == [.lost, .lost, .lost])
      #expect(findings(harness) == [.silentHops(2...2)])
    }
  }

  @Test("ports alone are enough, beside the IPv4 identification", arguments: 24..<28)
  func ports(count: Int) {
    for method in Self.methods {
      let harness = trace(method) { Self.sealed(Array($0.prefix(8 + count))) }
      #expect(harness.hops[1].addresses.isEmpty == (method == TraceProbeTests.icmp))
    }
  }

  @Test("eight octets behind the IP header are enough", arguments: methods)
  func shortest(method: TraceMethod) {
    let harness = trace(method) { Self.sealed(Array($0.prefix(8 + 28))) }
    #expect(harness.hops[1].addresses == [.v4(router(2))] && findings(harness) == [])
  }

  @Test("options that came into the quoted header", arguments: methods)
  func options(method: TraceMethod) throws {
    let harness = trace(method) { message in
      var quoted = Array(message.dropFirst(8))
      quoted[0] = 0x46
      quoted.insert(contentsOf: [0x94, 4, 0, 0], at: 20)  // router alert (RFC 2113)
      return Self.sealed(Array(message.prefix(8)) + quoted)
    }
    #expect(harness.hops[1].addresses == [.v4(router(2))])
    guard case .error(let error)? = harness.hops[1].outcomes[0].answer else {
      Issue.record("no error")
      return
    }
    #expect(try #require(error.alteration).changes.contains { $0.field == .options })
  }

  @Test(
    "extensions whose lengths cannot be",
    arguments: [
      [0x20, 0, 0, 0, 0, 0, 1, 1], [0x20, 0, 0, 0, 0, 3, 1, 1], [0x20, 0, 0, 0, 0xff, 0xff, 1, 1],
      [0x20, 0, 0, 0, 0, 9, 1, 1, 0, 0, 0, 0], [0x20, 0, 0x12, 0x34, 0, 8, 1, 1, 0, 0, 0x11, 1],
    ] as [[UInt8]])
  func extensions(structure: [UInt8]) {
    let harness = trace { message in
      var octets = Array(message.prefix(8 + 128))
      octets += [UInt8](repeating: 0, count: 8 + 128 - octets.count) + structure
      octets[5] = 32  // four-octet words of quotation (RFC 4884 §3)
      return Self.sealed(octets)
    }
    #expect(harness.hops[1].addresses == [.v4(router(2))])
    #expect(findings(harness) == [.brokenExtensions(at: 2, .v4(router(2)))])
  }

  @Test("a length of the quotation that is longer than the packet", arguments: [1, 8, 200, 255])
  func quotationLength(words: UInt8) {
    let harness = trace { message in
      var message = message
      message[5] = words
      return Self.sealed(message)
    }
    #expect(harness.hops[1].addresses == [.v4(router(2))])
  }

  @Test("packets that go in circles")
  func loop() {
    let path = (1...30).map {
      TraceHarness.Hop(address: router($0 < 4 ? $0 : 4 + $0 % 2), milliseconds: Int64($0))
    }
    var harness = TraceHarness(TraceProbeTests.udp, path: path)
    harness.run()
    #expect(
      findings(harness)
        == [
          .loop(.v4(router(4)), hops: Array(stride(from: 4, through: 30, by: 2))),
          .loop(.v4(router(5)), hops: Array(stride(from: 5, through: 29, by: 2))),
        ])
    #expect(harness.session.finalTTL == nil)
  }

  @Test("a target that answers from another address is reached, and that is told")
  func otherAddress() {
    var hop = TraceHarness.Hop(address: router(9), milliseconds: 3)
    (hop.type, hop.code) = (.destinationUnreachable, 3)
    var harness = TraceHarness(TraceProbeTests.udp, path: [hop])
    harness.run()
    #expect(harness.session.isReached(.v4(TraceHarness.target)))
    #expect(findings(harness) == [.otherAddress(.v4(router(9)))])
  }

  @Test(
    "answers from nowhere: of a probe never sent, of another program's, without the cookie",
    arguments: [(26, 0), (27, 0), (24, 0), (28, 64)])
  func nowhere(offset: Int, quotes: Int) {
    let hop = TraceHarness.Hop(address: router(1), milliseconds: 5, quotes: quotes)
    var harness = TraceHarness(TraceProbeTests.icmp, path: [hop]) {
      ($0.maximumTTL, $0.queries) = (1, 1)
    }
    harness.feed(.start)
    let honest = harness.pending[0].packet
    var packet = honest
    packet[20 + 8 + offset] ^= 0x55
    harness.deliver(packet)
    #expect(harness.answers.isEmpty && !harness.isFinished)
    harness.deliver(honest)
    harness.deliver(honest)
    #expect(harness.answers.count == 1 && harness.isFinished)
  }

  @Test("an echo reply that somebody made up ends no trace")
  func forgedReply() {
    var harness = TraceHarness(TraceProbeTests.icmp, path: [])
    harness.feed(.start)
    guard let message = try? harness.probe.message(of: TraceRequest(number: 3, timeToLive: 4))
    else { return }
    for (offset, isOurs) in [(8, false), (-1, true)] {
      var reply = message
      reply[0] = 0
      if offset >= 0 { reply[offset] ^= 1 }
      let packet = ProbePacket(
        from: .v4(TraceHarness.target), to: TraceHarness.source, carrying: .icmp, timeToLive: 60)
      harness.deliver((try? packet.octets(payload: Self.sealed(reply).span)) ?? [])
      #expect((harness.session.finalTTL == 4) == isOurs)
    }
  }
}
