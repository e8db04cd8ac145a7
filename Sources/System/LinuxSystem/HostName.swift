import Glibc

/// What this host is called.
public enum HostName {
  /// The name, as it was set; `localhost` where there is none. The corresponding C call is `gethostname`.
  public static var current: String {
    var name = [CChar](repeating: 0, count: 256)
    let limit = name.count - 1
    // The last octet stays zero, whatever the kernel writes.
    let result = unsafe gethostname(&name, limit)
    let octets = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return result != 0 || octets.isEmpty ? "localhost" : String(decoding: octets, as: UTF8.self)
  }
}
