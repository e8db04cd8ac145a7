import Glibc
import LinuxNet
import LinuxSystem
import PacketWire
import Testing

@Suite("What is told when a privilege is missing")
struct PrivilegeMessageTests {
  @Test func rawSocket() async {
    await #expect(processExitsWith: .success) {
      try Privileges.dropAllCapabilities()
      let program = try #require(Privileges.programPath)
      do throws(SystemError) {
        _ = try MessageSocket(.raw(.icmp), family: .v4)
        exit(1)
      } catch {
        #expect(
          error.description
            == "cannot open a raw ICMP socket: Operation not permitted; run as root, "
            + "or: sudo setcap cap_net_raw+ep \(program)")
      }
    }
  }

  @Test func datagramSocket() async {
    await #expect(processExitsWith: .success) {
      // Whoever may make a network of its own finds nobody allowed there (icmp(7)).
      if canMakeNetworks { try Namespaces.enterNewNetworkNamespace() }
      try Privileges.dropAllCapabilities()
      let program = try #require(Privileges.programPath)
      for family in canMakeNetworks ? IPFamily.allCases : [] {
        do throws(SystemError) {
          _ = try MessageSocket(.datagram(family == .v4 ? .icmp : .icmpv6), family: family)
          exit(1)
        } catch {
          #expect(
            error.description == "cannot open an \(family == .v4 ? "ICMP" : "ICMPv6") datagram "
              + "socket: Permission denied; allow it for all users with: sudo sysctl -w "
              + #"net.ipv4.ping_group_range="0 2147483647"; or use raw sockets: run as root, or: "#
              + "sudo setcap cap_net_raw+ep \(program)")
        }
      }
    }
  }

  @Test func namespaces() async {
    await #expect(processExitsWith: .success) {
      try Privileges.dropAllCapabilities()
      #expect(
        throws: SystemError(
          "create a network namespace", errorNumber: EPERM,
          remedy: "run as root, or in a user namespace")
      ) { try Namespaces.enterNewNetworkNamespace() }
      #expect(
        throws: SystemError(
          "create a mount namespace", errorNumber: EPERM,
          remedy: "run as root, or in a user namespace")
      ) { try Namespaces.enterNewMountNamespace() }
      #expect(
        throws: SystemError(
          "switch on", on: "lo", errorNumber: EPERM,
          remedy: "run as root, or in a network namespace of your own")
      ) {
        var routes = try RouteNetlink()
        try routes.setLinkUp("lo", mtu: 1234)
      }
    }
  }

  @Test(.inOwnNetwork) func userNamespaceNeedsASingleThread() async {
    await #expect(processExitsWith: .success) {
      #expect(
        throws: SystemError(
          "create a user namespace", errorNumber: EINVAL,
          remedy: "this needs a process with a single thread")
      ) { try Namespaces.enterUserNamespaceAsRoot() }
    }
  }
}
