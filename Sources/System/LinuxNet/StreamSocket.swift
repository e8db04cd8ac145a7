internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// A TCP connection. It never waits: poll `descriptorNumber` with a `Poller`.
public struct StreamSocket: ~Copyable, Sendable {
  /// The other end.
  public let peer: Endpoint
  let descriptor: Descriptor

  /// Takes over a connected descriptor.
  init(owning descriptor: consuming Descriptor, peer: Endpoint) {
    self.descriptor = descriptor
    self.peer = peer
  }

  /// Starts a connection. Poll for writing, then ask `finishConnecting`.
  /// The corresponding C calls are `socket` and `connect`.
  public init(connectingTo endpoint: Endpoint) throws(SystemError) {
    let socket = try Descriptor.socket(
      family: endpoint.socketFamily, type: CInt(SOCK_STREAM.rawValue),
      operation: "open a TCP socket")
    let address = SocketAddress(endpoint)
    do throws(SystemError) {
      _ = try systemCall("connect to", on: endpoint.description) {
        unsafe address.withPointer { unsafe Glibc::connect(socket.rawValue, $0, $1) }
      }
    } catch {
      guard error.errorNumber == EINPROGRESS else { throw error }
    }
    descriptor = socket
    peer = endpoint
  }

  /// Throws why the connection could not be made; call it once the socket is writable.
  public func finishConnecting() throws(SystemError) {
    let number = try descriptor.option(SO_ERROR, at: SOL_SOCKET, operation: "read a socket's error")
    guard number == 0 else {
      throw SystemError("connect to", on: peer.description, errorNumber: number)
    }
  }

  /// Poll this.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// This end. The corresponding C call is `getsockname`.
  public func localEndpoint() throws(SystemError) -> Endpoint { try descriptor.localEndpoint() }

  /// Reads at most `buffer.count` octets: how many, 0 when the peer has ended its side, nil when
  /// there is nothing yet. The corresponding C call is `read`.
  public func read(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    try descriptor.read(into: &buffer)
  }

  /// Writes as much of `octets` as there is room for: how many, nil when there is no room. A peer
  /// that has gone is told by `SystemError.isBrokenPipe`, never by SIGPIPE.
  /// The corresponding C call is `send(MSG_NOSIGNAL)`.
  public func write(_ octets: Span<UInt8>) throws(SystemError) -> Int? {
    try systemCallUnlessWaiting("write to", on: peer.description) {
      // The octets are borrowed for the call only.
      unsafe octets.withUnsafeBufferPointer { buffer in
        unsafe Glibc::send(
          descriptor.rawValue, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
      }
    }
  }

  /// Ends our side of the connection; the peer reads the end, and may still write.
  /// The corresponding C call is `shutdown(SHUT_WR)`.
  public func shutdownWriting() throws(SystemError) {
    do throws(SystemError) {
      _ = try systemCall("end the connection to", on: peer.description) {
        Glibc::shutdown(descriptor.rawValue, CInt(SHUT_WR))
      }
    } catch {
      // The peer has already gone altogether.
      guard error.errorNumber == ENOTCONN else { throw error }
    }
  }
}

extension Endpoint {
  /// AF_INET or AF_INET6.
  var socketFamily: CInt {
    switch address {
    case .v4: AF_INET
    case .v6: AF_INET6
    }
  }
}
