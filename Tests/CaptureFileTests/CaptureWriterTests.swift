import CaptureFile
import PacketTestSupport
import PacketWire
import Testing

@Suite("writing pcap files")
struct CaptureWriterTests {
  static let instant = WallInstant(nanoseconds: 0x4403_0201 * 1_000_000_000 + 123_456_789)

  @Test("the octets of a file")
  func octets() {
    let writer = CaptureWriter(linkType: .linuxSLL2, snapshotLength: 0x0a0b_0c0d)
    #expect(
      file(writer, [([0xaa, 0xbb], Self.instant, 1_514)])
        == hex(
          """
          d4 c3 b2 a1  02 00 04 00  00 00 00 00  00 00 00 00  0d 0c 0b 0a  14 01 00 00
          01 02 03 44  40 e2 01 00  02 00 00 00  ea 05 00 00   aa bb
          """))
    let nano = CaptureWriter(linkType: .ethernet, resolution: .nanoseconds)
    #expect(
      file(nano, [([], Self.instant, 1_514)])
        == hex(
          """
          4d 3c b2 a1  02 00 04 00  00 00 00 00  00 00 00 00  00 00 04 00  01 00 00 00
          01 02 03 44  15 cd 5b 07  00 00 00 00  ea 05 00 00
          """))
  }

  @Test(
    "times that 32 bits cannot count become the ends",
    arguments: [
      (-1, 0), (0, 0), (4_294_967_295_000_000_000, 4_294_967_295_000_000_000),
      (4_294_967_296_000_000_001, 4_294_967_295_000_000_001),
      (.min, 0), (.max, 4_294_967_295_854_775_807),
    ] as [(Int64, Int64)])
  func timeLimits(written: Int64, read: Int64) {
    let writer = CaptureWriter(linkType: .raw, resolution: .nanoseconds)
    let octets = file(writer, [([], WallInstant(nanoseconds: written), 0)])
    #expect(Reading(octets).packets.map(\.described.time.nanoseconds) == [read])
  }

  @Test(
    "what is written is read back",
    arguments: [.microseconds, .nanoseconds] as [CaptureWriter.Resolution])
  func roundTrip(resolution: CaptureWriter.Resolution) {
    var rng = SeededRNG(seed: 1)
    let unit: Int64 = resolution == .microseconds ? 1_000 : 1
    let records = (0..<200).map { _ in
      (
        rng.bytes(count: .random(in: 0...300, using: &rng)),
        WallInstant(
          nanoseconds: .random(in: 0..<4_294_967_296_000_000_000 / unit, using: &rng) * unit),
        Int.random(in: 0...0xffff_ffff, using: &rng)
      )
    }
    let reading = Reading(
      file(CaptureWriter(linkType: .loop, resolution: resolution), records), chunkLength: 1_000)
    let expected = records.enumerated().map { index, record in
      Reading.Packet(
        described: CapturedPacket(
          number: index + 1, time: record.1, linkType: .loop, capturedLength: record.0.count,
          originalLength: record.2, interface: 0),
        octets: record.0)
    }
    #expect(reading.packets == expected && reading.error == nil)
  }

  private func file(
    _ writer: CaptureWriter, _ records: [(octets: [UInt8], time: WallInstant, length: Int)]
  ) -> [UInt8] {
    let room = records.reduce(CaptureWriter.headerLength) {
      $0 + CaptureWriter.recordHeaderLength + $1.octets.count
    }
    return [UInt8](capacity: room) {
      writer.writeHeader(to: &$0)
      for (octets, time, length) in records {
        writer.writeRecord(octets.span, at: time, originalLength: length, to: &$0)
      }
    }
  }
}
