internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// Asks the kernel which socket of this host a packet belongs to (sock_diag(7)).
///
/// One question about one socket, which the kernel finds as it does for each packet: it costs the same
/// with ten sockets and with a million.
public struct SocketDiagnosis: ~Copyable {
  private let descriptor: Descriptor
  private var sequence: UInt32 = 0
  /// A kernel that does not answer has lost the question; nothing is measured meanwhile.
  private static let patience = Nanoseconds.milliseconds(200)

  /// Opens a socket for questions, in the network namespace of the calling thread.
  /// The corresponding C call is `socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG)`.
  public init() throws(SystemError) {
    descriptor = try .socket(
      family: AF_NETLINK, type: CInt(SOCK_RAW.rawValue), protocolNumber: NETLINK_SOCK_DIAG,
      operation: "open a socket for questions about sockets")
  }

  /// The inode of the socket of TCP (6) or UDP (17) between two endpoints, or of one that listens at
  /// the local one: 0 if no process has it (any more), nil if there is no such socket.
  public mutating func inode(
    of protocolNumber: UInt8, local: Endpoint, remote: Endpoint
  ) throws(SystemError) -> UInt32? {
    sequence &+= 1
    // The kernel looks a UDP socket up as for a packet that has come: its source first.
    let isUDP = protocolNumber == UInt8(IPPROTO_UDP)
    let (first, second) = isUDP ? (remote, local) : (local, remote)
    var message = NetlinkMessage(type: Self.byFamily)
    message.append(native: UInt8(local.address.family == .v4 ? AF_INET : AF_INET6))
    message.append(native: protocolNumber)
    message.append(native: UInt16(0))
    message.append(native: UInt32.max)
    message.append(native: first.port.bigEndian)
    message.append(native: second.port.bigEndian)
    for address in [first.address, second.address] {
      message.append(address: address)
    }
    message.append(native: UInt32(0))
    // INET_DIAG_NOCOOKIE
    message.append(native: UInt64.max)
    let octets = message.finished(sequence: sequence)
    _ = try systemCall("ask for a socket") {
      // The octets are borrowed for the call only.
      unsafe octets.withUnsafeBytes {
        unsafe Glibc::send(descriptor.rawValue, $0.baseAddress, $0.count, 0)
      }
    }
    return try answer()
  }

  /// SOCK_DIAG_BY_FAMILY
  private static let byFamily: CInt = 20
  /// Octets of a netlink header and of `struct inet_diag_msg`, which ends with the inode.
  private static let answerLength = NetlinkMessage.headerSize + 72

  private func answer() throws(SystemError) -> UInt32? {
    var buffer = [UInt8](repeating: 0, count: 8192)
    var poller = Poller()
    _ = poller.add(descriptor.rawValue, interest: .read)
    let deadline = MonotonicClock.now() + Self.patience
    while MonotonicClock.now() < deadline {
      guard let count = try descriptor.read(into: &buffer) else {
        try poller.wait(until: deadline)
        continue
      }
      let octets = buffer.span.extracting(first: count)
      guard count >= NetlinkMessage.headerSize,
        octets.native(UInt32.self, at: 8) == sequence
      else { continue }
      // An acknowledgement without an answer: ENOENT.
      guard CInt(octets.native(UInt16.self, at: 4)) == Self.byFamily, count >= Self.answerLength
      else { return nil }
      return octets.native(UInt32.self, at: Self.answerLength - 4)
    }
    return nil
  }

  /// The inodes of sockets in a table of /proc/net (`icmp`, `raw`, `raw6`, `icmp6`), whose local port
  /// is `port`: the identifier of echoes, or a raw socket's protocol.
  public static func inodes(inTable name: String, port: UInt16) -> [UInt32] {
    guard let octets = try? readFile("/proc/net/\(name)", limit: 4 << 20) else { return [] }
    let hex = String(port, radix: 16, uppercase: true)
    let suffix = ":" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
    return String(decoding: octets, as: UTF8.self).split(separator: "\n").dropFirst().compactMap {
      // Slot, local and remote address, state, queues, timers, retransmissions, user, timeout, inode.
      let fields = $0.split(separator: " ")
      guard fields.count > 9, fields[1].hasSuffix(suffix) else { return nil }
      return UInt32(fields[9])
    }
  }
}

extension NetlinkMessage {
  /// An address in sixteen octets, of which IPv4 takes the first four.
  fileprivate mutating func append(address: IPAddress) {
    let octets = address.octets
    for index in 0..<16 { append(native: index < octets.count ? octets[index] : 0) }
  }
}
