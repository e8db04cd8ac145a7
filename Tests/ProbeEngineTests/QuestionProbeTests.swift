import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Probes that ask something else than an echo")
struct QuestionProbeTests {
  static let cookies = KeyedCookie(key: 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
  static let v4 = (
    IPAddress.v4(IPv4Address(192, 0, 2, 1)), IPAddress.v4(IPv4Address(198, 18, 0, 2))
  )
  static let v6 = (
    IPAddress.v6(IPv6Address(bits: 0x2001_0db8 << 96 | 1)),
    IPAddress.v6(IPv6Address(bits: 0x2001_0db8 << 96 | 2))
  )

  static func probe(_ question: ProbeQuestion, overIPv6: Bool = false) -> QuestionProbe {
    let (target, source) = overIPv6 ? v6 : v4
    return QuestionProbe(
      question, target: target, source: source, identifier: 0xbeef, cookies: cookies)
  }

  static let questions: [(ProbeQuestion, Bool)] = [
    (.timestamp, false), (.addressMask, false), (.information, false),
    (.nodeInformation(NodeQuestion(.nodeName)), true),
    (.interface(InterfaceQuestion(.index(7))), false),
    (.interface(InterfaceQuestion(.name(Array("eth0".utf8)))), true),
  ]

  /// What an honest host answers, as its ICMP message.
  static func answer(to request: [UInt8], data: [UInt8]? = nil, repeatsPayload: Bool = true) throws
    -> [UInt8]
  {
    var reader = PacketReader(request.span)
    var header = try ICMPv4Header(parsing: &reader)
    var payload = Array(copying: reader.remaining)
    switch header.type.rawValue {
    case 13:
      header.type = .timestampReply
      payload.replaceSubrange(4..., with: hex("00000001 00000002"))
    case 15: header.type = .informationReply
    case 17: (header.type, payload) = (.addressMaskReply, hex("ffffff00"))
    case 42, 160:
      header.type = ICMPv4Header.MessageType(rawValue: header.type.rawValue + 1)
      header.rest = header.rest & 0xffff_ff00 | 6
      if !repeatsPayload { payload = [] }
    default:
      header.type = ICMPv4Header.MessageType(rawValue: 140)
      header.code = 0
      payload = Array(payload.prefix(8)) + (data ?? hex("00000000 0161 00 00"))
    }
    header.fill(payload: payload.span)
    return [UInt8](capacity: 8 + payload.count) {
      header.write(to: &$0)
      $0.append(copying: payload.span)
    }
  }

  static func reply(
    _ probe: QuestionProbe, _ message: [UInt8], from source: IPAddress? = nil
  ) -> QuestionReply? {
    let arrival = probe.decode(
      message.span, framing: .message,
      fields: ArrivalFields(source: source ?? probe.target, timeToLive: 61))
    guard case .answer(let reply) = arrival else { return nil }
    return reply
  }

  @Test func timestampRequestOnTheWire() throws {
    let message = Self.probe(.timestamp).message(number: 0x1_2345)
    var reader = PacketReader(message.span)
    let header = try ICMPv4Header(parsing: &reader)
    #expect(header.type == .timestampRequest && header.code == 0)
    #expect(header.identifier == 0xbeef && header.sequenceNumber == 0x2345)
    #expect(header.checksum == header.computedChecksum(payload: reader.remaining))
    let stamps = try ICMPTimestamps(parsing: &reader)
    let cookie = UInt32(truncatingIfNeeded: Self.cookies.cookie(for: 0x1_2345))
    #expect(stamps.originate.rawValue == cookie | 0x8000_0000)
    #expect(stamps.receive.rawValue == 0 && stamps.transmit.rawValue == 0 && reader.available == 0)
  }

  @Test func maskRequestOnTheWire() {
    let message = Self.probe(.addressMask).message(number: 1)
    #expect(message == hex("11 00 300f beef 0001 00000000"))
    var probe = Self.probe(.addressMask)
    probe.firstSequenceNumber = 0xffff
    #expect(probe.message(number: 3) == message)
  }

  @Test func informationRequestOnTheWire() {
    #expect(Self.probe(.information).message(number: 0x1_0001) == hex("0f 00 320f beef 0001"))
  }

  @Test("nothing but what RFC 792 draws answers an information request")
  func strictInformation() throws {
    let probe = Self.probe(.information)
    let honest = try Self.answer(to: probe.message(number: 3))
    #expect(honest == hex("10 00 310d beef 0003"))
    let reply = try #require(Self.reply(probe, honest))
    #expect(reply.content == .information && probe.proof(of: reply, number: 3) == .numbersOnly)
    for other in [hex("10 01 310c beef 0003"), honest + [0], honest + hex("00000000")] {
      let reply = try #require(Self.reply(probe, other))
      #expect(probe.proof(of: reply, number: 3) == .none)
    }
    // Every bit that is changed makes it no answer, or none to this probe, or a damaged one.
    for bit in 0..<64 {
      var other = honest
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let reply = Self.reply(probe, other) else { continue }
      #expect(probe.proof(of: reply, number: 3) == .none || !reply.isChecksumValid, "bit \(bit)")
    }
    // What --code has put into the request may come back, and 0 as well.
    var coded = probe
    coded.code = 1
    for (other, proof) in [
      (hex("10 01 310c beef 0003"), .numbersOnly), (honest, .numbersOnly),
      (hex("10 02 310b beef 0003"), .none),
    ] as [([UInt8], QuestionReply.Proof)] {
      #expect(coded.proof(of: try #require(Self.reply(coded, other)), number: 3) == proof)
    }
    #expect(Self.reply(Self.probe(.addressMask), honest) == nil)
    #expect(Self.reply(probe, hex("12 00 2f0d beef 0003 00000000")) == nil)
  }

  @Test func interfaceRequestOnTheWire() throws {
    for isNeighbor in [false, true] {
      let question = InterfaceQuestion(.index(7), isNeighbor: isNeighbor)
      let message = Self.probe(.interface(question)).message(number: 0x2_0105)
      var reader = PacketReader(message.span)
      let header = try ICMPv4Header(parsing: &reader)
      #expect(
        header.type == .extendedEchoRequest && header.rest == 0xbeef_0500 | (isNeighbor ? 0 : 1))
      #expect(header.checksum == header.computedChecksum(payload: reader.remaining))
      _ = try ICMPExtensionHeader(parsing: &reader)
      #expect(try ICMPInterfaceIdentification(parsing: &reader).subject == .index(7))
      #expect(reader.remaining.u64(at: 0) == Self.cookies.cookie(for: 0x2_0105))
      #expect(reader.available == 8)
    }
  }

