import Glibc
internal import LinuxNet
internal import PacketWire

/// Asks this host's name services for the name of `address`, which may take long; nil when it has
/// none. The corresponding C call is `getnameinfo(NI_NAMEREQD)`.
func reverseLookUp(_ address: IPAddress) -> String? {
  var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
  let capacity = socklen_t(name.count)
  let code = unsafe Endpoint(address).withSocketAddress { pointer, length in
    // The C library writes at most `capacity` octets and ends them with NUL.
    unsafe getnameinfo(pointer, length, &name, capacity, nil, 0, CInt(NI_NAMEREQD))
  }
  guard code == 0 else { return nil }
  return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
