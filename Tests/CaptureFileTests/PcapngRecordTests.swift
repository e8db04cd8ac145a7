import CaptureFile
import PacketTestSupport
import PacketWire
import Testing

@Suite("what pcapng files say beside their packets (draft-ietf-opsawg-pcapng)")
struct PcapngRecordTests {
  /// A section with every kind of block and option that is kept, and some that are passed over.
  static func file(_ order: ByteOrder) -> [UInt8] {
    let blocks: [[UInt8]] = [
      order.block(
        0x0a0d_0d0a, order.u32(0x1a2b_3c4d), order.u16(1), order.u16(2), order.u64(.max),
        order.option(1, text("one")), order.option(2, text("PDP-11")),
        order.option(3, text("Unix V7")), order.option(4, text("snoop")),
        order.option(1, text("two")), order.option(0x7ff0, [1, 2, 3]), order.option(0, [])),
      order.block(
        1, order.u16(1), [0, 0], order.u32(0x304), order.option(2, text("eth0")),
        order.option(3, text("uplink")), order.option(11, [0] + text("icmp")),
        order.option(12, text("Plan 9")), order.option(15, text("tulip")),
        order.option(1, text("dusty")), order.option(9, [9]), order.option(4, [1, 2, 3, 4, 5])),
      order.block(
        4,
        order.option(1, [192, 0, 2, 1] + text("a.example\0b.example\0")),
        order.option(
          2, hex("2001 0db8 0000 0000 0000 0000 0000 0007") + text("six.example\0")),
        order.option(3, hex("02 00 5e 10 20 30") + text("printer\0")),
        order.option(4, hex("01 02 03 04 05 06 07 08") + text("sensor")),
        order.option(9, text("later kind")), order.option(0, []),
        order.option(1, text("asked")), order.option(2, text("ns.example")),
        order.option(3, [192, 0, 2, 53]),
        order.option(4, hex("2001 0db8 0000 0000 0000 0000 0000 0035")), order.option(0, [])),
      order.block(
        10, order.u32(0x544c_534b), order.u32(5), text("KEYS\n"), [0, 0, 0],
        order.option(1, text("from curl"))),
      order.block(
        6, order.u32(0), order.u32(1), order.u32(2), order.u32(3), order.u32(9),
        [0xa1, 0xa2, 0xa3, 0], order.option(1, text("note")), order.option(2, order.u32(0x246)),
        order.option(3, [2, 1, 2, 3, 4]), order.option(4, order.u64(0x0102_0304_0506_0708)),
        order.option(5, order.u64(0x1112_1314_1516_1718)), order.option(6, order.u32(0x2122_2324)),
        order.option(8, order.u32(0x3132_3334) + order.u32(0x4142_4344)),
        order.option(1, text("and more")), order.option(0, [])),
      order.block(
        2, order.u16(0), order.u16(7), order.u32(1), order.u32(3), order.u32(4), order.u32(4),
        [0xb1, 0xb2, 0xb3, 0xb4], order.option(2, order.u32(1))),
      order.block(
        5, order.u32(0), order.u32(2), order.u32(3), order.option(1, text("end")),
        order.option(2, order.u32(1) + order.u32(4)), order.option(3, order.u32(1) + order.u32(5)),
        order.option(4, order.u64(104)), order.option(5, order.u64(105)),
        order.option(6, order.u64(106)), order.option(7, order.u64(107)),
        order.option(8, order.u64(108)), order.option(0, [])),
      order.block(9, text("MESSAGE=")), order.block(0xbad, order.u32(32_473), [1, 2, 3, 4]),
      order.block(0x4000_0bad, order.u32(32_473)), order.block(77), order.block(78, [1, 2, 3, 4]),
    ]
    return Array(blocks.joined())
  }

