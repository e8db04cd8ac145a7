import LinuxNet
import LinuxSystem
import PacketWire
import ProbeShell

/// A socket that may turn out not to be needed: sockets are opened, and privileges dropped, before
/// it is known which family the target's name will lead to.
struct SocketAttempt: ~Copyable {
  private var socket: MessageSocket?
  private let error: SystemError?

  /// Tries a raw socket, and an ICMP datagram one if that is not allowed and will do.
  init(family: IPFamily, needsRaw: Bool) {
    let protocolNumber: IPProtocol = family == .v4 ? .icmp : .icmpv6
    do throws(SystemError) {
      socket = try MessageSocket(.raw(protocolNumber), family: family)
      error = nil
    } catch {
      guard error.isPermission, !needsRaw else {
        self.error = error
        return
      }
      do throws(SystemError) {
        socket = try MessageSocket(.datagram(protocolNumber), family: family)
        self.error = nil
      } catch {
        self.error = error
      }
    }
  }

  /// The socket, or why there is none.
  consuming func take() throws(SystemError) -> MessageSocket {
    if let error { throw error }
    guard let socket = socket.take() else { preconditionFailure("a socket is taken once") }
    return socket
  }

  /// Sets what may need the privileges that are about to be dropped.
  func prepare(_ options: PingOptions) throws(SystemError) {
    for origin in options.origins {
      guard case .interface(let name) = ProbeOrigin.Choice(origin) else { continue }
      try socket?.bind(toInterface: name)
    }
    if let mark = options.mark { try socket?.setMark(mark) }
    if options.debugsSocket { try socket?.setDebugging() }
    if options.isFast || options.isAdaptive {
      try socket?.setLargestReceiveBuffer(Self.receiveBuffer)
    }
  }

  /// For the answers to 65 536 probes, each of which the kernel counts as 768 octets.
  private static let receiveBuffer = 64 << 20
}
