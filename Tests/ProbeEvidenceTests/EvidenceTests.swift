import CaptureFile
import PacketTestSupport
import PacketWire
import ProbeEngine
import ProbeEvidence
import Testing

/// A session whose events are known.
struct SampleSession {
  static let source = IPAddress.v4(IPv4Address(198, 18, 0, 2))
  static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))
  static let source6 = IPAddress.v6(IPv6Address(bits: 0x2001_0db8 << 96 | 2))
  static let target6 = IPAddress.v6(IPv6Address(bits: 0x2001_0db8 << 96 | 0x80))

  var session: EvidenceSession
  var writer: EvidenceWriter
  var file: [UInt8]
  /// What was written, in the order of the program's clock.
  var events: [EvidenceEvent] = []

  init(_ change: (inout EvidenceSession) -> Void = { _ in }) {
    session = EvidenceSession(
      tool: "ping-swift", version: "1.2", commandLine: ["ping-swift", "-c", "3", "a host%=\u{e9}"])
    session.cookieKey = EvidenceKey(0x0001, 0xfedc_ba98_7654_3210)
    (session.identifier, session.payloadLength, session.count) = (0xbeef, 56, 3)
    (session.interval, session.timeout) = (.milliseconds(200), .seconds(10))
    session.facts = [EvidenceFact("flows", "two ways")]
    session.targets = [
      .init(typed: "www.example.test", address: Self.target, source: Self.source),
      .init(typed: "2001:db8::80", address: Self.target6, source: Self.source6),
    ]
    change(&session)
    writer = EvidenceWriter(session)
    file = writer.begin(at: WallInstant(nanoseconds: 1_700_000_000_000_000_000))
  }

  static func clock(_ nanoseconds: Int64) -> ClockSample {
    ClockSample(
      monotonic: MonotonicInstant(nanoseconds: nanoseconds),
      wall: WallInstant(nanoseconds: 1_700_000_000_000_000_000 + nanoseconds))
  }

  /// An echo message of either family.
  static func echo(_ isReply: Bool, _ number: UInt16, v6: Bool = false) -> [UInt8] {
    let data: [UInt8] = Array(0..<8)
    return [UInt8](capacity: 16) { out in
      if v6, case .v6(let source) = source6, case .v6(let target) = target6 {
        var header = ICMPv6Header(
          isReply ? .echoReply : .echoRequest, identifier: 0xbeef, sequenceNumber: number)
        header.fill(payload: data.span, from: source, to: target)
        header.write(to: &out)
      } else {
        var header = ICMPv4Header(
          isReply ? .echoReply : .echoRequest, identifier: 0xbeef, sequenceNumber: number)
        header.fill(payload: data.span)
        header.write(to: &out)
      }
      out.append(copying: data.span)
    }
  }

  static func packet(
    _ isReply: Bool, _ number: UInt16, v6: Bool = false, rebuilt: Bool = true,
    knowsHopLimit: Bool = true
  ) throws -> EvidencePacket {
    let (near, far) = v6 ? (source6, target6) : (source, target)
    let envelope = IPEnvelope(
      from: isReply ? far : near, to: isReply ? near : far, carrying: v6 ? .icmpv6 : .icmp,
      timeToLive: isReply ? 57 : 64, trafficClass: 0xb8)
    let message = echo(isReply, number, v6: v6)
    if rebuilt {
      return try EvidencePacket(
        message: message.span, in: envelope, knowsHopLimit: knowsHopLimit)
    }
    return EvidencePacket(whole: try envelope.packet(message.span))
  }

  mutating func send(
    _ probe: EvidencePacket.Probe, _ packet: EvidencePacket, at time: Int64, stampAfter: Int64?
  ) {
    let clock = Self.clock(time)
    file += writer.sent(probe, packet, at: clock)
    let stamp = stampAfter.map { WallInstant(nanoseconds: clock.wall.nanoseconds + $0) }
    if let stamp { file += writer.transmitted(probe, at: stamp) }
    events.append(
      EvidenceEvent(
        direction: .sent, packet: packet, probe: probe, clock: clock, kernelStamp: stamp))
  }

  mutating func receive(
    _ probe: EvidencePacket.Probe?, _ packet: EvidencePacket, _ meaning: EvidenceWriter.Meaning,
    at time: Int64, stampBefore: Int64?
  ) {
    let clock = Self.clock(time)
    let stamp = stampBefore.map { WallInstant(nanoseconds: clock.wall.nanoseconds - $0) }
    file += writer.received(packet, meaning, at: Arrival(clock: clock, kernelStamp: stamp))
    events.append(
      EvidenceEvent(
        direction: .received, packet: packet, probe: probe, clock: clock, kernelStamp: stamp))
  }

  mutating func finish() {
    file += writer.finish(at: WallInstant(nanoseconds: 1_700_000_009_000_000_000))
  }

  /// A session with everything that can happen in one.
  static func eventful() throws -> SampleSession {
    var sample = SampleSession()
    let (first, second) = (EvidencePacket.Probe(1), EvidencePacket.Probe(1, target: 1))
    let third = EvidencePacket.Probe(2)
    sample.send(first, try packet(false, 1), at: 1_000, stampAfter: 70)
    sample.send(second, try packet(false, 1, v6: true), at: 2_000, stampAfter: nil)
    let answer = try packet(true, 1, rebuilt: false)
    sample.receive(
      first, answer, .answer(first, after: Nanoseconds(8_123_400)), at: 8_200_000, stampBefore: 900)
    sample.receive(
      first, answer, .duplicate(first, after: nil), at: 8_300_000, stampBefore: 900)
    sample.receive(
      second, try packet(true, 1, v6: true, knowsHopLimit: false), .late(second, after: nil),
      at: 9_000_000, stampBefore: nil)
    let probe = try packet(false, 2)
    sample.send(third, probe, at: 200_000_000, stampAfter: 10)
    let error = try EvidencePacket(
      errorOfType: 11, code: 0, rest: 0, about: SentDatagram(octets: probe.octets),
      from: .v4(IPv4Address(198, 18, 3, 1)), to: source)
    sample.receive(
      third, error, .error(third, "Time to live exceeded"), at: 203_000_000, stampBefore: 4)
    sample.receive(
      nil, try packet(true, 9, rebuilt: false), .rejected("wrong cookie"), at: 204_000_000,
      stampBefore: 4)
    sample.finish()
    return sample
  }
}

