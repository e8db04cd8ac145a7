internal import CLinux
import Glibc
public import LinuxSystem
public import PacketWire

/// A raw, UDP or ICMP datagram socket: what is sent and received are whole messages.
///
/// It never waits: poll `descriptorNumber` with a `Poller`. "Packet socket" is Linux's name for the
/// link-layer sockets of `packet(7)`, which this is not.
public struct MessageSocket: ~Copyable {
  /// How much of a packet is ours to build and to see.
  public enum Kind: Hashable, Sendable {
    /// The payload of IP packets with this protocol number. Needs CAP_NET_RAW.
    ///
    /// What is received starts at the IPv4 header in IPv4, and behind the IPv6 header in IPv6
    /// (raw(7), RFC 3542 §3).
    case raw(IPProtocol)
    /// UDP payloads; or, with an ICMP protocol, echo messages whose identifier the kernel chooses
    /// and whose header is part of what is sent and received.
    case datagram(IPProtocol)
  }

  /// What it was opened as.
  public let kind: Kind
  /// The family of all its addresses.
  public let family: IPFamily
  let descriptor: Descriptor

  /// Opens a socket, nonblocking and closed on exec. The corresponding C call is `socket`.
  ///
  /// Where a privilege is missing, the error's remedy is the command that grants it.
  public init(_ kind: Kind, family: IPFamily) throws(SystemError) {
    let (type, number) =
      switch kind {
      case .raw(let number): (SOCK_RAW, number)
      case .datagram(let number): (SOCK_DGRAM, number)
      }
    descriptor = try .socket(
      family: family == .v4 ? AF_INET : AF_INET6, type: CInt(type.rawValue),
      protocolNumber: CInt(number.rawValue), operation: "open \(kind.name)",
      remedy: { kind.remedy(for: $0) })
    (self.kind, self.family) = (kind, family)
  }

  /// Poll this for reading; with an error queue or timestamps, it also fails (POLLERR) when
  /// `receiveError` has something to tell.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// Sends from this address, and receives only what is sent to it.
  /// The corresponding C call is `bind`.
  public func bind(to endpoint: Endpoint) throws(SystemError) {
    try descriptor.bind(to: endpoint)
  }

  /// Sends and receives through this interface only.
  /// The corresponding C call is `setsockopt(SO_BINDTODEVICE)`.
  public func bind(toInterface name: String) throws(SystemError) {
    try descriptor.setOption(
      SO_BINDTODEVICE, at: SOL_SOCKET, to: Array(name.utf8), operation: "bind to interface",
      on: name, remedy: { $0 == ENODEV ? "`ip link` lists the interfaces" : nil })
  }

  /// Fixes the peer: `send` needs no destination, and others' messages are not received.
  /// The corresponding C call is `connect`, which sends nothing.
  public func connect(to endpoint: Endpoint) throws(SystemError) {
    let address = SocketAddress(endpoint)
    _ = try systemCall("connect to", on: endpoint.description) {
      unsafe address.withPointer { unsafe Glibc::connect(descriptor.rawValue, $0, $1) }
    }
  }

  /// The socket's own address and port; for ICMP datagram sockets the port is the echo identifier.
  /// The corresponding C call is `getsockname`.
  public func localEndpoint() throws(SystemError) -> Endpoint { try descriptor.localEndpoint() }
}

extension MessageSocket.Kind {
  /// "a raw ICMP socket".
  fileprivate var name: String {
    switch self {
    case .raw(.icmp): "a raw ICMP socket"
    case .raw(.icmpv6): "a raw ICMPv6 socket"
    case .raw(let number): "a raw socket for IP protocol \(number.rawValue)"
    case .datagram(.icmp): "an ICMP datagram socket"
    case .datagram(.icmpv6): "an ICMPv6 datagram socket"
    case .datagram(.udp): "a UDP socket"
    case .datagram(let number): "a datagram socket for IP protocol \(number.rawValue)"
    }
  }

  /// The command that grants what was missing.
  fileprivate func remedy(for errorNumber: CInt) -> String? {
    guard errorNumber == EPERM || errorNumber == EACCES else { return nil }
    let grant = "sudo setcap cap_net_raw+ep \(Privileges.programPath ?? "PROGRAM")"
    switch self {
    case .raw: return "run as root, or: \(grant)"
    case .datagram:
      // One setting rules both families (net/ipv4/ping.c, ping_init_sock).
      return "allow it for all users with: "
        + #"sudo sysctl -w net.ipv4.ping_group_range="0 2147483647""#
        + "; or use raw sockets: run as root, or: \(grant)"
    }
  }
}
