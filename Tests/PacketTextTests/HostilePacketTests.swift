import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("Packets that want to do harm")
struct HostilePacketTests {
  static let linkTypes: [LinkType] = [
    .null, .ethernet, .raw, .loop, .linuxSLL, .ipv4, .ipv6, .linuxSLL2, LinkType(rawValue: 147),
  ]

  static let options: [PacketTextOptions] = {
    let flags = [
      [], ["-n"], ["-n", "-e"], ["-v"], ["-n", "-v", "-e"], ["-q"], ["-n", "-S", "-ttt"],
      ["-n", "-x"], ["-n", "-e", "-XX"], ["-n", "-v", "-A", "-#"], ["-n", "-vvv"],
    ]
    return flags.compactMap { try? PacketTextOptions(flags: $0) }
  }()

  /// What a line may hold: printable text, line feeds, and the tabs of our own layout.
  private func check(_ text: [UInt8], from octets: [UInt8]) -> Bool {
    let isPrintable = text.allSatisfy { $0 == 0x0a || $0 == 0x09 || (0x20...0x7e).contains($0) }
    // What can grow most is a record of fourteen octets whose two names point to 255 octets, each of
    // which is written as four characters.
    return isPrintable && text.count <= 4096 + 160 * octets.count
  }

  private func render(
    _ octets: [UInt8], _ linkType: LinkType, originalLength: Int, _ printers: inout [PacketPrinter]
  ) {
    for index in printers.indices {
      var out = TextBuffer()
      let frame = Frame(
        decoding: octets.span, linkType: linkType, originalLength: originalLength)
      printers[index].line(
        for: frame, octets: octets.span, number: 1, at: WallInstant(nanoseconds: 0),
        originalLength: originalLength, into: &out)
      let isHarmless = check(out.octets, from: octets)
      #expect(isHarmless, "\(linkType.rawValue) \(originalLength) \(octets)")
    }
  }

  @Test("random octets", arguments: linkTypes)
  func random(linkType: LinkType) {
    var rng = SeededRNG(seed: UInt64(linkType.rawValue) + 1)
    var printers = Self.options.map { PacketPrinter($0) }
    for round in 0..<400 {
      var octets = rng.bytes(count: Int.random(in: 0...180, using: &rng))
      // Random octets rarely get past the version.
      if !octets.isEmpty, round % 2 == 0 { octets[0] = round % 4 == 0 ? 0x45 : 0x60 }
      let beyond = round % 5 == 0 ? Int.random(in: 0...2000, using: &rng) : 0
      render(octets, linkType, originalLength: octets.count + beyond, &printers)
    }
  }

  @Test(
    "fixtures with flipped bits, cut and lengthened",
    arguments: [
      "ethernet.hex", "arp.hex", "sll.hex", "sll2.hex", "null.hex", "raw.hex", "ipv4.hex",
      "ipv6.hex",
      "tcp.hex", "udp.hex", "icmp.hex", "icmpv6.hex", "dns.hex", "http.hex", "errors.pcap",
      "web.pcap", "names.pcap", "dns-sections.hex", "dhcp.hex", "dhcpv6.hex", "ntp.hex",
      "text-protocols.hex", "quic.hex",
    ])
  func damaged(name: String) throws {
    let fixture = try Fixture(name)
    var rng = SeededRNG(seed: name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    var printers = Self.options.map { PacketPrinter($0) }
    for packet in fixture.packets {
      for round in 0..<4 {
        var octets = packet.octets
        for _ in 0..<Int.random(in: 0...6, using: &rng) where !octets.isEmpty {
          octets[Int.random(in: 0..<octets.count, using: &rng)] ^=
            1 << UInt8.random(in: 0...7, using: &rng)
        }
        if round == 1 { octets.removeLast(Int.random(in: 0...octets.count, using: &rng)) }
        if round == 2 { octets += rng.bytes(count: 20) }
        let beyond = round == 3 ? Int.random(in: 0...70000, using: &rng) : 0
        render(
          octets, fixture.linkType,
          originalLength: max(packet.originalLength, octets.count) + beyond,
          &printers)
      }
    }
  }

  @Test(
    "every fixture cut at every octet", arguments: ["ipv6.hex", "tcp.hex", "icmpv6.hex", "dns.hex"])
  func prefixes(name: String) throws {
    let fixture = try Fixture(name)
    var printers = [PacketPrinter(Self.options[4])]
    for packet in fixture.packets {
      for count in 0...packet.octets.count {
        render(
          Array(packet.octets.prefix(count)), fixture.linkType,
          originalLength: packet.originalLength, &printers)
      }
    }
  }

  @Test func aMessageOfPointersDoesNotMakeALongLine() throws {
    // A name of 255 octets, each of which is written as four, and records that all point to it.
    var message = hex("1234 8180 0000 ffff 0000 0000")
    for _ in 0..<4 { message += [62] + [UInt8](repeating: 0x9b, count: 62) }
    message.append(0)
    while message.count < 64000 { message += hex("c00c 0002 0001 00000000 0002 c00c") }
    let packet =
      hex("4500 0000 0001 0000 4011 0000 c0000201 c6336402 0035 0400 0000 0000")
    var octets = packet + message
    octets[2] = UInt8(octets.count >> 8)
    octets[3] = UInt8(octets.count & 0xff)
    octets[24] = UInt8((octets.count - 20) >> 8)
    octets[25] = UInt8((octets.count - 20) & 0xff)
    var printers = [PacketPrinter(Self.options[1]), PacketPrinter(Self.options[3])]
    render(octets, .raw, originalLength: octets.count, &printers)
  }
}