/// Everything that a reader gives, fed by chunks.
struct EvidenceReading {
  var reader = EvidenceReader()
  var events: [EvidenceEvent] = []
  var refusals: [EvidenceRefusal] = []
  /// What came, in order: an event's probe, or less than nothing for a refusal.
  var order: [Int] = []

  init(_ file: [UInt8], chunk: Int = 100) {
    var rest = file[...]
    while true {
      switch reader.next() {
      case .event(let event):
        events.append(event)
        order.append(Int(event.probe?.number ?? 0))
      case .refused(let refusal):
        refusals.append(refusal)
        order.append(-Int(refusal.probe.number))
      case .end: return
      case .needMoreOctets:
        if rest.isEmpty {
          reader.finish()
        } else {
          let piece = Array(rest.prefix(chunk))
          reader.append(piece.span)
          rest = rest.dropFirst(chunk)
        }
      }
    }
  }
}

@Suite("A session as a file")
struct EvidenceTests {
  @Test("what is read is what was written", arguments: [1, 7, 100, 1 << 20])
  func roundTrip(chunk: Int) throws {
    let sample = try SampleSession.eventful()
    let reading = EvidenceReading(sample.file, chunk: chunk)
    #expect(reading.events == sample.events)
    #expect(reading.reader.session == sample.session)
    #expect(reading.reader.problem == nil && reading.reader.skippedCount == 0)
  }

  @Test("a session of which little is known")
  func bareSession() {
    var bare = EvidenceSession(tool: "t", version: "", commandLine: [])
    bare.facts = [EvidenceFact("a", ""), EvidenceFact("a", "%25 =")]
    var writer = EvidenceWriter(bare)
    let file = writer.begin(at: WallInstant(nanoseconds: 0))
    let reading = EvidenceReading(file)
    #expect(reading.reader.session == bare && reading.events.isEmpty)
  }

