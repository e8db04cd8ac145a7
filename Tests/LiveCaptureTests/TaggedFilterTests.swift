import LinuxNet
import PacketTestSupport
import PacketWire
import Testing

@testable import LiveCapture

@Suite("Filters that look through VLAN tags")
struct TaggedFilterTests {
  static let expressions = [
    "tcp port 80", "not tcp port 80", "udp", "arp", "ip6", "host 192.0.2.1", "not host 192.0.2.1",
    "src net 192.0.2.0/24 and udp dst port 53", "udp[4:2] = 8", "ip[9] = 17 or ip6[6] = 17",
    "tcp[tcpflags] & tcp-syn != 0", "len > 45", "less 60 and udp", "icmp or icmp6",
    "portrange 50-60",
    "ip[2:2] > 27 and not arp", "ip proto 6", "ether proto 0x0806",
  ]

  /// From the EtherType on: UDP, TCP, ARP and UDP over IPv6.
  static let contents = [
    """
    0800 4500001c 00000000 40110000 c0000201 c6336402 12340035 00080000
    """,
    """
    0800 46000030 00000000 40060000 c6336402 c0000201 01010100 d4310050 00000001 00000000
    50022000 00000000 00000000
    """,
    "0806 00010800 06040001 020000000001 c0000201 000000000000 c0000202",
    """
    86dd 60000000 00081140 20010db8000000000000000000000001 20010db8000000000000000000000002
    12340035 00080000
    """,
    "0800 4500001c 00002000 40110000 c0000201 c6336402 12340035 00080000",
  ]
  static let tags = ["", "8100 0005", "88a8 0007 8100 0008", "9100 6001 8100 0002"]

  /// A frame of a link type, with these tags before its EtherType.
  private func frame(_ linkType: LinkType, _ tags: String, _ content: String) -> [UInt8] {
    let type = hex(tags) + hex(content)
    switch linkType {
    case .ethernet: return hex("020000000002 020000000001") + type
    case .linuxSLL: return hex("0000 0001 0006 0200000000010000") + type
    default:
      return Array(type[..<2]) + hex("0000 00000003 0001 00 06 0200000000010000") + type[2...]
    }
  }

  @Test(
    "what passes without a tag passes behind one and behind two, and nothing else",
    arguments: expressions, [.ethernet, .linuxSLL, .linuxSLL2] as [LinkType])
  func sameBehindTags(expression: String, linkType: LinkType) throws {
    let plain = try FilterProgram(expression, linkType: linkType)
    let through = plain.behindTags(linkType, isLive: false) ?? plain
    // The length is that of the whole frame, whatever is in front.
    let measures = expression.contains("len") || expression.contains("less")
    for content in Self.contents {
      for tags in Self.tags {
        let tagged = frame(linkType, tags, content)
        let bare = frame(linkType, "", content)
        let expected = plain.matches(
          bare.span, originalLength: measures ? tagged.count : bare.count)
        let passes = through.matches(tagged.span, originalLength: tagged.count)
        #expect(passes == expected, "\(expression): \(tags) \(content)")
      }
    }
  }

  @Test("libpcap alone misses what is behind tags, or lets it through")
  func plainDiffers() throws {
    let frame = frame(.ethernet, "8100 0005", Self.contents[0])
    for (expression, passes) in [("udp", false), ("not udp", true)] {
      let plain = try FilterProgram(expression, linkType: .ethernet)
      #expect(plain.matches(frame.span, originalLength: frame.count) == passes)
      let through = try #require(plain.behindTags(.ethernet, isLive: false))
      #expect(through.matches(frame.span, originalLength: frame.count) != passes)
    }
  }

  @Test(
    "filters that tags do not concern stay as they are",
    arguments: ["ether host 02:00:00:00:00:01", "ether multicast", "len > 100", "ether[0] & 1 = 1"])
  func untouched(expression: String) throws {
    let plain = try FilterProgram(expression, linkType: .ethernet)
    #expect(plain.behindTags(.ethernet, isLive: false) == nil)
  }

  @Test("link types without tags, and places that are computed, are left alone")
  func unmovable() throws {
    #expect(try FilterProgram("udp", linkType: .raw).behindTags(.raw, isLive: true) == nil)
    let plain = try FilterProgram("ether[ip[0]] = 1", linkType: .ethernet)
    #expect(plain.behindTags(.ethernet, isLive: false) == nil)
  }

  @Test(
    "live, a tag that the kernel has taken off counts as four octets",
    arguments: ["len > 45", "less 45 and udp", "greater 46 or tcp"])
  func lengths(expression: String) throws {
    let plain = try FilterProgram(expression, linkType: .ethernet)
    let live = try #require(plain.behindTags(.ethernet, isLive: true))
    #expect(live.instructions.first?.constant == 0xffff_f030)
    // Without the kernel there is no tag beside the packet; with one, the question is answered by
    // hand: "if it is so" instead of "if not".
    var answered = live.instructions
    answered[1] = FilterInstruction(code: 0x15, skipIfTrue: 1, skipIfFalse: 1)
    answered[0] = FilterInstruction(code: 0x00, constant: 1)
    let tagged = FilterProgram(answered)
    for content in Self.contents {
      let stripped = frame(.ethernet, "", content)
      let expected = plain.matches(stripped.span, originalLength: stripped.count + 4)
      #expect(tagged.matches(stripped.span, originalLength: stripped.count) == expected)
      answered[1] = FilterInstruction(code: 0x15, skipIfTrue: 0, skipIfFalse: 0)
      let untagged = FilterProgram(answered)
      #expect(
        untagged.matches(stripped.span, originalLength: stripped.count)
          == plain.matches(stripped.span, originalLength: stripped.count))
      answered[1] = FilterInstruction(code: 0x15, skipIfTrue: 1, skipIfFalse: 1)
    }
  }

  @Test(
    "whether anything can pass",
    arguments: [
      ("udp", true), ("tcp[13] = 255", true), ("tcp[13] = 256", false), ("ip proto 300", false),
      ("less 10 and greater 20", false), ("less 20 and greater 10", true),
      ("not ip and not ip6", true), ("len > 20 and len < 21", false), ("udp[4:2] > 65535", false),
      ("ip[0] & 15 > 15", false), ("ip[0] & 15 > 14", true), ("ip[6:2] & 0x1fff > 8191", false),
    ])
  func reach(expression: String, passes: Bool) throws {
    let program = try FilterProgram(expression, linkType: .ethernet)
    #expect(program.matchesNothing == !passes)
    if let through = program.behindTags(.ethernet, isLive: true) {
      #expect(through.matchesNothing == !passes)
    }
  }
}
