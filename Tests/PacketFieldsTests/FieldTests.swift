import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

/// A packet whose fields all differ, and what is read of it.
struct FieldVector: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var octets: [UInt8]
  var linkType = LinkType.ethernet
  /// All cells but those of `frame.*`.
  var cells: [String: String]

  static let ethernet = hex("0a0b 0c0d 0e0f 0102 0304 0506")
  static let ethernetCells = [
    "eth.dst": "0a:0b:0c:0d:0e:0f", "eth.src": "01:02:03:04:05:06",
    "eth.addr": "0a:0b:0c:0d:0e:0f|01:02:03:04:05:06",
  ]

  init(
    _ name: String, _ octets: [UInt8], _ linkType: LinkType = .ethernet, _ cells: [String: String]
  ) {
    (testDescription, self.octets, self.linkType) = (name, octets, linkType)
    self.cells = cells
  }

  /// With the Ethernet addresses above before it.
  init(_ name: String, behindEthernet rest: [UInt8], _ cells: [String: String]) {
    self.init(
      name, Self.ethernet + rest, .ethernet,
      cells.merging(Self.ethernetCells) { cell, _ in cell })
  }
}

/// IPv4 headers with right checksums.
func ipv4(_ protocolNumber: UInt8, _ payload: [UInt8], flags: UInt16 = 0x4000) -> [UInt8] {
  var header = IPv4Header(
    protocolNumber: IPProtocol(rawValue: protocolNumber), from: IPv4Address(bits: 0xc000_0201),
    to: IPv4Address(bits: 0xc633_6402))
  (header.timeToLive, header.identification, header.flagsAndOffset) = (61, 0x1a2b, flags)
  try? header.fill(payloadLength: payload.count)
  return [UInt8](capacity: header.length) { header.write(to: &$0) } + payload
}

/// The cells of `ipv4`.
func ipv4Cells(_ protocolNumber: String, df: String = "1") -> [String: String] {
  [
    "ip.src": "192.0.2.1", "ip.dst": "198.51.100.2", "ip.proto": protocolNumber, "ip.ttl": "61",
    "ip.id": "0x1a2b", "ip.flags.df": df, "ip.flags.mf": "0", "ip.frag_offset": "0",
    "ip.checksum.status": "1", "ip.addr": "192.0.2.1|198.51.100.2", "ip.src_host": "192.0.2.1",
    "ip.dst_host": "198.51.100.2", "ip.host": "192.0.2.1|198.51.100.2",
    "ip.hdr_len": "20", "ip.dsfield": "0x00", "ip.dsfield.dscp": "0", "ip.dsfield.ecn": "0",
    "ip.flags": df == "1" ? "0x02" : "0x00",
  ]
}

@Suite("fields of one packet")
struct FieldTests {
  static let vectors: [FieldVector] = [
    FieldVector(
      "ARP in a VLAN in a VLAN",
      behindEthernet: hex(
        """
        8100 6abc 8100 0123 0806
        0001 0800 0604 0002 020000000001 c0000203 020000000002 c6336404
        """),
      [
        "eth.type": "0x8100", "vlan.id": "2748|291", "vlan.priority": "3|0", "arp.opcode": "2",
        "arp.src.proto_ipv4": "192.0.2.3", "arp.dst.proto_ipv4": "198.51.100.4",
      ]),
    FieldVector(
      "a service tag has another field",
      behindEthernet: hex("88a8 0111 8100 0222 9999"),
      ["eth.type": "0x88a8", "vlan.id": "546", "vlan.priority": "0"]),
    FieldVector("an 802.3 length is no type", behindEthernet: hex("0004 aaaa 0300"), [:]),
    FieldVector(
      "BSD loopback, little-endian", hex("1e000000 60"), .null,
      ["null.family": "30", "ipv6.version": "6"]),
    FieldVector(
      "cooked", hex("0000 0001 0006 0202030405060000 88cc 00"), .linuxSLL,
      ["sll.etype": "0x88cc"]),
    FieldVector(
      "cooked GRE has no EtherType", hex("0000 030a 0000 0000000000000000 88cc 00"), .linuxSLL, [:]),
    FieldVector(
      "cooked, second version", hex("88cc 0000 00000005 0001 00 06 0203040506070000 00"),
      .linuxSLL2, ["sll.etype": "0x88cc"]),
  ]

  @Test("each field is read from its own octets", arguments: vectors)
  func layers(_ vector: FieldVector) {
    let found = cells(vector.octets, vector.linkType).filter { !$0.key.hasPrefix("frame.") }
    #expect(found == vector.cells)
  }

  @Test("what the capture says of the packet")
  func capture() {
    let found = cells(hex("00 01 02"), originalLength: 60)
    #expect(
      found == [
        "frame.number": "7", "frame.time_epoch": "1700000000.123456789", "frame.len": "60",
        "frame.cap_len": "3", "frame.interface_id": "3",
        "frame.time": "2023-11-14T22:13:20.123456789Z", "frame.time_relative": "0.000000000",
        "frame.time_delta": "0.000000000", "frame.protocols": "eth",
      ])
  }

  @Test("a packet without a time or an interface leaves them empty")
  func unknownCapture() {
    var printer = FieldPrinter(PacketField.all.filter { $0.name.hasPrefix("frame.") })
    var out = TextBuffer()
    let frame = Frame(decoding: [UInt8]().span, linkType: .ethernet)
    printer.append(
      FieldPacket(number: 1, time: nil, originalLength: 0), frame, [UInt8]().span, into: &out)
    #expect(out.string == "1\t\t\t\t\t0\t0\teth\t\n")
  }

  @Test("columns come in the order asked for, and as often")
  func order() {
    let names = ["eth.dst", "frame.number", "eth.src", "frame.number"]
    var printer = FieldPrinter(names.compactMap { PacketField.named($0) })
    var out = TextBuffer()
    printer.appendHeader(into: &out)
    #expect(out.string == "eth.dst\tframe.number\teth.src\tframe.number\n")
    let found = row(&printer, FieldVector.ethernet + hex("9999"))
    #expect(found == ["0a:0b:0c:0d:0e:0f", "7", "01:02:03:04:05:06", "7"])
  }
}
