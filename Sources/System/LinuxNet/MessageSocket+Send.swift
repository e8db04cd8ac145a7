internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

extension MessageSocket {
  /// Sends one message.
  ///
  /// `endpoint` is nil on a connected socket. `timeToLive`, where given, is the message's own time
  /// to live or hop limit, and `flowLabel` its flow label, which `sendFlowLabels` or `takeFlowLabel` has
  /// to have allowed; 0 is none. The error says by `wouldWait` and `isOutOfBuffers` that it is worth
  /// trying again later. The corresponding C call is `sendmsg`.
  ///
  /// With an error queue, what the network reported about an earlier message does not fail this
  /// one. What is too long for this host's own link is tried a few times, and each try leaves a local
  /// report in the queue.
  public func send(
    _ octets: Span<UInt8>, to endpoint: Endpoint? = nil, timeToLive: UInt8? = nil,
    flowLabel: UInt32 = 0
  ) throws(SystemError) {
    var failures = 0
    while true {
      do throws(SystemError) {
        return try sendOnce(octets, to: endpoint, timeToLive: timeToLive, flowLabel)
      } catch {
        failures += 1
        guard hasErrorQueue, failures <= error.mostReports else { throw error }
      }
    }
  }

  private func sendOnce(
    _ octets: Span<UInt8>, to endpoint: Endpoint?, timeToLive: UInt8?, _ flowLabel: UInt32
  ) throws(SystemError) {
    var address = SocketAddress()
    address.length = 0
    if let endpoint {
      address = SocketAddress(destination(endpoint))
      address.setFlowLabel(flowLabel)
    }
    var control = ControlMessages.message(
      level: CInt(family == .v4 ? IPPROTO_IP : IPPROTO_IPV6),
      type: family == .v4 ? IP_TTL : IPV6_HOPLIMIT, value: CInt(timeToLive ?? 0))
    let controlLength = timeToLive == nil ? 0 : ControlMessages.spaceOfInt
    _ = try systemCall("send", on: endpoint.map { "to \($0)" } ?? "") {
      // Everything the kernel is pointed at lives until the call returns.
      unsafe octets.withUnsafeBufferPointer { buffer in
        var piece = unsafe iovec(
          iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress), iov_len: buffer.count)
        return unsafe withUnsafeMutablePointer(to: &control) { control in
          unsafe address.withPointer { name, length in
            unsafe withUnsafeMutablePointer(to: &piece) { piece in
              var message = unsafe msghdr(
                msg_name: length == 0 ? nil : UnsafeMutableRawPointer(mutating: name),
                msg_namelen: length, msg_iov: piece, msg_iovlen: 1, msg_control: control,
                msg_controllen: controlLength, msg_flags: 0)
              return unsafe sendmsg(descriptor.rawValue, &message, 0)
            }
          }
        }
      }
    }
  }

  /// A raw IPv6 socket takes the port for a protocol number and wants its own, or none (raw(7)).
  private func destination(_ endpoint: Endpoint) -> Endpoint {
    guard case .raw = kind else { return endpoint }
    return Endpoint(endpoint.address, scope: endpoint.scope)
  }
}

extension SystemError {
  /// The error may be what an ICMP message said about an earlier packet (linux/icmp.c,
  /// icmp_err_convert; icmpv6_err_convert), and not about the call that got it.
  public var isNetworkReport: Bool {
    switch errorNumber {
    case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENOPROTOOPT, EPROTO, EMSGSIZE,
      EOPNOTSUPP, ENONET, EACCES:
      true
    default: false
    }
  }

  /// How often a send on a socket with an error queue may fail so and yet succeed when it is tried again.
  ///
  /// The kernel hands a pending report to whatever call comes next, which then sends nothing; and while one
  /// is handed out, the answers to other probes of a burst may come in. What still fails after so many is
  /// about the message itself. Too long (EMSGSIZE) most often is, and each try is queued as a local report;
  /// but a router's word about a longer probe (RFC 1191) looks the same.
  public var mostReports: Int {
    guard isNetworkReport else { return 0 }
    return isMessageTooLong ? 3 : 16
  }
}
