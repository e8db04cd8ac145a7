import PacketTestSupport
import PacketWire
import Testing

@Suite("QUIC headers (RFC 9000 §17)")
struct QUICHeaderTests {
  static let start = "01020304 03 0a0b0c 02 0d0e"

  @Test(
    "each content, written back as it was",
    arguments: [
      (
        "c5 \(start) 01 0f 4011", .initial,
        .packet(token: [15], length: 17, lengthOctets: [1, 2])
      ),
      ("d5 \(start) 05", .zeroRTT, .packet(token: [], length: 5, lengthOctets: [1])),
      (
        "e5 \(start) 80010203", .handshake,
        .packet(token: [], length: 0x01_0203, lengthOctets: [4])
      ),
      (
        "e5 \(start) c102030405060708", .handshake,
        .packet(token: [], length: 0x0102_0304_0506_0708, lengthOctets: [8])
      ),
      (
        "f5 \(start) 0102 101112131415161718191a1b1c1d1e1f", .retry,
        .retry(token: [1, 2], tag: Array(0x10...0x1f))
      ),
    ] as [(String, QUICLongHeader.PacketType, QUICLongHeader.Content)])
  func contents(
    text: String, type: QUICLongHeader.PacketType, content: QUICLongHeader.Content
  ) throws {
    let header: QUICLongHeader = try parse(hex(text))
    #expect(header.version == 0x0102_0304 && header.type == type)
    #expect(header.destination == [10, 11, 12] && header.source == [13, 14])
    #expect(header.content == content && header.length == hex(text).count)
    #expect(octets(of: header) == hex(text))
    // A retry's token is whatever stands before the tag.
    for count in 0..<(type == .retry ? 28 : hex(text).count) {
      #expect(throws: PacketError.self) {
        let _: QUICLongHeader = try parse(Array(hex(text).prefix(count)))
      }
    }
  }

  @Test func versions() throws {
    let wire = hex("80 00000000 01 0a 00 00000001 0203 0405")
    let header: QUICLongHeader = try parse(wire)
    #expect(header.type == .versionNegotiation && header.content == .versions([1, 0x0203_0405]))
    #expect(octets(of: header) == wire && header.payloadLength == 0)
    #expect(throws: PacketError(.quic, at: 12, .truncated(needed: 4, available: 3))) {
      let _: QUICLongHeader = try parse(hex("80 00000000 01 0a 00 00000001 020304"))
    }
  }

  @Test("version 2 numbers the types in another order (RFC 9369 §3.2)")
  func versionTwo() throws {
    let rest = String(repeating: "00", count: 18)
    let types: [QUICLongHeader.PacketType] = [.retry, .initial, .zeroRTT, .handshake]
    for (number, first) in ["c0", "d0", "e0", "f0"].enumerated() {
      let wire = hex("\(first) 6b3343cf 00 00 \(rest)")
      var reader = PacketReader(wire.span)
      #expect(try QUICLongHeader(parsing: &reader).type == types[number])
    }
  }

  @Test func short() throws {
    let octets = hex("41 0102")
    var reader = PacketReader(octets.span)
    let header = try QUICHeader(parsing: &reader)
    #expect(header == .short(first: 0x41) && header.length == 1 && header.payloadLength == 0)
    #expect(reader.available == 0)
    let more = hex("d5 \(Self.start) 05 00")
    var long = PacketReader(more.span)
    let other = try QUICHeader(parsing: &long)
    #expect(other.payloadLength == 5 && other.length == 13 && long.available == 1)
  }

  @Test("what ends too early says where, and what was wanted")
  func truncation() {
    let nothing = PacketError(.quic, at: 7, .truncated(needed: 1, available: 0))
    #expect(throws: nothing) {
      let empty: [UInt8] = []
      var reader = PacketReader(empty.span, offset: 7)
      _ = try QUICHeader(parsing: &reader)
    }
    // The length of an Initial is not there.
    #expect(throws: PacketError(.quic, at: 13, .truncated(needed: 1, available: 0))) {
      let _: QUICLongHeader = try parse(hex("c5 \(Self.start) 00"))
    }
    #expect(throws: PacketError(.quic, at: 12, .truncated(needed: 16, available: 3))) {
      let _: QUICLongHeader = try parse(hex("f5 \(Self.start) 010203"))
    }
  }

  @Test func randomOctets() throws {
    var rng = SeededRNG(seed: 443)
    for _ in 0..<500 {
      var wire = rng.bytes(count: Int.random(in: 0...60, using: &rng))
      if wire.count > 5 { wire[5] &= 7 }
      var reader = PacketReader(wire.span)
      guard let header = try? QUICLongHeader(parsing: &reader) else { continue }
      #expect(octets(of: header) == Array(wire.prefix(header.length)))
    }
  }
}
