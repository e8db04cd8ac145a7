internal import CLinux
import Glibc
public import LinuxSystem

extension StreamSocket {
  /// How many segments a connection has had, those without data included.
  public struct SegmentCount: Hashable, Sendable {
    /// Sent by us, with those that had to be sent again.
    public var sent: Int
    /// Received by us.
    public var received: Int
  }

  /// Counts the connection's segments. The corresponding C call is `getsockopt(TCP_INFO)`.
  public func segmentCount() throws(SystemError) -> SegmentCount {
    // `struct tcp_info` of linux/tcp.h, which is not the shorter one of the C library; the members
    // tcpi_segs_out and tcpi_segs_in, since Linux 4.2, stand at these places for good.
    let (outPlace, inPlace, length) = (136, 140, 144)
    var octets = [UInt8](repeating: 0, count: length)
    var size = socklen_t(length)
    _ = try systemCall("count the segments of", on: peer.description) {
      // The kernel writes at most `size` octets.
      unsafe octets.withUnsafeMutableBytes { bytes in
        unsafe getsockopt(
          descriptor.rawValue, CInt(IPPROTO_TCP), TCP_INFO, bytes.baseAddress, &size)
      }
    }
    return SegmentCount(
      sent: Int(octets.span.native(UInt32.self, at: outPlace)),
      received: Int(octets.span.native(UInt32.self, at: inPlace)))
  }
}
