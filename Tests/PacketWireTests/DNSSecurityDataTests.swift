import PacketTestSupport
import PacketWire
import Testing

@Suite("DNS records that prove others (RFC 4034, RFC 5155, RFC 8945)")
struct DNSSecurityDataTests {
  static let types: [DNSType] = [
    .ds, .cds, .dnskey, .cdnskey, .rrsig, .nsec, .nsec3, .nsec3param, .tsig,
  ]

  @Test(arguments: [DNSType.ds, .cds])
  func delegationSigner(type: DNSType) throws {
    let expected = DNSDelegationSigner(
      keyTag: 0x0102, algorithm: DNSSECAlgorithm(rawValue: 3),
      digestType: DNSSECDigest(rawValue: 4), digest: [5, 6])
    #expect(try DNSContent.read(type, hex("0102 03 04 0506")) == .delegationSigner(expected))
  }

  @Test(arguments: [DNSType.dnskey, .cdnskey])
  func publicKey(type: DNSType) throws {
    let expected = DNSPublicKey(
      flags: 0x0102, protocolNumber: 3, algorithm: DNSSECAlgorithm(rawValue: 4), key: [5, 6])
    #expect(try DNSContent.read(type, hex("0102 03 04 0506")) == .publicKey(expected))
    // RFC 4034 §2.1.2: there is no other protocol.
    let key = DNSPublicKey(flags: 0x0102, algorithm: DNSSECAlgorithm(rawValue: 4), key: [5, 6])
    #expect(key == expected)
  }

  @Test func signature() throws {
    let data = try DNSContent.read(
      .rrsig, hex("0102 03 04 05060708 090a0b0c 0d0e0f10 1112 0161 00 1314"))
    guard case .signature(let signature) = data else {
      Issue.record("\(data)")
      return
    }
    #expect(signature.typeCovered == DNSType(rawValue: 0x0102))
    #expect(signature.algorithm.rawValue == 3 && signature.labelCount == 4)
    #expect(signature.originalTimeToLive == 0x0506_0708 && signature.expiration == 0x090a_0b0c)
    #expect(signature.inception == 0x0d0e_0f10 && signature.keyTag == 0x1112)
    #expect(signature.signer.description == "a." && signature.signature == [0x13, 0x14])
  }

  @Test func nextName() throws {
    let data = try DNSContent.read(.nsec, hex("0161 00 00 06 400100000003 01 01 40"))
    guard case .nextName(let next) = data else {
      Issue.record("\(data)")
      return
    }
    #expect(next.next.description == "a.")
    #expect(next.types.types.map(\.rawValue) == [1, 15, 46, 47, 257])
  }

  @Test func nextHashedName() throws {
    let data = try DNSContent.read(.nsec3, hex("01 02 0304 02 0506 03 070809 00 01 40"))
    guard case .nextHashedName(let next) = data else {
      Issue.record("\(data)")
      return
    }
    let parameters = DNSHashParameters(algorithm: 1, flags: 2, iterations: 0x0304, salt: [5, 6])
    #expect(next.parameters == parameters && next.nextHash == [7, 8, 9])
    #expect(next.types.types == [.a])
    #expect(
      try DNSContent.read(.nsec3param, hex("01 02 0304 02 0506")) == .hashParameters(parameters))
  }

  @Test func messageSignature() throws {
    let data = try DNSContent.read(
      .tsig, hex("0161 00 010203040506 0708 0002 090a 0b0c 0d0e 0003 0f1011"))
    guard case .messageSignature(let signature) = data else {
      Issue.record("\(data)")
      return
    }
    #expect(signature.algorithm.description == "a." && signature.timeSigned == 0x0102_0304_0506)
    #expect(signature.fudge == 0x0708 && signature.authenticationCode == [9, 10])
    #expect(signature.originalIdentifier == 0x0b0c && signature.error == 0x0d0e)
    #expect(signature.otherData == [15, 16, 17])
  }

  @Test(
    "content that does not fit its type is kept as it was",
    arguments: [
      (.ds, "0102 03"), (.dnskey, "0102 03"), (.rrsig, "0102 03 04 05060708 090a0b0c 0d0e0f10 11"),
      (.rrsig, "0102 03 04 05060708 090a0b0c 0d0e0f10 1112 01"), (.nsec, ""), (.nsec, "0161"),
      (.nsec3, "01 02 0304 02 05"), (.nsec3, "01 02 0304 00 03 0708"), (.nsec3param, "01 02 03"),
      (.nsec3param, "01 02 0304 00 00"), (.tsig, "00 010203040506 0708 00"),
      (.tsig, "00 010203040506 0708 0002 09"), (.tsig, "00 010203040506 0708 0000 0b0c 0d0e 00"),
      (.tsig, "00 010203040506 0708 0000 0b0c 0d0e 0001"),
    ] as [(DNSType, String)])
  func opaque(type: DNSType, text: String) throws {
    #expect(try DNSContent.read(type, hex(text)) == .opaque(hex(text)))
  }

  @Test(
    "windows of types that do not fit end the list",
    arguments: [
      ("", []), ("00", []), ("00 02 80", []), ("00 21 80", []), ("00 01 80 01 02 ff", [0]),
      ("02 20" + String(repeating: "00", count: 31) + "01", [0x02ff]),
    ] as [(String, [UInt16])])
  func bitmaps(text: String, expected: [UInt16]) {
    #expect(DNSTypeBitmap(octets: hex(text)).types.map(\.rawValue) == expected)
  }

  @Test("random content is written back", arguments: types)
  func random(type: DNSType) throws {
    var rng = SeededRNG(seed: UInt64(type.rawValue))
    for _ in 0..<300 {
      _ = try DNSContent.read(type, rng.bytes(count: Int.random(in: 0...60, using: &rng)))
    }
  }
}
