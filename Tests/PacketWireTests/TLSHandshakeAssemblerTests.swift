import PacketTestSupport
import PacketWire
import Testing

@Suite("TLS handshake messages put together (RFC 8446 §5.1)")
struct TLSHandshakeAssemblerTests {
  typealias Message = TLSHandshakeAssembler.Message

  static let messages = [
    Message(type: 2, body: [UInt8](1...40)), Message(type: 14, body: []),
    Message(type: 11, body: [UInt8](repeating: 7, count: 300)),
  ]
  static let wire = messages.flatMap { message in
    let header = TLSHandshakeHeader(type: message.type, bodyLength: UInt32(message.body.count))
    return octets(of: header) + message.body
  }

  @Test("however they are cut", arguments: [1, 2, 3, 4, 5, 44, 45, 48, 49, 100, 352])
  func pieces(size: Int) {
    var assembler = TLSHandshakeAssembler()
    var found: [Message] = []
    for start in stride(from: 0, to: Self.wire.count, by: size) {
      let end = min(start + size, Self.wire.count)
      assembler.append(Array(Self.wire[start..<end]).span)
      while let message = assembler.next() { found.append(message) }
      let whole = [0, 44, 48, 352].last { $0 <= end } ?? 0
      #expect(assembler.heldOctets == end - whole)
    }
    #expect(found == Self.messages && !assembler.isLost)
  }

  @Test("a message that is too long ends it")
  func tooLong() {
    let limit = TLSHandshakeAssembler.maximumLength
    var assembler = TLSHandshakeAssembler()
    assembler.append(hex("0b 00fffc").span)
    #expect(assembler.next() == nil && !assembler.isLost && assembler.heldOctets == 4)
    assembler.append([UInt8](repeating: 1, count: limit - 4).span)
    #expect(assembler.next()?.body.count == limit - 4)
    assembler.append(hex("0b 00fffd").span)
    #expect(assembler.next() == nil && assembler.isLost && assembler.heldOctets == 0)
    assembler.append(Self.wire.span)
    #expect(assembler.next() == nil && assembler.heldOctets == 0)
  }

  @Test func forgets() {
    var assembler = TLSHandshakeAssembler()
    assembler.append(Array(Self.wire.prefix(20)).span)
    assembler.removeAll()
    assembler.append(Self.wire.span)
    #expect(assembler.next() == Self.messages[0] && !assembler.isLost)
  }
}
