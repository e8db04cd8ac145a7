import CPcap
import PacketTestSupport
import PacketWire
import Testing

@testable import LiveCapture

@Suite("Link types of files and of libpcap (pcap-linktype(7))")
struct LinkTypeTests {
  /// IPv6, UDP from 2001:db8::1:4660 to 2001:db8::2:53.
  static let datagram = hex(
    """
    60 00 00 00  00 08 11 40
    20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
    20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02
    12 34 00 35  00 08 00 00
    """)

  @Test(
    "a filter finds the datagram behind every kind of header",
    arguments: [
      (.raw, ""), (LinkType(rawValue: 12), ""), (LinkType(rawValue: 14), ""), (.ipv6, ""),
      (.ethernet, "020000000002 020000000001 86dd"),
      // libpcap takes the address family of a BSD loopback header for this host's.
      (.loop, "0000000a"), (.null, "0a000000"),
      (.linuxSLL, "0000 0304 0006 0000000000000000 86dd"),
      (.linuxSLL2, "86dd 0000 00000001 0304 00 06 0000000000000000"),
    ] as [(LinkType, String)])
  func filter(linkType: LinkType, header: String) throws {
    let frame = hex(header) + Self.datagram
    for (expression, expected) in [("udp dst port 53", true), ("udp dst port 54", false)] {
      let program = try FilterProgram("ip6 and \(expression)", linkType: linkType)
      let passes = program.matches(frame.span, originalLength: frame.count)
      #expect(passes == expected, "\(expression)")
    }
  }

  @Test("a filter looks behind a VLAN tag where it is told to")
  func vlan() throws {
    let frame = hex("020000000002 020000000001 8100 0007 86dd") + Self.datagram
    for (expression, expected) in [
      ("vlan 7 and udp port 53", true), ("vlan 8 and udp port 53", false), ("udp port 53", false),
    ] {
      let program = try FilterProgram(expression, linkType: .ethernet)
      let passes = program.matches(frame.span, originalLength: frame.count)
      #expect(passes == expected, "\(expression)")
    }
  }

  @Test(
    "the numbers that differ",
    arguments: [
      (100, DLT_ATM_RFC1483), (101, DLT_RAW), (102, DLT_SLIP_BSDOS), (103, DLT_PPP_BSDOS),
    ]
      as [(UInt32, CInt)])
  func differing(file: UInt32, host: CInt) {
    #expect(LinkType(rawValue: file).dataLink == host)
    #expect(LinkType(dataLink: host) == LinkType(rawValue: file))
  }

  @Test("all others are the same", arguments: [0, 1, 9, 104, 113, 228, 229, 276] as [CInt])
  func same(number: CInt) {
    #expect(LinkType(dataLink: number).rawValue == UInt32(number))
    #expect(LinkType(rawValue: UInt32(number)).dataLink == number)
  }

  @Test("numbers from files that libpcap cannot have do not trap", arguments: [.max, 1 << 31])
  func outOfRange(number: UInt32) {
    #expect(throws: FilterError.self) {
      _ = try FilterProgram("udp", linkType: LinkType(rawValue: number))
    }
  }
}
