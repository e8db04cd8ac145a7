internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// A connection between two processes of one machine that keeps messages whole and in order and can
/// carry descriptors. It never waits: poll `descriptorNumber`.
public struct LocalSocket: ~Copyable, Sendable {
  /// Who is at the other end: who connected, or who listened.
  public struct Peer: Hashable, Sendable {
    /// The process's number, 0 if it is outside of our PID namespace.
    public var process: Int
    /// The effective user's number, as our user namespace shows it.
    public var user: UInt32
  }

  /// So many descriptors go with one message at most.
  public static let maximumDescriptors = 8

  let descriptor: Descriptor

  init(owning descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// Connects to a listener by its abstract name, which is no file: only processes in the same
  /// network namespace see it. ECONNREFUSED if nobody listens.
  /// The corresponding C calls are `socket(AF_UNIX, SOCK_SEQPACKET)` and `connect`.
  public init(connectingTo name: String) throws(SystemError) {
    let socket = try Descriptor.localSocket()
    let address = try LocalAddress(abstract: name)
    _ = try systemCall("connect to", on: name) {
      unsafe address.withPointer { unsafe Glibc::connect(socket.rawValue, $0, $1) }
    }
    descriptor = socket
  }

  /// Poll this.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// Who is at the other end, by the kernel's word. The corresponding C call is
  /// `getsockopt(SO_PEERCRED)`.
  public func peer() throws(SystemError) -> Peer {
    // `struct ucred`: process, user and group.
    var fields = InlineArray<12, UInt8>(repeating: 0)
    var size: socklen_t = 12
    _ = try systemCall("ask who is at the other end") {
      // The kernel writes 12 octets.
      unsafe withUnsafeMutablePointer(to: &fields) {
        unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, SO_PEERCRED, $0, &size)
      }
    }
    return Peer(
      process: Int(fields.span.native(CInt.self, at: 0)),
      user: fields.span.native(UInt32.self, at: 4))
  }

  /// Sends one message, and descriptors that the other end gets numbers of its own for, at most
  /// `maximumDescriptors`. The corresponding C call is `sendmsg(SCM_RIGHTS)`.
  public func send(_ octets: [UInt8], descriptors: [CInt] = []) throws(SystemError) {
    var octets = octets
    var control = descriptors.isEmpty ? [] : ControlMessages.descriptors(descriptors)
    _ = try systemCall("send a message to another process") {
      // Everything is borrowed for the call only.
      unsafe octets.withUnsafeMutableBytes { content in
        unsafe control.withUnsafeMutableBytes { control in
          var vector = unsafe iovec(iov_base: content.baseAddress, iov_len: content.count)
          return unsafe withUnsafeMutablePointer(to: &vector) { vector in
            var message = unsafe msghdr()
            unsafe (message.msg_iov, message.msg_iovlen) = (vector, 1)
            if control.count > 0 {
              unsafe message.msg_control = control.baseAddress
              unsafe message.msg_controllen = control.count
            }
            return unsafe sendmsg(descriptor.rawValue, &message, CInt(MSG_NOSIGNAL))
          }
        }
      }
    }
  }

  /// The next message and the descriptors that came with it, which are the caller's to close; nil
  /// when there is none yet. A message without octets means that the other end has gone. What does
  /// not fit into `limit` octets is lost. The corresponding C call is `recvmsg(MSG_CMSG_CLOEXEC)`.
  public func receive(
    limit: Int = 4096
  ) throws(SystemError) -> (octets: [UInt8], descriptors: [CInt])? {
    var octets = [UInt8](repeating: 0, count: limit)
    var control = [UInt8](repeating: 0, count: 64)
    var controlLength = 0
    let count = try systemCallUnlessWaiting("receive a message from another process") {
      // Everything is borrowed for the call only.
      unsafe octets.withUnsafeMutableBytes { content in
        unsafe control.withUnsafeMutableBytes { control in
          var vector = unsafe iovec(iov_base: content.baseAddress, iov_len: content.count)
          return unsafe withUnsafeMutablePointer(to: &vector) { vector in
            var message = unsafe msghdr()
            unsafe (message.msg_iov, message.msg_iovlen) = (vector, 1)
            unsafe (message.msg_control, message.msg_controllen) =
              (control.baseAddress, control.count)
            let count = unsafe recvmsg(
              descriptor.rawValue, &message, CInt(MSG_CMSG_CLOEXEC))
            controlLength = unsafe message.msg_controllen
            return count
          }
        }
      }
    }
    guard let count else { return nil }
    let received = control.span.extracting(first: min(controlLength, control.count))
    return (Array(octets[..<count]), ControlMessages.descriptors(in: received))
  }
}

