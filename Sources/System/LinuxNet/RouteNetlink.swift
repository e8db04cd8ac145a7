internal import CLinux
import Glibc
public import LinuxSystem
public import PacketWire

/// Sets up interfaces, addresses and routes of the network namespace it was opened in, as `ip` does.
///
/// Every request is acknowledged by the kernel before the call returns.
public struct RouteNetlink: ~Copyable {
  private let descriptor: Descriptor
  private var sequence: UInt32 = 0

  /// Opens an rtnetlink socket. The corresponding C call is `socket(AF_NETLINK)`.
  public init() throws(SystemError) {
    descriptor = try .socket(
      family: AF_NETLINK, type: CInt(SOCK_RAW.rawValue), protocolNumber: NETLINK_ROUTE,
      operation: "open a routing socket")
  }

  /// Switches an interface on, with another MTU where one is given.
  public mutating func setLinkUp(_ name: String, mtu: UInt32? = nil) throws(SystemError) {
    var message = NetlinkMessage(type: CInt(RTM_NEWLINK))
    let up = UInt32(IFF_UP)
    try message.appendInterface(index: Self.index(of: name), flags: up, change: up)
    if let mtu { message.append(attribute: CInt(IFLA_MTU)) { $0.append(native: mtu) } }
    try carryOut(message, "switch on", on: name)
  }

  /// Gives an interface an address. Whether another host has the same IPv6 address is not asked
  /// (IFA_F_NODAD), but even so the kernel takes a moment: see `waitForAddress`.
  public mutating func addAddress(_ prefix: IPPrefix, to name: String) throws(SystemError) {
    var message = NetlinkMessage(type: CInt(RTM_NEWADDR), flags: NLM_F_CREATE | NLM_F_EXCL)
    message.append(native: prefix.address.familyNumber)
    message.append(native: prefix.length)
    message.append(native: UInt8(IFA_F_NODAD))
    message.append(native: UInt8(RT_SCOPE_UNIVERSE.rawValue))
    message.append(native: try Self.index(of: name))
    message.append(attribute: CInt(IFA_LOCAL), prefix.address.octets)
    message.append(attribute: CInt(IFA_ADDRESS), prefix.address.octets)
    try carryOut(message, "add address", on: "\(prefix) to \(name)")
  }

  /// Returns once the kernel takes packets to `address` for its own.
  ///
  /// IPv6 addresses, and all addresses of an interface, are put to use by a kernel thread some time
  /// after `addAddress` and `setLinkUp` (net/ipv6/addrconf.c, addrconf_dad_work); until then,
  /// packets to them are lost. ETIMEDOUT when that has not happened by `deadline`.
  public mutating func waitForAddress(
    _ address: IPAddress, until deadline: MonotonicInstant
  ) throws(SystemError) {
    var poller = Poller()
    while try !isLocal(address) {
      let now = MonotonicClock.now()
      guard now < deadline else {
        throw SystemError("wait for address", on: "\(address)", errorNumber: ETIMEDOUT)
      }
      try poller.wait(until: min(deadline, now + .milliseconds(1)))
    }
  }

  /// Whether a route look-up ends at this host.
  private mutating func isLocal(_ address: IPAddress) throws(SystemError) -> Bool {
    var message = NetlinkMessage(type: CInt(RTM_GETROUTE))
    message.appendRoute(to: IPPrefix(address, length: address.family == .v4 ? 32 : 128))
    message.append(attribute: CInt(RTA_DST.rawValue), address.octets)
    var isLocal = false
    do throws(SystemError) {
      try carryOut(message, "look up the route to", on: "\(address)") { answer in
        // `rtm_type` is the eighth octet of `struct rtmsg`.
        guard answer.count >= NetlinkMessage.headerSize + 8,
          CInt(answer.native(UInt16.self, at: 4)) == CInt(RTM_NEWROUTE)
        else { return }
        isLocal = answer[NetlinkMessage.headerSize + 7] == UInt8(RTN_LOCAL)
      }
    } catch {
      // No route to it at all, yet.
      guard error.isNetworkReport else { throw error }
    }
    return isLocal
  }

  /// Adds a route to the main table. Without a gateway the destination is on the link itself.
  public mutating func addRoute(
    to destination: IPPrefix, via gateway: IPAddress? = nil, device name: String
  ) throws(SystemError) {
    var message = NetlinkMessage(type: CInt(RTM_NEWROUTE), flags: NLM_F_CREATE | NLM_F_EXCL)
    message.appendRoute(
      to: destination, scope: gateway == nil ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE)
    message.append(attribute: CInt(RTA_DST.rawValue), destination.address.octets)
    if let gateway { message.append(attribute: CInt(RTA_GATEWAY.rawValue), gateway.octets) }
    let index = try Self.index(of: name)
    message.append(attribute: CInt(RTA_OIF.rawValue)) { $0.append(native: index) }
    try carryOut(message, "add route", on: "\(destination) through \(name)")
  }

