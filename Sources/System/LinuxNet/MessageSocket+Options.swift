internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

extension MessageSocket {
  /// Whether the kernel may fragment what is sent, and whether it heeds the path MTUs it has learnt.
  public enum PathMTUDiscovery: Hashable, Sendable, CaseIterable {
    /// Fragments as needed and never sets "don't fragment" (IP_PMTUDISC_DONT).
    case off
    /// Fragments what is larger than the path's known MTU (IP_PMTUDISC_WANT).
    case fragmentAsNeeded
    /// Sets "don't fragment" and refuses what is larger than the path's known MTU (IP_PMTUDISC_DO).
    case refuseLarger
    /// Sets "don't fragment" and sends whatever the first link takes (IP_PMTUDISC_PROBE).
    case probe
  }

  /// The time to live, or hop limit, of what is sent from now on, to groups too. Not 0.
  public func setTimeToLive(_ hops: UInt8) throws(SystemError) {
    let options =
      family == .v4 ? [IP_TTL, IP_MULTICAST_TTL] : [IPV6_UNICAST_HOPS, IPV6_MULTICAST_HOPS]
    for option in options { try setOption(option, to: CInt(hops), "set the time to live") }
  }

  /// The type of service octet, or traffic class, of what is sent from now on.
  public func setTypeOfService(_ octet: UInt8) throws(SystemError) {
    try setOption(
      family == .v4 ? IP_TOS : IPV6_TCLASS, to: CInt(octet), "set the type of service")
  }

  /// What is sent from now on begins with an IP header of our own. Raw sockets only.
  ///
  /// In IPv4 the kernel fills in the total length and checksum always, and the source and the
  /// identification where they are zero (raw(7)); in IPv6 it fills in nothing.
  public func setHeaderIncluded() throws(SystemError) {
    try setOption(
      family == .v4 ? IP_HDRINCL : SocketConstant.ipv6HeaderIncluded, to: 1,
      "include the IP header")
  }

  /// The longest packet, in octets, that the route to the peer of a connected socket takes, as far as the
  /// kernel knows. The corresponding C call is `getsockopt(IP_MTU)`.
  public func pathMTU() throws(SystemError) -> Int {
    let (level, name) = family == .v4 ? (IPPROTO_IP, IP_MTU) : (IPPROTO_IPV6, IPV6_MTU)
    return Int(try descriptor.option(name, at: CInt(level), operation: "read the path MTU"))
  }

  /// Lets messages be sent to broadcast addresses.
  public func setBroadcast() throws(SystemError) {
    try descriptor.setOption(SO_BROADCAST, at: SOL_SOCKET, to: 1, operation: "allow broadcast")
  }

  /// What happens to messages larger than an MTU.
  public func setPathMTUDiscovery(_ mode: PathMTUDiscovery) throws(SystemError) {
    let value =
      switch mode {
      case .off: IP_PMTUDISC_DONT
      case .fragmentAsNeeded: IP_PMTUDISC_WANT
      case .refuseLarger: IP_PMTUDISC_DO
      case .probe: IP_PMTUDISC_PROBE
      }
    // The two families' values are the same numbers (linux/in.h, linux/in6.h).
    try setOption(
      family == .v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, to: value, "set path MTU discovery")
  }

  /// How many octets of received messages, bookkeeping included, may wait to be read. The kernel
  /// cuts this to `net.core.rmem_max` without an error.
  public func setReceiveBuffer(_ octets: Int) throws(SystemError) {
    try descriptor.setOption(
      SO_RCVBUF, at: SOL_SOCKET, to: CInt(clamping: octets), operation: "set the receive buffer")
  }

  /// How many octets of messages to send, bookkeeping included, may wait for the interface.
  public func setSendBuffer(_ octets: Int) throws(SystemError) {
    try descriptor.setOption(
      SO_SNDBUF, at: SOL_SOCKET, to: CInt(clamping: octets), operation: "set the send buffer")
  }

  /// Lets the kernel drop, before it queues them here, all messages that the filter does not accept.
  /// What was queued before is not looked at again.
  public func attachFilter(_ filter: SocketFilter) throws(SystemError) {
    try descriptor.attach(filter)
  }

