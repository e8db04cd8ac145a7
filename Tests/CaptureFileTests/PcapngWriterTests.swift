import CaptureFile
import PacketTestSupport
import PacketWire
import Testing

@Suite("writing pcapng files")
struct PcapngWriterTests {
  @Test("the octets of each block")
  func octets() {
    var writer = PcapngWriter()
    #expect(
      writer.section(CaptureSection(operatingSystem: "Linux", application: "abc"))
        == hex(
          """
          0a 0d 0d 0a  34 00 00 00  4d 3c 2b 1a  01 00 00 00  ff ff ff ff ff ff ff ff
          03 00 05 00  4c 69 6e 75 78 00 00 00  04 00 03 00  61 62 63 00  00 00 00 00
          34 00 00 00
          """))
    #expect(
      writer.interface(CaptureInterface(linkType: .linuxSLL2, snapshotLength: 0x0a0b_0c0d))
        == hex(
          """
          01 00 00 00  20 00 00 00  14 01 00 00  0d 0c 0b 0a  09 00 01 00  09 00 00 00
          00 00 00 00  20 00 00 00
          """))
    #expect(writer.interfaceCount == 1)
    let time = WallInstant(nanoseconds: 0x0102_0304_0506_0708)
    #expect(
      writer.packet([0xaa, 0xbb, 0xcc], at: time, originalLength: 0x0a0b_0c0d)
        == hex(
          """
          06 00 00 00  24 00 00 00  00 00 00 00  04 03 02 01  08 07 06 05  03 00 00 00
          0d 0c 0b 0a  aa bb cc 00  24 00 00 00
          """))
    let octets: [UInt8] = [0xaa, 0xbb, 0xcc, 0xdd, 0xee]
    #expect(
      [UInt8](capacity: PcapngWriter.packetLength(octets.count)) {
        writer.writePacket(octets.span, at: time, originalLength: 5, interface: 0, to: &$0)
      }
        == hex(
          """
          06 00 00 00  28 00 00 00  00 00 00 00  04 03 02 01  08 07 06 05  05 00 00 00
          05 00 00 00  aa bb cc dd  ee 00 00 00  28 00 00 00
          """))
    let annotations = PacketAnnotations(
      comments: ["hi"], process: CaptureProcess(process: 0x0102_0304, thread: 0x0506_0708))
    #expect(
      writer.packet([], at: time, originalLength: 0, annotations: annotations)
        == hex(
          """
          06 00 00 00  38 00 00 00  00 00 00 00  04 03 02 01  08 07 06 05  00 00 00 00
          00 00 00 00  01 00 02 00  68 69 00 00  08 00 08 00  04 03 02 01  08 07 06 05
          00 00 00 00  38 00 00 00
          """))
    #expect(
      writer.secrets(DecryptionSecrets(.tlsKeyLog, [1, 2, 3, 4, 5]))
        == hex(
          """
          0a 00 00 00  1c 00 00 00  4b 53 4c 54  05 00 00 00  01 02 03 04 05 00 00 00
          1c 00 00 00
          """))
    #expect(
      writer.names(CapturedNames([.init(.ipv4(IPv4Address(bits: 0xc000_0201)), ["ab"])]))
        == hex(
          """
          04 00 00 00  1c 00 00 00  01 00 07 00  c0 00 02 01 61 62 00 00  00 00 00 00
          1c 00 00 00
          """))
    #expect(
      writer.statistics(
        InterfaceStatistics(
          interface: 0, time: time, end: WallInstant(nanoseconds: 0x1112_1314_1516_1718),
          received: 0x2122_2324_2526_2728))
        == hex(
          """
          05 00 00 00  34 00 00 00  00 00 00 00  04 03 02 01  08 07 06 05
          03 00 08 00  14 13 12 11  18 17 16 15  04 00 08 00  28 27 26 25 24 23 22 21
          00 00 00 00  34 00 00 00
          """))
  }

  @Test("what is written is read back")
  func roundTrip() {
    typealias Source = PcapngRecordTests
    var writer = PcapngWriter()
    let second = CaptureInterface(linkType: .raw, snapshotLength: 0, clock: .nanoseconds)
    var file = writer.section(Source.section)
    file += writer.interface(Source.interface)
    file += writer.interface(second)
    file += writer.secrets(Source.secrets)
    file += writer.names(Source.names)
    var rng = SeededRNG(seed: 4)
    var expected: [Items.Packet] = []
    for number in 1...200 {
      let octets = rng.bytes(count: .random(in: 0...300, using: &rng))
      let time = WallInstant(nanoseconds: .random(in: 0...Int64.max, using: &rng))
      let interface = Int.random(in: 0...1, using: &rng)
      let length = Int.random(in: 0...0xffff_ffff, using: &rng)
      let annotations = Self.annotations(&rng)
      file += writer.packet(
        octets, at: time, originalLength: length, interface: interface,
        annotations: annotations)
      expected.append(
        Items.Packet(
          described: CapturedPacket(
            number: number, time: time, linkType: interface == 0 ? .ethernet : .raw,
            capturedLength: octets.count, originalLength: length, interface: interface),
          octets: octets, annotations: annotations ?? PacketAnnotations()))
    }
    file += writer.statistics(Source.statistics)
    // A second section knows nothing of the first.
    file += writer.section(CaptureSection()) + writer.interface(second)
    let items = Items(file, chunkLength: 1_000)
    #expect(items.error == nil)
    #expect(items.sections == [Source.section, CaptureSection()])
    #expect(items.interfaces == [Source.interface, second, second])
    #expect(items.packets == expected)
    #expect(
      items.others == [
        .section, .interface(0), .interface(1), .secrets(Source.secrets), .names(Source.names),
        .statistics(Source.statistics), .section, .interface(0),
      ])
  }

  private static func annotations(_ rng: inout SeededRNG) -> PacketAnnotations? {
    guard Bool.random(using: &rng) else { return nil }
    return PacketAnnotations(
      comments: Array(["first", "zwei — ②", ""].prefix(.random(in: 0...3, using: &rng))),
      flags: Bool.random(using: &rng)
        ? PacketFlags(rawValue: .random(in: 0...UInt32.max, using: &rng)) : nil,
      dropCount: Bool.random(using: &rng) ? rng.next() : nil,
      packetIdentifier: Bool.random(using: &rng) ? rng.next() : nil,
      queue: Bool.random(using: &rng) ? .random(in: 0...UInt32.max, using: &rng) : nil,
      process: Bool.random(using: &rng)
        ? CaptureProcess(
          process: .random(in: 0...UInt32.max, using: &rng),
          thread: .random(in: 0...UInt32.max, using: &rng)) : nil)
  }

  @Test("times before 1970 become its start")
  func earlyTime() {
    var writer = PcapngWriter()
    let file =
      writer.section(CaptureSection())
      + writer.interface(CaptureInterface(linkType: .raw, snapshotLength: 0))
      + writer.packet([], at: WallInstant(nanoseconds: -1), originalLength: 0)
    #expect(Items(file).packets.map(\.described.time.nanoseconds) == [0])
  }

  @Test("a text that is too long is cut between characters", arguments: 0...3)
  func longText(prefix: Int) {
    var writer = PcapngWriter()
    let text = String(repeating: "x", count: prefix) + String(repeating: "€", count: 30_000)
    let interface = CaptureInterface(
      linkType: .raw, snapshotLength: 0, filter: text, comments: [text], clock: .nanoseconds)
    let items = Items(writer.section(CaptureSection()) + writer.interface(interface))
    let cut = items.interfaces.first?.comments.first ?? ""
    #expect(text.hasPrefix(cut) && (65_533...65_535).contains(cut.utf8.count))
    let filter = items.interfaces.first?.filter ?? ""
    #expect(text.hasPrefix(filter) && (65_532...65_534).contains(filter.utf8.count))
    #expect(items.error == nil)
  }

  @Test("names: zero octets go, empty ones too, and what is too much goes into another record")
  func oddNames() {
    let writer = PcapngWriter()
    let address = CapturedNames.Address.eui64(1)
    let long = String(repeating: "n", count: 40_000)
    let names = CapturedNames([
      .init(address, []), .init(address, ["", "\0"]), .init(address, ["a\0b", "c"]),
      .init(address, [long, long, "d"]), .init(address, [String(repeating: "m", count: 70_000)]),
    ])
    var file = writer.names(names)
    var section = PcapngWriter()
    file = section.section(CaptureSection()) + file
    let expected = CapturedNames([
      .init(address, ["ab", "c"]), .init(address, [long]), .init(address, [long, "d"]),
      .init(address, [String(repeating: "m", count: 65_526)]),
    ])
    let items = Items(file)
    #expect(items.error == nil && items.records.names == [expected])
  }
}

extension PcapngWriter {
  /// A packet whose octets no variable owns.
  fileprivate func packet(
    _ octets: [UInt8], at time: WallInstant, originalLength: Int, interface: Int = 0,
    annotations: PacketAnnotations? = nil
  ) -> [UInt8] {
    packet(
      octets.span, at: time, originalLength: originalLength, interface: interface,
      annotations: annotations)
  }
}
