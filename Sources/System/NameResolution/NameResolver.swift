internal import CLinux
import Glibc
public import LinuxNet
public import PacketWire

/// What a host's name stands for.
public struct ResolvedHost: Hashable, Sendable {
  /// The name at the end of any aliases, or the name as given. It may come from the network, so it
  /// is to be made safe before it is printed.
  public var canonicalName: String
  /// The addresses, the best to try first (RFC 6724), each once and at least one.
  public var endpoints: [Endpoint]
}

/// Names to addresses, as this host is set up to do it (/etc/hosts, DNS, …). Calls may take long.
public enum NameResolver {
  /// The addresses of `host`, of one family or of both, the best to try first.
  public static func addresses(
    of host: String, family: IPFamily? = nil
  ) throws(ResolutionError) -> [Endpoint] {
    try resolve(host, family: family).endpoints
  }

  /// The addresses and the canonical name of `host`: a name, with any letters, or an address in any
  /// form that `inet_aton` or RFC 4291 allow, with an interface's name or index after `%`.
  ///
  /// The corresponding C call is `getaddrinfo` with AI_CANONNAME and AI_IDN. AI_ADDRCONFIG is not
  /// asked for: a host that only has loopback would then not know its own "localhost"
  /// (getaddrinfo(3)), and addresses that cannot be reached are sorted last as it is.
  public static func resolve(
    _ host: String, family: IPFamily? = nil
  ) throws(ResolutionError) -> ResolvedHost {
    // A NUL would cut the name for C, and make another host of it.
    guard !host.utf8.contains(0) else { throw ResolutionError(host: host, code: EAI_NONAME) }
    do throws(ResolutionError) {
      return try look(up: host, family: family, flags: AI_NUMERICHOST)
    } catch {
      guard error.code == EAI_NONAME else { throw error }
    }
    return try withUTF8(for: host) { () throws(ResolutionError) in
      try look(
        up: host, family: family, flags: AI_CANONNAME | CInt(CLINUX_AI_IDN))
    }
  }

  private static func look(
    up host: String, family: IPFamily?, flags: CInt
  ) throws(ResolutionError) -> ResolvedHost {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = flags
    unsafe hints.ai_family = familyNumber(family)
    // One record an address, not one for each kind of socket.
    unsafe hints.ai_socktype = CInt(SOCK_DGRAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, nil, &hints, &first)
    guard code == 0 else {
      throw ResolutionError(host: host, code: code, errorNumber: errno)
    }
    defer { unsafe freeaddrinfo(first) }
    var result = ResolvedHost(canonicalName: host, endpoints: [])
    var record = unsafe first
    // A linked list of the C library's, which lives until it is freed above.
    while let current = unsafe record {
      if let name = unsafe current.pointee.ai_canonname {
        result.canonicalName = unsafe String(cString: name)
      }
      if let endpoint = unsafe Endpoint(copying: current.pointee.ai_addr),
        !result.endpoints.contains(endpoint)
      {
        result.endpoints.append(endpoint)
      }
      unsafe record = current.pointee.ai_next
    }
    guard !result.endpoints.isEmpty else { throw ResolutionError(host: host, code: EAI_NONAME) }
    return result
  }

  private static func familyNumber(_ family: IPFamily?) -> CInt {
    switch family {
    case .v4: AF_INET
    case .v6: AF_INET6
    case nil: AF_UNSPEC
    }
  }

  /// Runs `body` with UTF-8 as the thread's character set, which AI_IDN asks for, whatever the
  /// user's locale is: our strings are UTF-8. Nothing changes for a name in ASCII.
  private static func withUTF8(
    for host: String, _ body: () throws(ResolutionError) -> ResolvedHost
  ) throws(ResolutionError) -> ResolvedHost {
    guard !host.utf8.allSatisfy({ $0 < 0x80 }),
      let utf8 = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    else { return try body() }
    let previous = unsafe uselocale(utf8)
    defer {
      // The thread lets go of the locale before it is freed.
      _ = unsafe uselocale(previous)
      unsafe freelocale(utf8)
    }
    return try body()
  }
}
