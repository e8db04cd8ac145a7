import CaptureFile
import PacketTestSupport
import PacketWire
import Testing

@Suite("pcapng files (draft-ietf-opsawg-pcapng)")
struct PcapngTests {
  /// A section with two interfaces, a statistics block, and a packet in each kind of block.
  static func section(_ order: ByteOrder) -> [UInt8] {
    order.sectionHeader()
      // Ethernet, 0x0304 octets kept, named "eth0", nanoseconds, 5 seconds late; opt_endofopt.
      + order.block(
        1, order.u16(1), [0, 0], order.u32(0x304),
        order.option(2, Array("eth0".utf8)), order.option(9, [9]),
        order.option(14, order.u64(5)), order.option(0, []))
      // Linux cooked, 6 octets kept, no options at all: microseconds.
      + order.block(1, order.u16(113), [0, 0], order.u32(6))
      // Interface 0; the time is 0x0102030405060708 ns; 3 of 9 octets; then a comment option.
      + order.block(
        6, order.u32(0), order.u32(0x0102_0304), order.u32(0x0506_0708), order.u32(3),
        order.u32(9), [0xa1, 0xa2, 0xa3, 0], order.option(1, Array("note".utf8)))
      + order.block(5, order.u32(0), [1, 2, 3, 4, 5, 6, 7, 8])
      // Interface 1, 2 drops; the time is 0x100000002 µs; all of 4 octets.
      + order.block(
        2, order.u16(1), order.u16(2), order.u32(1), order.u32(2), order.u32(4), order.u32(4),
        [0xb1, 0xb2, 0xb3, 0xb4])
      + order.block(3, order.u32(2), [0xc1, 0xc2, 0, 0])
  }

  static func packets(from number: Int = 1) -> [Reading.Packet] {
    let first: Int64 = 0x0102_0304_0506_0708 + 5_000_000_000
    return [
      packet(number, first, .ethernet, [0xa1, 0xa2, 0xa3], 9, 0),
      packet(number + 1, 0x1_0000_0002 * 1_000, .linuxSLL, [0xb1, 0xb2, 0xb3, 0xb4], 4, 1),
      packet(number + 2, 0, .ethernet, [0xc1, 0xc2], 2, 0),
    ]
  }

  static func packet(
    _ number: Int, _ time: Int64, _ linkType: LinkType, _ octets: [UInt8], _ originalLength: Int,
    _ interface: Int
  ) -> Reading.Packet {
    .init(
      described: CapturedPacket(
        number: number, time: WallInstant(nanoseconds: time), linkType: linkType,
        capturedLength: octets.count, originalLength: originalLength, interface: interface),
      octets: octets)
  }

