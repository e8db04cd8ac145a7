import Compression
import PacketTestSupport
import Testing

@Suite("unpacking the messages of a WebSocket")
struct MessageDecompressorTests {
  /// What a message unpacks to, given whole and in single octets; nil when it is damaged.
  static func unpack(
    _ message: [UInt8], _ machine: inout MessageDecompressor, room: Int = 3, pieces: Int = .max
  ) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: room)
    var (rest, unpacked) = ((message + [0, 0, 0xff, 0xff])[...], [UInt8]())
    while true {
      let piece = Array(rest.prefix(pieces))
      guard let progress = machine.decompress(piece.span, into: &output) else { return nil }
      rest = rest.dropFirst(progress.consumed)
      unpacked += output.prefix(progress.produced)
      if progress.consumed == 0, progress.produced == 0, rest.isEmpty { return unpacked }
    }
  }

  struct NoMemory: Error {}

  static let hello = Array("Hello".utf8)

  @Test("the examples of RFC 7692 7.2.3", arguments: [1, Int.max])
  func examples(pieces: Int) throws {
    guard var machine = MessageDecompressor(windowBits: 15) else { throw NoMemory() }
    // One block; the same again, which refers to the first; a stored block; data that ends for good, and
    // a message behind it that refers to it; two blocks.
    for octets in [
      "f248cdc9c90700", "f200110000", "000500faff48656c6c6f00", "f348cdc9c9070000", "f200110000",
      "f248050000 00ffff cac9c90700",
    ] {
      let message = hex(octets.filter { $0 != " " })
      let unpacked = Self.unpack(message, &machine, pieces: pieces)
      #expect(unpacked == Self.hello, "\(octets)")
    }
  }

  @Test("what refers to forgotten messages is damaged, until all is forgotten again")
  func forgets() throws {
    guard var machine = MessageDecompressor(windowBits: 15) else { throw NoMemory() }
    let (alone, referring) = (hex("f248cdc9c90700"), hex("f200110000"))
    var found: [[UInt8]?] = [Self.unpack(alone, &machine)]
    machine.reset()
    found += [Self.unpack(referring, &machine), Self.unpack(alone, &machine)]
    machine.reset()
    found.append(Self.unpack(alone, &machine))
    #expect(found == [Self.hello, nil, nil, Self.hello])
  }

  @Test("what was agreed to be near is not looked for farther away")
  func window() throws {
    // 600 octets that do not pack, and the first ten of them again.
    let stored = (0..<600).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    let block = [0, 0x58, 0x02, 0xa7, 0xfd] + stored + [0]
    guard var wide = MessageDecompressor(windowBits: 15),
      var narrow = MessageDecompressor(windowBits: 9)
    else { throw NoMemory() }
    // Noncopyable values are no arguments of #expect.
    let (whole, alsoWhole) = (Self.unpack(block, &wide), Self.unpack(block, &narrow))
    #expect(whole == stored && alsoWhole == stored)
    // Fixed codes: a length of 10 (264), a distance of 600 (code 18, 8 bits more: 513 + 87), the end.
    let copy = Self.bits([
      (0b010, 3), (reversed(8, 7), 7), (reversed(18, 5), 5), (87, 8), (0, 7), (0, 3),
    ])
    let (near, far) = (Self.unpack(copy, &narrow, room: 64), Self.unpack(copy, &wide, room: 64))
    #expect(far == Array(stored.prefix(10)))
    #expect(near == nil)
  }

  /// Packs numbers of so many bits, the lowest bit first (RFC 1951 §3.1.1).
  static func bits(_ numbers: [(value: Int, count: Int)]) -> [UInt8] {
    var (octets, place): ([UInt8], Int) = ([], 0)
    for (value, count) in numbers {
      for bit in 0..<count {
        if place % 8 == 0 { octets.append(0) }
        if value >> bit & 1 == 1 { octets[place / 8] |= 1 << UInt8(place % 8) }
        place += 1
      }
    }
    return octets
  }

  /// Codes stand with their highest bit first.
  func reversed(_ value: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 << 1 | value >> $1 & 1 }
  }
}