/// Waits for connections of other processes of this machine under an abstract name, which nobody else
/// can have at the same time and which goes with this value.
public struct LocalListener: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Listens under a name of at most 107 octets. EADDRINUSE if somebody else has it.
  /// The corresponding C calls are `socket(AF_UNIX, SOCK_SEQPACKET)`, `bind` and `listen`.
  public init(name: String, backlog: Int = 64) throws(SystemError) {
    let socket = try Descriptor.localSocket()
    let address = try LocalAddress(abstract: name)
    _ = try systemCall("listen as", on: name) {
      unsafe address.withPointer { unsafe Glibc::bind(socket.rawValue, $0, $1) }
    }
    _ = try systemCall("listen as", on: name) {
      Glibc::listen(socket.rawValue, CInt(clamping: backlog))
    }
    descriptor = socket
  }

  /// Poll this for reading.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// The next connection, or nil when none is waiting. The corresponding C call is `accept4`.
  public func accept() throws(SystemError) -> LocalSocket? {
    let number = try systemCallUnlessWaiting("accept a connection") {
      clinux_accept4(
        descriptor.rawValue, nil, nil, CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
    }
    return number.map { LocalSocket(owning: Descriptor(owning: $0)) }
  }

  /// The abstract names that begin with `prefix` and have a listener in this network namespace, in
  /// order, each once. The corresponding C call is `read("/proc/net/unix")`.
  public static func names(beginningWith prefix: String) throws(SystemError) -> [String] {
    let table = String(
      decoding: try readFile("/proc/net/unix", limit: 16 << 20), as: UTF8.self)
    var names: Set<String> = []
    for line in table.split(separator: "\n") {
      // Number, references, protocol, flags, type, state, inode and name; an abstract one begins
      // with @ here (proc(5)). Connections have their listener's name, but not its flag.
      let fields = line.split(separator: " ", maxSplits: 7)
      guard fields.count == 8, fields[3] == "00010000", fields[7].hasPrefix("@\(prefix)") else {
        continue
      }
      names.insert(String(fields[7].dropFirst()))
    }
    return names.sorted()
  }
}

extension Descriptor {
  fileprivate static func localSocket() throws(SystemError) -> Descriptor {
    try .socket(
      family: AF_UNIX, type: CInt(SOCK_SEQPACKET.rawValue), operation: "open a local socket")
  }
}

/// A `sockaddr_un` with an abstract name: a NUL, then the name, without a NUL at its end (unix(7)).
private struct LocalAddress {
  private var octets: [UInt8]

  init(abstract name: String) throws(SystemError) {
    guard name.utf8.count <= 107 else {
      throw SystemError("use the local name", on: name, errorNumber: ENAMETOOLONG)
    }
    octets = [0, 0, 0] + Array(name.utf8)
    var fields = octets.mutableSpan
    fields.store(native: sa_family_t(AF_UNIX), at: 0)
  }

  func withPointer<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    // Octets for the kernel, which copies them; no field is touched through this type.
    unsafe octets.withUnsafeBytes { bytes in
      let address = unsafe bytes.baseAddress.unsafelyUnwrapped
        .assumingMemoryBound(to: sockaddr.self)
      return unsafe body(address, socklen_t(bytes.count))
    }
  }
}

extension LocalSocket {
  /// Two ends, connected to each other. The corresponding C call is `socketpair`.
  struct Pair: ~Copyable {
    let first: LocalSocket
    let second: LocalSocket

    consuming func takeFirst() -> LocalSocket { first }
    consuming func takeSecond() -> LocalSocket { second }

    init() throws(SystemError) {
      var ends: (CInt, CInt) = (-1, -1)
      let type = CInt(
        SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
      _ = try systemCall("make a pair of sockets") {
        // A homogeneous tuple has the layout of the C array.
        unsafe withUnsafeMutableBytes(of: &ends) { bytes in
          unsafe socketpair(
            AF_UNIX, type, 0, bytes.baseAddress?.assumingMemoryBound(to: CInt.self))
        }
      }
      first = LocalSocket(owning: Descriptor(owning: ends.0))
      second = LocalSocket(owning: Descriptor(owning: ends.1))
    }
  }
}
