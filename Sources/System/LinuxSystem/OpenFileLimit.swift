internal import CLinux
import Glibc

/// How many descriptors this process may hold: its soft limit, which it may raise up to a hard one.
public enum OpenFileLimit {
  /// The limit that is in force. The corresponding C call is `getrlimit(RLIMIT_NOFILE)`.
  public static func current() throws(SystemError) -> Int { Int(clamping: try read().rlim_cur) }

  /// Raises the limit to `count`, or as far as it can be; it is never lowered. Gives what is then in
  /// force. Programs started later inherit it, and those that use `select` bear no more than 1024.
  /// The corresponding C call is `setrlimit(RLIMIT_NOFILE)`.
  @discardableResult
  public static func raise(to count: Int) throws(SystemError) -> Int {
    var limits = try read()
    let wanted = min(rlim_t(clamping: count), limits.rlim_max)
    guard wanted > limits.rlim_cur else { return Int(clamping: limits.rlim_cur) }
    limits.rlim_cur = wanted
    _ = try systemCall("raise the limit of open files") {
      // The limits are borrowed for the call only.
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
    }
    return Int(clamping: wanted)
  }

  private static func read() throws(SystemError) -> rlimit {
    var limits = rlimit()
    _ = try systemCall("read the limit of open files") {
      // The limits are borrowed for the call only.
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
    }
    return limits
  }
}
