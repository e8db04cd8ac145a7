import PacketTestSupport
import PacketWire
import Testing

@Suite("TLS records and hellos (RFC 8446 §4, §5)")
struct TLSMessageTests {
  static let random = Array<UInt8>(0x20..<0x40)
  static let client: [UInt8] =
    hex("0303") + random + hex("02 f1f2  0006 0a0a 1301 1302  01 00")
    + hex(
      """
      0045
      dada 0000
      0000 000b 0009 00 0006 612e7465 7374
      000a 0006 0004 001d 2a2a
      0010 000e 000c 02 6832 08 687474702f312e31
      002b 0007 06 3a3a 0304 0303
      fe0d 0002 0102
      0033 0002 0000
      """)
  static let server: [UInt8] =
    hex("0303") + random + hex("01 aa 1301 00 000f 002b 0002 0304 0010 0005 0003 02 6832")

  @Test func record() throws {
    let header: TLSRecordHeader = try parse(hex("16 0301 0102"))
    #expect(header == TLSRecordHeader(.handshake, version: 0x0301, bodyLength: 0x0102))
    #expect(header.type == .handshake && header.isPlausible)
    #expect(octets(of: header) == hex("16 0301 0102"))
    let unknown: TLSRecordHeader = try parse(hex("19 0301 0102"))
    #expect(unknown.type == nil && !unknown.isPlausible && unknown.typeNumber == 25)
    for text in ["16 02ff 0001", "16 0305 0001", "16 0303 4801"] {
      let header: TLSRecordHeader = try parse(hex(text))
      #expect(!header.isPlausible)
    }
  }

  @Test func handshakeAndAlert() throws {
    let header: TLSHandshakeHeader = try parse(hex("0b 010203"))
    #expect(header == TLSHandshakeHeader(type: 11, bodyLength: 0x01_0203))
    #expect(octets(of: header) == hex("0b 010203"))
    let alert: TLSAlert = try parse(hex("02 28"))
    #expect(alert == TLSAlert(level: 2, reason: 40) && alert.name == "handshake_failure")
    #expect(octets(of: alert) == hex("0228") && TLSAlert(level: 1, reason: 1).name == nil)
  }

