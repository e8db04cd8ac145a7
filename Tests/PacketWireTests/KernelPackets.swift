import PacketTestSupport

/// Packets that Linux 6 sent into a TUN device, where nothing is left to a card: every checksum is
/// the kernel's own.
enum KernelPackets {
  /// 192.0.2.1:40001 to 192.0.2.2:53 with nine octets, an odd number.
  static let udpOverIPv4 = hex(
    """
    45000025 19124000 4011 9db2 c0000201 c0000202
    9c41 0035 0011 10b6  7769726577616c6b01
    """)
  /// [2001:db8::1]:40002 to [2001:db8::2]:53 with three octets.
  static let udpOverIPv6 = hex(
    """
    60082140 000b 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002
    9c42 0035 000b 3487  6f6464
    """)
  /// A SYN from 192.0.2.1:40003 to 192.0.2.2:80.
  static let synOverIPv4 = hex(
    """
    4500003c ea684000 4006 cc4f c0000201 c0000202
    9c43 0050 cefd0fdd 00000000 a002 faf0 0231 0000
    0204 05b4  0402  080a 82a9c8bf 00000000  01  0303 0a
    """)
  /// A SYN from [2001:db8::1]:40004 to [2001:db8::2]:80.
  static let synOverIPv6 = hex(
    """
    6000d372 0028 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002
    9c44 0050 6f7b49d5 00000000 a002 fd20 1733 0000
    0204 05a0  0402  080a fae5877d 00000000  01  0303 0a
    """)
  /// An echo request from 192.0.2.1 to 192.0.2.2 with 17 octets.
  static let echoOverIPv4 = hex(
    """
    4500002d 20674000 4001 9665 c0000201 c0000202
    0800 2710 31d5 0001  291a016b000000005f9405000000000010
    """)
  /// An echo request from 2001:db8::1 to 2001:db8::2 with 17 octets.
  static let echoOverIPv6 = hex(
    """
    600456cd 0019 3a 40 20010db8000000000000000000000001 20010db8000000000000000000000002
    8000 5c3e 31d6 0001  2a1a016b00000000559c05000000000010
    """)
  /// The IPv4 header of an echo request that records its route; one address is in it yet.
  static let recordRouteHeader = hex(
    """
    4f00007c 21f34000 4001 a079 c0000201 c0000202
    01 07 27 08 c0000201 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
    """)
}
