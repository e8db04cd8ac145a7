import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@Suite("fields of hostile octets")
struct HostileFieldTests {
  static let fixtures = [
    "arp.hex", "dns.hex", "http.hex", "icmp.hex", "icmpv6.hex", "ipv4.hex", "ipv6.hex",
    "ethernet.hex", "null.hex", "raw.hex", "sll.hex", "sll2.hex", "tcp.hex", "udp.hex",
    "errors.pcap", "names.pcap", "pings.pcap", "cooked.pcap", "cooked2.pcap",
  ]

  /// One line, one cell a field, nothing that a terminal obeys.
  private func check(_ row: [String], _ place: String) {
    #expect(row.count == PacketField.all.count, "\(place)")
    let isSafe = row.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } }
    #expect(isSafe, "\(place)")
  }

  @Test("every prefix of every packet", arguments: fixtures)
  func prefixes(_ name: String) throws {
    let fixture = try Fixture(name)
    var printer = FieldPrinter(PacketField.all)
    for (number, packet) in fixture.packets.prefix(60).enumerated() {
      for length in 0...min(packet.octets.count, 400) {
        let prefix = Array(packet.octets.prefix(length))
        let row = row(
          &printer, prefix, fixture.linkType, originalLength: packet.originalLength)
        check(row, "\(name), packet \(number), \(length) octets")
      }
    }
  }

  @Test("packets with octets changed", arguments: fixtures)
  func changed(_ name: String) throws {
    let fixture = try Fixture(name)
    var printer = FieldPrinter(PacketField.all)
    var random = SeededRNG(seed: 20_260_401)
    for packet in fixture.packets.prefix(40) where !packet.octets.isEmpty {
      for _ in 0..<40 {
        var octets = packet.octets
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          octets[Int.random(in: 0..<octets.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
        check(row(&printer, octets, fixture.linkType), "\(name): \(octets)")
      }
    }
  }

  @Test("octets by chance, under every link type")
  func chance() {
    var printer = FieldPrinter(PacketField.all)
    var random = SeededRNG(seed: 8_086)
    for number: UInt32 in [0, 1, 12, 101, 108, 113, 228, 229, 276, 9999] {
      for _ in 0..<200 {
        let octets = (0..<Int.random(in: 0...120, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        check(row(&printer, octets, LinkType(rawValue: number)), "link \(number): \(octets)")
      }
    }
  }
}