  @Test("shorter than a header", arguments: 0..<5)
  func prefixes(count: Int) {
    #expect(throws: PacketError(.tls, at: 3, .truncated(needed: 5, available: count))) {
      let _: TLSRecordHeader = try parse([UInt8](repeating: 22, count: count), at: 3)
    }
    guard count < 4 else { return }
    #expect(throws: PacketError(.tls, at: 3, .truncated(needed: 4, available: count))) {
      let _: TLSHandshakeHeader = try parse([UInt8](repeating: 1, count: count), at: 3)
    }
    guard count < 2 else { return }
    #expect(throws: PacketError(.tls, at: 3, .truncated(needed: 2, available: count))) {
      let _: TLSAlert = try parse([UInt8](repeating: 1, count: count), at: 3)
    }
  }

  @Test func clientHello() throws {
    let hello: ClientHello = try parse(Self.client)
    #expect(hello.version == 0x0303 && hello.random == Self.random)
    #expect(hello.sessionIdentifier == [0xf1, 0xf2])
    #expect(hello.cipherSuites == [0x0a0a, 0x1301, 0x1302] && hello.compressionMethods == [0])
    #expect(hello.serverName == Array("a.test".utf8))
    #expect(hello.supportedGroups == [0x001d, 0x2a2a])
    #expect(hello.applicationProtocols == [Array("h2".utf8), Array("http/1.1".utf8)])
    #expect(hello.supportedVersions == [0x3a3a, 0x0304, 0x0303])
    #expect(hello.highestVersion == 0x0304)
    #expect(
      hello.extensions.types.map(\.rawValue) == [0xdada, 0, 10, 16, 43, 0xfe0d, 51])
    #expect(hello.extensions.value(of: .encryptedClientHello) == [1, 2])
    #expect(hello.extensions.value(of: .signatureAlgorithms) == nil)
    #expect(octets(of: hello) == Self.client && hello.length == Self.client.count)
  }

  @Test("a list ends where its own length says, and a name of a list where the value does")
  func listLengths() throws {
    let hello: ClientHello = try parse(
      hex("0303") + Self.random + hex("00 0002 1301 01 00  0020")
        + hex("000a 0006 0002 001d 001e  002b 0005 02 7f1c 0303  0010 0009 0008 02 6832 09 616263"))
    #expect(hello.supportedGroups == [0x001d])
    #expect(hello.supportedVersions == [0x7f1c])
    #expect(hello.applicationProtocols == [Array("h2".utf8)])
  }

  @Test func clientHelloCut() throws {
    for count in 0..<Self.client.count {
      let part = Array(Self.client.prefix(count))
      guard count >= 47 else {
        #expect(throws: PacketError.self) { let _: ClientHello = try parse(part) }
        continue
      }
      let hello: ClientHello = try parse(part)
      #expect(octets(of: hello) == part)
      #expect(hello.extensions.types.count < 7)
    }
  }

  @Test func serverHello() throws {
    let hello: ServerHello = try parse(Self.server)
    #expect(hello.version == 0x0303 && hello.random == Self.random)
    #expect(hello.sessionIdentifier == [0xaa] && hello.cipherSuite == 0x1301)
    #expect(hello.compressionMethod == 0 && hello.chosenVersion == 0x0304)
    #expect(hello.applicationProtocol == Array("h2".utf8) && !hello.isRetryRequest)
    #expect(octets(of: hello) == Self.server && hello.length == Self.server.count)
    for count in 0..<39 {
      #expect(throws: PacketError.self) {
        let _: ServerHello = try parse(Array(Self.server.prefix(count)))
      }
    }
  }

  @Test("a HelloRetryRequest is known by its random (RFC 8446 §4.1.3)")
  func retryRequest() throws {
    let random = hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    let wire = hex("0303") + random + hex("00 1301 00")
    let hello: ServerHello = try parse(wire)
    #expect(hello.isRetryRequest && hello.chosenVersion == 0x0303)
    #expect(hello.extensions.octets.isEmpty && hello.applicationProtocol == nil)
  }

  @Test(
    "noise on purpose (RFC 8701 §2)",
    arguments: [
      (0x0a0a, true), (0xfafa, true), (0x1a2a, false), (0x0a0b, false), (0x0b0b, false),
      (0x0304, false),
    ] as [(UInt16, Bool)])
  func noise(number: UInt16, isNoise: Bool) {
    #expect(number.isGREASE == isNoise)
  }

  @Test(
    "lists that do not fit",
    arguments: [
      ("0000 0000", nil), ("0000 0004 00020000", nil), ("0000 0005 0003 01 0000", nil),
      ("0000 0005 0003 00 0000", []), ("0000 0006 0004 00 0002 61", nil),
    ] as [(String, [UInt8]?)])
  func serverNames(text: String, expected: [UInt8]?) throws {
    let hello: ClientHello = try parse(
      hex("0303") + Self.random + hex("00 0002 1301 01 00 0000") + hex(text))
    #expect(hello.serverName == expected)
  }

  @Test func randomOctets() throws {
    var rng = SeededRNG(seed: 443)
    for round in 0..<500 {
      var wire = rng.bytes(count: Int.random(in: 39...200, using: &rng))
      wire[34] = UInt8(round % 3)
      if wire.count > 38 + round % 3 { wire[35 + round % 3] = 0 }
      var reader = PacketReader(wire.span)
      if let hello = try? ClientHello(parsing: &reader) {
        #expect(octets(of: hello) == wire)
        _ = (hello.serverName, hello.applicationProtocols, hello.highestVersion)
        _ = (hello.cipherSuites, hello.supportedGroups)
      }
      reader = PacketReader(wire.span)
      if let hello = try? ServerHello(parsing: &reader) {
        #expect(octets(of: hello) == wire)
        _ = (hello.chosenVersion, hello.applicationProtocol)
      }
    }
  }
}
