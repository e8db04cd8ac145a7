internal import CLinux
import Glibc
public import LinuxNet
public import LinuxSystem
internal import PacketWire

/// The DNS servers that this host asks.
public enum NameServers {
  /// Those of /etc/resolv.conf in their order, three at most; without any it is one on this host
  /// (resolv.conf(5)). There is at least one. The corresponding C call is `res_ninit`.
  public static func configured() throws(SystemError) -> [Endpoint] {
    var room = InlineArray<8, sockaddr_storage>(repeating: sockaddr_storage())
    let count = try systemCall("find the name servers of this host") {
      // The C library writes as many addresses as there is room for.
      unsafe withUnsafeMutablePointer(to: &room) { room in
        unsafe clinux_name_servers(
          UnsafeMutableRawPointer(room).assumingMemoryBound(to: sockaddr_storage.self), 8)
      }
    }
    var servers: [Endpoint] = []
    for index in 0..<Int(count) {
      var address = room[index]
      // Its family says how long it is.
      let server = unsafe withUnsafePointer(to: &address) { address in
        unsafe Endpoint(
          copying: UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self))
      }
      if let server { servers.append(server) }
    }
    return servers.isEmpty ? [Endpoint(.v4(.loopback), port: 53)] : servers
  }
}