  static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  static let section = CaptureSection(
    hardware: "PDP-11", operatingSystem: "Unix V7", application: "snoop", comments: ["one", "two"])
  static let interface = CaptureInterface(
    linkType: .ethernet, snapshotLength: 0x304, name: "eth0", interfaceDescription: "uplink",
    filter: "icmp", hardware: "tulip", operatingSystem: "Plan 9", comments: ["dusty"],
    clock: .nanoseconds)
  static let names = CapturedNames(
    [
      .init(.ipv4(IPv4Address(bits: 0xc000_0201)), ["a.example", "b.example"]),
      .init(
        .ipv6(IPv6Address(bits: 0x2001_0db8_0000_0000_0000_0000_0000_0007)), ["six.example"]),
      .init(.eui48(MACAddress(bits: 0x0200_5e10_2030)), ["printer"]),
      .init(.eui64(0x0102_0304_0506_0708), ["sensor"]),
    ], serverName: "ns.example", serverIPv4: IPv4Address(bits: 0xc000_0235),
    serverIPv6: IPv6Address(bits: 0x2001_0db8_0000_0000_0000_0000_0000_0035), comments: ["asked"])
  static let secrets = DecryptionSecrets(.tlsKeyLog, text("KEYS\n"), comments: ["from curl"])
  static let statistics = InterfaceStatistics(
    interface: 0, time: WallInstant(nanoseconds: 0x2_0000_0003),
    start: WallInstant(nanoseconds: 0x1_0000_0004), end: WallInstant(nanoseconds: 0x1_0000_0005),
    received: 104, droppedByInterface: 105, acceptedByFilter: 106, droppedBySystem: 107,
    delivered: 108, comments: ["end"])
  static let annotations = PacketAnnotations(
    comments: ["note", "and more"], flags: PacketFlags(rawValue: 0x246),
    dropCount: 0x0102_0304_0506_0708, packetIdentifier: 0x1112_1314_1516_1718, queue: 0x2122_2324,
    process: CaptureProcess(process: 0x3132_3334, thread: 0x4142_4344))

