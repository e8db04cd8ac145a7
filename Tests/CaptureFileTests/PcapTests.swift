import CaptureFile
import PacketTestSupport
import PacketWire
import Testing

@Suite("pcap files (draft-ietf-opsawg-pcap)")
struct PcapTests {
  /// Two records whose fields all differ; the link type's upper half says "FCS of 4 octets".
  static let littleEndianMicroseconds = hex(
    """
    d4 c3 b2 a1  02 00 04 00  11 12 13 14  15 16 17 18  60 00 00 00  71 00 00 24
    01 02 03 44  40 e2 01 00  05 00 00 00  ea 05 00 00   aa bb cc dd ee
    01 02 03 44  41 e2 01 00  00 00 00 00  07 00 00 00
    """)
  static let bigEndianNanoseconds = hex(
    """
    a1 b2 3c 4d  00 02 00 04  11 12 13 14  15 16 17 18  00 00 00 60  24 00 00 71
    44 03 02 01  07 5b cd 15  00 00 00 05  00 00 05 ea   aa bb cc dd ee
    44 03 02 01  07 5b cd 16  00 00 00 00  00 00 00 07
    """)
  static let seconds: Int64 = 0x4403_0201

  static func packets(first: Int64, second: Int64) -> [Reading.Packet] {
    [
      .init(
        described: CapturedPacket(
          number: 1, time: WallInstant(nanoseconds: seconds * 1_000_000_000 + first),
          linkType: .linuxSLL, capturedLength: 5, originalLength: 1514, interface: 0),
        octets: [0xaa, 0xbb, 0xcc, 0xdd, 0xee]),
      .init(
        described: CapturedPacket(
          number: 2, time: WallInstant(nanoseconds: seconds * 1_000_000_000 + second),
          linkType: .linuxSLL, capturedLength: 0, originalLength: 7, interface: 0),
        octets: []),
    ]
  }

  @Test("both byte orders and both resolutions")
  func fields() throws {
    let micro = Reading(Self.littleEndianMicroseconds)
    #expect(micro.error == nil)
    #expect(micro.packets == Self.packets(first: 123_456_000, second: 123_457_000))
    let nano = Reading(Self.bigEndianNanoseconds)
    #expect(nano.error == nil)
    #expect(nano.packets == Self.packets(first: 123_456_789, second: 123_456_790))
  }

  @Test("little-endian nanoseconds and big-endian microseconds", arguments: [true, false])
  func otherPairs(littleEndian: Bool) throws {
    var file = littleEndian ? Self.littleEndianMicroseconds : Self.bigEndianNanoseconds
    file.replaceSubrange(0..<4, with: hex(littleEndian ? "4d 3c b2 a1" : "a1 b2 c3 d4"))
    let times = Reading(file).packets.map(\.described.time.nanoseconds)
    let fractions: [Int64] =
      littleEndian ? [123_456, 123_457] : [123_456_789_000, 123_456_790_000]
    #expect(times == fractions.map { Self.seconds * 1_000_000_000 + $0 })
  }

  @Test("what the header says is the one interface")
  func interface() throws {
    var reader = CaptureReader()
    reader.append(Self.littleEndianMicroseconds)
    _ = try reader.next()
    #expect(reader.interfaces == [CaptureInterface(linkType: .linuxSLL, snapshotLength: 0x60)])
  }

  @Test(
    "octet by octet gives the same", arguments: [littleEndianMicroseconds, bigEndianNanoseconds])
  func dripFed(file: [UInt8]) {
    #expect(Reading(file, chunkLength: 1) == Reading(file))
    #expect(Reading(file, chunkLength: 7) == Reading(file))
  }

  @Test("every shorter file gives its whole packets and says where it broke off", arguments: 0..<61)
  func truncation(count: Int) {
    let whole = Reading(Self.littleEndianMicroseconds)
    let reading = Reading(Array(Self.littleEndianMicroseconds.prefix(count)))
    let (packets, error): (Int, CaptureError?) =
      switch count {
      case 0..<4: (0, .init(.fileHeader, at: 0, .truncated(needed: 4, available: count)))
      case 4..<24: (0, .init(.fileHeader, at: 0, .truncated(needed: 24, available: count)))
      case 24, 45: (count / 45, nil)
      case 25..<40: (0, .init(.record(1), at: 24, .truncated(needed: 16, available: count - 24)))
      case 40..<45: (0, .init(.record(1), at: 24, .truncated(needed: 21, available: count - 24)))
      default: (1, .init(.record(2), at: 45, .truncated(needed: 16, available: count - 45)))
      }
    #expect(reading.packets == Array(whole.packets.prefix(packets)))
    #expect(reading.error == error)
  }

