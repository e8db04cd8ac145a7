import PacketWire
import Testing

@Suite("What a WebSocket's handshake, masks and closes are made of")
struct WebSocketKeyTests {
  @Test("the example of RFC 6455 1.3")
  func accept() {
    #expect(
      WebSocketKey.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  @Test("a key is sixteen octets in Base64")
  func keys() {
    #expect(WebSocketKey.isValid("dGhlIHNhbXBsZSBub25jZQ=="))
    for key in ["", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZQE="] {
      #expect(!WebSocketKey.isValid(key), "\(key)")
    }
  }

  @Test("a mask goes round in four octets, also over those that are passed")
  func mask() {
    var mask = WebSocketMask(0x0102_0304)
    let masked = (0..<6).map { _ in mask.apply(to: 0xf0) }
    #expect(masked == [0xf1, 0xf2, 0xf3, 0xf4, 0xf1, 0xf2])
    for count in 0..<9 as Range<Int64> {
      var passed = WebSocketMask(0x0102_0304)
      passed.skip(count)
      #expect(passed.apply(to: 0) == UInt8(count % 4 + 1))
    }
    var none = WebSocketMask(nil)
    #expect(none.apply(to: 0x55) == 0x55)
  }

  @Test("codes: which may be sent, which tell of a failure, what they are called")
  func codes() {
    func all(_ isWanted: (WebSocketCloseCode) -> Bool) -> [UInt16] {
      (990...1020).filter { isWanted(WebSocketCloseCode(rawValue: $0)) }
    }
    #expect(all { $0.isLegalOnTheWire } == [1000, 1001, 1002, 1003] + Array(1007...1014))
    #expect(all { $0.name != nil } == [1000, 1001, 1002, 1003] + Array(1005...1015))
    #expect(all { !$0.isFailure } == [1000, 1001, 1005])
    #expect(WebSocketCloseCode(rawValue: 4_999).isLegalOnTheWire)
    #expect(!WebSocketCloseCode(rawValue: 5_000).isLegalOnTheWire)
    #expect(!WebSocketCloseCode(rawValue: 4_000).isFailure)
    #expect(WebSocketCloseCode.messageTooBig.name == "message too big")
  }
}
