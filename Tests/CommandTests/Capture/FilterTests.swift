import LiveCapture
import PacketWire
import Testing

@testable import SniffCommand

@Suite("Filters in words")
struct FilterTests {
  @Test(
    "expressions that speak of tags stand as they are",
    arguments: [
      ("tcp port 80", false), ("vlan 5 and udp", true), ("(VLAN)", true),
      ("ether[12:2]=0x800", true),
      ("link [0] = 1", true), ("ether proto 0x8100", true), ("ether proto 33024", true),
      ("ether proto 0x800", false), ("tcp port 33024", false), ("ether host 1:2:3:4:5:6", false),
      ("not(vlan)", true),
    ])
  func tags(expression: String, expected: Bool) {
    #expect(PacketFilter.namesTags(expression) == expected)
    #expect(PacketFilter(expression, CaptureOptions()).looksThroughTags == !expected)
  }

  @Test(
    "an expression is told as pcap-filter(7) reads it",
    arguments: [
      ("arp", ["  ARP"]),
      (
        "tcp dst port 80 or 443",
        [
          "  one of:", "    TCP with destination port 80 (http)",
          "    TCP with destination port 443 (https)",
        ]
      ),
      (
        // Both words bind alike.
        "udp or tcp and host 192.0.2.1",
        [
          "  all of:", "    one of:", "      UDP, over IPv4 or IPv6",
          "      TCP, over IPv4 or IPv6",
          "    from or to host 192.0.2.1",
        ]
      ),
      (
        "not (src host 192.0.2.1 && !icmp)",
        [
          "  none of this:", "    all of:", "      from host 192.0.2.1",
          "      not: ICMP, over IPv4",
        ]
      ),
      (
        "src or dst net 10.0.0.0 mask 255.0.0.0",
        ["  from or to the network 10.0.0.0 mask 255.0.0.0"]
      ),
      ("src and dst port 53", ["  TCP, UDP or SCTP with source and destination port 53 (domain)"]),
      ("net 10.0.0.0/8", ["  from or to the network 10.0.0.0/8"]),
      ("ether host 02:00:00:00:00:01", ["  frames from or to the MAC address 02:00:00:00:00:01"]),
      ("ip proto 6", ["  IPv4 with protocol 6 (TCP)"]),
      ("less 100", ["  frames of at most 100 octets"]),
      (
        "tcp[tcpflags]&(tcp-syn|tcp-fin)!=0",
        ["  packets in which tcp[tcpflags] & (tcp-syn | tcp-fin) != 0 (tcp[] is the TCP header)"]
      ),
      ("ip6 multicast", ["  IPv6 to a multicast address"]),
    ])
  func words(expression: String, lines: [String]) throws {
    // What libpcap does not take is no example.
    _ = try FilterProgram(expression, linkType: .ethernet)
    #expect(FilterTree(expression)?.lines() == lines)
  }

  @Test(
    "what is not understood is not guessed",
    arguments: ["(tcp", "tcp)", "and", "", "not"])
  func unknown(expression: String) {
    #expect(FilterTree(expression) == nil)
  }

  @Test("words and brackets without end do not fill the stack")
  func deep() {
    #expect(FilterTree(String(repeating: "(", count: 100_000) + "tcp") == nil)
    #expect(FilterTree(String(repeating: "not ", count: 10_000) + "tcp") == nil)
  }

  @Test("each instruction has a comment that says what it asks for")
  func comments() throws {
    let program = try FilterProgram(
      "ip6 and udp src port 53 or host 192.0.2.1", linkType: .ethernet)
    let comments = FilterCommentary(program, linkType: .ethernet).comments
    #expect(comments.count == program.instructions.count)
    for words in [
      "load the EtherType", "is it IPv6?", "does it carry UDP?", "is the source port 53?",
      "load the source IPv4 address", "is it 192.0.2.1?", "drop",
    ] {
      #expect(comments.contains(words), "\(words)")
    }
    let through = try #require(program.behindTags(.ethernet, isLive: false))
    let behind = FilterCommentary(through, linkType: .ethernet).comments
    // The same words three times: behind no tag, one and two.
    #expect(behind.count { $0 == "does it carry UDP?" } == 3)
    #expect(behind.count { $0 == "is it a VLAN tag (802.1Q)?" } == 2)
    #expect(!behind.contains("nothing leads here"))
  }
}