  @Test("an unfinished file asks for more octets at every length", arguments: 0..<61)
  func needsMore(count: Int) throws {
    var reader = CaptureReader()
    reader.append(Array(Self.littleEndianMicroseconds.prefix(count)))
    while case .packet = try reader.next() {}
    #expect(try reader.next() == .needMoreOctets)
    #expect(reader.packetCount == (count < 45 ? 0 : 1))
  }

  @Test("an error comes again, and the octets of a packet are gone after it")
  func errorStays() throws {
    var reader = CaptureReader()
    reader.append(Array(Self.littleEndianMicroseconds.prefix(50)))
    reader.finish()
    _ = try reader.next()
    #expect(reader.withOctets { $0.count } == 5)
    let error = CaptureError(.record(2), at: 45, .truncated(needed: 16, available: 5))
    #expect(throws: error) { try reader.next() }
    #expect(reader.withOctets { $0.count } == 0)
    #expect(throws: error) { try reader.next() }
    #expect(error.description == "truncated: record 2 at offset 45 needs 16 octets, 5 are left")
  }

  @Test("what is no capture is refused", arguments: [0, 0xa1b2_cd34, 0x0a0d_0d0b, 0x4d5a_0000])
  func unknownMagic(magic: UInt32) {
    let file = [UInt8](capacity: 24) {
      $0.append(bigEndian: magic)
      $0.append(repeating: 0, count: 20)
    }
    #expect(Reading(file).error == CaptureError(.fileHeader, at: 0, .unknownMagic(magic)))
  }

  @Test(
    "versions but 2.4 and later 2.x are refused",
    arguments: [(1, 4), (2, 3), (3, 4), (0, 0), (543, 0)] as [(UInt16, UInt16)])
  func version(major: UInt16, minor: UInt16) {
    var file = Self.bigEndianNanoseconds
    file.replaceSubrange(
      4..<8,
      with: [UInt8](capacity: 4) {
        $0.append(bigEndian: major)
        $0.append(bigEndian: minor)
      })
    let error = CaptureError(
      .fileHeader, at: 0, .unsupportedVersion(major: major, minor: minor))
    #expect(Reading(file).error == error)
  }

  @Test(
    "a captured length over the limit is damage; a large snapshot length raises the limit",
    arguments: [
      (0, 262_144), (65_535, 262_144), (262_145, 262_145), (1 << 27, 1 << 27),
      (UInt32.max, 1 << 27),
    ] as [(UInt32, Int)])
  func capturedLengthLimit(snapshotLength: UInt32, limit: Int) {
    for excess in 0...1 {
      let length = UInt32(limit + excess)
      let file = [UInt8](capacity: 40) {
        for word in [0xa1b2_c3d4, 0x0002_0004, 0, 0, snapshotLength, 1, 0, 0, length, 0] {
          $0.append(bigEndian: word)
        }
      }
      let reason: CaptureError.Reason =
        excess == 1
        ? .badCapturedLength(length, limit: limit)
        : .truncated(needed: limit + 16, available: 16)
      #expect(Reading(file).error == CaptureError(.record(1), at: 24, reason))
    }
  }

  @Test("a fraction of more than a second counts on", arguments: [1_000_000, UInt32.max])
  func largeFraction(fraction: UInt32) {
    let file = [UInt8](capacity: 40) {
      for word in [0xa1b2_c3d4, 0x0002_0004, 0, 0, 0, 1, UInt32.max, fraction, 0, 0] {
        $0.append(bigEndian: word)
      }
    }
    let time = Int64(UInt32.max) * 1_000_000_000 + Int64(fraction) * 1_000
    #expect(Reading(file).packets.map(\.described.time.nanoseconds) == [time])
  }
}
