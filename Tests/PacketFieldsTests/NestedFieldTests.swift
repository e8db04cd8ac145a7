import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("fields of packets within packets")
struct NestedFieldTests {
  @Test("what an error quotes comes behind the packet around it")
  func quoted() {
    let quoted = ipv4(17, hex("8235 829a 0028 0000"))
    let found = cells(ipv4(1, hex("03 03 0000 0000 0000") + quoted), .ipv4)
    #expect(found["ip.proto"] == "1|17")
    #expect(found["ip.src"] == "192.0.2.1|192.0.2.1")
    #expect(found["ip.checksum.status"] == "1|1")
    #expect(found["icmp.type"] == "3")
    #expect(found["udp.srcport"] == "33333")
    #expect(found["udp.dstport"] == "33434")
    #expect(found["udp.length"] == "40")
  }

  @Test("a quoted segment has a sequence number and no length")
  func quotedSegment() {
    let quoted = ipv4(6, Array(TransportFieldTests.segment.prefix(20)))
    let found = cells(ipv4(1, hex("0b 00 0000 0000 0000") + quoted), .ipv4)
    #expect(found["tcp.seq_raw"] == "287454020")
    #expect(found["tcp.ack_raw"] == "1432778632")
    #expect(found["tcp.len"] == nil)
    #expect(found["icmp.checksum.status"] == "0")
  }

  @Test("the first eight octets of a segment give its ports and sequence number")
  func quotedStart() {
    let quoted = ipv4(6, Array(TransportFieldTests.segment.prefix(8)))
    let found = cells(ipv4(1, hex("0b 00 0000 0000 0000") + quoted), .ipv4)
    #expect(found["tcp.srcport"] == "12345")
    #expect(found["tcp.seq_raw"] == "287454020")
    #expect(found["tcp.flags"] == nil)
  }

  @Test("labels of an error's extension, behind a length or at octet 128")
  func labels() {
    let quoted = ipv4(17, hex("8235 829a 0028 0000"))
    let padded = quoted + [UInt8](repeating: 0, count: 128 - quoted.count)
    let extensions = hex("2000 0000 000c 0101 0abcd101 12345f02")
    for length in ["20", "00"] {
      let message = hex("0b 00 0000 00\(length) 0000") + padded + extensions
      #expect(cells(ipv4(1, message), .ipv4)["icmp.mpls.label"] == "43981|74565")
    }
    let other = padded + hex("2000 0000 0008 0201 0abcd101")
    #expect(
      cells(ipv4(1, hex("0b 00 0000 0020 0000") + other), .ipv4)["icmp.mpls.label"] == nil)
    let elsewhere = hex("0b 00 0000 0000 0000") + quoted + extensions
    #expect(cells(ipv4(1, elsewhere), .ipv4)["icmp.mpls.label"] == nil)
  }

  @Test("IPv6 in IPv4")
  func tunnel() {
    let inner = hex(
      """
      6000 0000 0008 1140 20010db8000000000000000000000001 20010db8000000000000000000000002
      1111 2222 0008 0000
      """)
    let found = cells(ipv4(41, inner), .ipv4)
    #expect(found["ip.proto"] == "41")
    #expect(found["ipv6.dst"] == "2001:db8::2")
    #expect(found["udp.dstport"] == "8738")
    #expect(found["udp.checksum.status"] == "4")
  }

  @Test("an authentication header stands before what IPv4 carries")
  func authentication() {
    let header = hex("11 04 0000 00000001 00000002 0102030405060708090a0b0c")
    let found = cells(ipv4(51, header + hex("1111 2222 0008 0000")), .ipv4)
    #expect(found["ip.proto"] == "51")
    #expect(found["udp.srcport"] == "4369")
  }

  @Test("fragments are told with the one that makes their packet whole")
  func fragments() {
    var printer = FieldPrinter(
      ["ip.frag_offset", "udp.srcport", "udp.length"].compactMap { PacketField.named($0) })
    let datagram = hex("1111 2222 0018 0000") + Array(1...16)
    let last = ipv4(17, Array(datagram[16...]), flags: 2)
    let middle = ipv4(17, Array(datagram[8..<16]), flags: 0x2001)
    let first = ipv4(17, Array(datagram[..<8]), flags: 0x2000)
    #expect(row(&printer, last, .ipv4) == ["2", "", ""])
    #expect(row(&printer, first, .ipv4) == ["0", "", ""])
    #expect(row(&printer, middle, .ipv4) == ["1", "4369", "24"])
    // What came once is gone.
    #expect(row(&printer, middle, .ipv4) == ["1", "", ""])
  }

  @Test("fragments of IPv6")
  func fragmentsOfIPv6() {
    var printer = FieldPrinter(
      ["ipv6.fraghdr.offset", "ipv6.fraghdr.more", "udp.dstport", "udp.checksum.status"]
        .compactMap { PacketField.named($0) })
    func fragment(_ word: String, _ payload: [UInt8]) -> [UInt8] {
      hex("6000 0000 00\(word == "0001" ? "10" : "18") 2c40")
        + hex("20010db8000000000000000000000001 20010db8000000000000000000000002")
        + hex("1100 \(word) 01020304") + payload
    }
    let first = fragment("0001", hex("1111 2222 0018 0000"))
    let last = fragment("0008", [UInt8](repeating: 9, count: 16))
    #expect(row(&printer, first, .ipv6) == ["0", "1", "", ""])
    #expect(row(&printer, last, .ipv6) == ["1", "0", "8738", "4"])
  }

  @Test("a later fragment that the capture cut carries no header")
  func cutLaterFragment() {
    let fragment = ipv4(17, hex("1111 2222 0018 0000") + [1, 2, 3, 4, 5, 6, 7, 8], flags: 0x0001)
    let found = cells(Array(fragment.dropLast(2)), .ipv4, originalLength: fragment.count)
    #expect(found["ip.frag_offset"] == "1")
    #expect(found["udp.srcport"] == nil)
  }

  @Test("a checksum within a quoted ICMPv6 message is not verified, one of UDP is")
  func quotedByICMPv6() {
    let addresses = hex("20010db8000000000000000000000001 20010db8000000000000000000000002")
    func error(_ next: String, _ quoted: [UInt8]) -> [String: String] {
      let inner = hex("6000 0000 0008 \(next) 40") + addresses + quoted
      let outer = hex("6000 0000 0038 3a 40") + addresses + hex("0103 0000 00000000") + inner
      return cells(outer, .ipv6)
    }
    #expect(error("3a", hex("8000 0000 0001 0002"))["icmpv6.checksum.status"] == "0|2")
    #expect(error("11", hex("1111 2222 0008 0001"))["udp.checksum.status"] == "0")
  }

  @Test("a first fragment that the capture cut is read as far as it goes")
  func cutFragment() {
    let fragment = ipv4(17, hex("1111 2222 0018 0000") + [1, 2, 3, 4, 5, 6, 7, 8], flags: 0x2000)
    let found = cells(Array(fragment.dropLast(2)), .ipv4, originalLength: fragment.count)
    #expect(found["udp.srcport"] == "4369")
    #expect(found["udp.checksum.status"] == "3")
  }
}
