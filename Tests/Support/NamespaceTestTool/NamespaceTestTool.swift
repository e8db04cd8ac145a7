import Glibc
import LinuxNet
import LinuxSystem
import PacketWire

/// Does what only a process with a single thread may do, for a test that starts it: enters user,
/// mount and network namespaces and replaces the file that its argument names. Prints what it sees.
@main
struct NamespaceTestTool {
  static func main() throws {
    // Must not keep others inside from reading what is put in place.
    umask(0o077)
    let path = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "/etc/resolv.conf"
    try Namespaces.enterUserNamespaceAsRoot()
    try Namespaces.enterNewMountNamespace()
    try Namespaces.enterNewNetworkNamespace()
    try Namespaces.replaceFile(path, with: Array("nameserver 198.51.100.53\n".utf8))
    var routes = try RouteNetlink()
    try routes.setLinkUp("lo")
    let socket = try MessageSocket(.raw(.icmp), family: .v4)
    try socket.bind(to: Endpoint(.v4(.loopback)))

    var command = Command([
      "sh", "-c", #"id -u; cat "$0"; stat -c %a "$0"; ls -A /tmp | grep -c '^content$'"#, path,
    ])
    command.environment = ["LC_ALL": "C"]
    var child = try ChildProcess(command)
    try child.release()
    _ = try child.waitForExit(until: MonotonicClock.now() + .seconds(20))
    for interface in try NetworkInterface.all() {
      let line = "\(interface.name) \(interface.isUp ? "up" : "down")\n"
      try writeAll(line.utf8.span, to: StandardStream.output)
    }
  }
}
