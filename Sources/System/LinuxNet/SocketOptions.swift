internal import CLinux
import Glibc
internal import LinuxSystem

extension Descriptor {
  /// Makes a socket that neither waits nor survives exec. The corresponding C call is `socket`.
  static func socket(
    family: CInt, type: CInt, protocolNumber: CInt = 0, operation: @autoclosure () -> String,
    remedy: (CInt) -> String? = { _ in nil }
  ) throws(SystemError) -> Descriptor {
    let flags = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = try systemCall(operation(), remedy: remedy) {
      Glibc::socket(family, type | flags, protocolNumber)
    }
    return Descriptor(owning: number)
  }

  /// Sets a socket option whose value is an `int`. The corresponding C call is `setsockopt`.
  func setOption(
    _ name: CInt, at level: CInt, to value: CInt, operation: @autoclosure () -> String
  ) throws(SystemError) {
    var value = value
    _ = try systemCall(operation()) {
      // The kernel reads one `int`.
      unsafe setsockopt(rawValue, level, name, &value, socklen_t(MemoryLayout<CInt>.size))
    }
  }

  /// Sets a socket option whose value is a structure of octets.
  func setOption(
    _ name: CInt, at level: CInt, to value: [UInt8], operation: @autoclosure () -> String,
    on object: @autoclosure () -> String = "", remedy: (CInt) -> String? = { _ in nil }
  ) throws(SystemError) {
    _ = try systemCall(operation(), on: object(), remedy: remedy) {
      // The kernel reads `count` octets.
      unsafe value.withUnsafeBytes { bytes in
        unsafe setsockopt(rawValue, level, name, bytes.baseAddress, socklen_t(bytes.count))
      }
    }
  }

  /// A socket option whose value is an `int`. The corresponding C call is `getsockopt`.
  func option(
    _ name: CInt, at level: CInt, operation: @autoclosure () -> String
  ) throws(SystemError) -> CInt {
    var value: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    _ = try systemCall(operation()) {
      // The kernel writes one `int`.
      unsafe getsockopt(rawValue, level, name, &value, &size)
    }
    return value
  }

  /// Gives the socket an address of its own. The corresponding C call is `bind`.
  func bind(to endpoint: Endpoint) throws(SystemError) {
    let address = SocketAddress(endpoint)
    _ = try systemCall("bind to", on: endpoint.description, remedy: { Self.bindRemedy(for: $0) }) {
      unsafe address.withPointer { unsafe Glibc::bind(rawValue, $0, $1) }
    }
  }

  private static func bindRemedy(for errorNumber: CInt) -> String? {
    switch errorNumber {
    case EADDRINUSE: "`ss -lntup` lists who has it"
    case EADDRNOTAVAIL: "`ip address` lists the addresses of this host"
    case EACCES: "ports below 1024 are for root"
    default: nil
    }
  }

  /// The socket's own address. The corresponding C call is `getsockname`.
  func localEndpoint() throws(SystemError) -> Endpoint {
    var address = SocketAddress()
    _ = try systemCall("read the socket's own address") {
      unsafe address.withMutablePointer { unsafe getsockname(rawValue, $0, $1) }
    }
    guard let endpoint = address.endpoint else {
      throw SystemError("read the socket's own address", errorNumber: EAFNOSUPPORT)
    }
    return endpoint
  }
}
