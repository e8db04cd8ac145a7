internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// A network interface whose other end is this process: what the kernel routes to it is read here,
/// and what is written here arrives at the kernel. Whole IP packets, without a link header.
///
/// The interface belongs to the network namespace it was opened in, and is gone with this value.
public struct TunDevice: ~Copyable {
  /// The interface's name, as the kernel chose it.
  public let name: String
  private let descriptor: Descriptor

  /// Makes an interface; a `%d` in `name` becomes the first free number. `name` has at most 15 octets.
  /// The corresponding C calls are `open("/dev/net/tun")` and `ioctl(TUNSETIFF)`.
  public init(name: String = "tun%d") throws(SystemError) {
    let device = try Descriptor.open(
      "/dev/net/tun", flags: O_RDWR | O_NONBLOCK, remedy: Self.remedyForOpening)
    // `struct ifreq`: a name of 16 octets, flags, and padding up to 40.
    var request = InlineArray<40, UInt8>(repeating: 0)
    guard name.utf8.count < 16 else {
      throw SystemError("create TUN interface", on: name, errorNumber: ENAMETOOLONG)
    }
    var fields = request.mutableSpan
    for (index, octet) in name.utf8.enumerated() { fields[index] = octet }
    fields.store(native: UInt16(IFF_TUN | IFF_NO_PI), at: 16)
    _ = try systemCall(
      "create TUN interface", on: name, remedy: { $0 == EPERM ? Self.remedyForCreating : nil }
    ) {
      // The kernel reads and writes the 40 octets of the request.
      unsafe withUnsafeMutablePointer(to: &request) {
        unsafe clinux_set_tun_interface(device.rawValue, $0)
      }
    }
    let octets = [UInt8](copying: request.span.extracting(first: 16))
    self.name = String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    descriptor = device
  }

  private static func remedyForOpening(_ errorNumber: CInt) -> String? {
    switch errorNumber {
    case ENOENT, ENODEV, ENXIO: "load the driver with: sudo modprobe tun"
    case EACCES, EPERM: "allow it for all users with: sudo chmod 0666 /dev/net/tun"
    default: nil
    }
  }

  private static let remedyForCreating = "run as root, or in a network namespace of your own"

  /// Poll this.
  public var descriptorNumber: CInt { descriptor.rawValue }

  /// The next packet that the kernel routed here: how many octets, nil when there is none. What
  /// does not fit into `buffer` is lost. The corresponding C call is `read`.
  public func read(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    try descriptor.read(into: &buffer)
  }

  /// Hands one packet to the kernel. An interface that is down refuses it with EIO.
  /// The corresponding C call is `write`.
  public func write(_ packet: Span<UInt8>) throws(SystemError) {
    _ = try systemCall("write a packet to", on: name) {
      // The octets are borrowed for the call only.
      unsafe packet.withUnsafeBufferPointer { buffer in
        unsafe Glibc::write(descriptor.rawValue, buffer.baseAddress, buffer.count)
      }
    }
  }
}
