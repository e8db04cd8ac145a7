import PacketTestSupport
import PacketWire
import Testing

@Suite("fingerprints of hellos")
struct HelloFingerprintTests {
  private static func vector(_ octets: [UInt8]) -> [UInt8] {
    [UInt8(octets.count >> 8), UInt8(octets.count & 0xff)] + octets
  }

  private static func words(_ numbers: [UInt16]) -> [UInt8] {
    numbers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
  }

  /// A hello with these extensions, of which each value is `values`' or empty.
  private static func hello(
    version: UInt16 = 0x0303, _ suites: [UInt16], _ types: [UInt16], _ values: [UInt16: [UInt8]]
  ) throws -> ClientHello {
    let extensions = types.flatMap { words([$0]) + vector(values[$0] ?? []) }
    let body =
      words([version]) + [UInt8](repeating: 7, count: 32) + [0] + vector(words(suites)) + [1, 0]
      + (types.isEmpty ? [] : vector(extensions))
    var reader = PacketReader(body.span)
    return try ClientHello(parsing: &reader)
  }

  /// The browser of FoxIO's description of JA4.
  private static func browser() throws -> ClientHello {
    try hello(
      [
        0x6a6a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
        0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
      ],
      [
        0x1a1a, 0x0000, 0x0017, 0xff01, 0x000a, 0x000b, 0x0023, 0x0010, 0x0005, 0x000d, 0x0012,
        0x0033, 0x002d, 0x002b, 0x001b, 0x4469, 0x0015, 0x2a2a,
      ],
      [
        0x000a: vector(words([0x3a3a, 29, 23, 24])), 0x000b: [1, 0],
        0x000d: vector(
          words([0x4a4a, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601])),
        0x0010: vector([2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8)),
        0x002b: [6] + words([0x5a5a, 0x0304, 0x0303]),
      ])
  }

  @Test("JA4 of the browser in its description, with and without digests")
  func published() throws {
    let hello = try Self.browser()
    #expect(hello.ja4(isQUIC: false) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
    #expect(hello.ja4(isQUIC: true) == "q13d1516h2_8daaf6152771_e5627efa2ab1")
    #expect(
      hello.ja4Text(isQUIC: false)
        == "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_"
        + "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_"
        + "0403,0804,0401,0503,0805,0501,0806,0601")
  }

  @Test("JA3: everything in its order, but noise")
  func ja3() throws {
    let hello = try Self.browser()
    #expect(
      hello.ja3Text
        == "771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,"
        + "0-23-65281-10-11-35-16-5-13-18-51-45-43-27-17513-21,29-23-24,0")
    // The browser's, as lists of JA3 have it.
    #expect(hello.ja3 == "cd08e31494f9531f560d64c695473da9")
  }

  @Test("what is missing is empty in JA3, and zeros in JA4")
  func missing() throws {
    let old = try Self.hello(version: 0x0301, [5, 4], [], [:])
    #expect(old.ja3Text == "769,5-4,,,")
    #expect(old.ja4(isQUIC: false).hasPrefix("t10i020000_"))
    #expect(old.ja4(isQUIC: false).hasSuffix("_000000000000"))
    #expect(old.ja4Text(isQUIC: false) == "t10i020000_0004,0005_")
    let empty = try Self.hello(version: 0x0002, [], [0], [:])
    #expect(empty.ja4(isQUIC: false) == "ts2d000100_000000000000_000000000000")
  }

  @Test(
    "the ends of a protocol's name, in hex where they are no letters and digits",
    arguments: [
      ([0x68], "hh"), ([0x68, 0x32], "h2"), ([0xab], "ab"), ([0xab, 0xcd], "ad"),
      ([0x30, 0xab], "3b"), ([0x30, 0x31, 0xab, 0xcd], "3d"), ([0x30, 0xab, 0xcd, 0x31], "01"),
      ([0x68, 0x2d], "6d"),
    ] as [([UInt8], String)])
  func protocolEnds(_ name: [UInt8], _ ends: String) throws {
    let hello = try Self.hello([1], [16], [16: Self.vector([UInt8(name.count)] + name)])
    #expect(hello.ja4(isQUIC: false).prefix(10) == "t12i0101\(ends)")
  }

  @Test("counts end at 99, and versions that nobody knows are 00")
  func bounds() throws {
    let many = try Self.hello(
      version: 0x0999, (1...200).map { $0 }, (100..<250).map { $0 }, [:])
    #expect(many.ja4(isQUIC: false).prefix(10) == "t00i999900")
  }

  @Test("JA3S")
  func server() throws {
    let body: [UInt8] =
      [3, 3] + [UInt8](repeating: 9, count: 32) + [0, 0xc0, 0x2f, 0] + [
        0, 9, 0xff, 1, 0, 1, 0, 0, 11, 0, 0,
      ]
    var reader = PacketReader(body.span)
    let hello = try ServerHello(parsing: &reader)
    #expect(hello.ja3sText == "771,49199,65281-11")
    #expect(hello.ja3s == "303951d4c50efb2e991652225a6f02b1")
  }
}
