internal import CLinux
import Glibc
public import LinuxSystem
public import PacketWire

/// A socket with nothing built around it, for showing what sockets are: each method is one system
/// call, which is reported as it was made. The other sockets of this module are the ones to use.
///
/// It never waits (SOCK_NONBLOCK): what would have to wait fails with EAGAIN or EINPROGRESS.
public final class PlainSocket {
  /// Is told of each call.
  public typealias Report = (SocketCall) -> Void

  /// Who can be talked to.
  public enum Family: Hashable, Sendable {
    /// Hosts, over IPv4: AF_INET.
    case internet
    /// Processes of this host: AF_UNIX.
    case local
  }

  /// How is talked.
  public enum Kind: Hashable, Sendable {
    /// Octets in order, over a connection: SOCK_STREAM.
    case stream
    /// Messages by themselves: SOCK_DGRAM.
    case datagram
    /// IP packets: SOCK_RAW.
    case raw
    /// Messages in order, over a connection: SOCK_SEQPACKET.
    case sequencedPacket
  }

  /// A socket's name.
  public enum Address: Hashable, Sendable {
    /// An IP address and a port.
    case internet(Endpoint)
    /// A name of at most 25 octets that no file stands for, shown with an `@` (unix(7)).
    case abstract(String)
  }

  /// Something to be switched on.
  public enum Option: Hashable, Sendable {
    /// A port whose last connection is still in TIME-WAIT may be bound: SO_REUSEADDR.
    case reuseAddress
    /// Each segment goes at once, however small: TCP_NODELAY.
    case noDelay
    /// What is sent has its IP header already: IP_HDRINCL.
    case headerIncluded
  }

  /// The descriptor's number; it is not used again after `close`.
  public let number: CInt
  private var descriptor: Descriptor?
  private let report: Report

  /// The corresponding C call is `socket`; nil where it failed, as the report says.
  public init?(
    _ family: Family, _ kind: Kind, protocolNumber: IPProtocol? = nil, report: @escaping Report
  ) {
    let type = CInt(kind.type.rawValue | SOCK_NONBLOCK.rawValue)
    let result = Outcome(
      Glibc::socket(family.number, type, CInt(protocolNumber?.rawValue ?? 0)))
    Self.tell(
      report, "socket", result,
      [
        .word(family.name), .word("\(kind.name) | SOCK_NONBLOCK"),
        .word(protocolNumber.map(Self.name(of:)) ?? "0"),
      ])
    guard let value = result.descriptorNumber else { return nil }
    (number, self.report) = (value, report)
    descriptor = Descriptor(owning: value)
  }

  private init(accepted number: CInt, _ report: @escaping Report) {
    (self.number, self.report) = (number, report)
    descriptor = Descriptor(owning: number)
  }

  /// The corresponding C call is `setsockopt`.
  public func set(_ option: Option) {
    var one: CInt = 1
    let (level, name, words) = option.constants
    // The kernel reads one `int`.
    let result = Outcome(
      unsafe setsockopt(number, level, name, &one, socklen_t(MemoryLayout<CInt>.size)))
    tell("setsockopt", result, words.map { .word($0) } + [.word("1")])
  }

  /// The corresponding C call is `bind`.
  public func bind(to address: Address) {
    let name = SocketAddress(address)
    let result = Outcome(unsafe name.withPointer { unsafe Glibc::bind(number, $0, $1) })
    tell("bind", result, [.word("\(address)")])
  }

  /// The corresponding C call is `listen`.
  public func listen(backlog: CInt) {
    tell("listen", Outcome(Glibc::listen(number, backlog)), [.word("\(backlog)")])
  }

  /// The corresponding C call is `connect`.
  @discardableResult
  public func connect(to address: Address) -> Bool {
    let name = SocketAddress(address)
    let result = Outcome(unsafe name.withPointer { unsafe Glibc::connect(number, $0, $1) })
    return tell("connect", result, [.word("\(address)")]).hasSucceeded
  }

  /// The corresponding C call is `accept4`; nil where it failed.
  public func accept() -> PlainSocket? {
    var name = SocketAddress()
    let result = Outcome(
      unsafe name.withMutablePointer {
        unsafe clinux_accept4(number, $0, $1, CInt(SOCK_NONBLOCK.rawValue))
      })
    tell("accept4", result, [.word(result.peerText(name)), .word("SOCK_NONBLOCK")])
    return result.descriptorNumber.map { PlainSocket(accepted: $0, report) }
  }

