internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

extension MessageSocket {
  /// The time to live, or hop limit, of what is sent from now on to single hosts: what was set, or
  /// the system's default. The corresponding C call is `getsockopt(IP_TTL)`.
  public func timeToLive() throws(SystemError) -> UInt8 {
    let (level, name) = family == .v4 ? (IPPROTO_IP, IP_TTL) : (IPPROTO_IPV6, IPV6_UNICAST_HOPS)
    let value = try descriptor.option(
      name, at: CInt(level), operation: "read the socket's time to live")
    return UInt8(clamping: value)
  }
}

extension MessageSocket {
  /// The options of the IPv4 header of what is sent from now on; the kernel pads them, and refuses
  /// those that it does not understand. The corresponding C call is `setsockopt(IP_OPTIONS)`.
  public func setHeaderOptions(_ octets: [UInt8]) throws(SystemError) {
    try descriptor.setOption(
      IP_OPTIONS, at: CInt(IPPROTO_IP), to: octets, operation: "set options of the IP header",
      remedy: { $0 == EINVAL ? "--hdrincl sends those that the kernel does not understand" : nil })
  }
}
