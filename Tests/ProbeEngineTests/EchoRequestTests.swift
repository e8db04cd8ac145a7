import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

@Suite("Echo requests and what comes back")
struct EchoRequestTests {
  private let harness = PingHarness()

  @Test func messageOnTheWire() throws {
    let message = harness.request.message(serial: 0x1_2345)
    var reader = PacketReader(message.span)
    let header = try ICMPv4Header(parsing: &reader)
    #expect(header.type == .echoRequest && header.code == 0)
    #expect(header.identifier == 0xbeef && header.sequenceNumber == 0x2345)
    #expect(reader.available == 56)
    #expect(header.checksum == header.computedChecksum(payload: reader.remaining))
    #expect(reader.remaining.u64(at: 0) == PingHarness.cookies.cookie(for: 0x1_2345))
    #expect(reader.remaining[10] == 10 && reader.remaining[55] == 55)
  }

  @Test(arguments: [0, 3, 9, 10, 56])
  func ipv6ChecksumCoversTheAddresses(length: Int) throws {
    let source = try #require(IPv6Address("2001:db8::1"))
    let target = try #require(IPv6Address("2001:db8::2"))
    let request = EchoRequest(
      family: .v6, identifier: 1, payloadLength: length, cookies: PingHarness.cookies)
    let message = request.message(serial: 1, pseudoHeader: (.v6(source), .v6(target)))
    var reader = PacketReader(message.span)
    let header = try ICMPv6Header(parsing: &reader)
    #expect(header.type == .echoRequest)
    let payload = reader.remaining
    #expect(header.checksum == header.computedChecksum(payload: payload, from: source, to: target))
  }

  @Test func replyIsRead() throws {
    let packet = harness.reply(to: 3)
    let arrival = harness.request.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: PingHarness.v4.source))
    guard case .reply(let reply) = arrival else {
      Issue.record("\(String(describing: arrival))")
      return
    }
    #expect(reply.sequenceNumber == 3 && reply.length == 64 && reply.timeToLive == 61)
    #expect(reply.source == PingHarness.v4.target && reply.isChecksumValid && reply.damage == nil)
  }

  @Test func damageIsFound() {
    let packet = harness.reply(to: 3, change: { $0[8 + 20] ^= 0x40 })
    let arrival = harness.request.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: PingHarness.v4.source))
    guard case .reply(let reply) = arrival else {
      Issue.record("\(String(describing: arrival))")
      return
    }
    #expect(!reply.isChecksumValid)
    #expect(reply.damage?.offset == 20 && reply.damage?.expected == 20 && reply.damage?.seen == 84)
  }

  @Test(
    "replies to others and other messages are none of ours",
    arguments: [
      (0, UInt8(8)), (4, 0xbf), (5, 0xee), (0, 13),
    ])
  func foreign(offset: Int, octet: UInt8) {
    let packet = harness.reply(to: 3, change: { $0[offset] = octet })
    let arrival = harness.request.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: PingHarness.v4.source))
    #expect(arrival == nil)
  }

  @Test func quotedProbeIsRecognised() {
    let router = IPv4Address(198, 51, 100, 7)
    let packet = harness.error(
      about: 5, type: .destinationUnreachable, code: 4, from: router, rest: 1400)
    let arrival = harness.request.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: PingHarness.v4.source))
    let expected = ICMPErrorReport(
      family: .v4, type: 3, code: 4, source: .v4(router), detail: 1400, timeToLive: 254)
    #expect(arrival == .error(sequenceNumber: 5, target: PingHarness.v4.target, expected))
  }

  @Test("an error about somebody else's packet is not ours", arguments: [8 + 20, 8 + 24])
  func foreignQuote(offset: Int) {
    // The quoted type and identifier in turn; the destination is the session's to compare.
    var packet = harness.error(
      about: 5, type: .timeExceeded, code: 0, from: IPv4Address(198, 51, 100, 7))
    packet[20 + offset] ^= 1
    let arrival = harness.request.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: PingHarness.v4.source))
    #expect(arrival == nil)
  }

  @Test(
    "all probes of a flow have the same checksum, which is right", arguments: [10, 11, 56, 1400])
  func constantChecksum(length: Int) {
    var seen: [UInt16: Set<UInt16>] = [:]
    let request = EchoRequest(
      family: .v4, identifier: 0xbeef, payloadLength: length, pattern: [0xff],
      cookies: PingHarness.cookies)
    var message: [UInt8] = []
    for flow in 0..<20 as Range<UInt16> {
      for serial in [1, 2, 65_535, 65_536, 1 << 40] as [UInt64] {
        request.write(serial: serial, flow: flow, into: &message)
        var sum = InternetChecksum()
        sum.add(message.span)
        #expect(sum.folded == 0xffff && message.count == 8 + length)
        seen[flow, default: []].insert(UInt16(message[2]) << 8 | UInt16(message[3]))
      }
    }
    #expect(seen.values.allSatisfy { $0.count == 1 } && Set(seen.values).count == 20)
    #expect(message.suffix(length - 10).allSatisfy { $0 == 0xff })
  }

  @Test("a shorter probe is the start of a longer one, with a checksum of its own")
  func shorter() {
    var message: [UInt8] = []
    for length in [0, 1, 7, 8, 9, 10, 55, 56] {
      harness.request.write(serial: 9, length: length, into: &message)
      var sum = InternetChecksum()
      sum.add(message.span)
      #expect(message.count == 8 + length && sum.folded == 0xffff)
    }
    harness.request.write(serial: 9, into: &message)
    #expect(message.count == 64)
  }

  @Test("octets of any kind are read without a trap", arguments: 0..<4 as Range<UInt64>)
  func hostile(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    let template = harness.reply(to: 3)
    for round in 0..<3_000 {
      var packet =
        round.isMultiple(of: 2) ? rng.bytes(count: .random(in: 0...90, using: &rng)) : template
      if !packet.isEmpty {
        packet[.random(in: packet.indices, using: &rng)] = .random(in: 0...255, using: &rng)
        packet.removeLast(.random(in: 0...packet.count, using: &rng))
      }
      for framing in [ArrivalFraming.packet, .message] {
        _ = harness.request.decode(
          packet.span, framing: framing, fields: ArrivalFields(source: PingHarness.v4.source))
      }
    }
  }
}
