import PacketTestSupport
import Testing

@testable import PacketWire

/// Vectors of NIST and of McGrew and Viega's paper; what is not in them was sealed by libcrypto.
@Suite("AES-128, and its mode GCM (FIPS 197, NIST SP 800-38D)")
struct AES128Tests {
  static let key = hex("feffe9928665731c6d6a8f9467308308")
  static let nonce = hex("cafebabefacedbaddecaf888")

  @Test("a block of FIPS 197 appendix C.1")
  func block() {
    let aes = AES128(hex("000102030405060708090a0b0c0d0e0f"))
    let sealed = aes.encipher(hex("00112233445566778899aabbccddeeff"))
    #expect(sealed == hex("69c4e0d86a7b0430d8cdb78070b4c55a"))
  }

  @Test("a short key is filled with zeros")
  func shortKey() {
    let block = [UInt8](repeating: 7, count: 16)
    let zeros = [UInt8](repeating: 0, count: 15)
    #expect(AES128([9]).encipher(block) == AES128([9] + zeros).encipher(block))
  }

  @Test("nothing, a block, and text beside which something else is signed")
  func open() {
    let zeros = AES128([])
    let nonce = [UInt8](repeating: 0, count: 12)
    let empty = hex("58e2fccefa7e3061367f1d57a4e7455a")
    #expect(zeros.open(empty, nonce: nonce, associated: []) == [])
    let one = hex("0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf")
    #expect(
      zeros.open(one, nonce: nonce, associated: []) == [UInt8](repeating: 0, count: 16))
    let sealed = hex(
      """
      42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05
      1ba30b396a0aac973d58e091 5bc94fbc3221a5db94fae95ae7121a47
      """)
    let text = hex(
      """
      d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525
      b16aedf5aa0de657ba637b39
      """)
    let header = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    let opened = AES128(Self.key).open(sealed, nonce: Self.nonce, associated: header)
    #expect(opened == text)
  }

  @Test("blocks are counted further than an octet goes, and no datagram is longer than 65 535")
  func manyBlocks() throws {
    let tag = hex("b97ec9c7c60652e53d7ab0333bfba3b7")
    let sealed = [UInt8](repeating: 0, count: 4_200) + tag
    let opened = try #require(
      AES128(Self.key).open(sealed, nonce: Self.nonce, associated: []))
    #expect(
      SHA256.digest(opened)
        == hex("5215936152e126b02fa620bfed42585953eec0dc74f201dd8adbf370f39ebf60"))
    let longer = [UInt8](repeating: 0, count: 0x1_0000)
    #expect(AES128(Self.key).open(longer, nonce: Self.nonce, associated: []) == nil)
  }

  @Test("what is not sealed so is not opened")
  func refused() {
    let sealed = hex("0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf")
    let nonce = [UInt8](repeating: 0, count: 12)
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(AES128([]).open(changed, nonce: nonce, associated: []) == nil)
    }
    #expect(AES128([]).open(sealed, nonce: nonce, associated: [0]) == nil)
    #expect(AES128([]).open(sealed, nonce: nonce + [0], associated: []) == nil)
    #expect(AES128([]).open(Array(sealed.prefix(15)), nonce: nonce, associated: []) == nil)
  }
}
