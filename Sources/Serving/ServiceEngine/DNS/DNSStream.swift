public import PacketWire

/// DNS over one TCP connection (RFC 7766): each message has its length before it.
public struct DNSStream: StreamService {
  /// No query needs to be longer, in octets; who says that his is, is hung up on.
  public static let maximumQueryLength = 4096

  private let answer: ([UInt8]) -> [UInt8]?
  private var input: [UInt8] = []
  /// What is to be sent.
  public private(set) var output: [UInt8] = []
  /// Nothing more is read, and the connection ends once all output is sent.
  public private(set) var isClosing = false

  /// A connection on which queries are answered by `responder`.
  public init(_ responder: DNSResponder) {
    self.init { responder.answer(to: $0, over: .tcp) }
  }

  /// A connection on which `answer` answers queries; it ends at one that has no answer.
  public init(answer: @escaping ([UInt8]) -> [UInt8]?) { self.answer = answer }

  /// Takes octets that have arrived, or goes on after output was sent.
  public mutating func receive(_ octets: ArraySlice<UInt8>, at _: WallInstant) {
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
      guard let answer = answer(query) else {
        isClosing = true
        return
      }
      output += [UInt8(answer.count >> 8), UInt8(answer.count & 0xff)] + answer
    }
  }

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }
}
