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

  /// A version with the same salt at either end of a range, whose packets are meant, and the client's
  /// and the server's key, vector and header key for `identifier`.
  static let derived: [([UInt32], [String])] = [
    // RFC 9001 appendix A.1.
    (
      [1, 0xff00_0021, 0xff00_0022],
      [
        "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c",
        "9f50449e04a0e810283a1e9933adedd2", "cf3a5331653c364c88f0f379b6067e37",
        "0ac1493ca1905853b0bba03e", "c206b8d9b9f0f37644430b490eeaa314",
      ]
    ),
    // RFC 9369 appendix A.1.
    (
      [0x6b33_43cf],
      [
        "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f",
        "45b95e15235d6f45a6b19cbcb0294ba9", "82db637861d55e1d011f19ea71d5d2a7",
        "dd13c276499c0249d3310652", "edf6d05c83121201b436e16877593c3a",
      ]
    ),
    // draft-ietf-quic-tls-23 to 28, appendix A.1.
    (
      [0xff00_0017, 0xff00_001c],
      [
        "af7fd7efebd21878ff66811248983694", "8681359410a70bb9c92f0420",
        "a980b8b4fb7d9fbc13e814c23164253d", "5d51da9ee897a21b2659ccc7e5bfa577",
        "5e5ae651fd1e8495af13508b", "a8ed82e6664f865aedf6106943f95fb8",
      ]
    ),
    // draft-ietf-quic-tls-29 to 32, appendix A.1, and a version that nobody speaks (RFC 9000 §15).
    (
      [0xff00_001d, 0xff00_0020, 0x1a2a_3a4a, 0xfada_bafa],
      [
        "175257a31eb09dea9366d8bb79ad80ba", "6b26114b9cba2b63a9e8dd4f",
        "9ddd12c994c0698b89374a9c077a3077", "149d0b1662ab871fbe63c49b5e655a5d",
        "bab2b12a4c76016ace47856d", "c0c499a65a60024a18a250974ea01dfa",
      ]
    ),
  ]

  @Test("keys of each version", arguments: derived)
  func versions(versions: [UInt32], expected: [String]) throws {
    for version in versions {
      for isServer in [false, true] {
        let keys = try #require(
          QUICInitialKeys(version: version, identifier: Self.identifier, isServer: isServer))
        let all = [keys.key, keys.vector, keys.headerKey]
        #expect(all == expected[(isServer ? 3 : 0)...].prefix(3).map { hex($0) })
      }
    }
  }

  @Test("versions whose salt nobody knows")
  func unknownVersions() {
    for version in [0, 2, 0xff00_0016, 0xff00_0023, 0x6b33_43ce, 0x1a2a_3a4b] as [UInt32] {
      let keys = QUICInitialKeys(version: version, identifier: Self.identifier, isServer: false)
      #expect(keys == nil, "\(version)")
    }
  }

  /// RFC 9369 appendix A.3.
  static let packetOfVersion2 = hex(
    """
    dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf872630
    17915358230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2
    c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140
    """)

  @Test("the packet of RFC 9369 opens, which carries the same")
  func version2() throws {
    let keys = try #require(
      QUICInitialKeys(version: 0x6b33_43cf, identifier: Self.identifier, isServer: true))
    let first = try #require(
      QUICInitialKeys(version: 1, identifier: Self.identifier, isServer: true))
    #expect(opened(Self.packetOfVersion2, keys) == opened(Self.packet, first))
    #expect(opened(Self.packetOfVersion2, keys)?.count == 99)
  }

  @Test(
    "frames behind an acknowledgment with ranges, and with counts of congestion (RFC 9000 §19.3)")
  func acknowledgments() {
    let piece = hex("06 00 02 abcd")
    // Largest number, delay, ranges, first range; a gap and a length for each range; three counts.
    for ack in ["02 09 00 00 01", "02 09 00 02 01 01 02 03 04", "03 09 00 01 01 02 03 05 06 07"] {
      let octets = hex(ack) + piece
      let expected = QUICCryptoFrame(offset: 0, octets: octets.count - 2..<octets.count)
      #expect(QUICCryptoFrame.all(in: octets.span) == [expected])
    }
    #expect(QUICCryptoFrame.all(in: hex("02 09 00 7f01").span).isEmpty)
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
