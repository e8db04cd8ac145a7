import PacketTestSupport
import PacketWire
import Testing

@Suite("Masks of WebSocket payloads (RFC 6455 §5.3, §5.7)")
struct WebSocketMaskTests {
  private func applied(_ key: UInt32?, to octets: [UInt8], skipping first: Int64 = 0) -> [UInt8] {
    var mask = WebSocketMask(key)
    mask.skip(first)
    return octets.map { mask.apply(to: $0) }
  }

  @Test func hello() {
    let masked = hex("7f9f4d5158")
    #expect(applied(0x37fa_213d, to: masked) == Array("Hello".utf8))
    #expect(applied(0x37fa_213d, to: Array("Hello".utf8)) == masked)
    #expect(applied(nil, to: masked) == masked)
  }

  @Test("what is passed over counts, however much it is", arguments: 0..<9 as Range<Int64>)
  func skipping(count: Int64) {
    let key: [UInt8] = [0x81, 0x42, 0x24, 0x18]
    let expected = (0..<6).map { key[(Int(count) + $0) % 4] }
    for more: Int64 in [0, 4, 1 << 40] {
      let zeros = [UInt8](repeating: 0, count: 6)
      #expect(applied(0x8142_2418, to: zeros, skipping: count + more) == expected)
    }
  }
}
