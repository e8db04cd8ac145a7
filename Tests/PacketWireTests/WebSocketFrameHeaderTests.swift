import PacketTestSupport
import PacketWire
import Testing

@Suite("WebSocket frame header (RFC 6455 §5.2)")
struct WebSocketFrameHeaderTests {
  static let vectors: [(String, UInt8, WebSocketOpcode, UInt64, UInt32?)] = [
    ("81 05", 0, .text, 5, nil), ("c2 85 01020304", 4, .binary, 5, 0x0102_0304),
    ("09 7e 0102", 0, .ping, 0x0102, nil), ("8a fe 0102 03040506", 0, .pong, 0x0102, 0x0304_0506),
    ("98 7f 0102030405060708", 1, .close, 0x0102_0304_0506_0708, nil),
    ("80 ff 0000000000000001 09080706", 0, .continuation, 1, 0x0908_0706),
    ("8f 7e 0001", 0, WebSocketOpcode(rawValue: 15), 1, nil),
  ]

  @Test("each form of length and mask", arguments: vectors)
  func fields(
    text: String, reserved: UInt8, opcode: WebSocketOpcode, length: UInt64, key: UInt32?
  ) throws {
    let wire = hex(text)
    let header: WebSocketFrameHeader = try parse(wire)
    #expect(header.isFinal == (wire[0] & 0x80 != 0) && header.reservedBits == reserved)
    #expect(header.opcode == opcode && header.payloadLength == length)
    #expect(header.maskingKey == key && header.length == wire.count)
    #expect(octets(of: header) == wire)
    for count in 0..<wire.count {
      #expect(throws: PacketError.self) {
        let _: WebSocketFrameHeader = try parse(Array(wire.prefix(count)), at: 5)
      }
    }
  }

  @Test(
    "a built header takes the shortest length",
    arguments: [
      (0, "8100"), (125, "817d"), (126, "817e007e"), (0xffff, "817effff"),
      (0x1_0000, "817f0000000000010000"),
    ] as [(UInt64, String)])
  func built(length: UInt64, text: String) {
    #expect(octets(of: WebSocketFrameHeader(.text, payloadLength: length)) == hex(text))
  }

  @Test func builtWithMask() {
    let header = WebSocketFrameHeader(
      .close, payloadLength: 2, maskingKey: 0x0102_0304, isFinal: false)
    #expect(octets(of: header) == hex("08 82 01020304"))
    #expect(header.opcode.isControl && !WebSocketOpcode.binary.isControl)
  }
}
