import CLinux
import Glibc
import PacketTestSupport
import PacketWire
import Testing

@testable import LinuxNet

@Suite("Control messages (cmsg(3))")
struct ControlMessageTests {
  /// A control message laid out by the rules of cmsg(3), padded to the next `size_t`.
  static func message(_ level: CInt, _ type: CInt, _ data: [UInt8]) -> [UInt8] {
    let octets = (16 + data.count).nativeOctets + level.nativeOctets + type.nativeOctets + data
    return octets + [UInt8](repeating: 0xa5, count: (8 - octets.count % 8) % 8)
  }

  static let offenderOctets = octets(of: SocketAddress(endpoint("198.51.100.9")))
  static let error =
    UInt32(ECONNREFUSED).nativeOctets + [UInt8(SO_EE_ORIGIN_ICMP), 3, 1, 0]
    + UInt32(1400).nativeOctets + UInt32(77).nativeOctets

  private func fields(_ octets: [UInt8]) -> ReceivedFields { ReceivedFields(octets.span) }

  /// How many messages are found.
  private func count(_ octets: [UInt8]) -> Int {
    var messages = ControlMessages()
    var count = 0
    while messages.next(in: octets.span) != nil { count += 1 }
    return count
  }

  static let stamp = message(
    SOL_SOCKET, CInt(CLINUX_SO_TIMESTAMPING),
    Int64(1_700_000_001).nativeOctets + Int64(123_456_789).nativeOctets
      + [UInt8](repeating: 0, count: 32))

  @Test func everyKnownIPv4Message() {
    let ip = CInt(IPPROTO_IP)
    let octets =
      Self.stamp + Self.message(ip, IP_TTL, CInt(63).nativeOctets)
      + Self.message(ip, IP_TOS, [0xb9])
      + Self.message(
        ip, IP_PKTINFO, UInt32(4).nativeOctets + [192, 0, 2, 1] + [198, 18, 3, 4])
      + Self.message(ip, IP_RECVERR, Self.error + Self.offenderOctets)
    let fields = self.fields(octets)
    #expect(fields.stamp == WallInstant(nanoseconds: 1_700_000_001_123_456_789))
    #expect(fields.timeToLive == 63)
    #expect(fields.typeOfService == 0xb9)
    #expect(fields.destination == IPAddress("198.18.3.4"))
    #expect(fields.interface == 4)
    #expect(fields.extendedError?.errorNumber == ECONNREFUSED)
    #expect(fields.extendedError?.type == 3 && fields.extendedError?.code == 1)
    #expect(fields.extendedError?.information == 1400 && fields.extendedError?.data == 77)
    #expect(fields.extendedError?.offender == IPAddress("198.51.100.9"))
  }

  @Test func everyKnownIPv6Message() {
    let ipv6 = CInt(IPPROTO_IPV6)
    let octets =
      Self.message(ipv6, IPV6_HOPLIMIT, CInt(250).nativeOctets)
      + Self.message(ipv6, IPV6_TCLASS, CInt(0x2e).nativeOctets)
      + Self.message(
        ipv6, IPV6_PKTINFO,
        hex("20010db8 00000000 00000000 00000007") + UInt32(9).nativeOctets)
      + Self.message(ipv6, IPV6_RECVERR, Self.error)
    let fields = self.fields(octets)
    #expect(fields.timeToLive == 250 && fields.typeOfService == 0x2e)
    #expect(fields.destination == IPAddress("2001:db8::7"))
    #expect(fields.interface == 9)
    #expect(fields.extendedError?.origin == UInt8(SO_EE_ORIGIN_ICMP))
    #expect(fields.extendedError?.offender == nil)
    #expect(fields.stamp == nil)
  }

  /// The three of `struct scm_timestamping`, each of so many seconds and nanoseconds.
  static func stamps(_ times: (Int64, Int64)...) -> [UInt8] {
    message(
      SOL_SOCKET, CInt(CLINUX_SO_TIMESTAMPING),
      times.flatMap { $0.0.nativeOctets + $0.1.nativeOctets })
  }

  @Test("the first of three stamps is the kernel's, the third the card's")
  func cardStamps() {
    let both = fields(Self.stamps((1_700_000_001, 5), (8, 8), (3, 999_999_999)))
    #expect(both.stamp == WallInstant(nanoseconds: 1_700_000_001_000_000_005))
    #expect(both.cardStamp == CardInstant(nanoseconds: 3_999_999_999))
    let kernels = fields(Self.stamps((7, 0), (8, 8), (0, 0)))
    #expect(kernels.stamp == WallInstant(nanoseconds: 7_000_000_000) && kernels.cardStamp == nil)
    // A card's clock may begin at nothing, or before it.
    for (time, expected) in [((0, 1), 1), ((-1, 999_999_999), -1)] as [((Int64, Int64), Int64)] {
      let card = fields(Self.stamps((0, 0), (8, 8), time))
      #expect(card.stamp == nil && card.cardStamp == CardInstant(nanoseconds: expected))
    }
    // Cut short, the third is none.
    let whole = Self.stamps((7, 0), (8, 8), (3, 4))
    for count in [16, 32, 47] {
      let data = Array(whole[16..<16 + count])
      let cut = fields(Self.message(SOL_SOCKET, CInt(CLINUX_SO_TIMESTAMPING), data))
      #expect(cut.stamp != nil && cut.cardStamp == nil)
    }
  }

