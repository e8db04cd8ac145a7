import AddressOrigins
import LineFormat
import PacketTestSupport
import PacketWire
import Testing

/// Reads a table in pieces of so many octets.
func originTable(_ text: String, pieces: Int = .max) throws -> OriginTable {
  var reader = OriginTableReader(named: "x")
  let octets = Array(text.utf8)
  var start = 0
  while start < octets.count {
    let end = pieces < octets.count - start ? start + pieces : octets.count
    try reader.take(octets.span.extracting(start..<end))
    start = end
  }
  return try reader.finish()
}

extension OriginTable {
  /// "64500 192.0.2.0/24 ZZ EXAMPLE", with "-" for what is not known.
  func words(_ address: String) throws -> String {
    guard let origin = origin(of: try #require(IPAddress(address))) else { return "none" }
    let numbers = origin.numbers.map { "\($0)" }.joined(separator: "+")
    return "\(numbers) \(origin.block) \(origin.country ?? "-") \(origin.name ?? "-")"
  }
}

@Suite("Tables of origins")
struct OriginTableTests {
  static let ranges = """
    192.0.2.0\t192.0.2.255\t64500\tZZ\tEXAMPLE-ONE One, and more
    198.18.0.0\t198.18.2.255\t64501\tNone\tTWO
    198.18.3.0\t198.18.3.255\t0\tNone\tNot routed
    203.0.113.0\t203.0.113.255\t64500\tZZ\tEXAMPLE-ONE One, and more
    2001:db8::\t2001:db8:0:ffff:ffff:ffff:ffff:ffff\t64502\tXY\tSIX
    """

  static let rangeCases = [
    ("192.0.2.0", "64500 192.0.2.0/24 ZZ EXAMPLE-ONE One, and more"),
    ("192.0.2.255", "64500 192.0.2.0/24 ZZ EXAMPLE-ONE One, and more"),
    ("192.0.1.255", "none"), ("192.0.3.0", "none"), ("0.0.0.0", "none"),
    ("198.18.2.9", "64501 198.18.0.0-198.18.2.255 - TWO"), ("198.18.3.9", "none"),
    ("255.255.255.255", "none"), ("2001:db8::1", "64502 2001:db8::/48 XY SIX"),
    ("2001:db8:1::", "none"), ("::", "none"),
  ]

  @Test("iptoasn.com's form", arguments: rangeCases, [1, 7, 64, .max])
  func rangeForm(expected: (address: String, words: String), pieces: Int) throws {
    let table = try originTable(Self.ranges, pieces: pieces)
    #expect(try table.words(expected.address) == expected.words)
    #expect(table.count == 4 && table.systemCount == 3)
  }

  @Test("addresses as numbers, and what Windows puts before the end of a line")
  func numbers() throws {
    let table = try originTable("3221225984\t3221226239\t64500\tZZ\tONE\r\n0\t1\t64501\tNone\t\r\n")
    #expect(try table.words("192.0.2.1") == "64500 192.0.2.0/24 ZZ ONE")
    #expect(try table.words("0.0.0.1") == "64501 0.0.0.0/31 - -")
  }

  @Test(
    "CAIDA's form, prefixes within prefixes",
    arguments: [
      ("198.18.0.1", "64500 198.18.0.0/15 - -"),
      ("198.18.1.1", "64501+64502+64503 198.18.1.0/24 - -"),
      ("198.18.1.77", "64504 198.18.1.77/32 - -"), ("198.18.2.0", "64500 198.18.0.0/15 - -"),
      ("198.19.255.255", "64500 198.18.0.0/15 - -"), ("198.20.0.0", "64505 0.0.0.0/0 - -"),
      ("2001:db9::", "none"), ("203.0.113.1", "64505 0.0.0.0/0 - -"),
      ("2001:db8:5::1", "64506 2001:db8::/32 - -"),
    ])
  func lengthForm(address: String, words: String) throws {
    let text = """
      # made by hand
      198.18.0.0\t15\t64500
      198.18.1.0\t24\t64501_64502,64503

      198.18.1.77 32 64504
      0.0.0.0 0 64505
      2001:db8:: 32 64506
      """
    // Whatever the order of the lines.
    let lines = text.split(separator: "\n")
    for table in [
      try originTable(text), try originTable(lines.reversed().joined(separator: "\n")),
    ] {
      #expect(try table.words(address) == words)
    }
  }

