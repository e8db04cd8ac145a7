import Glibc
internal import LinuxSystem

/// A host that has no address, or whose address could not be found out.
public struct ResolutionError: Error, Hashable, Sendable {
  /// The host as it was given.
  public var host: String
  /// EAI_NONAME or another code of `getaddrinfo`.
  public var code: CInt
  /// What went wrong below, where the code is EAI_SYSTEM.
  public var errorNumber: CInt

  /// A failure of a look-up.
  public init(host: String, code: CInt, errorNumber: CInt = 0) {
    (self.host, self.code, self.errorNumber) = (host, code, errorNumber)
  }

  /// The name servers did not answer, or could not: trying again may help (EAI_AGAIN).
  public var isTemporary: Bool { code == EAI_AGAIN }
}

extension ResolutionError: CustomStringConvertible {
  /// "www.example: Name or service not known", as ping and traceroute print it.
  public var description: String {
    guard code != EAI_SYSTEM else {
      return "\(host): \(SystemError.message(for: errorNumber))"
    }
    guard let text = unsafe gai_strerror(code) else { return "\(host): error \(code)" }
    // A constant string of the C library.
    return "\(host): " + (unsafe String(cString: text))
  }
}