  @Test func nodeQueryOnTheWire() throws {
    let target = IPv6Address(bits: 0x2001_0db8 << 96 | 1)
    let source = IPv6Address(bits: 0x2001_0db8 << 96 | 2)
    let question = NodeQuestion(.nodeAddresses, flags: [.all, .global])
    let message = Self.probe(.nodeInformation(question), overIPv6: true).message(number: 9)
    var reader = PacketReader(message.span)
    let header = try ICMPv6Header(parsing: &reader)
    #expect(header.type == .nodeInformationQuery && header.code == 0 && header.rest == 0x0003_0022)
    let checksum = header.computedChecksum(payload: reader.remaining, from: source, to: target)
    #expect(header.checksum == checksum)
    let body = try NodeInformation(parsing: &reader)
    #expect(body.nonce >> 48 == 9)
    #expect(body.nonce & 0xffff_ffff_ffff == Self.cookies.cookie(for: 9) & 0xffff_ffff_ffff)
    #expect(try body.subject(code: 0) == .ipv6(target))
    let about = NodeQuestion(.nodeName, subject: .ipv4(.loopback))
    let other = Self.probe(.nodeInformation(about), overIPv6: true).message(number: 9)
    #expect(other[1] == 2 && other.suffix(4) == [127, 0, 0, 1])
  }

  @Test("an honest answer is proved, and no other is", arguments: questions)
  func proofs(question: ProbeQuestion, overIPv6: Bool) throws {
    let probe = Self.probe(question, overIPv6: overIPv6)
    let hasKey = question != .addressMask && question != .information
    let other = overIPv6 ? Self.v6.1 : Self.v4.1
    for number in [1, 255, 256, 0x1_2345, .max] as [UInt64] {
      let message = try Self.answer(to: probe.message(number: number))
      let reply = try #require(Self.reply(probe, message))
      #expect(reply.timeToLive == 61 && reply.length == message.count && reply.isChecksumValid)
      #expect(probe.proof(of: reply, number: number) == (hasKey ? .keyed : .numbersOnly))
      #expect(probe.proof(of: reply, number: number &+ 1) == .none)
      // The same low bits, another probe: only the key tells.
      let later = number &+ 0x1_0000
      #expect(probe.proof(of: reply, number: later) == (hasKey ? .none : .numbersOnly))
      // From somewhere else: the key is proof enough, numbers are not.
      let moved = try #require(Self.reply(probe, message, from: other))
      #expect(probe.proof(of: moved, number: number) == (hasKey ? .keyed : .none))
    }
  }

