import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("names of protocols")
struct ProtocolNameTests {
  private func names(
    _ octets: [UInt8], _ linkType: LinkType = .ethernet, originalLength: Int? = nil
  ) -> String {
    cells(octets, linkType, originalLength: originalLength)["frame.protocols"] ?? ""
  }

  private static let macs = hex("020000000001 020000000002")
  private static let udp = ipv4(17, hex("0102 0304 000a 0000 aabb"))

  @Test("link headers and tags, each type announced")
  func link() {
    #expect(names(Self.macs + hex("0800") + Self.udp) == "eth:ethertype:ip:udp:data")
    #expect(
      names(Self.macs + hex("8100 0005 0800") + Self.udp)
        == "eth:ethertype:vlan:ethertype:ip:udp:data")
    #expect(
      names(Self.macs + hex("88a8 0005 8100 0006 0800") + Self.udp)
        == "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp:data")
    #expect(
      names(Self.macs + hex("8847 00010140") + Self.udp) == "eth:ethertype:mpls:ip:udp:data")
    let session = hex("8864 1100 0001 0020 0021")
    #expect(names(Self.macs + session + Self.udp) == "eth:ethertype:pppoes:ppp:ip:udp:data")
    #expect(
      names(Self.macs + hex("8864 1100 0001 0006 c021 0101 0004")) == "eth:ethertype:pppoes:ppp:lcp"
    )
    #expect(names(Self.macs + hex("8863 1109 0000 0000")) == "eth:ethertype:pppoed")
    #expect(names(Self.macs + hex("88cc 0207")) == "eth:ethertype:lldp")
    #expect(names(Self.macs + hex("88b5 0207")) == "eth:ethertype:data")
    #expect(names(Self.macs + hex("88b5")) == "eth:ethertype")
    #expect(names(hex("ff03 0021") + Self.udp, .ppp) == "ppp:ip:udp:data")
    #expect(names(hex("0f00 0800") + Self.udp, .ciscoHDLC) == "chdlc:ip:udp:data")
    let ethernet = hex("020000000001 020000000002 0800") + Self.udp
    let pktap = hex("0c000000 01000000 01000000") + ethernet
    #expect(names(pktap, .pktap) == "pktap:pcap_pktdata:eth:ethertype:ip:udp:data")
    #expect(names(pktap, .oldPKTAP).hasPrefix("user_dlt:pktap:pcap_pktdata:eth:"))
    #expect(names(hex("0000 0800 01000000") + ethernet, .ppi).hasPrefix("ppi:wlan_radio:eth:"))
    let length = UInt8(Self.udp.count + 4)
    #expect(names(hex("0200 0014") + [length, 0, 9, 0] + Self.udp, .nflog) == "nflog:ip:udp:data")
    let ipnet = hex("0102 0000 00000000 00000000 00000000 00000000 00000000")
    #expect(names(ipnet + Self.udp, .ipnet) == "ipnet:ip:udp:data")
    #expect(names(hex("0f00 8035 0000 0002"), .pppHDLC) == "chdlc:slarp")
    #expect(names(hex("02000000") + Self.udp, .null) == "null:ip:udp:data")
    #expect(names(Self.udp, .raw) == "raw:ip:udp:data")
    #expect(names(Self.udp, .ipv4) == "ip:udp:data")
    let cooked = hex("0000 0001 0006 0200 0000 0001 0000 0800")
    #expect(names(cooked + Self.udp, .linuxSLL) == "sll:ethertype:ip:udp:data")
  }

  @Test("behind LLC, by service point or by Cisco's own types")
  func llc() {
    #expect(names(Self.macs + hex("0004 42420300")) == "eth:llc:stp")
    #expect(names(Self.macs + hex("0008 aaaa03 00000c 2000")) == "eth:llc:cdp")
    #expect(names(Self.macs + hex("0008 aaaa03 00000d 2000")) == "eth:llc:data")
    #expect(names(Self.macs + hex("0026 aaaa03 000000 0800") + Self.udp) == "eth:llc:ip:udp:data")
  }

  @Test("tunnels, and what errors quote")
  func within() {
    #expect(names(ipv4(4, Self.udp), .ipv4) == "ip:ip:udp:data")
    #expect(names(ipv4(47, hex("0000 0800") + Self.udp), .ipv4) == "ip:gre:ip:udp:data")
    let frame = Self.macs + hex("0800") + Self.udp
    let overlay = hex("9c40 12b5 003c 0000 0800000000000100") + frame
    #expect(names(ipv4(17, overlay), .ipv4) == "ip:udp:vxlan:eth:ethertype:ip:udp:data")
    #expect(
      names(ipv4(1, hex("0303 0000 00000000") + Self.udp), .ipv4) == "ip:icmp:ip:udp:data")
    #expect(names(ipv4(1, hex("0800 0000 00010001 61")), .ipv4) == "ip:icmp:data")
    #expect(names(ipv4(1, hex("0800 0000 00010001")), .ipv4) == "ip:icmp")
    #expect(
      names(ipv4(1, hex("0d00 0000 00010001 00000000 00000000 00000000")), .ipv4) == "ip:icmp")
  }

  @Test("transports and options that have names, and those that have none")
  func transports() {
    #expect(names(ipv4(89, hex("0201 0000")), .ipv4) == "ip:ospf")
    #expect(names(ipv4(200, hex("0201 0000")), .ipv4) == "ip:data")
    let segment = hex("3039 0050 00000001 00000000 60c2 1234 0000 0000")
    #expect(names(ipv4(6, segment + hex("1e04 0000")), .ipv4) == "ip:tcp:mptcp")
    #expect(names(ipv4(6, segment + hex("0101 1e02")), .ipv4) == "ip:tcp:mptcp")
    #expect(names(ipv4(6, segment + hex("0101 0100")), .ipv4) == "ip:tcp")
    #expect(names(ipv4(6, segment + hex("0500 1e04")), .ipv4) == "ip:tcp")
  }

  @Test("messages of streams, and what is only a part of one")
  func streams() {
    var capture = ConversationBuilder()
    var web = ConversationBuilder.Connection(from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
    capture.open(&web)
    capture.send(&web, .client, text: "GET / HTTP/1.1\r\nHo")
    capture.send(&web, .client, text: "st: a\r\n\r\n")
    var shell = ConversationBuilder.Connection(from: "198.18.0.2", 40_002, to: "203.0.113.80", 22)
    capture.open(&shell)
    capture.send(&shell, .server, text: "SSH-2.0-x\r\n")
    capture.send(&shell, .client, text: "abcdef")
    shell.clientNext -= 6
    capture.wait(.seconds(1))
    capture.send(&shell, .client, text: "abcdef")
    var other = ConversationBuilder.Connection(from: "198.18.0.2", 40_003, to: "203.0.113.80", 999)
    capture.send(&other, .client, [.ack], [1, 2, 3])
    let rows = rows(of: capture, ["frame.protocols"]).map { $0["frame.protocols"] ?? "" }
    let tcp = "eth:ethertype:ip:tcp"
    #expect(
      rows == [
        tcp, tcp, tcp, tcp, tcp + ":http", tcp, tcp, tcp, tcp + ":ssh", tcp + ":ssh", tcp,
        tcp + ":data",
      ])
  }

  @Test("frames of a WebSocket stand in HTTP; only the last of a message is told what it is")
  func webSocket() {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 80)
    capture.open(&connection)
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n")
    capture.send(
      &connection, .server, text: "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n")
    capture.send(&connection, .server, [.ack], hex("8101 61 8201 62 0101 63 8000 8900 8802 03e8"))
    capture.send(&connection, .server, [.ack], hex("8900"))
    let rows = rows(of: capture, ["frame.protocols"]).map { $0["frame.protocols"] ?? "" }
    let http = "eth:ethertype:ip:tcp:http"
    #expect(rows[3] == http && rows[4] == http)
    #expect(rows[5] == http + ":websocket:data-text-lines:data")
    #expect(rows[6] == http + ":websocket")
  }

  @Test("fragments are data until their packet is whole")
  func fragments() {
    var printer = FieldPrinter([PacketField.named("frame.protocols")].compactMap { $0 })
    let whole = hex("0102 0304 0012 0000 0001020304050607 0809")
    func piece(_ offset: Int, _ octets: ArraySlice<UInt8>, more: Bool) -> [UInt8] {
      let length = UInt8(20 + octets.count)
      return hex("4500 00") + [length] + hex("1234")
        + [more ? 0x20 : 0, UInt8(offset / 8)] + hex("4011 0000 c0000201 c0000202") + octets
    }
    #expect(row(&printer, piece(0, whole[..<8], more: true), .ipv4) == ["ip:data"])
    #expect(row(&printer, piece(8, whole[8...], more: false), .ipv4) == ["ip:udp:data"])
  }

  @Test("a name list has an end, whatever a hostile packet nests")
  func bound() {
    var tags = hex("8100")
    for _ in 0..<300 { tags += hex("0001 8100") }
    let names = names(Self.macs + tags + hex("0001 0800"))
    #expect(names.split(separator: ":").count == 64)
  }

  @Test("filters search them")
  func filter() throws {
    let filter = try DisplayFilter(
      "frame.protocols contains \"udp:data\"", PlainPattern.surroundings)
    var printer = FieldPrinter([], where: filter)
    let octets = Self.macs + hex("0800") + Self.udp
    let frame = Frame(decoding: octets.span, linkType: .ethernet)
    let packet = FieldPacket(number: 1, time: nil, originalLength: octets.count)
    let passes = printer.read(packet, frame, octets.span)
    #expect(passes)
  }
}