  /// Lets only these ICMP or ICMPv6 types through, as `attachFilter` would, at less cost: others are
  /// dropped before the kernel makes a copy for the socket. Raw ICMP and ICMPv6 sockets only; of IPv4,
  /// types from 32 on are always let through.
  /// The corresponding C calls are `setsockopt(ICMP_FILTER)` and `setsockopt(ICMP6_FILTER)` (RFC 3542
  /// §3.2).
  public func acceptOnly(types: [UInt8]) throws(SystemError) {
    // A set bit blocks its type.
    var words = [UInt32](repeating: ~0, count: family == .v4 ? 1 : 8)
    for type in types where Int(type) / 32 < words.count {
      words[Int(type) / 32] &= ~(1 << UInt32(type % 32))
    }
    let octets = words.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word.littleEndian >> UInt32($0 * 8)) }
    }
    let (name, level) =
      family == .v4
      ? (SocketConstant.icmpFilter, SocketConstant.rawLevel)
      : (SocketConstant.icmpv6Filter, CInt(IPPROTO_ICMPV6))
    try descriptor.setOption(name, at: level, to: octets, operation: "filter ICMP types")
  }

  /// Keeps what the network reports about messages that were sent, for `receiveError`.
  /// The corresponding C call is `setsockopt(IP_RECVERR)`.
  public func enableErrorQueue() throws(SystemError) {
    try setOption(
      family == .v4 ? IP_RECVERR : IPV6_RECVERR, to: 1, "switch on the error queue")
  }

  /// Lets the kernel stamp each message when it is received, and when it enters the queue of the
  /// interface that it leaves by; `includingDevice`, also when the interface's driver gets it;
  /// `includingCard`, also when a network card that was told to stamp (`CardStamper`) sends or receives it.
  ///
  /// The first of the two is what a round trip begins with: what waits in this host's own queue (a full
  /// uplink) is part of the way, as captures see it, while the work before it is this program's.
  /// The stamps of sent messages come through `receiveError`; they count messages from 0, from this
  /// call on. The first messages after this call may lack a stamp.
  /// The corresponding C call is `setsockopt(SO_TIMESTAMPING)`.
  public func enableTimestamps(
    includingDevice: Bool = false, includingCard: Bool = false
  ) throws(SystemError) {
    var flags =
      SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_RX_SOFTWARE
      | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID
      | SOF_TIMESTAMPING_OPT_TSONLY
    if includingDevice { flags |= SOF_TIMESTAMPING_TX_SOFTWARE }
    if includingCard {
      // A card's stamp would take the place of the driver's, if both were not asked for.
      flags |=
        SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE
        | SOF_TIMESTAMPING_RAW_HARDWARE | SOF_TIMESTAMPING_OPT_TX_SWHW
    }
    try descriptor.setOption(
      SocketConstant.timestamping, at: SOL_SOCKET, to: CInt(flags),
      operation: "switch on packet timestamps")
  }

  /// Tells with each received message the header fields that the socket would otherwise hide: time
  /// to live or hop limit, type of service or traffic class, and destination address.
  public func enableReceivedFields() throws(SystemError) {
    let options =
      family == .v4
      ? [IP_RECVTTL, IP_RECVTOS, IP_PKTINFO]
      : [IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS, IPV6_RECVPKTINFO]
    for option in options { try setOption(option, to: 1, "receive header fields") }
  }

  private func setOption(
    _ name: CInt, to value: CInt, _ operation: @autoclosure () -> String
  ) throws(SystemError) {
    try descriptor.setOption(
      name, at: CInt(family == .v4 ? IPPROTO_IP : IPPROTO_IPV6), to: value, operation: operation())
  }

  /// The error queue is on; asked of the kernel, for only the rare failing call wants to know.
  var hasErrorQueue: Bool {
    let (level, name) =
      family == .v4 ? (IPPROTO_IP, IP_RECVERR) : (IPPROTO_IPV6, IPV6_RECVERR)
    return (try? descriptor.option(name, at: CInt(level), operation: "")) == 1
  }
}
