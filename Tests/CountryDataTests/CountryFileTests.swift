import CountryData
import Glibc
import LinuxSystem
import PacketTestSupport
import PacketWire
import Testing

@Suite("Countries from a file")
struct CountryFileTests {
  /// Calls `body` with the path of a file that holds `octets`.
  private func withFile<Result>(_ octets: [UInt8], _ body: (String) throws -> Result) throws
    -> Result
  {
    let path = "/tmp/wirewalk-country-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).mmdb"
    do {
      let file = try Descriptor.createForWriting(path)
      try writeAll(octets.span, to: file.rawValue)
    }
    defer { _ = unsafe unlink(path) }
    return try body(path)
  }

  private static let database: [UInt8] = {
    var builder = DatabaseBuilder()
    func v4(_ a: UInt128, _ b: UInt128, _ c: UInt128) -> UInt128 { a << 24 | b << 16 | c << 8 }
    builder.add(
      v4(192, 0, 2), length: 96 + 24,
      .map([
        ("continent", .map([("code", .text("EU"))])),
        ("country", .map([("geoname_id", .number32(1)), ("iso_code", .text("AT"))])),
      ]))
    builder.add(v4(198, 18, 0), length: 96 + 15, .map([("country_code", .text("CH"))]))
    builder.add(v4(203, 0, 113), length: 96 + 24, .map([("country", .text("IS"))]))
    // What is no code of a country.
    builder.add(v4(198, 51, 100), length: 96 + 24, .map([("country", .text("at"))]))
    builder.add(v4(198, 51, 101), length: 96 + 24, .map([("country", .text("\u{1b}["))]))
    builder.add(v4(198, 51, 102), length: 96 + 24, .map([("country", .text("Austria"))]))
    builder.add(v4(198, 51, 103), length: 96 + 24, .map([("city", .text("AT"))]))
    builder.add(v4(198, 51, 104), length: 96 + 24, .map([("country_code", .number16(17))]))
    builder.add(v4(198, 51, 105), length: 96 + 24, .text("AT"))
    builder.add(
      0x2001_0db8 << 96, length: 32,
      .map([("country", .map([("iso_code", .text("NZ"))]))]))
    return builder.octets()
  }()

  @Test(
    "countries of addresses",
    arguments: [
      ("192.0.2.1", "AT"), ("192.0.2.255", "AT"), ("192.0.3.1", nil), ("198.19.255.255", "CH"),
      ("203.0.113.9", "IS"), ("198.51.100.1", nil), ("198.51.101.1", nil), ("198.51.102.1", nil),
      ("198.51.103.1", nil), ("198.51.104.1", nil), ("198.51.105.1", nil), ("2001:db8::1", "NZ"),
      ("2001:db9::1", nil), ("::1", nil), ("255.255.255.255", nil),
    ])
  func country(address: String, expected: String?) throws {
    try withFile(Self.database) { path in
      let file = try CountryFile(path)
      #expect(file.country(of: try #require(IPAddress(address))) == expected)
    }
  }

  @Test("a file that is not there, or is no such file")
  func refused() throws {
    let missing = #expect(throws: CountryFileError.self) { try CountryFile("/tmp/no/such.mmdb") }
    #expect(missing?.description == "cannot read /tmp/no/such.mmdb: No such file or directory")
    try withFile(Array("192.0.2.0/24 64500\n".utf8)) { path in
      let other = #expect(throws: CountryFileError.self) { try CountryFile(path) }
      #expect(other?.path == path && other?.reason.isEmpty == false)
    }
    try withFile([]) { path in
      _ = #expect(throws: CountryFileError.self) { try CountryFile(path) }
    }
  }

  @Test("a damaged file is refused or says nothing, and never traps")
  func damaged() throws {
    var random = SeededRNG(seed: 17)
    let addresses = try ["192.0.2.1", "198.18.0.1", "203.0.113.1", "2001:db8::1"].map {
      try #require(IPAddress($0))
    }
    for _ in 0..<300 {
      var octets = Self.database
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        octets[Int.random(in: octets.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if Bool.random(using: &random) {
        octets.removeLast(Int.random(in: 0..<octets.count, using: &random))
      }
      try withFile(octets) { path in
        guard let file = try? CountryFile(path) else { return }
        for address in addresses { _ = file.country(of: address) }
      }
    }
  }
}