  @Test("every block and option, in both byte orders", arguments: ByteOrder.allCases)
  func everything(order: ByteOrder) {
    let items = Items(Self.file(order))
    #expect(items.error == nil)
    #expect(items.sections == [Self.section])
    #expect(items.interfaces == [Self.interface])
    #expect(
      items.others == [
        .section, .interface(0), .names(Self.names), .secrets(Self.secrets),
        .statistics(Self.statistics), .skipped(type: 9), .skipped(type: 0xbad),
        .skipped(type: 0x4000_0bad), .skipped(type: 77), .skipped(type: 78),
      ])
    #expect(items.records.names == [Self.names])
    #expect(items.records.secrets == [Self.secrets])
    #expect(items.records.statistics == [Self.statistics])
    #expect(items.records.droppedCount == 0)
    #expect(items.skipped.systemdJournal == 1 && items.skipped.custom == 2)
    #expect(items.skipped.unknown == 2 && items.skipped.tooLong == 0)
    #expect(
      items.packets.map(\.annotations) == [
        Self.annotations, PacketAnnotations(flags: PacketFlags(.inbound), dropCount: 7),
      ])
    #expect(items.packets.map(\.octets) == [[0xa1, 0xa2, 0xa3], [0xb1, 0xb2, 0xb3, 0xb4]])
  }

  @Test("octet by octet gives the same", arguments: ByteOrder.allCases)
  func dripFed(order: ByteOrder) {
    let file = Self.file(order) + Self.file(.big)
    #expect(Items(file, chunkLength: 1) == Items(file))
    #expect(Items(file, chunkLength: 17) == Items(file))
  }

  @Test("every shorter file gives what is whole in it, and then an error")
  func truncation() {
    let file = Self.file(.little)
    let whole = Items(file)
    var ends: Set<Int> = []
    var count = 0
    while count < file.count {
      ends.insert(count)
      count += Int(file[count + 4]) + Int(file[count + 5]) << 8
    }
    #expect(ends.count == 12)
    for count in 0..<file.count {
      let items = Items(Array(file.prefix(count)))
      #expect((items.error == nil) == (count > 0 && ends.contains(count)))
      #expect(items.others == Array(whole.others.prefix(items.others.count)))
      #expect(items.packets == Array(whole.packets.prefix(items.packets.count)))
      let blocks = ends.count { $0 > 0 && $0 <= count }
      #expect(items.others.count + items.packets.count == blocks)
    }
  }

  @Test("the flags' bits")
  func flags() {
    let flags = PacketFlags(rawValue: 0x0102_0a86 | 1 << 3)
    #expect(flags.direction == .outbound)
    #expect(flags.reception == 3)
    #expect(flags.frameCheckLength == 4)
    #expect(flags.isChecksumNotReady && !flags.isChecksumValid && flags.isSegmentationOffloaded)
    #expect(flags.linkErrors == 0x102)
    let valid = PacketFlags(rawValue: 0x400)
    #expect(!valid.isChecksumNotReady && valid.isChecksumValid && !valid.isSegmentationOffloaded)
    #expect(PacketFlags(.inbound).rawValue == 1)
  }

  @Test("an unknown drop count of the obsolete block is none", arguments: ByteOrder.allCases)
  func unknownDropCount(order: ByteOrder) {
    let file =
      order.sectionHeader() + order.block(1, order.u16(1), [0, 0], order.u32(0))
      + order.block(2, order.u16(0), order.u16(0xffff), [UInt8](repeating: 0, count: 16))
    #expect(Items(file).packets.map(\.annotations) == [PacketAnnotations()])
  }

  @Test("a packet whose options are damaged is whole", arguments: ByteOrder.allCases)
  func damagedAnnotations(order: ByteOrder) {
    let before = order.sectionHeader() + order.block(1, order.u16(1), [0, 0], order.u32(0))
    let file =
      before
      + order.block(
        6, order.u32(0), order.u64(0), order.u32(1), order.u32(1), [9, 0, 0, 0],
        order.option(1, Self.text("kept")), order.option(2, [1, 2, 3]))
      + order.block(6, order.u32(0), order.u64(0), order.u32(0), order.u32(0))
    let items = Items(file)
    var expected = PacketAnnotations(comments: ["kept"])
    expected.problem = CaptureError(.block(6), at: before.count, .badOption(code: 2, length: 3))
    #expect(items.packets.map(\.annotations) == [expected, PacketAnnotations()])
    #expect(items.packets.map(\.octets) == [[9], []] && items.error == nil)
  }

  @Test("annotations are of the latest packet only")
  func annotationsGo() throws {
    var reader = CaptureReader()
    reader.append(Self.file(.big))
    _ = try reader.next()
    #expect(reader.annotations() == Self.annotations)
    reader.append([])
    #expect(reader.annotations() == PacketAnnotations())
  }

  @Test("damage is named", arguments: ByteOrder.allCases)
  func damage(order: ByteOrder) {
    let cases: [(block: [UInt8], type: UInt32, reason: CaptureError.Reason)] = [
      (order.block(4, order.option(1, [192, 0, 2])), 4, .badOption(code: 1, length: 3)),
      (
        order.block(4, order.option(2, [UInt8](repeating: 1, count: 15))), 4,
        .badOption(code: 2, length: 15)
      ),
      (order.block(4, order.option(3, [1, 2, 3, 4, 5])), 4, .badOption(code: 3, length: 5)),
      (order.block(4, order.option(4, [1, 2, 3, 4])), 4, .badOption(code: 4, length: 4)),
      (
        order.block(4, order.u16(1), order.u16(9), [1, 2, 3, 4]), 4, .badOption(code: 1, length: 9)
      ),
      (
        order.block(4, order.option(0, []), order.option(3, [1, 2, 3])), 4,
        .badOption(code: 3, length: 3)
      ),
      (order.block(5, order.u32(1), order.u64(0)), 5, .unknownInterface(1, described: 1)),
      (
        order.block(5, order.u32(0), order.u64(0), order.option(8, [1, 2, 3, 4])), 5,
        .badOption(code: 8, length: 4)
      ),
      (
        order.block(10, order.u32(1), order.u32(5), [1, 2, 3, 4]), 10,
        .badSecretsLength(5, limit: 4)
      ),
      (order.block(10, order.u32(1), order.u32(.max)), 10, .badSecretsLength(.max, limit: 0)),
      (order.block(10, order.u32(1)), 10, .badBlockLength(16)),
      (order.block(5, order.u32(0), order.u32(0)), 5, .badBlockLength(20)),
    ]
    let before = order.sectionHeader() + order.block(1, order.u16(1), [0, 0], order.u32(0))
    for (block, type, reason) in cases {
      let items = Items(before + block)
      #expect(items.error == CaptureError(.block(type), at: before.count, reason))
      #expect(items.interfaces.count == 1)
    }
    let header = order.block(
      0x0a0d_0d0a, order.u32(0x1a2b_3c4d), order.u16(1), order.u16(0), order.u64(.max),
      order.u16(2), order.u16(5), [1, 2, 3, 4])
    let error = CaptureError(.block(0x0a0d_0d0a), at: 0, .badOption(code: 2, length: 5))
    #expect(Items(header).error == error)
  }

  @Test("text that is no UTF-8 is replaced, and a filter that is a program is none")
  func oddText() {
    let order = ByteOrder.little
    let file =
      order.sectionHeader()
      + order.block(
        1, order.u16(1), [0, 0], order.u32(0), order.option(2, [0x61, 0xff, 0x62]),
        order.option(11, [1, 2, 3, 4]), order.option(11, []))
    #expect(
      Items(file).interfaces == [
        CaptureInterface(linkType: .ethernet, snapshotLength: 0, name: "a\u{fffd}b")
      ])
  }

  @Test("what is kept has limits, and what goes beyond them is counted")
  func limits() {
    let order = ByteOrder.little
    let start = order.sectionHeader() + order.block(1, order.u16(1), [0, 0], order.u32(0))
    // `block` would take long over so many octets.
    func secrets(count: Int) -> [UInt8] {
      let length = order.u32(UInt32(count + 20))
      return order.u32(10) + length + order.u32(1) + order.u32(UInt32(count))
        + [UInt8](repeating: 0x61, count: count) + length
    }
    let limit = (1 << 24) - 20
    let names = order.block(
      4, Array(repeatElement(order.option(1, [1, 2, 3, 4]), count: 65_538).joined()))
    let comments = order.block(
      5, order.u32(0), order.u64(0),
      Array(repeatElement(order.option(1, []), count: 1_030).joined()))
    let items = Items(
      start + secrets(count: limit) + secrets(count: limit) + names + comments
        + secrets(count: limit + 4), chunkLength: 65_536)
    #expect(items.error == nil)
    #expect(items.records.secrets.map(\.octets.count) == [limit])
    #expect(items.records.names.isEmpty && items.records.statistics.isEmpty)
    // One block of secrets, two records and the block that they are in, six comments and theirs.
    #expect(items.records.droppedCount == 1 + 2 + 1 + 6 + 1)
    #expect(items.skipped.tooLong == 1)
    let kept = items.others.compactMap { item in
      switch item {
      case .names(let names): names.records.count
      case .statistics(let statistics): statistics.comments.count
      case .secrets(let secrets): secrets.octets.count
      default: nil
      }
    }
    #expect(kept == [limit, limit, 65_536, 1_024])
  }

  @Test("all texts of a section together have a limit")
  func textLimit() {
    let order = ByteOrder.big
    let name = order.option(2, [UInt8](repeating: 0x61, count: 65_532))
    let interface = order.block(1, order.u16(1), [0, 0], order.u32(0), name)
    var section = order.sectionHeader()
    for _ in 0..<260 { section += interface }
    let items = Items(section + section)
    let named = items.interfaces.map { $0.name != nil }
    #expect(items.records.droppedCount == 2 * 5)
    // 255 names and what holding them costs.
    let half = Array(repeating: true, count: 255) + Array(repeating: false, count: 5)
    #expect(named == half + half)
  }
}