  @Test("each changed octet of a keyed answer's proof is noticed", arguments: questions)
  func forged(question: ProbeQuestion, overIPv6: Bool) throws {
    guard question != .addressMask, question != .information else { return }
    let probe = Self.probe(question, overIPv6: overIPv6)
    let honest = try Self.answer(to: probe.message(number: 3))
    let keyed: Range<Int> =
      switch question {
      case .timestamp: 8..<12
      case .nodeInformation: 8..<16
      default: honest.count - 8..<honest.count
      }
    for index in keyed {
      var message = honest
      message[index] ^= 0x10
      guard let reply = Self.reply(probe, message) else { continue }
      #expect(probe.proof(of: reply, number: 3) == .none, "octet \(index)")
    }
    for count in 0..<honest.count {
      guard let reply = Self.reply(probe, Array(honest.prefix(count))) else { continue }
      let isBare = count == 8 && question.sequenceBits == 8
      let isProved = probe.proof(of: reply, number: 3) != .none
      // Without all of its octets: names may be missing, the nonce may not.
      let isNode = question == .nodeInformation(NodeQuestion(.nodeName))
      #expect(isProved == (isBare || isNode && count >= 16), "\(count) octets")
    }
  }

  @Test("a host that repeats nothing has only its numbers and its address")
  func bareInterfaceReply() throws {
    let probe = Self.probe(.interface(InterfaceQuestion(.index(7))))
    let message = try Self.answer(to: probe.message(number: 3), repeatsPayload: false)
    let reply = try #require(Self.reply(probe, message))
    #expect(probe.proof(of: reply, number: 3) == .numbersOnly)
    #expect(probe.proof(of: reply, number: 4) == .none)
    let moved = try #require(Self.reply(probe, message, from: Self.v4.1))
    #expect(probe.proof(of: moved, number: 3) == .none)
    // More than was sent is nothing that was repeated.
    let longer = try Self.answer(to: probe.message(number: 3)) + [0]
    #expect(probe.proof(of: try #require(Self.reply(probe, longer)), number: 3) == .none)
  }

  @Test func contents() throws {
    let time = Self.probe(.timestamp)
    let stamps = try #require(Self.reply(time, Self.answer(to: time.message(number: 1))))
    guard case .timestamps(let value) = stamps.content else { throw Unexpected() }
    #expect(value.receive.rawValue == 1 && value.transmit.rawValue == 2)
    let mask = Self.probe(.addressMask)
    let masked = try #require(Self.reply(mask, Self.answer(to: mask.message(number: 1))))
    #expect(masked.content == .addressMask(ICMPAddressMask(prefixLength: 24)))
    for overIPv6 in [false, true] {
      let interface = Self.probe(.interface(InterfaceQuestion(.index(7))), overIPv6: overIPv6)
      var message = try Self.answer(to: interface.message(number: 1))
      message[1] = 2
      let reply = try #require(Self.reply(interface, message))
      #expect(reply.content == .interface(code: 2, ICMPInterfaceState(rawValue: 6)))
      #expect(reply.isChecksumValid == overIPv6)
    }
  }

  private struct Unexpected: Error {}

