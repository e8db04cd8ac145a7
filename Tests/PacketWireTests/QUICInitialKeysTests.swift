import PacketTestSupport
import Testing

@testable import PacketWire

@Suite("the keys of QUIC's initial packets, and what they are made with")
struct QUICInitialKeysTests {
  /// RFC 9001 appendix A.3: the server's first packet, for a client that called it 8394c8f03e515708.
  static let packet = hex(
    """
    cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3
    8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84
    022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee
    """)
  static let identifier = hex("8394c8f03e515708")

  private func opened(_ packet: [UInt8], _ keys: QUICInitialKeys) -> [UInt8]? {
    keys.open(packet.span, headerLength: 18)
  }

  @Test("the packet of RFC 9001 opens: an acknowledgment, and a ServerHello")
  func server() throws {
    let keys = try #require(
      QUICInitialKeys(version: 1, identifier: Self.identifier, isServer: true))
    let payload = try #require(opened(Self.packet, keys))
    #expect(payload.starts(with: hex("02000000000600405a020000560303eefce7f7b37b")))
    let frames = QUICCryptoFrame.all(in: payload.span)
    #expect(frames == [QUICCryptoFrame(offset: 0, octets: 9..<99)])
  }

  @Test("no packet opens that was changed anywhere, or with other keys")
  func changed() throws {
    let keys = try #require(
      QUICInitialKeys(version: 1, identifier: Self.identifier, isServer: true))
    for place in stride(from: 0, to: Self.packet.count, by: 5) {
      var packet = Self.packet
      packet[place] ^= 0x10
      // Bits of the first octet that are enciphered say how long the number is.
      #expect(opened(packet, keys) == nil, "\(place)")
    }
    for length in 0..<40 {
      #expect(opened(Array(Self.packet.prefix(length)), keys) == nil)
    }
    for (version, isServer) in [(UInt32(1), false), (0x6b33_43cf, true), (0xff00_001d, true)] {
      let other = try #require(
        QUICInitialKeys(version: version, identifier: Self.identifier, isServer: isServer))
      #expect(opened(Self.packet, other) == nil)
    }
    #expect(QUICInitialKeys(version: 0x5130_3530, identifier: [], isServer: true) == nil)
  }

  @Test("a code of RFC 4231, a block of FIPS 197")
  func vectors() {
    #expect(
      SHA256.authentication(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        == hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
    #expect(
      AES128(hex("000102030405060708090a0b0c0d0e0f"))
        .encipher(hex("00112233445566778899aabbccddeeff"))
        == hex("69c4e0d86a7b0430d8cdb78070b4c55a"))
  }

  @Test("frames of any octets end where they do not fit")
  func hostileFrames() {
    var random = SeededRNG(seed: 9_000)
    for _ in 0..<2_000 {
      var octets = random.bytes(count: Int.random(in: 0...60, using: &random))
      if !octets.isEmpty { octets[0] = [2, 3, 6].randomElement(using: &random) ?? 6 }
      for frame in QUICCryptoFrame.all(in: octets.span) {
        #expect(frame.octets.upperBound <= octets.count)
      }
    }
  }
}
