public import LinuxNet
public import LinuxSystem
public import PacketWire

/// Answers datagrams that come over UDP to one address and port, each by itself.
public final class DatagramServer: Server {
  /// So many datagrams are answered before others get their turn.
  private static let turn = 64

  private let socket: MessageSocket
  private let answer: ([UInt8]) -> [UInt8]?
  private var slot: Poller.Slot?
  private var buffer = [UInt8](repeating: 0, count: 4096)

  /// Opens the socket in the network namespace that the calling thread is in; it stays there.
  /// What `answer` gives goes back to the sender; it gives nil where there is nothing to say.
  public init(
    at endpoint: Endpoint, _ answer: @escaping ([UInt8]) -> [UInt8]?
  ) throws(SystemError) {
    socket = try MessageSocket(.datagram(.udp), family: endpoint.address.family)
    try socket.bind(to: endpoint)
    self.answer = answer
  }

  /// Puts its sockets into the table, once.
  public func watch(with poller: inout Poller) {
    slot = poller.add(socket.descriptorNumber, interest: .read)
  }

  /// When `serve` has to be called at the latest.
  public var wakeAt: MonotonicInstant? { nil }

  /// Does what the table says can be done, and what is due.
  public func serve(_ poller: inout Poller, at _: MonotonicInstant) throws(SystemError) {
    guard let slot, !poller.readiness(of: slot).isEmpty else { return }
    for _ in 0..<Self.turn {
      guard let received = try socket.receive(into: &buffer) else { return }
      // A datagram that did not fit into the buffer is not whole.
      guard let client = received.source, received.originalCount <= buffer.count,
        let answer = answer(Array(buffer[..<received.count]))
      else { continue }
      // An answer that cannot be sent is a lost one: the client asks again.
      try? socket.send(answer.span, to: client)
    }
  }
}
