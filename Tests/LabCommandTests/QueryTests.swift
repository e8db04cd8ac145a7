import CommandLineKit
import PacketWire
import TerminalText
import Testing

@testable import LabCommand

@Suite("What lab-swift query asks, and how it shows messages")
struct QueryTests {
  @Test(
    "names, types and servers in any order",
    arguments: [
      (["a.test"], "a.test. 1 -"), (["a.test", "mx"], "a.test. 15 -"),
      (["@::1", "a.test", "TYPE99"], "a.test. 99 ::1"),
      (["a.test", "@dns.test", "AAAA"], "a.test. 28 dns.test"),
      (["192.0.2.80"], "80.2.0.192.in-addr.arpa. 12 -"),
      (["192.0.2.80", "NS"], "80.2.0.192.in-addr.arpa. 2 -"), ([".", "NS"], ". 2 -"),
    ] as [([String], String)])
  func targets(operands: [String], expected: String) throws {
    let target = try QueryTarget(operands)
    #expect("\(target.name) \(target.type.rawValue) \(target.server ?? "-")" == expected)
  }

  @Test(
    "what cannot be asked",
    arguments: [
      [], ["a..test"], ["a.test", "NONE"], ["a.test", "A", "B"], ["a.test", "@"],
      ["a.test", "@x", "@y"], ["@x"], [String(repeating: "x", count: 64)],
    ] as [[String]])
  func refusedTargets(operands: [String]) {
    #expect(throws: UsageError.self) { try QueryTarget(operands) }
  }

  /// A response to "a.test", with its name as a pointer.
  static let message: [UInt8] =
    [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0x61, 4] + Array("test".utf8) + [
      0, 0, 1, 0, 1,
    ]
    + [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 4, 0, 4, 192, 165, 1, 1]

  @Test("without colours, each field has its lines")
  func fields() {
    let lines = DNSHexView(Self.message, .plain).lines
    #expect(
      Array(lines.dropFirst(6)) == [
        "     12  01 61 04 74 65 73 74 00  question: name: a.test.",
        "     20  00 01                    question: type A",
        "     22  00 01                    question: class IN",
        "     24  c0 0c                    pointer: name: as at octet 12: a.test.",
        "     26  00 01                    answer: type A",
        "     28  00 01                    answer: class IN",
        "     30  00 00 01 04              answer: time to live 260 s",
        "     34  00 04                    answer: 4 octets of data",
        "     36  c0 a5 01 01              answer: address 192.165.1.1",
      ])
    #expect(DNSHexView([], .plain).lines.isEmpty)
  }

  @Test("with colours, sixteen octets a line, each kind in its own, and which is which")
  func rows() {
    let lines = DNSHexView(Self.message, .coloured).lines
    let (link, network) = ("\u{1b}[35m", "\u{1b}[36m")
    let (good, warning, end) = ("\u{1b}[32m", "\u{1b}[33m", "\u{1b}[0m")
    #expect(
      lines == [
        "  \(link)header\(end)  \(network)question\(end)  \(good)answer\(end)  \(warning)pointer\(end)",
        "      0  \(link)12 34 81 80 00 01 00 01 00 00 00 00\(end) \(network)01 61 04 74\(end)",
        "     16  \(network)65 73 74 00 00 01 00 01\(end) \(warning)c0 0c\(end) "
          + "\(good)00 01 00 01 00 00\(end)",
        "     32  \(good)01 04 00 04 c0 a5 01 01\(end)",
      ])
  }

  @Test("a message in a line, its answers and what else it says")
  func summaries() {
    let response = DNSMessageText(Self.message)
    #expect(response.summary == "response 4660: no error (NOERROR), 1 answer (40 octets)")
    #expect(response.answers == ["> a.test: type A, class IN, TTL 260, addr (4) 192.165.1.1"])
    #expect(response.remark == nil)
    var other = Self.message
    (other[2], other[3], other[7]) = (0x83, 0x83, 0)
    let refusal = DNSMessageText(Array(other.prefix(24)))
    #expect(
      refusal.summary
        == "response 4660: no such name (NXDOMAIN), 0 answers, truncated, to be asked for over TCP "
        + "(24 octets)")
    #expect(refusal.remark == "a.test: no such name (NXDOMAIN)")
    other[3] = 0x80
    #expect(
      DNSMessageText(Array(other.prefix(24))).remark
        == "a.test: there is such a name, but no record of type A")
    other[2] = 0
    #expect(
      DNSMessageText(Array(other.prefix(24))).summary
        == "query 4660: a.test: type A, class IN (24 octets)")
    #expect(DNSMessageText([1, 2, 3]).summary == "no DNS message (3 octets)")
    // The upper bits of the code are in the OPT record: 16 is BADVERS.
    let extended = Array(other.prefix(24)) + [0, 0, 41, 4, 0xd0, 1, 0, 0, 0, 0, 0]
    var badVersion = extended
    (badVersion[2], badVersion[3], badVersion[11]) = (0x81, 0x80, 1)
    #expect(DNSMessageText(badVersion).remark?.hasSuffix("of EDNS (BADVERS)") == true)
  }
}