  @Test("directions, times, comments, names and counts are those of the format")
  func capture() throws {
    let sample = try SampleSession.eventful()
    var reader = CaptureReader()
    reader.append(sample.file.span)
    reader.finish()
    var comments: [String] = []
    var directions: [PacketFlags.Direction?] = []
    var times: [Int64] = []
    while case .packet(let packet) = try reader.next() {
      let annotations = reader.annotations()
      comments.append(annotations.comments.first ?? "")
      directions.append(annotations.flags?.direction)
      times.append(packet.time.nanoseconds - 1_700_000_000_000_000_000)
      #expect(packet.linkType == .raw)
    }
    let rebuilt = "; the IP header is rebuilt from what the socket told"
    let asked =
      "; the IP header is as the kernel was asked for, identification and flow label unknown"
    #expect(
      comments == [
        "probe 1 to 203.0.113.80" + asked, "answer to probe 1 to 203.0.113.80 after 8.123 ms",
        "another answer to probe 1 to 203.0.113.80", "probe 1 to 2001:db8::80" + asked,
        "late answer to probe 1 to 2001:db8::80" + rebuilt + ", which was no hop limit",
        "probe 2 to 203.0.113.80" + asked,
        "ICMP error about probe 2 to 203.0.113.80: Time to live exceeded" + rebuilt
          + ", which was no hop limit",
        "no answer though it looks like one: wrong cookie",
      ])
    #expect(
      directions == [
        .outbound, .inbound, .inbound, .outbound, .inbound, .outbound, .inbound, .inbound,
      ])
    #expect(
      times == [
        1_070, 8_199_100, 8_299_100, 2_000, 9_000_000, 200_000_010, 202_999_996, 203_999_996,
      ])
    #expect(reader.section.application == "ping-swift 1.2")
    #expect(reader.section.comments.first?.contains("Command line: ping-swift -c 3") == true)
    #expect(reader.records.names.first?.records.map(\.names) == [["www.example.test"]])
    #expect(reader.records.statistics.first?.comments == ["3 probes sent, 5 packets received"])
    #expect(reader.records.statistics.first?.received == 5)
  }

  @Test("rebuilt packets are packets: checksums right, fields as told")
  func rebuilt() throws {
    for event in try SampleSession.eventful().events {
      let octets = event.packet.octets
      let frame = Frame(decoding: octets.span, linkType: .raw)
      #expect(frame.problem == nil && frame.transportChecksum(over: octets.span) == .good)
      if case .ipv4(let header) = frame.network { #expect(header.isChecksumValid) }
      let isTold = event.packet.header != .rebuilt(knowsHopLimit: false)
      switch frame.network {
      case .ipv4(let header): #expect((header.timeToLive == 0) == !isTold)
      case .ipv6(let header): #expect((header.hopLimit == 0) == !isTold)
      case .arp, .none: Issue.record("no IP packet")
      }
    }
  }

  @Test("a packet as a socket hands it out")
  func reception() throws {
    for v6 in [false, true] {
      let told = try SampleSession.packet(true, 3, v6: v6)
      let reception = try #require(told.reception)
      #expect(reception.message == SampleSession.echo(true, 3, v6: v6))
      #expect(reception.source == (v6 ? SampleSession.target6 : SampleSession.target))
      #expect(reception.destination == (v6 ? SampleSession.source6 : SampleSession.source))
      #expect(reception.hopLimit == 57 && reception.trafficClass == 0xb8)
      let untold = try SampleSession.packet(true, 3, v6: v6, knowsHopLimit: false)
      #expect(untold.reception?.hopLimit == nil)
      #expect(untold.reception?.message == reception.message)
    }
    #expect(EvidencePacket(whole: [0x45, 0]).reception == nil)
    #expect(EvidencePacket(whole: []).reception == nil)
  }

  @Test("probes that wait for their stamp are written in the end, and no more wait than may")
  func pending() throws {
    var sample = SampleSession()
    let packet = try SampleSession.packet(false, 1)
    let empty = sample.file.count
    for number in 1...EvidenceWriter.pendingLimit {
      sample.send(.init(UInt64(number)), packet, at: Int64(number), stampAfter: nil)
    }
    #expect(sample.file.count == empty)
    sample.send(.init(9_999), packet, at: 9_999, stampAfter: nil)
    #expect(sample.file.count > empty && sample.writer.sentCount == 1)
    sample.writer.sendFailed(.init(9_999))
    sample.events.removeLast()
    // A stamp for a probe that is not there any more tells nothing.
    #expect(sample.writer.transmitted(.init(1), at: WallInstant(nanoseconds: 5)).isEmpty)
    sample.finish()
    #expect(EvidenceReading(sample.file).events == sample.events)
  }

  @Test("many packets, written late, come in the order of the program's clock")
  func order() throws {
    var sample = SampleSession()
    let packet = try SampleSession.packet(false, 1)
    var random = SeededRNG(seed: 3)
    var waiting: [EvidencePacket.Probe] = []
    for number in 1...12_000 {
      let probe = EvidencePacket.Probe(UInt64(number))
      let clock = SampleSession.clock(Int64(number) * 1_000)
      sample.file += sample.writer.sent(probe, packet, at: clock)
      waiting.append(probe)
      if waiting.count > 500 {
        let probe = waiting.remove(at: Int.random(in: 0..<waiting.count, using: &random))
        let stamp = SampleSession.clock(Int64(probe.number) * 1_000 + 50).wall
        sample.file += sample.writer.transmitted(probe, at: stamp)
      }
    }
    sample.finish()
    let numbers = EvidenceReading(sample.file, chunk: 65_536).events.compactMap(\.probe?.number)
    #expect(numbers == (1...12_000).map { UInt64($0) })
  }

  @Test("a damaged file gives what can be read, and says where it is damaged")
  func damaged() throws {
    let sample = try SampleSession.eventful()
    let cut = EvidenceReading(Array(sample.file.dropLast(300)))
    #expect(cut.reader.problem != nil && cut.reader.session == sample.session)
    #expect(!cut.events.isEmpty && cut.events.allSatisfy { sample.events.contains($0) })
    for count in stride(from: 0, to: sample.file.count, by: 3) {
      let reading = EvidenceReading(Array(sample.file.prefix(count)), chunk: 1_000)
      #expect(reading.events.allSatisfy { sample.events.contains($0) })
    }
    var random = SeededRNG(seed: 8)
    for _ in 0..<500 {
      var file = sample.file
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        file[Int.random(in: 0..<file.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      #expect(EvidenceReading(file, chunk: 1_000).events.count <= sample.events.count)
    }
  }

  @Test("a capture of another program: link layers, padding, directions by what is asked")
  func foreign() throws {
    let request = try SampleSession.packet(false, 1).octets
    let reply = try SampleSession.packet(true, 1).octets
    let writer = CaptureWriter(linkType: .ethernet, resolution: .nanoseconds)
    let frames: [[UInt8]] = [
      [UInt8](repeating: 2, count: 12) + [8, 0] + request + [UInt8](repeating: 0, count: 10),
      [UInt8](repeating: 2, count: 12) + [8, 0] + reply,
      [UInt8](repeating: 2, count: 12) + [8, 6] + [UInt8](repeating: 0, count: 46),
    ]
    var file = [UInt8](capacity: CaptureWriter.headerLength) { writer.writeHeader(to: &$0) }
    for (index, frame) in frames.enumerated() {
      file += [UInt8](capacity: 16 + frame.count) { out in
        writer.writeRecord(
          frame.span, at: WallInstant(nanoseconds: 1_000 * Int64(index + 1)),
          originalLength: frame.count, to: &out)
      }
    }
    let reading = EvidenceReading(file)
    #expect(reading.reader.session == nil && reading.reader.skippedCount == 1)
    #expect(reading.events.map(\.direction) == [.sent, .received])
    #expect(reading.events.map(\.packet.octets) == [request, reply])
    #expect(reading.events.map(\.kernelStamp?.nanoseconds) == [1_000, 2_000])
    #expect(reading.events.map(\.clock.monotonic.nanoseconds) == [1_000, 2_000])
  }
}
