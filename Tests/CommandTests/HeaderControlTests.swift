import PacketTestSupport
import PacketText
import PacketWire
import ProbeEvidence
import Testing

@testable import PingCommand
@testable import ProbeEngine

@Suite("Header fields as they are asked for, and what routers wrote into answers")
struct HeaderControlTests {
  private static let source = IPv4Address(192, 0, 2, 1)
  private static let target = IPv4Address(192, 0, 2, 9)

  private static func message(length: Int = 56) -> [UInt8] {
    EchoRequest(
      family: .v4, identifier: 9, payloadLength: length, cookies: KeyedCookie(key: 1, 2)
    ).message(serial: 1)
  }

  private static func sum(_ octets: [UInt8]) -> UInt16 {
    var sum = InternetChecksum()
    sum.add(octets.span)
    return sum.value
  }

  @Test("a code keeps the checksum right, --badsum does not", arguments: [0, 4, 56])
  func edits(length: Int) throws {
    #expect(MessageEdits(HeaderOptions()) == nil)
    var options = HeaderOptions()
    options.code = 255
    var message = Self.message(length: length)
    try #require(MessageEdits(options)).apply(to: &message)
    #expect(message[1] == 255 && Self.sum(message) == 0)
    options.code = 4
    try #require(MessageEdits(options)).apply(to: &message)
    #expect(message[1] == 4 && Self.sum(message) == 0)
    options.hasBadChecksum = true
    message = Self.message(length: length)
    try #require(MessageEdits(options)).apply(to: &message)
    #expect(message[1] == 4 && Self.sum(message) != 0)
    options.code = nil
    try #require(MessageEdits(options)).apply(to: &message)
    #expect(message[1] == 4 && Self.sum(message) == 0)
    var short: [UInt8] = [8]
    try #require(MessageEdits(options)).apply(to: &short)
    #expect(short == [8])
  }

  @Test("each field stands where RFC 791 has it")
  func header() throws {
    var fields = HeaderOptions()
    fields.identification = 77
    (fields.dontFragment, fields.isEvil, fields.fragmentOffset) = (true, true, 24)
    fields.octets = [0x94, 4, 0, 0, 1]
    let header = ProbeHeader(
      source: .v4(Self.source), timeToLive: 9, typeOfService: 0xb8, fields: fields)
    let built = header.packet(to: .v4(Self.target), carrying: Self.message().span)
    let packet = try #require(built)
    var reader = PacketReader(packet.span)
    let read = try IPv4Header(parsing: &reader)
    #expect(read.identification == 77 && read.timeToLive == 9 && read.typeOfService == 0xb8)
    #expect(read.dontFragment && read.reservedFlag && !read.moreFragments)
    #expect(read.fragmentOffset == 24 && read.length == 28 && read.totalLength == 92)
    #expect(Array(copying: read.options.span) == [0x94, 4, 0, 0, 1, 0, 0, 0])
  }

  private static func answer(_ options: [UInt8]) throws -> EvidencePacket {
    var packet = ProbePacket(
      from: .v4(target), to: .v4(source), carrying: .icmp, timeToLive: 60)
    packet.options = try #require(OptionOctets(padding: options))
    return EvidencePacket(whole: try packet.octets(payload: message().span))
  }

  private static func text(_ options: AnswerOptions?) -> String {
    let text = PingText(
      targets: pingTargets("x", .v4(target)), payloadLength: 56, name: { _ in nil })
    var buffer = TextBuffer()
    options?.append(to: &buffer, text)
    return buffer.string
  }

  @Test("a route, and the same again")
  func route() throws {
    let option: [UInt8] = [7, 15, 12, 192, 0, 2, 1, 192, 0, 2, 2, 0, 0, 0, 0]
    let first = try #require(AnswerOptions(try Self.answer([1] + option)))
    #expect(Self.text(first) == "\nRR: \t192.0.2.1\n\t192.0.2.2\n")
    var second = try #require(AnswerOptions(try Self.answer(option)))
    second.compare(with: first)
    #expect(Self.text(second) == "\t(same route)")
  }

  @Test(
    "times, as what has passed since the one before; with addresses; lost and not standard ones")
  func times() throws {
    let times: [UInt8] = [68, 16, 17, 0x20, 0, 0, 1, 0, 0, 0, 1, 5, 0x80, 0, 0, 7]
    #expect(
      Self.text(AnswerOptions(try Self.answer(times)))
        == "\nTS: \t256 absolute\n\t5\n\t7 absolute not-standard\nUnrecorded hops: 2\n")
    let both: [UInt8] = [68, 20, 13, 1, 192, 0, 2, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(
      Self.text(AnswerOptions(try Self.answer(both))) == "\nTS: \t192.0.2.1\t9 absolute\n")
  }

  @Test("octets of anybody's making")
  func hostile() throws {
    for options in [
      [], [7], [7, 2], [7, 3, 255], [7, 40, 8], [68, 3, 9], [68, 4, 255, 1], [0, 7],
    ]
      as [[UInt8]]
    {
      _ = Self.text(AnswerOptions(try Self.answer(options)))
    }
    var random = SeededRNG(seed: 11)
    for _ in 0..<2_000 {
      let count = Int.random(in: 0...40, using: &random)
      var options = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      if count > 3 {
        (options[0], options[1]) = (Bool.random(using: &random) ? 7 : 68, UInt8(count))
      }
      _ = Self.text(AnswerOptions(try Self.answer(options)))
    }
  }
}
