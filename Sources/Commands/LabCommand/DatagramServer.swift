import LinuxNet
import LinuxSystem
import PacketWire

/// Answers DNS queries that come over UDP to one address.
final class DatagramServer: LabServer {
  /// So many queries are answered before others get their turn.
  private static let turn = 64

  private let socket: MessageSocket
  private let responder: DNSResponder
  private var slot: Poller.Slot?
  private var buffer = [UInt8](repeating: 0, count: 4096)

  /// Opens the socket in the network namespace that the calling thread is in; it stays there.
  init(at endpoint: Endpoint, _ responder: DNSResponder) throws(SystemError) {
    socket = try MessageSocket(.datagram(.udp), family: endpoint.address.family)
    try socket.bind(to: endpoint)
    self.responder = responder
  }

  func watch(with poller: inout Poller) {
    slot = poller.add(socket.descriptorNumber, interest: .read)
  }

  var wakeAt: MonotonicInstant? { nil }

  func serve(_ poller: inout Poller, at _: MonotonicInstant) throws(SystemError) {
    guard let slot, !poller.readiness(of: slot).isEmpty else { return }
    for _ in 0..<Self.turn {
      guard let received = try socket.receive(into: &buffer) else { return }
      // A query that did not fit into the buffer is none.
      guard let client = received.source, received.originalCount <= buffer.count,
        let answer = responder.answer(to: Array(buffer[..<received.count]), over: .udp)
      else { continue }
      // An answer that cannot be sent is a lost one: the client asks again.
      try? socket.send(answer.span, to: client)
    }
  }
}
