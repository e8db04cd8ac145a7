import CaptureFile
import PacketTestSupport
import Testing

@Suite("hostile capture files")
struct HostileFileTests {
  static let seeds = [
    PcapTests.littleEndianMicroseconds, PcapTests.bigEndianNanoseconds,
    PcapngTests.section(.little), PcapngTests.section(.big),
  ]

  @Test("random octets end in an end or an error, the same however they come", arguments: 0..<4)
  func random(kind: Int) {
    var rng = SeededRNG(seed: UInt64(kind))
    let start = Self.seeds[kind].prefix(kind < 2 ? 24 : 28)
    for _ in 0..<2_000 {
      let file =
        start.prefix(.random(in: 4...28, using: &rng))
        + rng.bytes(count: .random(in: 0...120, using: &rng))
      #expect(Reading(Array(file)) == Reading(Array(file), chunkLength: 5))
    }
  }

  @Test("flipped octets end in an end or an error, the same however they come", arguments: 0..<4)
  func flipped(kind: Int) {
    var rng = SeededRNG(seed: UInt64(kind))
    for _ in 0..<4_000 {
      var file = Self.seeds[kind]
      for _ in 0..<Int.random(in: 1...4, using: &rng) {
        file[Int.random(in: 0..<file.count, using: &rng)] = .random(in: 0...255, using: &rng)
      }
      #expect(Reading(file) == Reading(file, chunkLength: 9))
    }
  }
}
