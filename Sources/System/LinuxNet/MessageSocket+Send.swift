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
  /// one, but for EMSGSIZE: look into the queue then.
  public func send(
    _ octets: Span<UInt8>, to endpoint: Endpoint? = nil, timeToLive: UInt8? = nil,
    flowLabel: UInt32 = 0
  ) throws(SystemError) {
    for _ in 0..<Self.reportLimit {
      do throws(SystemError) {
        return try sendOnce(octets, to: endpoint, timeToLive: timeToLive, flowLabel)
      } catch {
        // The kernel hands a pending report to whatever call comes next, and nothing was sent.
        // EMSGSIZE is left alone, for a second failing call would queue a second local report.
        guard error.isNetworkReport, error.errorNumber != EMSGSIZE, hasErrorQueue else {
          throw error
        }
      }
    }
    try sendOnce(octets, to: endpoint, timeToLive: timeToLive, flowLabel)
  }

  /// So many pending reports are passed over: while one is handed out, the answers to other probes of
  /// a burst may come in. What still fails then is about the message itself.
  private static let reportLimit = 16

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
}
