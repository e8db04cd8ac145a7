public import LinuxNet
public import LinuxSystem
public import PacketWire

/// Answers datagrams that come over UDP to one address and port, each by itself.
public final class DatagramServer: Server {
  /// What is said to a datagram and goes back to its sender; nil where there is nothing to say.
  public typealias Answer = (_ datagram: [UInt8], _ client: Endpoint) -> [UInt8]?

  /// So many datagrams are answered before others get their turn.
  private static let turn = 64

  private let socket: MessageSocket
  private let answer: Answer
  /// No datagram is longer than what its length field can say.
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// Opens the socket in the network namespace that the calling thread is in; it stays there.
  public init(at endpoint: Endpoint, _ answer: @escaping Answer) throws(SystemError) {
    socket = try MessageSocket(.datagram(.udp), family: endpoint.address.family)
    try socket.bind(to: endpoint)
    self.answer = answer
  }

  /// Where it answers, with the port that the kernel chose if it was asked to.
  public func localEndpoint() throws(SystemError) -> Endpoint { try socket.localEndpoint() }

  /// Poll this for reading.
  public var descriptorNumber: CInt { socket.descriptorNumber }

  /// The socket is all it holds.
  public var maximumDescriptors: Int { 1 }

  /// It never has to be called for the time's sake.
  public var wakeAt: MonotonicInstant? { nil }

  /// Answers what has come.
  public func serve(at _: MonotonicInstant) throws(SystemError) {
    for _ in 0..<Self.turn {
      guard let received = try socket.receive(into: &buffer) else { return }
      guard let client = received.source,
        let answer = answer(Array(buffer[..<received.count]), client)
      else { continue }
      // An answer that cannot be sent is a lost one: the client asks again.
      try? socket.send(answer.span, to: client)
    }
  }
}
