internal import CLinux
import Glibc
public import LinuxSystem
public import PacketWire

extension MessageSocket {
  /// Tags what is sent, for firewall and routing rules. Needs CAP_NET_ADMIN or, since Linux 5.17,
  /// CAP_NET_RAW. The corresponding C call is `setsockopt(SO_MARK)`.
  public func setMark(_ mark: UInt32) throws(SystemError) {
    let octets = (0..<4).map { UInt8(truncatingIfNeeded: mark.littleEndian >> UInt32($0 * 8)) }
    try descriptor.setOption(
      SO_MARK, at: SOL_SOCKET, to: octets, operation: "mark packets",
      remedy: { $0 == EPERM ? "run as root" : nil })
  }

  /// Sends to hosts on the link only, whatever the routes say.
  /// The corresponding C call is `setsockopt(SO_DONTROUTE)`.
  public func setBypassesRoutes() throws(SystemError) {
    try descriptor.setOption(
      SO_DONTROUTE, at: SOL_SOCKET, to: 1, operation: "send past the routes")
  }

  /// Lets the kernel write about the socket to its log, where it does such a thing.
  /// The corresponding C call is `setsockopt(SO_DEBUG)`.
  public func setDebugging() throws(SystemError) {
    let one = [UInt8](repeating: 0, count: 3)
    try descriptor.setOption(
      SO_DEBUG, at: SOL_SOCKET, to: [1] + one, operation: "debug the socket",
      remedy: { $0 == EACCES ? "run as root" : nil })
  }

  /// Whether what is sent to a group comes back to members on this host.
  public func setGroupLoopback(_ isOn: Bool) throws(SystemError) {
    try descriptor.setOption(
      family == .v4 ? IP_MULTICAST_LOOP : IPV6_MULTICAST_LOOP,
      at: CInt(family == .v4 ? IPPROTO_IP : IPPROTO_IPV6), to: isOn ? 1 : 0,
      operation: "set the loopback of groups")
  }

  /// Sets how many octets of received messages may wait, past the system's limit where this process may
  /// do that (SO_RCVBUFFORCE, CAP_NET_ADMIN), and up to it otherwise.
  public func setLargestReceiveBuffer(_ octets: Int) throws(SystemError) {
    do throws(SystemError) {
      try descriptor.setOption(
        SO_RCVBUFFORCE, at: SOL_SOCKET, to: CInt(clamping: octets),
        operation: "set the receive buffer")
    } catch {
      try setReceiveBuffer(octets)
    }
  }

  /// The options of the IPv4 headers of what is sent: at most 40 octets, in fours.
  /// The corresponding C call is `setsockopt(IP_OPTIONS)`.
  public func setIPv4Options(_ options: [UInt8]) throws(SystemError) {
    try descriptor.setOption(
      IP_OPTIONS, at: CInt(IPPROTO_IP), to: options, operation: "set the IP options",
      remedy: { $0 == EPERM ? "run as root" : nil })
  }

  /// Takes a flow label for packets to `destination`, and lets messages carry one (RFC 6437); 0 lets the
  /// kernel choose. Returns the label, which a `SendBatch` is then told.
  /// The corresponding C call is `setsockopt(IPV6_FLOWLABEL_MGR)`.
  public func takeFlowLabel(
    _ label: UInt32, for destination: IPv6Address
  ) throws(SystemError) -> UInt32 {
    // `struct in6_flowlabel_req`: address, label, action (get), share (any), flags (create), expiry,
    // linger, padding (linux/in6.h).
    var octets = [UInt8](repeating: 0, count: 32)
    var fields = octets.mutableSpan
    fields.store(bigEndian: destination.bits, at: 0)
    fields.store(bigEndian: label & 0xf_ffff, at: 16)
    fields[21] = 255
    fields.store(native: UInt16(1), at: 22)
    let given = octets
    _ = try systemCall("take the flow label", on: "0x\(String(label, radix: 16))") {
      // The kernel reads 32 octets, and writes the label that it chose.
      unsafe octets.withUnsafeMutableBytes { bytes in
        unsafe setsockopt(
          descriptor.rawValue, CInt(IPPROTO_IPV6), SocketConstant.flowLabelManager,
          bytes.baseAddress,
          socklen_t(given.count))
      }
    }
    try sendFlowLabels()
    return octets.span.u32(at: 16) & 0xf_ffff
  }

  /// Lets IPv6 messages carry the flow labels that they are given (RFC 6437). Those from 0x80000 on need
  /// not be taken before: they are for senders that keep no state (`net.ipv6.flowlabel_state_ranges`).
  public func sendFlowLabels() throws(SystemError) {
    try descriptor.setOption(
      SocketConstant.flowInformationSend, at: CInt(IPPROTO_IPV6), to: 1,
      operation: "send flow labels")
  }
}
