internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// A TCP socket that waits for connections. It never blocks: poll `descriptorNumber` for reading.
public struct StreamListener: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Listens at `endpoint`; port 0 lets the kernel choose. An IPv6 listener takes no IPv4
  /// connections. The corresponding C calls are `socket`, `bind` and `listen`.
  public init(at endpoint: Endpoint, backlog: Int = 128) throws(SystemError) {
    let socket = try Descriptor.socket(
      family: endpoint.socketFamily, type: CInt(SOCK_STREAM.rawValue),
      operation: "open a TCP socket")
    // Connections of an earlier run that are still in TIME-WAIT do not keep the port (socket(7)).
    try socket.setOption(SO_REUSEADDR, at: SOL_SOCKET, to: 1, operation: "reuse an address")
    if case .v6 = endpoint.address {
      try socket.setOption(
        IPV6_V6ONLY, at: CInt(IPPROTO_IPV6), to: 1, operation: "listen for IPv6 only")
    }
    try socket.bind(to: endpoint)
    _ = try systemCall("listen at", on: endpoint.description) {
      Glibc::listen(socket.rawValue, CInt(clamping: backlog))
    }
    descriptor = socket
  }

  /// Poll this for reading.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// Where it listens, with the port that the kernel chose.
  public func localEndpoint() throws(SystemError) -> Endpoint { try descriptor.localEndpoint() }

  /// The next connection, or nil when none is waiting. The corresponding C call is `accept4`.
  public func accept() throws(SystemError) -> StreamSocket? {
    var address = SocketAddress()
    let number: CInt?
    do throws(SystemError) {
      number = try systemCallUnlessWaiting("accept a connection") {
        unsafe address.withMutablePointer { name, length in
          unsafe clinux_accept4(
            descriptor.rawValue, name, length,
            CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        }
      }
    } catch {
      // The connection failed before we came; accept(2) says to treat that like "none is waiting".
      guard error.errorNumber == ECONNABORTED || error.isNetworkReport else { throw error }
      return nil
    }
    guard let number else { return nil }
    let connection = Descriptor(owning: number)
    guard let peer = address.endpoint else { return nil }
    return StreamSocket(owning: connection, peer: peer)
  }
}