  @Test("every kind of packet block, in both byte orders", arguments: ByteOrder.allCases)
  func fields(order: ByteOrder) throws {
    let reading = Reading(Self.section(order))
    #expect(reading.packets == Self.packets() && reading.error == nil)

    var reader = CaptureReader()
    reader.append(Self.section(order))
    _ = try reader.next()
    var clock = try #require(CaptureClock(resolution: 9))
    clock.offset = 5
    #expect(
      reader.interfaces == [
        CaptureInterface(
          linkType: .ethernet, snapshotLength: 0x304, name: "eth0", clock: clock),
        CaptureInterface(linkType: .linuxSLL, snapshotLength: 6),
      ])
  }

  @Test("sections of both orders in one file, each with its own interfaces")
  func sections() {
    let reading = Reading(Self.section(.little) + Self.section(.big) + Self.section(.little))
    #expect(reading.packets == [1, 4, 7].flatMap { Self.packets(from: $0) })
    #expect(reading.error == nil)
    // What the first section described is not known in the second.
    let order = ByteOrder.big
    let orphan = Self.section(.little) + order.sectionHeader() + order.block(3, order.u32(0))
    let error = CaptureError(
      .block(3), at: Self.section(.little).count + 28, .unknownInterface(0, described: 0))
    #expect(Reading(orphan).error == error)
  }

  @Test("octet by octet gives the same", arguments: ByteOrder.allCases)
  func dripFed(order: ByteOrder) {
    let file = Self.section(order) + Self.section(.big)
    #expect(Reading(file, chunkLength: 1) == Reading(file))
    #expect(Reading(file, chunkLength: 13) == Reading(file))
  }

  @Test("every shorter file says which block broke off, where and by how much")
  func truncation() {
    let file = Self.section(.little)
    let blocks: [(type: UInt32, offset: Int, length: Int, packetsBefore: Int)] = [
      (0x0a0d_0d0a, 0, 28, 0), (1, 28, 52, 0), (1, 80, 20, 0), (6, 100, 44, 0), (5, 144, 24, 1),
      (2, 168, 36, 1), (3, 204, 20, 2),
    ]
    #expect(blocks.last.map { $0.offset + $0.length } == file.count)
    for (type, offset, length, packetsBefore) in blocks {
      for count in 0..<length {
        let reading = Reading(Array(file.prefix(offset + count)))
        let error: CaptureError? =
          switch (offset, count) {
          case (0, 0..<4): .init(.fileHeader, at: 0, .truncated(needed: 4, available: count))
          case (1..., 0): nil
          case (_, 0..<12):
            .init(.blockHeader, at: offset, .truncated(needed: 12, available: count))
          default:
            .init(.block(type), at: offset, .truncated(needed: length, available: count))
          }
        #expect(reading.error == error)
        #expect(reading.packets == Array(Self.packets().prefix(packetsBefore)))
      }
    }
  }

  @Test(
    "the resolutions of if_tsresol",
    arguments: [
      (0, 7, 7_000_000_000), (3, 1_234_567, 1_234_567_000_000), (6, 1_234_567, 1_234_567_000),
      (9, 1_234_567, 1_234_567), (12, 1_234_567, 1_234), (19, 12_345_678_901_234_567, 1_234_567),
      (0x80, 7, 7_000_000_000), (0x81, 3, 1_500_000_000), (0x8a, 1_025, 1_000_976_562),
      (0xbf, 1 << 62, 500_000_000), (9, .max, .max), (0, .max, .max),
    ] as [(UInt8, UInt64, Int64)])
  func resolutions(resolution: UInt8, tick: UInt64, nanoseconds: Int64) {
    let order = ByteOrder.big
    let file =
      order.sectionHeader()
      + order.block(1, order.u16(1), [0, 0], order.u32(0), order.option(9, [resolution]))
      + order.block(
        6, order.u32(0), order.u32(UInt32(tick >> 32)), order.u32(UInt32(truncatingIfNeeded: tick)),
        order.u32(0), order.u32(0))
    #expect(Reading(file).packets.map(\.described.time.nanoseconds) == [nanoseconds])
  }

  @Test(
    "if_tsoffset is signed, and sums out of range become the ends",
    arguments: [
      (-2, -1_999_999_999), (.min, .min), (.max, .max),
    ] as [(Int64, Int64)])
  func offsets(offset: Int64, nanoseconds: Int64) {
    let order = ByteOrder.little
    let file =
      order.sectionHeader()
      + order.block(
        1, order.u16(1), [0, 0], order.u32(0), order.option(9, [9]),
        order.option(14, order.u64(UInt64(bitPattern: offset))))
      + order.block(6, order.u32(0), order.u32(0), order.u32(1), order.u32(0), order.u32(0))
    #expect(Reading(file).packets.map(\.described.time.nanoseconds) == [nanoseconds])
  }

  @Test(
    "a Simple Packet Block holds what the snapshot length lets through",
    arguments: [
      (0, 6), (4, 4), (6, 6), (9, 6),
    ] as [(UInt32, Int)])
  func simplePacketLength(snapshotLength: UInt32, captured: Int) {
    let order = ByteOrder.big
    let file =
      order.sectionHeader()
      + order.block(1, order.u16(1), [0, 0], order.u32(snapshotLength))
      + order.block(3, order.u32(6), [1, 2, 3, 4, 5, 6, 0, 0])
    #expect(Reading(file).packets.map(\.octets.count) == [captured])
  }

  @Test("damage is named, and what was before it is given", arguments: ByteOrder.allCases)
  func damage(order: ByteOrder) {
    typealias Damage = (blocks: [UInt8], element: CaptureError.Element, CaptureError.Reason)
    let interface = order.u16(1) + [0, 0] + order.u32(0)
    let cases: [Damage] = [
      (order.u32(6) + order.u32(33) + order.u32(0), .block(6), .badBlockLength(33)),
      (order.u32(6) + order.u32(28) + order.u32(0), .block(6), .badBlockLength(28)),
      (order.u32(1) + order.u32(16) + order.u32(0), .block(1), .badBlockLength(16)),
      (order.u32(77) + order.u32(8) + order.u32(8), .block(77), .badBlockLength(8)),
      (
        order.u32(6) + order.u32(1 << 27 + 4) + order.u32(0), .block(6),
        .badBlockLength(1 << 27 + 4)
      ),
      (
        order.u32(77) + order.u32(16) + order.u32(0) + order.u32(20), .block(77),
        .lengthsDiffer(leading: 16, trailing: 20)
      ),
      (
        order.u32(3) + order.u32(16) + order.u32(0) + order.u32(12), .block(3),
        .lengthsDiffer(leading: 16, trailing: 12)
      ),
      (
        order.block(6, order.u32(2), [UInt8](repeating: 0, count: 16)), .block(6),
        .unknownInterface(2, described: 2)
      ),
      (
        order.block(2, order.u16(2), [UInt8](repeating: 0, count: 18)), .block(2),
        .unknownInterface(2, described: 2)
      ),
      (
        order.block(6, [UInt8](repeating: 0, count: 12), order.u32(5), order.u32(5), [1, 2, 3, 4]),
        .block(6), .badCapturedLength(5, limit: 4)
      ),
      (order.block(3, order.u32(5), [1, 2, 3, 4]), .block(3), .badCapturedLength(5, limit: 4)),
      (
        order.block(1, interface, order.u16(2), order.u16(5), [1, 2, 3, 4]), .block(1),
        .badOption(code: 2, length: 5)
      ),
      (
        order.block(1, interface, order.option(9, [])), .block(1), .badOption(code: 9, length: 0)
      ),
      (
        order.block(1, interface, order.option(14, [1, 2, 3, 4])), .block(1),
        .badOption(code: 14, length: 4)
      ),
      (order.block(1, interface, order.option(9, [20])), .block(1), .unsupportedResolution(20)),
      (
        order.block(1, interface, order.option(9, [0xc0])), .block(1), .unsupportedResolution(0xc0)
      ),
      (
        order.u32(0x0a0d_0d0a) + order.u32(28) + hex("1a2b3c4e"), .block(0x0a0d_0d0a),
        .badByteOrderMagic(0x1a2b_3c4e)
      ),
      (
        order.sectionHeader(major: 2, minor: 7), .block(0x0a0d_0d0a),
        .unsupportedVersion(major: 2, minor: 7)
      ),
    ]
    let before = Self.section(order)
    for (blocks, element, reason) in cases {
      let reading = Reading(before + blocks)
      #expect(reading.error == CaptureError(element, at: before.count, reason))
      #expect(reading.packets == Self.packets())
    }
  }

  @Test("interfaces have a limit")
  func tooManyInterfaces() {
    let order = ByteOrder.little
    let interface = order.block(1, order.u16(1), [0, 0], order.u32(0))
    var file = order.sectionHeader()
    for _ in 0..<65_537 { file += interface }
    let error = CaptureError(
      .block(1), at: 28 + 65_536 * 20, .tooManyInterfaces(limit: 65_536))
    #expect(Reading(file).error == error)
  }

  @Test("an unknown block may be longer than any packet, and none of it is kept")
  func longUnknownBlock() throws {
    let order = ByteOrder.little
    var reader = CaptureReader()
    reader.append(order.sectionHeader() + order.u32(77) + order.u32(1 << 28) + [0, 0, 0, 0])
    #expect(try reader.next() == .needMoreOctets)
    reader.append([1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(try reader.next() == .needMoreOctets)
    reader.finish()
    let error = CaptureError(
      .block(77), at: 28, .truncated(needed: 1 << 28, available: 21))
    #expect(throws: error) { try reader.next() }
  }
}
