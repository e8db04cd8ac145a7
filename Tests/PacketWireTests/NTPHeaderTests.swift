import PacketTestSupport
import PacketWire
import Testing

@Suite("NTP header (RFC 5905 §7.3)")
struct NTPHeaderTests {
  static let vector = hex(
    """
    dc 02 fe ec 01020304 05060708 090a0b0c 0d0e0f1011121314 1516171819202122 2324252627282930
    3132333435363738
    """)

  @Test func fields() throws {
    let header: NTPHeader = try parse(Self.vector)
    #expect(header.leapIndicator == 3 && header.version == 3 && header.mode == .server)
    #expect(header.stratum == 2 && header.poll == -2 && header.precision == -20)
    #expect(header.rootDelay == 0x0102_0304 && header.rootDispersion == 0x0506_0708)
    #expect(header.referenceIdentifier == 0x090a_0b0c)
    #expect(header.reference.bits == 0x0d0e_0f10_1112_1314)
    #expect(header.origin.bits == 0x1516_1718_1920_2122)
    #expect(header.receive.bits == 0x2324_2526_2728_2930)
    #expect(header.transmit.bits == 0x3132_3334_3536_3738)
    #expect(octets(of: header) == Self.vector)
  }

  @Test("shorter than a header", arguments: 0..<48)
  func prefixes(count: Int) {
    #expect(throws: PacketError(.ntp, at: 7, .truncated(needed: 48, available: count))) {
      let _: NTPHeader = try parse(Array(Self.vector.prefix(count)), at: 7)
    }
  }

  @Test func randomOctets() throws {
    var rng = SeededRNG(seed: 123)
    for _ in 0..<200 {
      let wire = rng.bytes(count: 48)
      let header: NTPHeader = try parse(wire)
      #expect(octets(of: header) == wire)
    }
  }

  @Test func built() {
    #expect(octets(of: NTPHeader(.client)) == [0x23] + [UInt8](repeating: 0, count: 47))
    #expect(NTPHeader(.control, version: 2).first == 0x16)
  }

  @Test(
    "seconds, nanoseconds and the era (RFC 4330 §3)",
    arguments: [
      (0x83aa_7e80_8000_0000, 0, 500_000_000), (0x83aa_7e80_0000_0005, 0, 1),
      (0xe000_0000_ffff_ffff, 1_549_107_584, 999_999_999),
      (0x7fff_ffff_0000_0000, 4_233_462_143, 0), (0x8000_0000_4000_0000, -61_505_152, 250_000_000),
    ] as [(UInt64, Int64, UInt32)])
  func timestamps(bits: UInt64, unix: Int64, nanoseconds: UInt32) {
    let time = NTPTimestamp(bits: bits)
    #expect(time.unixSeconds == unix && time.nanoseconds == nanoseconds)
  }
}
