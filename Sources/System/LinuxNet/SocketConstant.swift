internal import CLinux

/// Numbers of the kernel's interface that more than one file needs.
enum SocketConstant {
  /// SO_TIMESTAMPING, and the type of its control message.
  static let timestamping = CInt(CLINUX_SO_TIMESTAMPING)
  /// IPV6_HDRINCL of linux/in6.h; older C libraries lack it.
  static let ipv6HeaderIncluded: CInt = 36
  /// ICMP6_FILTER of netinet/icmp6.h.
  static let icmpv6Filter: CInt = 1
}