  /// Makes two Ethernet interfaces, each of which receives what the other one sends.
  public mutating func addVirtualEthernetPair(
    _ name: String, _ peer: String
  ) throws(SystemError) {
    var message = NetlinkMessage(type: CInt(RTM_NEWLINK), flags: NLM_F_CREATE | NLM_F_EXCL)
    message.appendInterface()
    message.append(attribute: CInt(IFLA_IFNAME), name.withNUL)
    message.append(attribute: CInt(IFLA_LINKINFO)) {
      $0.append(attribute: CInt(IFLA_INFO_KIND), "veth".withNUL)
      $0.append(attribute: CInt(IFLA_INFO_DATA)) {
        $0.append(attribute: CInt(VETH_INFO_PEER)) {
          $0.appendInterface()
          $0.append(attribute: CInt(IFLA_IFNAME), peer.withNUL)
        }
      }
    }
    try carryOut(message, "create interfaces", on: "\(name) and \(peer)")
  }

  /// Sends a request and waits for its acknowledgement, which the kernel has ready at once.
  private mutating func carryOut(
    _ message: consuming NetlinkMessage, _ operation: String, on object: String,
    other: (Span<UInt8>) -> Void = { _ in }
  ) throws(SystemError) {
    sequence &+= 1
    let octets = message.finished(sequence: sequence)
    _ = try systemCall(operation, on: object) {
      // The octets are borrowed for the call only.
      unsafe octets.withUnsafeBytes {
        unsafe Glibc::send(descriptor.rawValue, $0.baseAddress, $0.count, 0)
      }
    }
    let answer = try acknowledgement(operation, on: object, other: other)
    guard answer == 0 else {
      throw SystemError(
        operation, on: object, errorNumber: answer,
        remedy: answer == EPERM ? "run as root, or in a network namespace of your own" : nil)
    }
  }

  /// The error number of the acknowledgement; what comes before it is given to `other`.
  private func acknowledgement(
    _ operation: String, on object: String, other: (Span<UInt8>) -> Void
  ) throws(SystemError) -> CInt {
    var buffer = [UInt8](repeating: 0, count: 8192)
    var poller = Poller()
    _ = poller.add(descriptor.rawValue, interest: .read)
    let deadline = MonotonicClock.now() + .seconds(5)
    while MonotonicClock.now() < deadline {
      if let count = try descriptor.read(into: &buffer) {
        let answer = NetlinkAcknowledgement(buffer.span.extracting(first: count))
        if let answer, answer.sequence == sequence { return answer.errorNumber }
        if answer == nil { other(buffer.span.extracting(first: count)) }
      } else {
        try poller.wait(until: deadline)
      }
    }
    throw SystemError(operation, on: object, errorNumber: ETIMEDOUT)
  }

  private static func index(of name: String) throws(SystemError) -> UInt32 {
    // The name is borrowed for the call only.
    let index = unsafe if_nametoindex(name)
    guard index != 0 else {
      throw SystemError(
        "find interface", on: name, errorNumber: ENODEV, remedy: "`ip link` lists the interfaces")
    }
    return index
  }
}

extension NetlinkMessage {
  /// `struct ifinfomsg`: family, type, index, flags and which flags to change.
  fileprivate mutating func appendInterface(
    index: UInt32 = 0, flags: UInt32 = 0, change: UInt32 = 0
  ) {
    append(native: UInt32(0))
    append(native: index)
    append(native: flags)
    append(native: change)
  }
}

extension NetlinkMessage {
  /// `struct rtmsg`: family, prefix lengths of destination and source, type of service, table, who
  /// made it, scope, type, and flags.
  fileprivate mutating func appendRoute(
    to destination: IPPrefix, scope: rt_scope_t = RT_SCOPE_UNIVERSE
  ) {
    append(native: destination.address.familyNumber)
    append(native: destination.length)
    append(native: UInt16(0))
    append(native: UInt8(RT_TABLE_MAIN.rawValue))
    append(native: UInt8(RTPROT_BOOT))
    append(native: UInt8(scope.rawValue))
    append(native: UInt8(RTN_UNICAST))
    append(native: UInt32(0))
  }
}

extension IPAddress {
  /// AF_INET or AF_INET6, as rtnetlink's headers hold it.
  fileprivate var familyNumber: UInt8 { UInt8(Endpoint(self).socketFamily) }
}

extension String {
  /// UTF-8 and the NUL that ends it in C.
  fileprivate var withNUL: [UInt8] { Array(utf8) + [0] }
}
