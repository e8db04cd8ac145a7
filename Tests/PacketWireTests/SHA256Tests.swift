import PacketTestSupport
import PacketWire
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// Examples of FIPS 180-4, and lengths around the end of a block, by sha256sum.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 55),
      "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
    ),
    (
      String(repeating: "a", count: 64),
      "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
    ),
  ])
  func digest(text: String, expected: String) {
    #expect(SHA256.digest(Array(text.utf8)) == hex(expected))
  }

  @Test("codes under a key: RFC 4231 §4.3, and keys as long as a block and longer, by libcrypto")
  func authentication() {
    let cases = [
      (
        "Jefe", "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        String(repeating: "a", count: 64), "abc",
        "6608ac82dca1cb1fddbb5d81e3d9877642b744f565cd9697ac27daa250c80d28"
      ),
      (
        String(repeating: "a", count: 65), "abc",
        "c0d2f0e7f578e80e4996cf2ffb922ea70fe1094e693f2cd75bbba0281add9da5"
      ),
    ]
    for (key, text, expected) in cases {
      let code = SHA256.authentication(of: Array(text.utf8), key: Array(key.utf8))
      #expect(code == hex(expected))
    }
  }

  @Test("no more than 32 octets are derived")
  func longestExpansion() {
    let secret = [UInt8](repeating: 1, count: 32)
    let most = SHA256.expand(secret, label: "quic key", count: 32)
    #expect(most.count == 32 && SHA256.expand(secret, label: "quic key", count: 33) == most)
  }
}
