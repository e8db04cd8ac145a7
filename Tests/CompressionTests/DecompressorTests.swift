import Compression
import PacketTestSupport
import Testing

@Suite("unpacking gzip and zstd")
struct DecompressorTests {
  /// All that came out, and why no more.
  struct Result: Equatable {
    var octets: [UInt8] = []
    var error: DecompressionError?
  }

  static let formats: [CompressionFormat] = [.gzip, .zstd]

  static func pack(_ octets: [UInt8], _ format: CompressionFormat) -> [UInt8] {
    format == .gzip ? PackedData.gzip(octets) : PackedData.zstd(octets)
  }

  /// Unpacks `packed`, given in pieces, into an output of `room` octets.
  static func unpack(
    _ packed: [UInt8], _ format: CompressionFormat, pieces: Int = .max, room: Int = 65_536
  ) -> Result {
    var result = Result()
    do throws(DecompressionError) {
      var decompressor = try Decompressor(format)
      var output = [UInt8](repeating: 0, count: room)
      var rest = packed[...]
      while true {
        let piece = Array(rest.prefix(pieces))
        let progress = try decompressor.decompress(piece.span, into: &output)
        rest = rest.dropFirst(progress.consumed)
        result.octets += output.prefix(progress.produced)
        if progress.consumed == 0, progress.produced == 0, rest.isEmpty { break }
      }
      try decompressor.finish()
    } catch { result.error = error }
    return result
  }

  /// Text that packs well beside noise that does not.
  static let sample: [UInt8] = {
    var rng = SeededRNG(seed: 3)
    return (0..<60).flatMap { line in Array("line \(line) of many\n".utf8) + rng.bytes(count: 9) }
  }()

  @Test(
    "what was packed comes out, however it comes",
    arguments: formats, [(Int.max, 65_536), (1, 65_536), (7, 1), (1_000, 13)])
  func roundTrip(format: CompressionFormat, sizes: (pieces: Int, room: Int)) {
    let packed = Self.pack(Self.sample, format)
    #expect(packed.count < Self.sample.count)
    #expect(CompressionFormat(magic: packed.span) == format)
    let result = Self.unpack(packed, format, pieces: sizes.pieces, room: sizes.room)
    #expect(result == Result(octets: Self.sample))
  }

  @Test("nothing packed is nothing", arguments: formats)
  func empty(format: CompressionFormat) {
    #expect(Self.unpack(Self.pack([], format), format) == Result())
  }

  @Test("several members or frames are one piece of data", arguments: formats, [3, Int.max])
  func members(format: CompressionFormat, pieces: Int) {
    let packed = Self.pack([1, 2, 3], format) + Self.pack([], format) + Self.pack([4, 5], format)
    #expect(Self.unpack(packed, format, pieces: pieces) == Result(octets: [1, 2, 3, 4, 5]))
  }

  @Test("a frame to be passed over may come first")
  func skippableFrame() {
    let skipped = hex("50 2a 4d 18  03 00 00 00  aa bb cc")
    #expect(CompressionFormat(magic: skipped.span) == .zstd)
    let packed = skipped + PackedData.zstd([1, 2])
    #expect(Self.unpack(packed, .zstd) == Result(octets: [1, 2]))
  }

  @Test("data that breaks off gives what there was of it, and says so", arguments: formats)
  func truncation(format: CompressionFormat) {
    let packed = Self.pack(Self.sample, format)
    var longest = 0
    for count in 0..<packed.count {
      let result = Self.unpack(Array(packed.prefix(count)), format)
      #expect(result.error == DecompressionError(format, at: count, .truncated))
      #expect(result.octets == Array(Self.sample.prefix(result.octets.count)))
      #expect(result.octets.count >= longest)
      longest = result.octets.count
    }
    // gzip gives nearly all; a block of zstd is given when it is whole.
    if format == .gzip { #expect(longest == Self.sample.count) }
  }

  @Test("whole blocks before a break are given")
  func truncatedBlocks() {
    var rng = SeededRNG(seed: 5)
    let noise = rng.bytes(count: 140_000)
    let packed = PackedData.zstd(noise)
    let result = Self.unpack(Array(packed.dropLast(20)), .zstd)
    // Of a block that is not packed, libzstd gives the parts, too.
    #expect(result.octets.count >= 131_072)
    // Of arrays this long, Swift Testing would work out the difference for a minute.
    let isStart = noise.starts(with: result.octets)
    #expect(isStart)
    #expect(result.error?.reason == .truncated)
  }

  @Test("what comes before damage is given", arguments: formats)
  func damage(format: CompressionFormat) {
    var rng = SeededRNG(seed: 5)
    let noise = rng.bytes(count: 140_000)
    var packed = Self.pack(noise, format)
    // gzip's check of the whole; zstd's second block, whose type becomes the reserved one.
    let index = format == .gzip ? packed.count - 5 : packed.count - (140_000 - 131_072) - 3
    packed[index] ^= format == .gzip ? 1 : 6
    let result = Self.unpack(packed, format)
    #expect(result.octets.count == (format == .gzip ? 140_000 : 131_072))
    let isStart = noise.starts(with: result.octets)
    #expect(isStart)
    guard case .damaged = result.error?.reason else {
      Issue.record("\(result.error.map(String.init(describing:)) ?? "no error")")
      return
    }
  }

  @Test("octets behind the end that are none of the format's are damage", arguments: formats)
  func garbage(format: CompressionFormat) {
    let packed = Self.pack([1, 2, 3], format)
    let result = Self.unpack(packed + Array("garbage".utf8), format)
    #expect(result.octets == [1, 2, 3])
    guard case .damaged = result.error?.reason else {
      Issue.record("no damage")
      return
    }
  }

  @Test("random octets end in an error, the same however they come", arguments: formats)
  func random(format: CompressionFormat) {
    var rng = SeededRNG(seed: 9)
    let packed = Self.pack(Self.sample, format)
    for _ in 0..<100 {
      var damaged = packed
      damaged[.random(in: 0..<packed.count, using: &rng)] ^= .random(in: 1...255, using: &rng)
      let (whole, pieces) = (Self.unpack(damaged, format), Self.unpack(damaged, format, pieces: 50))
      #expect(whole.error?.reason == pieces.error?.reason)
      #expect(whole.octets == pieces.octets)
    }
  }

  @Test("a window beyond the limit is refused")
  func largeWindow() {
    // A frame header that asks for a window of 2^31 octets (RFC 8878 §3.1.1.1.2).
    let result = Self.unpack(hex("28 b5 2f fd  00  a8  01 00 00"), .zstd)
    guard case .damaged = result.error?.reason else {
      Issue.record("not refused")
      return
    }
  }

  @Test(
    "formats are told by their first four octets",
    arguments: [
      ("1f 8b 08 00", .gzip), ("1f 8b 07 00", nil), ("28 b5 2f fd", .zstd), ("28 b5 2f fc", nil),
      ("5f 2a 4d 18", .zstd), ("60 2a 4d 18", nil), ("1f 8b 08", nil), ("0a 0d 0d 0a", nil),
      ("d4 c3 b2 a1", nil),
    ] as [(String, CompressionFormat?)])
  func magic(octets: String, format: CompressionFormat?) {
    #expect(CompressionFormat(magic: hex(octets).span) == format)
  }
}