  /// The corresponding C call is `send`.
  @discardableResult
  public func send(_ octets: [UInt8]) -> SocketCall {
    let result = Outcome(
      unsafe octets.withUnsafeBytes { bytes in
        // The octets are borrowed for the call only.
        unsafe Glibc::send(number, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
      })
    return tell(
      "send", result, [.octets(octets), .word("\(octets.count)"), .word("MSG_NOSIGNAL")])
  }

  /// The corresponding C call is `sendto`.
  public func send(_ octets: [UInt8], to address: Address) {
    let name = SocketAddress(address)
    let result = Outcome(
      unsafe octets.withUnsafeBytes { bytes in
        // The octets and the address are borrowed for the call only.
        unsafe name.withPointer {
          unsafe Glibc::sendto(number, bytes.baseAddress, bytes.count, 0, $0, $1)
        }
      })
    tell(
      "sendto", result,
      [.octets(octets), .word("\(octets.count)"), .word("0"), .word("\(address)")])
  }

  /// Receives at most `room` octets: what has come, empty at the end of a stream, nil where the call
  /// failed. The corresponding C call is `recv`.
  public func receive(room: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: room)
    let result = Outcome(
      unsafe buffer.withUnsafeMutableBytes { bytes in
        // The kernel writes at most `room` octets.
        unsafe Glibc::recv(number, bytes.baseAddress, bytes.count, 0)
      })
    let octets = Array(buffer.prefix(max(result.value, 0)))
    tell("recv", result, [.octets(octets), .word("\(room)"), .word("0")])
    return result.errorNumber == nil ? octets : nil
  }

  /// Receives one message and who sent it; nil where the call failed. The corresponding C call is
  /// `recvfrom`.
  public func receiveMessage(room: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: room)
    var name = SocketAddress()
    let result = Outcome(
      unsafe buffer.withUnsafeMutableBytes { bytes in
        // The kernel writes at most `room` octets, and an address.
        unsafe name.withMutablePointer {
          unsafe Glibc::recvfrom(number, bytes.baseAddress, bytes.count, 0, $0, $1)
        }
      })
    let octets = Array(buffer.prefix(max(result.value, 0)))
    tell(
      "recvfrom", result,
      [.octets(octets), .word("\(room)"), .word("0"), .word(result.peerText(name))])
    return result.errorNumber == nil ? octets : nil
  }

  /// Ends our side of the connection. The corresponding C call is `shutdown(SHUT_WR)`.
  public func shutdownWriting() {
    tell("shutdown", Outcome(Glibc::shutdown(number, CInt(SHUT_WR))), [.word("SHUT_WR")])
  }

  /// The corresponding C call is `close`.
  public func close() {
    guard let descriptor = descriptor.take() else { return }
    tell("close", Outcome(Glibc::close(descriptor.release())), [])
  }

  /// The socket's own address, without a report; nil where it has none that is an IP address. The
  /// corresponding C call is `getsockname`.
  public var localEndpoint: Endpoint? { try? descriptor?.localEndpoint() }

  /// What could be done now without a wait, without a report. The corresponding C call is `poll`.
  public func isReady(for interest: Poller.Interest) -> Bool {
    var poller = Poller()
    _ = poller.add(number, interest: interest)
    return (try? poller.wait(until: MonotonicInstant(nanoseconds: 0))) == 1
  }

  /// How many octets `receive` would find, without a report. The corresponding C call is
  /// `ioctl(FIONREAD)`.
  public var waitingCount: Int {
    var count: CInt = 0
    // The kernel writes one `int`.
    return unsafe ioctl(number, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
  }

  @discardableResult
  private func tell(
    _ name: String, _ result: Outcome, _ arguments: [SocketCall.Argument]
  ) -> SocketCall {
    Self.tell(report, name, result, [.word("\(number)")] + arguments)
  }

  @discardableResult
  private static func tell(
    _ report: Report, _ name: String, _ result: Outcome, _ arguments: [SocketCall.Argument]
  ) -> SocketCall {
    let call = SocketCall(
      name: name, arguments: arguments, value: result.value, errorNumber: result.errorNumber)
    report(call)
    return call
  }

  private static func name(of number: IPProtocol) -> String {
    switch number {
    case .icmp: "IPPROTO_ICMP"
    case .tcp: "IPPROTO_TCP"
    case .udp: "IPPROTO_UDP"
    case .sctp: "IPPROTO_SCTP"
    case IPProtocol(rawValue: UInt8(IPPROTO_RAW)): "IPPROTO_RAW"
    default: "\(number.rawValue)"
    }
  }
}

/// What a call returned, with the `errno` that it left.
private struct Outcome {
  let value: Int
  let errorNumber: CInt?

  init(_ value: some BinaryInteger) {
    errorNumber = value < 0 ? errno : nil
    self.value = Int(value)
  }

  /// A new descriptor's number, where the call makes one.
  var descriptorNumber: CInt? { errorNumber == nil ? CInt(value) : nil }

  /// The address that the call has written; a client of AF_UNIX has none, and a failure writes none.
  func peerText(_ name: SocketAddress) -> String {
    (errorNumber == nil ? name.endpoint?.description : nil) ?? "-"
  }
}

extension PlainSocket.Address: CustomStringConvertible {
  /// "10.0.0.2:9000", "@name".
  public var description: String {
    switch self {
    case .internet(let endpoint): "\(endpoint)"
    case .abstract(let name): "@\(name)"
    }
  }
}

extension SocketAddress {
  fileprivate init(_ address: PlainSocket.Address) {
    switch address {
    case .internet(let endpoint): self.init(endpoint)
    case .abstract(let name): self.init(abstractName: name)
    }
  }
}