  @Test("what a node says of itself")
  func nodes() throws {
    let name = NodeInformation.Name(try #require(DNSName("a")), isFullyQualified: false)
    let four = hex("00000005 c0000201")
    let address = NodeInformation.Address(Self.v4.0, timeToLive: 5)
    for (type, code, flags, data, expected) in [
      (.noOperation, 0, 0, [], .nothing),
      (.nodeName, 0, 0, hex("00000007 0161 0000"), .names([name], timeToLive: 7)),
      (.ipv4Addresses, 0, 0, four, .addresses([address], isTruncated: false)),
      (.ipv4Addresses, 0, 1, four, .addresses([address], isTruncated: true)),
      (.nodeName, 1, 0, [], .refused), (.nodeName, 2, 0, [], .unknownType),
      (.nodeName, 3, 0, [], .unknown(code: 3, type: .nodeName)),
      (
        .nodeAddresses, 0, 0, four,
        .malformed(PacketError(.icmpv6, at: 0, .truncated(needed: 20, available: 8)))
      ),
    ] as [(NodeInformation.QueryType, UInt8, UInt8, [UInt8], NodeAnswer)] {
      let probe = Self.probe(.nodeInformation(NodeQuestion(type)), overIPv6: true)
      var message = try Self.answer(to: probe.message(number: 1), data: data)
      (message[1], message[7]) = (code, flags)
      let reply = try #require(Self.reply(probe, message))
      #expect(reply.content == .node(expected))
      #expect(probe.proof(of: reply, number: 1) == .keyed)
    }
  }

  @Test("others' messages are none of ours", arguments: questions)
  func others(question: ProbeQuestion, overIPv6: Bool) throws {
    let probe = Self.probe(question, overIPv6: overIPv6)
    let request = probe.message(number: 1)
    #expect(Self.reply(probe, request) == nil)
    var message = try Self.answer(to: request)
    message[0] = overIPv6 ? 129 : 0
    #expect(Self.reply(probe, message) == nil)
    if !overIPv6 {
      message = try Self.answer(to: request)
      message[4] ^= 1
      #expect(Self.reply(probe, message) == nil)
    }
  }

  @Test("errors tell their probe, from the network and from the error queue", arguments: questions)
  func errors(question: ProbeQuestion, overIPv6: Bool) throws {
    let probe = Self.probe(question, overIPv6: overIPv6)
    let request = probe.message(number: 0x1_0203)
    let router = overIPv6 ? IPAddress.v6(.loopback) : IPAddress.v4(IPv4Address(10, 0, 0, 1))
    let packet = try ProbePacket(
      from: probe.source, to: probe.target, carrying: overIPv6 ? .icmpv6 : .icmp, timeToLive: 1
    ).octets(payload: request.span)
    let message = [overIPv6 ? 3 : 11, 0, 0, 0, 0, 0, 0, 0] + packet
    let sequence: UInt16 = question.sequenceBits == 8 ? 3 : 0x0203
    let report = ICMPErrorReport(
      family: overIPv6 ? .v6 : .v4, type: message[0], code: 0, source: router, timeToLive: 9)
    let arrival = probe.decode(
      message.span, framing: .message, fields: ArrivalFields(source: router, timeToLive: 9))
    #expect(
      arrival == .error(sequenceNumber: sequence, target: probe.target, report))
    var other = message
    other[8 + packet.count - request.count] ^= 1
    #expect(
      probe.decode(
        other.span, framing: .message, fields: ArrivalFields(source: router, timeToLive: 9)) == nil)
  }

  @Test("an IPv4 packet is read from its own header")
  func wholePacket() throws {
    let probe = Self.probe(.timestamp)
    let message = try Self.answer(to: probe.message(number: 1))
    let packet = try ProbePacket(
      from: probe.target, to: probe.source, carrying: .icmp, timeToLive: 57
    ).octets(payload: message.span)
    let arrival = probe.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: .v4(.any)))
    guard case .answer(let reply) = arrival else { throw Unexpected() }
    #expect(reply.source == probe.target && reply.timeToLive == 57)
    #expect(probe.proof(of: reply, number: 1) == .keyed)
  }

  @Test("any octets are read", arguments: 0..<4 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    for (question, overIPv6) in Self.questions {
      let probe = Self.probe(question, overIPv6: overIPv6)
      let honest = try Self.answer(to: probe.message(number: 1))
      for _ in 0..<300 {
        var octets = Array(honest.prefix(.random(in: 0...honest.count, using: &rng)))
        for _ in 0..<2 where !octets.isEmpty {
          octets[.random(in: octets.indices, using: &rng)] = .random(in: 0...255, using: &rng)
        }
        octets += rng.bytes(count: .random(in: 0...40, using: &rng))
        _ = Self.reply(probe, octets)
        _ = probe.decode(
          octets.span, framing: .packet,
          fields: ArrivalFields(source: probe.target, timeToLive: nil))
      }
    }
  }
}
