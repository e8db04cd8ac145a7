package import Glibc
internal import LinuxSystem
internal import PacketWire

/// An endpoint as the kernel's `sockaddr_in` or `sockaddr_in6`, in octets.
struct SocketAddress {
  /// The larger of the two: `sockaddr_in6`.
  static let capacity = 28

  var octets = InlineArray<28, UInt8>(repeating: 0)
  /// How many of them count.
  var length: socklen_t = 28

  /// Room for the kernel to write an address into.
  init() {}

  /// What the kernel is given for `endpoint`.
  init(_ endpoint: Endpoint) {
    var fields = octets.mutableSpan
    fields.store(bigEndian: endpoint.port, at: 2)
    switch endpoint.address {
    case .v4(let address):
      fields.store(native: sa_family_t(AF_INET), at: 0)
      fields.store(bigEndian: address.bits, at: 4)
      length = 16
    case .v6(let address):
      fields.store(native: sa_family_t(AF_INET6), at: 0)
      fields.store(bigEndian: address.bits, at: 8)
      fields.store(native: endpoint.scope, at: 24)
    }
  }

  /// Puts a flow label into an IPv6 address (`sin6_flowinfo`); 0 is none, and IPv4 has none.
  mutating func setFlowLabel(_ label: UInt32) {
    guard label != 0, length == Self.capacity else { return }
    var fields = octets.mutableSpan
    fields.store(bigEndian: label & 0xf_ffff, at: 4)
  }

  /// A name in the abstract namespace of AF_UNIX, where no file stands for a socket (unix(7)): a NUL
  /// and the octets of the name, of which there is room for 25.
  init(abstractName name: String) {
    precondition(name.utf8.count <= Self.capacity - 3, "an abstract name of at most 25 octets")
    var fields = octets.mutableSpan
    fields.store(native: sa_family_t(AF_UNIX), at: 0)
    for (index, octet) in name.utf8.enumerated() { fields[3 + index] = octet }
    length = socklen_t(3 + name.utf8.count)
  }

  /// What the kernel wrote, or nil when it is no IP address.
  var endpoint: Endpoint? { Endpoint(socketAddress: octets.span.extracting(first: count)) }

  private var count: Int { min(Int(length), Self.capacity) }
}

extension Endpoint {
  /// Reads a `sockaddr` of either family; nil when it is of another one or cut short.
  init?(socketAddress octets: Span<UInt8>) {
    guard octets.count >= 2 else { return nil }
    switch CInt(octets.native(sa_family_t.self, at: 0)) {
    case AF_INET where octets.count >= 8:
      self.init(.v4(IPv4Address(bits: octets.u32(at: 4))), port: octets.u16(at: 2))
    case AF_INET6 where octets.count >= 28:
      let bits = UInt128(octets.u64(at: 8)) << 64 | UInt128(octets.u64(at: 16))
      self.init(
        .v6(IPv6Address(bits: bits)), port: octets.u16(at: 2),
        scope: octets.native(UInt32.self, at: 24))
    default: return nil
    }
  }
}

extension Endpoint {
  /// Reads a `sockaddr` of the C library's; nil when there is none or it is of another family.
  @unsafe package init?(copying address: UnsafePointer<sockaddr>?) {
    guard let address = unsafe address else { return nil }
    let size: Int
    switch CInt(unsafe address.pointee.sa_family) {
    case AF_INET: size = 16
    case AF_INET6: size = 28
    default: return nil
    }
    // The family says how large the structure is.
    let octets = unsafe [UInt8](UnsafeRawBufferPointer(start: address, count: size))
    self.init(socketAddress: octets.span)
  }

  /// Calls a C function that reads a `sockaddr`; the pointer is good for that call only.
  @unsafe package func withSocketAddress<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe SocketAddress(self).withPointer(body)
  }
}

extension SocketAddress {
  /// Calls a C function that reads a `sockaddr`.
  func withPointer<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    // The C library and the kernel read `length` octets, and only during the call.
    unsafe withUnsafePointer(to: octets) { pointer in
      unsafe body(UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), length)
    }
  }

  /// Calls a C function that writes a `sockaddr` of at most `length` octets and how long it is.
  mutating func withMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> Result {
    unsafe withUnsafeMutablePointer(to: &octets) { pointer in
      let address = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
      return unsafe withUnsafeMutablePointer(to: &length) { unsafe body(address, $0) }
    }
  }
}
