import PacketTestSupport
import PacketWire
import Testing

@Suite("SHA-1")
struct SHA1Tests {
  @Test(
    "the examples of FIPS 180-4 and RFC 3174 §7.3",
    arguments: [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      (
        String(
          repeating: "0123456701234567012345670123456701234567012345670123456701234567", count: 10),
        "dea356a2cddd90c7a7ecedc5ebb563934f460452"
      ),
      // RFC 6455 §1.3.
      (
        "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
        "b37a4f2cc0624f1690f64606cf385945b2bec4ea"
      ),
    ])
  func vectors(text: String, digest: String) {
    #expect(SHA1.digest(of: text.utf8) == hex(digest))
  }

  @Test func aMillionLetters() {
    #expect(
      SHA1.digest(of: repeatElement(0x61, count: 1_000_000))
        == hex("34aa973cd4c4daa4f61eeb2bdbad27316534016f"))
  }

  @Test("pieces make no difference, whatever the length")
  func pieces() {
    var random = SeededRNG(seed: 1)
    var seen: Set<[UInt8]> = []
    for count in 0..<200 {
      let octets = random.bytes(count: count)
      var hash = SHA1()
      var rest = octets[...]
      while !rest.isEmpty {
        let size = Int.random(in: 1...70, using: &random)
        hash.update(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      let digest = hash.digest()
      #expect(digest == SHA1.digest(of: octets))
      seen.insert(digest)
    }
    #expect(seen.count == 200)
  }

  @Test(
    "at the edges of blocks",
    arguments: [
      (55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
      (56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
      (63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"),
      (64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
      (65, "11655326c708d70319be2610e8a57d9a5b959d3b"),
    ])
  func edges(count: Int, digest: String) {
    #expect(SHA1.digest(of: repeatElement(0x61, count: count)) == hex(digest))
  }
}

@Suite("Base64")
struct Base64Tests {
  @Test(
    "RFC 4648 §10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func vectors(plain: String, text: String) {
    #expect(Base64.encode(Array(plain.utf8)) == text)
    #expect(Base64.decode(text) == Array(plain.utf8))
  }

  @Test("every digit") func digits() {
    let octets = hex(
      "00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3dfbf"
    )
    #expect(
      Base64.encode(octets) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  }

  @Test(
    "what is not exactly so is nothing",
    arguments: [
      "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm-v", "=", "====", "Zg==Zg==",
    ])
  func refused(text: String) { #expect(Base64.decode(text) == nil) }
}