  @Test(
    "prefixes as one writes them",
    arguments: [
      ("192.0.2.1", "64500 192.0.2.0/24 - A name of several words"),
      ("192.0.3.1", "64501+64502 192.0.3.0/24 - FIRST"), ("2001:db8::1", "64503 2001:db8::/32 - -"),
      ("198.18.0.1", "64504+64505 198.18.0.0/16 - -"), ("203.0.113.9", "none"),
    ])
  func prefixForm(address: String, words: String) throws {
    let table = try originTable(
      """
      ; a comment of another kind
        192.0.2.9/24   AS64500   A name of several words  \n\
      192.0.3.0/24 64501 FIRST
      192.0.3.0/24 as64502 SECOND
      2001:db8::/32 64503
      198.18.0.0/16 {64504,64505}
      203.0.113.0/24 0 NOBODY
      """)
    #expect(try table.words(address) == words)
  }

  static let errors: [(String, String)] = [
    ("", "x:1:1: expected a line such as \"192.0.2.0/24 64500 NAME\", found the end of the file"),
    (
      "# only this\n",
      "x:2:1: expected a line such as \"192.0.2.0/24 64500 NAME\", found the end of the file"
    ),
    (
      "hello world\n",
      "x:1:1: expected a line such as \"192.0.2.0/24 64500 NAME\", \"192.0.2.0 24 64500\" or one of "
        + "iptoasn.com, found \"hello world\""
    ),
    (
      "192.0.2.0/24 64500\n\n192.0.2.0/33 64500",
      "x:3:1: expected a prefix such as 192.0.2.0/24 (PREFIX NUMBER [NAME]), found \"192.0.2.0/33\""
    ),
    (
      "192.0.2.0/24 AS\n",
      "x:1:14: expected the number of an autonomous system, 0 to 4294967295 (PREFIX NUMBER [NAME]), "
        + "found \"AS\""
    ),
    (
      "192.0.2.0/24 4294967296\n",
      "x:1:14: expected the number of an autonomous system, 0 to 4294967295 (PREFIX NUMBER [NAME]), "
        + "found \"4294967296\""
    ),
    (
      "192.0.2.0/24\n",
      "x:1:13: expected the number of an autonomous system, 0 to 4294967295 (PREFIX NUMBER [NAME]), "
        + "found the end of the line"
    ),
    (
      "192.0.2.0 24 1_\n",
      "x:1:14: expected the number of an autonomous system, 0 to 4294967295 (ADDRESS LENGTH NUMBER), "
        + "found \"1_\""
    ),
    (
      "192.0.2.0 33 1\n",
      "x:1:11: expected a prefix length from 0 to 32 (ADDRESS LENGTH NUMBER), found \"33\""
    ),
    (
      "192.0.2.0 24 1 two\n",
      "x:1:16: expected the end of the line (ADDRESS LENGTH NUMBER), found \"two\""
    ),
    (
      "192.0.2.0\t192.0.1.0\t1\tZZ\tA\n",
      "x:1:11: expected the last address of the range, not before the first one (FIRST LAST NUMBER "
        + "COUNTRY NAME with tabs between), found \"192.0.1.0\""
    ),
    (
      "192.0.2.0\t2001:db8::\t1\tZZ\tA\n",
      "x:1:11: expected the last address of the range, not before the first one (FIRST LAST NUMBER "
        + "COUNTRY NAME with tabs between), found \"2001:db8::\""
    ),
    (
      "192.0.2.0\t192.0.2.9\t\tZZ\tA\n",
      "x:1:21: expected the number of an autonomous system, 0 to 4294967295 (FIRST LAST NUMBER "
        + "COUNTRY NAME with tabs between), found \"\""
    ),

  ]

  @Test("what is wrong, and where", arguments: errors)
  func wrong(text: String, message: String) {
    for pieces in [1, 5, .max] {
      let error = #expect(throws: LineError.self) { try originTable(text, pieces: pieces) }
      #expect(error?.description == message)
    }
  }

  @Test("what gzip packed is named as that")
  func packed() {
    var reader = OriginTableReader(named: "x")
    let octets: [UInt8] = [0x1f, 0x8b, 8, 0, 0x0a]
    let error = #expect(throws: LineError.self) { try reader.take(octets.span) }
    #expect(error?.found == "a file that gzip packed")
  }

  @Test("a line without an end is refused before it fills the memory")
  func longLine() {
    var reader = OriginTableReader(named: "x")
    let error = #expect(throws: LineError.self) {
      for _ in 0..<10 { try reader.take([UInt8](repeating: 0x41, count: 1000).span) }
    }
    #expect(error?.line == 1 && error?.column == 4097)
  }

  @Test("noise is an error or a table, and nothing else")
  func noise() {
    var random = SeededRNG(seed: 7)
    let alphabet = Array("0123456789.:/\t\n _,ASZ#{}\u{e9}".utf8)
    for _ in 0..<3000 {
      var reader = OriginTableReader(named: "x")
      let octets = (0..<Int.random(in: 0...80, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      guard (try? reader.take(octets.span)) != nil, let table = try? reader.finish() else {
        continue
      }
      _ = table.origin(of: .v4(.loopback))
      _ = table.origin(of: .v6(.loopback))
    }
  }
}
