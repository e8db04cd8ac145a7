import CommandLineKit
import EventJSON
import PacketText
import PacketWire
import Testing

@testable import PingCommand
@testable import ProbeEngine

@Suite("The text of answers that are no echo replies")
struct QuestionTextTests {
  static func reply(_ content: QuestionReply.Content) -> QuestionReply {
    QuestionReply(
      sequenceNumber: 7, source: address("192.0.2.9"), timeToLive: 61, length: 20,
      isChecksumValid: true, content: content, returned: .numbers)
  }

  private func written(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer()
    write(&buffer)
    return buffer.string
  }

  private func line(
    _ content: QuestionReply.Content, to question: ProbeQuestion = .timestamp,
    offset: ClockOffset? = nil
  ) -> String {
    written { text in
      QuestionText.appendNumber(of: Self.reply(content), 7, &text)
      QuestionText.appendContent(of: Self.reply(content), to: question, offset: offset, &text)
    }
  }

  static func stamps(_ receive: UInt32, _ transmit: UInt32) -> ICMPTimestamps {
    ICMPTimestamps(
      originate: ICMPTimestamp(rawValue: 0x8000_0000), receive: ICMPTimestamp(rawValue: receive),
      transmit: ICMPTimestamp(rawValue: transmit))
  }

  @Test func timestamps() throws {
    let same = Self.stamps(45_296_789, 45_296_789)
    #expect(line(.timestamps(same)) == " icmp_seq=7, its clock says 12:34:56.789 UT")
    let sent = WallInstant(nanoseconds: 45_296_784_000_000)
    let ahead = ClockOffset(same, sentAt: sent, roundTrip: Nanoseconds(200_000))
    #expect(
      line(.timestamps(same), offset: ahead)
        == " icmp_seq=7, its clock says 12:34:56.789 UT, ahead of ours by 5.4 ms, give or take 0.6 ms"
    )
    let later = WallInstant(nanoseconds: 45_306_784_000_000)
    let behind = ClockOffset(same, sentAt: later, roundTrip: Nanoseconds(200_000))
    #expect(
      line(.timestamps(same), offset: behind)
        .hasSuffix(", behind ours by 9994.6 ms, give or take 0.6 ms"))
    #expect(
      line(.timestamps(Self.stamps(5, 0x8000_0009)))
        == " icmp_seq=7, its clock says 00:00:00.005 UT to 0x80000009 (no time of day)")
  }

  @Test func masks() {
    #expect(
      line(.addressMask(ICMPAddressMask(prefixLength: 24)))
        == " icmp_seq=7, mask 255.255.255.0 (/24)")
    #expect(
      line(.addressMask(ICMPAddressMask(IPv4Address(255, 0, 255, 0))))
        == " icmp_seq=7, mask 255.0.255.0 (no network has such a mask)")
  }

  @Test("an information reply says nothing but that it is one")
  func information() {
    #expect(line(.information, to: .information) == " icmp_seq=7")
    #expect(fields(.information) == #"{"schema":"wirewalk/1","event":"x","proof":"keyed"}"#)
  }

  @Test(
    arguments: [
      (0, 0b111, "the interface is active and runs IPv4 and IPv6"),
      (0, 0b110, "the interface is active and runs IPv4"),
      (0, 0b101, "the interface is active and runs IPv6"),
      (0, 0b100, "the interface is active and runs neither IPv4 nor IPv6"),
      (0, 0, "the interface is not active"), (1, 0, "malformed query"),
      (2, 0, "no such interface"), (3, 0, "no such table entry"),
      (4, 0, "multiple interfaces satisfy query"), (5, 0, "unknown code 5"),
    ] as [(UInt8, UInt8, String)])
  func interfaces(code: UInt8, state: UInt8, expected: String) {
    let content = QuestionReply.Content.interface(
      code: code, ICMPInterfaceState(rawValue: state))
    let question = ProbeQuestion.interface(InterfaceQuestion(.index(1)))
    #expect(line(content, to: question) == " icmp_seq=7, \(expected)")
  }

  @Test func neighbors() {
    let question = ProbeQuestion.interface(
      InterfaceQuestion(.address(address("192.0.2.1")), isNeighbor: true))
    let names = [
      "in no state", "incomplete", "reachable", "stale", "in delay", "being probed", "failed",
      "in an unknown state",
    ]
    for (number, name) in names.enumerated() {
      let state = ICMPInterfaceState(rawValue: UInt8(number) << 5)
      #expect(
        line(.interface(code: 0, state), to: question) == " icmp_seq=7, the neighbour is \(name)")
    }
  }

  @Test("node information is said in the words of iputils")
  func nodes() throws {
    let full = NodeInformation.Name(try #require(DNSName("a.test")), isFullyQualified: true)
    let part = NodeInformation.Name(
      try #require(DNSName(labels: [[0x1b, 0x5b]])), isFullyQualified: false)
    let entry = NodeInformation.Address(address("192.0.2.1"), timeToLive: 5)
    for (answer, expected) in [
      (.nothing, ""), (.names([full, part], timeToLive: 0), " a.test., \\027["),
      (.addresses([entry, entry], isTruncated: true), " 192.0.2.1, 192.0.2.1 (truncated)"),
      (.addresses([], isTruncated: false), ""), (.refused, " refused"),
      (.unknownType, " unknown"), (.unknown(code: 9, type: .nodeName), " unknown code(09)"),
      (.unknown(code: 0, type: .init(rawValue: 0x12)), " unknown qtype(0x12)"),
      (
        .malformed(PacketError(.icmpv6, at: 0, .badPointer(1))), " parse error (truncated)"
      ),
    ] as [(NodeAnswer, String)] {
      #expect(line(.node(answer)) == expected + "; seq=7;")
    }
  }

  private func fields(
    _ content: QuestionReply.Content, offset: ClockOffset? = nil
  ) -> String {
    written { text in
      text.appendEvent("x") {
        QuestionEvents.append(
          Self.reply(content), proof: .keyed, offset: offset, to: &$0)
      }
    }.replacing("{\"schema\":\"wirewalk/1\",\"event\":\"x\",\"proof\":\"keyed\",", with: "")
  }

  @Test func events() throws {
    let stamps = Self.stamps(5, 0x8000_0009)
    #expect(
      fields(.timestamps(stamps))
        == #""timestamps":{"receive_ms":5,"transmit_ms":null,"clock_offset_ns":null}}"#)
    let same = Self.stamps(5, 5)
    let offset = ClockOffset(
      same, sentAt: WallInstant(nanoseconds: 0), roundTrip: Nanoseconds(1_000_000))
    #expect(
      fields(.timestamps(same), offset: offset)
        .hasSuffix(
          #""clock_offset_ns":{"estimate":5000000,"lower":4000000,"upper":6000000}}}"#))
    #expect(
      fields(.addressMask(ICMPAddressMask(prefixLength: 8)))
        == #""mask":{"address":"255.0.0.0","prefix_length":8}}"#)
    let state = ICMPInterfaceState(
      neighbor: .stale, isActive: true, runsIPv4: false, runsIPv6: true)
    let interface =
      #""interface":{"code":0,"text":"no error","active":true,"ipv4":false,"ipv6":true,"#
      + #""neighbor":3}}"#
    #expect(fields(.interface(code: 0, state)) == interface)
    let name = NodeInformation.Name(try #require(DNSName("a.test")), isFullyQualified: true)
    #expect(
      fields(.node(.names([name], timeToLive: 9)))
        == #""node":{"answer":"names","ttl_s":9,"names":["a.test."]}}"#)
    let entry = NodeInformation.Address(address("::1"), timeToLive: 5)
    let addresses =
      #""node":{"answer":"addresses","truncated":false,"addresses":[{"address":"::1","ttl_s":5}]}}"#
    #expect(fields(.node(.addresses([entry], isTruncated: false))) == addresses)
    #expect(fields(.node(.refused)) == #""node":{"answer":"refused"}}"#)
  }
}

@Suite("Arguments of questions")
struct QuestionArgumentTests {
  private func question(_ words: [String]) throws -> NodeQuestion {
    var arguments = NodeQuestionArguments()
    for word in words { try arguments.add(word) }
    return try arguments.question { host, family in
      #expect(host == "some.host")
      return family == .v4 ? address("192.0.2.1") : address("::1")
    }
  }

  @Test func words() throws {
    #expect(try question(["name"]) == NodeQuestion(.nodeName))
    #expect(try question(["ipv4-all"]) == NodeQuestion(.ipv4Addresses, flags: .all))
    #expect(
      try question(["ipv6", "ipv6-global", "ipv6-linklocal", "ipv6-sitelocal", "ipv6-compatible"])
        == NodeQuestion(
          .nodeAddresses, flags: [.global, .linkLocal, .siteLocal, .compatible]))
    #expect(
      try question(["fqdn", "subject-ipv4=some.host"])
        == NodeQuestion(.nodeName, subject: .ipv4(IPv4Address(192, 0, 2, 1))))
    #expect(
      try question(["name", "subject-ipv6=some.host"])
        == NodeQuestion(.nodeName, subject: .ipv6(.loopback)))
    let name = try #require(DNSName("host"))
    #expect(
      try question(["name", "subject-name=HOST"]).subject
        == .name(NodeInformation.Name(name, isFullyQualified: false)))
    #expect(
      try question(["name", "subject-fqdn=host"]).subject
        == .name(NodeInformation.Name(name, isFullyQualified: true)))
  }

  @Test(
    arguments: [
      ["ipv5"], ["subject-ipv4="], ["name", "ipv4"], [], ["subject-name=a"],
      ["name", "subject-name=a", "subject-ipv4=some.host"], ["name", "subject-name=a..b"],
      ["subject-fqdn=."],
    ])
  func refused(words: [String]) {
    let error = #expect(throws: UsageError.self) { try question(words) }
    #expect(error?.message.isEmpty == false)
  }

  @Test func interfaces() throws {
    for (text, expected) in [
      ("eth0", InterfaceQuestion(.name(Array("eth0".utf8)))), ("7", InterfaceQuestion(.index(7))),
      ("4294967295", InterfaceQuestion(.index(.max))),
      ("192.0.2.1", InterfaceQuestion(.address(address("192.0.2.1")))),
      ("neighbor:::1", InterfaceQuestion(.address(address("::1")), isNeighbor: true)),
      ("7a", InterfaceQuestion(.name(Array("7a".utf8)))),
    ] {
      #expect(try InterfaceQuestion(argument: text) == expected)
    }
    for text in ["", "0", "4294967296", "neighbor:eth0", String(repeating: "x", count: 256)] {
      #expect(throws: UsageError.self) { try InterfaceQuestion(argument: text) }
    }
  }
}
