import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("fields of transport headers")
struct TransportFieldTests {
  /// With MSS, SACK permitted, timestamps, window scale and two SACK blocks, no checksum.
  static let segment =
    hex(
      """
      3039 0050 11223344 55667788 f0d2 1234 0000 0000
      0204 05b4 0402 080a 01020304 05060708 030307
      0512 0000000a 00000014 0000001e 00000028 010101
      """) + hex("616263")

  static let segmentCells = [
    "tcp.srcport": "12345", "tcp.dstport": "80", "tcp.flags": "0x00d2", "tcp.seq_raw": "287454020",
    "tcp.ack_raw": "1432778632", "tcp.len": "3", "tcp.hdr_len": "60",
    "tcp.window_size_value": "4660", "tcp.options.mss_val": "1460",
    "tcp.options.wscale.shift": "7", "tcp.options.sack_perm": "0402",
    "tcp.options.sack_le": "10|30", "tcp.options.sack_re": "20|40",
    "tcp.options.timestamp.tsval": "16909060", "tcp.options.timestamp.tsecr": "84281096",
    "tcp.checksum.status": "0", "tcp.window_size": "4660", "tcp.stream": "0",
    "tcp.completeness": "0", "tcp.analysis.bytes_in_flight": "4", "tcp.port": "12345|80",
    "tcp.flags.ae": "0", "tcp.flags.cwr": "1", "tcp.flags.ece": "1", "tcp.flags.urg": "0",
    "tcp.flags.ack": "1", "tcp.flags.push": "0", "tcp.flags.reset": "0", "tcp.flags.syn": "1",
    "tcp.flags.fin": "0", "tcp.checksum": "0x0000", "tcp.urgent_pointer": "0",
    "tcp.payload": "616263", "tcp.seq": "0", "tcp.nxtseq": "4", "tcp.ack": "1",
    "tcp.time_relative": "0.000000000", "tcp.time_delta": "0.000000000",
    "tcp.analysis.push_bytes_sent": "3",
  ]

  private func found(_ octets: [UInt8], _ prefix: String) -> [String: String] {
    cells(octets, .ipv4).filter { $0.key.hasPrefix(prefix) }
  }

  @Test("every field of TCP and its options")
  func tcp() { #expect(found(ipv4(6, Self.segment), "tcp.") == Self.segmentCells) }

  @Test("the IPv4 header before it")
  func ip() {
    let added = ["ip.len": "83", "ip.checksum": "0x3743"]
    #expect(found(ipv4(6, Self.segment), "ip.") == ipv4Cells("6").merging(added) { $1 })
  }

  @Test("a header cut before its window gives its ports alone")
  func cutTCP() {
    let cut = ipv4(6, Array(Self.segment.prefix(15)))
    #expect(
      found(cut, "tcp.") == [
        "tcp.srcport": "12345", "tcp.dstport": "80", "tcp.port": "12345|80",
      ])
  }

