import PacketTestSupport
import PacketWire
import Testing

@Suite("MD5")
struct MD5Tests {
  @Test(
    "the examples of RFC 1321 §A.5",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f"
      ),
      (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
    ])
  func vectors(text: String, digest: String) {
    #expect(MD5.digest(Array(text.utf8)) == hex(digest))
  }

  @Test("lengths around the end of a block")
  func lengths() {
    let digests = Set((50...70).map { MD5.digest([UInt8](repeating: 7, count: $0)) })
    #expect(digests.count == 21)
    // md5sum's.
    #expect(
      MD5.digest([UInt8](repeating: 0x61, count: 55)) == hex("ef1772b6dff9a122358552954ad0df65"))
    #expect(
      MD5.digest([UInt8](repeating: 0x61, count: 56)) == hex("3b0c8ac703f828b04c6c197006d17218"))
    #expect(
      MD5.digest([UInt8](repeating: 0x61, count: 64)) == hex("014842d480b571495a4a0363793f7367"))
  }
}
