import LinuxNet
import LinuxSystem
import PacketWire

/// One end of the simulated internet: a network namespace with a TUN interface whose packets are
/// read and written here.
enum LabSide {
  /// Enters a new network namespace and gives it an interface with these addresses, by which
  /// everything else is reached; `mtu` is that of its link. The caller's thread stays in the namespace.
  static func enter(
    interface name: String, addresses: [IPAddress], mtu: Int?
  ) throws(SystemError) -> TunDevice {
    try Namespaces.enterNewNetworkNamespace()
    let device = try TunDevice(name: name)
    silence(name)
    liftErrorLimit()
    var netlink = try RouteNetlink()
    try netlink.setLinkUp("lo")
    // Linux takes IPv6 away from an interface of less than 1280 octets (RFC 8200 §5).
    let least = addresses.contains { $0.family == .v6 } ? 1280 : 68
    try netlink.setLinkUp(name, mtu: mtu.map { UInt32(clamping: max($0, least)) })
    for address in addresses {
      let length: UInt8 = address.family == .v4 ? 32 : 128
      try netlink.addAddress(IPPrefix(address, length: length), to: name)
    }
    // Until the kernel has put them to use, packets to them would be lost.
    let deadline = MonotonicClock.now() + .seconds(5)
    for address in addresses { try netlink.waitForAddress(address, until: deadline) }
    for family in Set(addresses.map(\.family)).sorted(by: { $0.rawValue < $1.rawValue }) {
      try netlink.addRoute(to: .everything(family), device: name)
    }
    return device
  }

  /// Sees to it that this process may make network namespaces: one of an ordinary user becomes root
  /// of a user namespace, which is root of nothing outside.
  ///
  /// - Returns: whether it was root already.
  @discardableResult
  static func acquirePrivileges() throws(SystemError) -> Bool {
    let isRoot = (try Privileges.holds(.sysAdmin), try Privileges.holds(.netAdmin)) == (true, true)
    if !isRoot { try Namespaces.enterUserNamespaceAsRoot() }
    return isRoot
  }

  /// Keeps the kernel from sending router solicitations and group reports of its own into the path,
  /// where nobody answers them and a capture would show them. Where /proc cannot be written that is
  /// all that is lost.
  private static func silence(_ name: String) {
    let directory = "/proc/sys/net/ipv6/conf/\(name)"
    try? writeExistingFile("\(directory)/addr_gen_mode", "1")
    try? writeExistingFile("\(directory)/router_solicitations", "0")
  }

  /// Linux sends a peer six ICMP errors at once and then one a second (icmp(7)), so that the site
  /// would be missing from a second traceroute within seconds of a first one. What limits a path here
  /// is for the topology to say.
  private static func liftErrorLimit() {
    try? writeExistingFile("/proc/sys/net/ipv4/icmp_ratelimit", "0")
    try? writeExistingFile("/proc/sys/net/ipv6/icmp/ratelimit", "0")
  }
}
