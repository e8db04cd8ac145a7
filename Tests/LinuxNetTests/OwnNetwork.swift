import Glibc
import LinuxNet
import LinuxSystem
import PacketWire
import Testing

/// Namespaces and raw sockets can be had: root, or `unshare -Urnm`.
let canMakeNetworks = (try? Privileges.holds(.sysAdmin) && Privileges.holds(.netRaw)) == true

/// Root, and not only in a user namespace with a map of its own.
let isRealRoot: Bool = {
  guard geteuid() == 0, let map = try? readFile("/proc/self/uid_map") else { return false }
  return String(decoding: map, as: UTF8.self).contains("4294967295")
}()

extension Trait where Self == ConditionTrait {
  /// Skips, and says why, where no network namespace can be made.
  static var inOwnNetwork: Self {
    .enabled(
      if: canMakeNetworks,
      "needs root, or: unshare -Urnm sh -c 'ip link set lo up && swift test'")
  }

  /// Skips, and says why, where this user may not open TUN devices. Root may, or the test fails.
  static var withTunDevices: Self {
    .enabled(
      if: isRealRoot || (try? Descriptor.open("/dev/net/tun", flags: O_RDWR)) != nil,
      "needs root, or: sudo chmod 0666 /dev/net/tun")
  }
}

/// Runs `body` in a network of its own, with loopback up, and comes back.
///
/// Only the calling thread moves, so `body` must not suspend; it cannot, not being async.
func inOwnNetwork(_ body: () throws -> Void) throws {
  let home = try Namespace.current(.network)
  try Namespaces.enterNewNetworkNamespace()
  defer {
    do { try home.enter() } catch { fatalError("the thread is lost in a namespace: \(error)") }
  }
  var routes = try RouteNetlink()
  try routes.setLinkUp("lo")
  try body()
}

/// An echo message of either ICMP, with its checksum where `pseudoHeader` gives the addresses
/// (ICMPv6) or `family` is v4.
func echo(
  type: UInt8, identifier: UInt16, sequence: UInt16, payload: [UInt8],
  between addresses: (IPAddress, IPAddress)? = nil
) -> [UInt8] {
  var octets = [UInt8](capacity: 8 + payload.count) {
    $0.append(type)
    $0.append(0)
    $0.append(bigEndian: UInt16(0))
    $0.append(bigEndian: identifier)
    $0.append(bigEndian: sequence)
    $0.append(copying: payload.span)
  }
  var checksum = InternetChecksum()
  if let (source, destination) = addresses, source.family == .v6 {
    checksum.addPseudoHeader(
      from: source, to: destination, protocolNumber: .icmpv6, length: octets.count)
  }
  checksum.add(octets.span)
  let value = checksum.value
  (octets[2], octets[3]) = (UInt8(value >> 8), UInt8(value & 0xff))
  return octets
}

/// A header of 20 octets and `payload`. The identification is distinct so that it can be found.
func ipv4Packet(
  from source: IPv4Address, to destination: IPv4Address, timeToLive: UInt8,
  carrying payload: [UInt8],
  protocolNumber: IPProtocol = .icmp
) -> [UInt8] {
  var octets = [UInt8](capacity: 20 + payload.count) {
    $0.append(bigEndian: UInt16(0x4500))
    $0.append(bigEndian: UInt16(20 + payload.count))
    $0.append(bigEndian: UInt32(0xbeef_0000))
    $0.append(timeToLive)
    $0.append(protocolNumber.rawValue)
    $0.append(bigEndian: UInt16(0))
    $0.append(bigEndian: source.bits)
    $0.append(bigEndian: destination.bits)
    $0.append(copying: payload.span)
  }
  var checksum = InternetChecksum()
  let header = Array(octets[..<20])
  checksum.add(header.span)
  (octets[10], octets[11]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
  return octets
}

/// A header of 40 octets and an ICMPv6 `payload`.
func ipv6Packet(
  from source: IPv6Address, to destination: IPv6Address, hopLimit: UInt8, carrying payload: [UInt8]
) -> [UInt8] {
  [UInt8](capacity: 40 + payload.count) {
    $0.append(bigEndian: UInt32(0x6000_0000))
    $0.append(bigEndian: UInt16(payload.count))
    $0.append(IPProtocol.icmpv6.rawValue)
    $0.append(hopLimit)
    $0.append(bigEndian: source.bits)
    $0.append(bigEndian: destination.bits)
    $0.append(copying: payload.span)
  }
}