  @Test("what the error queue says of a sent message, by whose clock")
  func transmitStamps() throws {
    func entry(_ kind: Int, _ stamps: [UInt8]) throws -> QueuedError? {
      let error =
        UInt32(ENOMSG).nativeOctets + [UInt8(SO_EE_ORIGIN_TIMESTAMPING), 0, 0, 0]
        + UInt32(kind).nativeOctets + UInt32(77).nativeOctets
      let fields = fields(stamps + Self.message(CInt(IPPROTO_IP), IP_RECVERR, error))
      return MessageSocket.stamp(try #require(fields.extendedError), fields)
    }
    let (kernel, card) = (Self.stamps((7, 1), (0, 0), (0, 0)), Self.stamps((0, 0), (0, 0), (9, 2)))
    let time = WallInstant(nanoseconds: 7_000_000_001)
    let (queued, sent) = (Int(SCM_TSTAMP_SCHED), Int(SCM_TSTAMP_SND))
    #expect(try entry(queued, kernel) == .transmitted(sendCounter: 77, at: time))
    #expect(try entry(sent, kernel) == .handedOver(sendCounter: 77, at: time))
    #expect(
      try entry(sent, card)
        == .leftCard(sendCounter: 77, at: CardInstant(nanoseconds: 9_000_000_002)))
    // No card stamps what waits in a queue, or what was acknowledged.
    #expect(try entry(queued, card) == nil)
    #expect(try entry(Int(SCM_TSTAMP_ACK), kernel) == nil)
    #expect(try entry(sent, Self.stamps((0, 0), (9, 9), (0, 0))) == nil)
  }

  @Test func anEmptyStampIsNone() {
    let octets = Self.message(
      SOL_SOCKET, CInt(CLINUX_SO_TIMESTAMPING), [UInt8](repeating: 0, count: 48))
    #expect(fields(octets).stamp == nil)
  }

  @Test func unknownMessagesAreSkipped() {
    let octets =
      Self.message(SOL_SOCKET, 4711, [1, 2, 3]) + Self.message(99, IP_TTL, CInt(1).nativeOctets)
      + Self.message(CInt(IPPROTO_IP), IP_TTL, CInt(7).nativeOctets)
    #expect(fields(octets).timeToLive == 7)
  }

  @Test func everyShorterPrefixIsSafe() {
    let ip = CInt(IPPROTO_IP)
    let octets =
      Self.message(ip, IP_RECVERR, Self.error + Self.offenderOctets)
      + Self.message(ip, IP_PKTINFO, [UInt8](repeating: 1, count: 12)) + Self.stamp
      + Self.message(ip, IP_TTL, CInt(64).nativeOctets)
    // The last four octets are padding.
    for count in 0..<octets.count - 4 {
      #expect(fields(Array(octets[..<count])).timeToLive == nil, "\(count) octets")
    }
    #expect(fields(octets).timeToLive == 64)
  }

  @Test(arguments: [
    (CInt(IPPROTO_IP), IP_TTL, 3), (CInt(IPPROTO_IP), IP_TOS, 0),
    (CInt(IPPROTO_IP), IP_PKTINFO, 11),
    (CInt(IPPROTO_IP), IP_RECVERR, 15), (CInt(IPPROTO_IPV6), IPV6_HOPLIMIT, 3),
    (CInt(IPPROTO_IPV6), IPV6_TCLASS, 3), (CInt(IPPROTO_IPV6), IPV6_PKTINFO, 19),
    (SOL_SOCKET, CInt(CLINUX_SO_TIMESTAMPING), 15),
  ])
  func tooLittleDataIsNoValue(level: CInt, type: CInt, count: Int) {
    let fields = fields(Self.message(level, type, [UInt8](repeating: 1, count: count)))
    #expect(fields.timeToLive == nil && fields.typeOfService == nil && fields.stamp == nil)
    #expect(fields.destination == nil && fields.extendedError == nil)
  }

  @Test(arguments: [0, 1, 15, -1, -16, Int.min, Int.max, 25])
  func impossibleLengthsEndTheWalk(length: Int) {
    let octets =
      length.nativeOctets + CInt(IPPROTO_IP).nativeOctets + IP_TTL.nativeOctets
      + CInt(9).nativeOctets + [0, 0, 0, 0]
    #expect(count(octets) == 0)
  }

  @Test func whatIsBuiltIsReadBack() {
    let message = ControlMessages.message(level: CInt(IPPROTO_IP), type: IP_TTL, value: 42)
    let octets = [UInt8](copying: message.span)
    #expect(fields(octets).timeToLive == 42)
    #expect(
      octets
        == 20.nativeOctets + CInt(IPPROTO_IP).nativeOctets + IP_TTL.nativeOctets
        + CInt(42).nativeOctets + [0, 0, 0, 0])
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func anyOctetsAreSafe(seed: UInt64) {
    var rng = SeededRNG(seed: seed)
    for _ in 0..<2000 {
      var octets = rng.bytes(count: Int.random(in: 0...96, using: &rng))
      // Small lengths, so that the walk goes further than the first message.
      for index in stride(from: 0, to: octets.count, by: 8) where Bool.random(using: &rng) {
        let small = UInt64.random(in: 0...40, using: &rng).nativeOctets
        for (place, octet) in zip(index..<min(index + 8, octets.count), small) {
          octets[place] = octet
        }
      }
      _ = fields(octets)
      #expect(count(octets) <= 6)
    }
  }
}
