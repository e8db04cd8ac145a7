internal import CLinux

/// Numbers of the kernel's interface that more than one file needs.
enum SocketConstant {
  /// SO_TIMESTAMPING, and the type of its control message.
  static let timestamping = CInt(CLINUX_SO_TIMESTAMPING)
  /// IPV6_HDRINCL of linux/in6.h; older C libraries lack it.
  static let ipv6HeaderIncluded: CInt = 36
  /// ICMP6_FILTER of netinet/icmp6.h.
  static let icmpv6Filter: CInt = 1
  /// IPV6_FLOWLABEL_MGR and IPV6_FLOWINFO_SEND of linux/in6.h, which the C library leaves out.
  static let flowLabelManager: CInt = 32
  static let flowInformationSend: CInt = 33
  /// SOL_RAW of sys/socket.h, and ICMP_FILTER of linux/icmp.h.
  static let rawLevel: CInt = 255
  static let icmpFilter: CInt = 1
}
