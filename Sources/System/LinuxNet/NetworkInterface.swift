import Glibc
public import LinuxSystem
public import PacketWire

/// A network interface of this host, in this network namespace.
public struct NetworkInterface: Hashable, Sendable {
  /// "eth0".
  public var name: String
  /// The number that scopes and socket options use.
  public var index: UInt32
  /// IFF_UP and the other bits of netdevice(7).
  public var flags: UInt32
  /// The addresses, each with its network's prefix length, in the kernel's order.
  public var addresses: [IPPrefix] = []

  /// It is switched on.
  public var isUp: Bool { flags & UInt32(IFF_UP) != 0 }
  /// It leads back to this host.
  public var isLoopback: Bool { flags & UInt32(IFF_LOOPBACK) != 0 }

  /// All interfaces, each once. The corresponding C call is `getifaddrs`.
  public static func all() throws(SystemError) -> [NetworkInterface] {
    var first: UnsafeMutablePointer<ifaddrs>?
    _ = try systemCall("list the interfaces") { unsafe getifaddrs(&first) }
    defer { unsafe freeifaddrs(first) }
    var interfaces: [NetworkInterface] = []
    var entry = unsafe first
    // A linked list of the C library's, which lives until it is freed above.
    while let current = unsafe entry {
      unsafe interfaces.add(current.pointee)
      unsafe entry = current.pointee.ifa_next
    }
    return interfaces
  }
}

extension [NetworkInterface] {
  /// Adds what one record of `getifaddrs` says; there is one for each address, and one without.
  fileprivate mutating func add(_ record: ifaddrs) {
    let name = unsafe String(cString: record.ifa_name)
    let position =
      firstIndex { $0.name == name }
      ?? {
        append(
          NetworkInterface(
            name: name, index: unsafe if_nametoindex(record.ifa_name),
            flags: unsafe record.ifa_flags))
        return count - 1
      }()
    guard let address = unsafe Endpoint(copying: record.ifa_addr)?.address,
      let mask = unsafe Endpoint(copying: record.ifa_netmask)?.address
    else { return }
    self[position].addresses.append(
      IPPrefix(address, length: mask.leadingOnes))
  }
}

extension IPAddress {
  /// How many bits are set before the first that is not: the prefix length, of a netmask.
  fileprivate var leadingOnes: UInt8 {
    switch self {
    case .v4(let mask): UInt8((~mask.bits).leadingZeroBitCount)
    case .v6(let mask): UInt8((~mask.bits).leadingZeroBitCount)
    }
  }
}