  @Test("a header that calls itself shorter than it can be is not read on")
  func shortTCP() {
    var segment = Self.segment
    segment[12] = 0x40
    #expect(
      found(ipv4(6, segment), "tcp.") == [
        "tcp.srcport": "12345", "tcp.dstport": "80", "tcp.port": "12345|80",
        "tcp.seq_raw": "287454020", "tcp.hdr_len": "16", "tcp.len": "47",
        "tcp.stream": "0", "tcp.completeness": "0",
      ])
  }

  @Test("a header whose options are cut belongs to its connection")
  func cutOptions() {
    var segment = Self.segment
    segment[12] = 0xf0
    var packet = ipv4(6, segment + [UInt8](repeating: 1, count: 30))
    packet.removeLast(20)
    let cells = found(packet, "tcp.")
    #expect(cells["tcp.stream"] == "0" && cells["tcp.hdr_len"] == "60")
  }

  @Test("options of a length that they cannot have end the list")
  func badOption() {
    var segment = Self.segment
    segment[21] = 0
    let cells = found(ipv4(6, segment), "tcp.options.")
    #expect(cells == [:])
  }

  @Test(
    "UDP, ICMP and ICMPv6",
    arguments: [
      (
        ipv4(17, hex("0102 0304 000a 0000 aabb")), "udp.",
        [
          "udp.srcport": "258", "udp.dstport": "772", "udp.port": "258|772", "udp.length": "10",
          "udp.checksum": "0x0000", "udp.payload": "aabb",
          "udp.checksum.status": "3", "udp.stream": "0", "udp.time_relative": "0.000000000",
          "udp.time_delta": "0.000000000",
        ]
      ),
      (
        ipv4(1, hex("08 00 b3f7 4142 0304")), "icmp.",
        [
          "icmp.type": "8", "icmp.code": "0", "icmp.ident": "16706", "icmp.seq": "772",
          "icmp.checksum.status": "0",
        ]
      ),
      (
        ipv4(1, hex("0e 00 adb5 4142 0308")), "icmp.",
        [
          "icmp.type": "14", "icmp.code": "0", "icmp.ident": "16706", "icmp.seq": "776",
          "icmp.checksum.status": "1",
        ]
      ),
    ])
  func others(_ octets: [UInt8], _ prefix: String, _ cells: [String: String]) {
    #expect(found(octets, prefix) == cells)
  }

  @Test("IPv6 with a fragment header that makes no fragment")
  func ipv6() {
    let packet = hex(
      """
      6000 0000 0010 2c3f 20010db8000000000000000000000001 20010db8000000000000000000000002
      3a00 0000 01020304 8000 a4a7 1234 0005
      """)
    let found = cells(packet, .ipv6).filter { !$0.key.hasPrefix("frame.") }
    #expect(
      found == [
        "ipv6.src": "2001:db8::1", "ipv6.dst": "2001:db8::2", "ipv6.nxt": "44", "ipv6.hlim": "63",
        "ipv6.addr": "2001:db8::1|2001:db8::2", "ipv6.version": "6", "ipv6.plen": "16",
        "ipv6.fraghdr.offset": "0", "ipv6.fraghdr.more": "0", "icmpv6.type": "128",
        "icmpv6.code": "0", "icmpv6.echo.identifier": "0x1234",
        "icmpv6.echo.sequence_number": "5", "icmpv6.checksum.status": "0",
      ])
  }

  /// Routing headers with one segment left, and where in them the last address is.
  static let routes = [
    (hex("1104 0001 00000000") + address(7) + address(8), 8),
    (hex("1102 0201 00000000") + address(8), 8),
    (hex("1104 0401 01000000") + address(8) + address(7), 8),
    (hex("1104 0000 00000000") + address(7) + address(9), 2),
  ]

  static func address(_ last: UInt8) -> [UInt8] {
    hex("20010db80000000000000000000000") + [last]
  }

  @Test("a checksum is judged with the last address of a routing header", arguments: routes)
  func route(_ header: [UInt8], _ last: Int) {
    func judged(_ last: UInt8) -> String? {
      var sum = InternetChecksum()
      let destination = IPv6Address(bits: 0x2001_0db8 << 96 | UInt128(last))
      sum.addPseudoHeader(
        from: .v6(IPv6Address(bits: 0x2001_0db8 << 96 | 1)), to: .v6(destination),
        protocolNumber: .udp, length: 8)
      for word: UInt16 in [0x1111, 0x2222, 8] { sum.add(word) }
      let datagram = hex("1111 2222 0008") + [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
      let length = UInt8(header.count + 8)
      let packet =
        hex("6000 0000 00") + [length] + hex("2b40") + Self.address(1) + Self.address(2) + header
        + datagram
      return cells(packet, .ipv6)["udp.checksum.status"]
    }
    #expect(judged(UInt8(last)) == "1")
    #expect(judged(99) == "0")
  }

  @Test("a checksum is judged with the last address of a source route")
  func sourceRoute() throws {
    var header = IPv4Header(
      protocolNumber: .udp, from: IPv4Address(bits: 0xc000_0201), to: IPv4Address(bits: 0xc000_02fe)
    )
    let options = hex("83 0b 04 c0000205 c6336402 00")
    header.options = try #require(OptionOctets(padding: options))
    var datagram = UDPHeader(from: 7, to: 9)
    try datagram.fill(
      payload: [1, 2].span, from: .v4(header.source), to: .v4(IPv4Address(bits: 0xc633_6402)))
    try header.fill(payloadLength: 10)
    let packet = [UInt8](capacity: header.length + 10) { out in
      header.write(to: &out)
      datagram.write(to: &out)
      out.append(1)
      out.append(2)
    }
    let found = cells(packet, .ipv4)
    #expect(found["ip.dst"] == "198.51.100.2")
    #expect(found["udp.checksum.status"] == "1")
    #expect(found["ip.checksum.status"] == "1")
  }
}
