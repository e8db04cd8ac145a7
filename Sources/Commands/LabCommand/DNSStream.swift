import PacketWire

/// DNS over one TCP connection (RFC 7766): each message has its length before it.
struct DNSStream: StreamService {
  /// No query needs to be longer, in octets; who says that his is, is hung up on.
  static let maximumQueryLength = 4096

  private let responder: DNSResponder
  private var input: [UInt8] = []
  private(set) var output: [UInt8] = []
  private(set) var isClosing = false

  init(_ responder: DNSResponder) { self.responder = responder }

  mutating func receive(_ octets: ArraySlice<UInt8>, at _: WallInstant) {
    guard !isClosing else { return }
    input += octets
    while wantsInput, input.count >= 2 {
      let length = Int(input.span.u16(at: 0))
      guard (DNSMessage.headerLength...Self.maximumQueryLength).contains(length) else {
        isClosing = true
        return
      }
      guard input.count >= 2 + length else { return }
      let query = Array(input[2..<2 + length])
      input.removeFirst(2 + length)
      guard let answer = responder.answer(to: query, over: .tcp) else {
        isClosing = true
        return
      }
      output += [UInt8(answer.count >> 8), UInt8(answer.count & 0xff)] + answer
    }
  }

  mutating func hasSent(_ count: Int) { output.removeFirst(count) }
}
