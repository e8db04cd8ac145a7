import PacketTestSupport
import Testing

@testable import Compression

@Suite("Packing by gzip")
struct GzipCompressorTests {
  private func unpacked(_ packed: [UInt8]) throws -> [UInt8] {
    var machine = try Decompressor(.gzip)
    var (rest, plain): (ArraySlice<UInt8>, [UInt8]) = (packed[...], [])
    var buffer = [UInt8](repeating: 0, count: 5000)
    while true {
      let progress = try machine.decompress(Array(rest).span, into: &buffer)
      plain += buffer[..<progress.produced]
      rest = rest.dropFirst(progress.consumed)
      if progress.produced == 0, progress.consumed == 0 { break }
    }
    try machine.finish()
    return plain
  }

  @Test("what was packed in pieces comes back whole", arguments: [0, 1, 100, 70_000, 1_000_000])
  func roundTrip(length: Int) throws {
    var random = SeededRNG(seed: UInt64(length))
    let noise = random.bytes(count: length)
    let text = (0..<length).map { UInt8($0 % 7 + 0x61) }
    for (octets, shrinks) in [(noise, false), (text, true)] {
      guard var compressor = GzipCompressor() else {
        Issue.record("no memory")
        return
      }
      var (rest, packed): (ArraySlice<UInt8>, [UInt8]) = (octets[...], [])
      while !rest.isEmpty {
        packed += compressor.compress(Array(rest.prefix(30_000)))
        rest = rest.dropFirst(30_000)
      }
      packed += compressor.finish()
      #expect(try unpacked(packed) == octets)
      #expect(packed.starts(with: [0x1f, 0x8b, 8]))
      if shrinks, length >= 100 { #expect(packed.count < length / 2) }
    }
  }
}
