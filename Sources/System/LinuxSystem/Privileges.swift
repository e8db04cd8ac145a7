internal import CLinux
import Glibc

/// What this process may do beyond what an ordinary one may, and giving it up.
public enum Privileges {
  /// One of the kernel's capabilities; the raw value is its bit number (capabilities(7)).
  public struct Capability: RawRepresentable, Hashable, Sendable {
    /// The bit number.
    public var rawValue: UInt8
    /// Any value, named or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Interfaces, addresses, routes and TUN devices.
    public static let netAdmin = Capability(rawValue: UInt8(CAP_NET_ADMIN))
    /// Raw and packet sockets.
    public static let netRaw = Capability(rawValue: UInt8(CAP_NET_RAW))
    /// Namespaces and mounts, among much else.
    public static let sysAdmin = Capability(rawValue: UInt8(CAP_SYS_ADMIN))
  }

  /// The capabilities that are in force for the calling thread, a bit each.
  /// The corresponding C call is `capget`.
  public static func effectiveCapabilities() throws(SystemError) -> UInt64 {
    var header = capabilityHeader
    var sets = (__user_cap_data_struct(), __user_cap_data_struct())
    _ = try systemCall("read the capabilities") {
      // Version 3 has two records, which the tuple lays out like a C array.
      unsafe withUnsafeMutableBytes(of: &sets) { bytes in
        unsafe clinux_capget(
          &header, bytes.baseAddress?.assumingMemoryBound(to: __user_cap_data_struct.self))
      }
    }
    return UInt64(sets.1.effective) << 32 | UInt64(sets.0.effective)
  }

  /// Whether a capability is in force for the calling thread.
  public static func holds(_ capability: Capability) throws(SystemError) -> Bool {
    try effectiveCapabilities() >> UInt64(capability.rawValue) & 1 == 1
  }

  /// Gives up every capability for good, and with `PR_SET_NO_NEW_PRIVS` the way to get new ones by
  /// executing a program. Open descriptors keep working.
  ///
  /// Capabilities belong to a thread: call this before other threads are started, which then have
  /// none either. The corresponding C calls are `prctl` and `capset`.
  public static func dropAllCapabilities() throws(SystemError) {
    _ = try systemCall("clear the ambient capabilities") {
      clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0)
    }
    var header = capabilityHeader
    var nothing = (__user_cap_data_struct(), __user_cap_data_struct())
    _ = try systemCall("drop the capabilities") {
      // Two records of zeros, laid out like a C array.
      unsafe withUnsafeMutableBytes(of: &nothing) { bytes in
        unsafe clinux_capset(
          &header, bytes.baseAddress?.assumingMemoryBound(to: __user_cap_data_struct.self))
      }
    }
    _ = try systemCall("refuse new privileges") { clinux_prctl(PR_SET_NO_NEW_PRIVS, 1, 0) }
  }

  /// Acts as the user who started the program, for good, where it was set-user-ID or set-group-ID: as
  /// the owner of files root can do much without any capability.
  /// The corresponding C calls are `setregid` and `setreuid`.
  public static func becomeRealUser() throws(SystemError) {
    let (user, group) = (getuid(), getgid())
    guard user != geteuid() || group != getegid() else { return }
    _ = try systemCall("give up the group") { setregid(group, group) }
    _ = try systemCall("give up the user") { setreuid(user, user) }
  }

  /// Gives up what the program may beyond its user, for good: before it opens a file that the user has named
  /// and nothing else. A user's own rights stay, root's to read the files of others too.
  public static func keepOnlyTheUsers() throws(SystemError) {
    guard isSecureExecution else { return }
    try dropAllCapabilities()
    try becomeRealUser()
  }

  /// Lets `body` open files with the rights of the user who started the program, and no others, where
  /// more is needed again behind it. The corresponding C calls are `setfsuid` and `setfsgid`.
  public static func withTheUsersFiles<Result: ~Copyable>(
    _ body: () throws(SystemError) -> Result
  ) throws(SystemError) -> Result {
    guard isSecureExecution else { return try body() }
    // They return what was before, and cannot fail when the real identity is taken, or the effective one.
    _ = clinux_setfsgid(getgid())
    _ = clinux_setfsuid(getuid())
    defer {
      _ = clinux_setfsuid(geteuid())
      _ = clinux_setfsgid(getegid())
    }
    return try body()
  }

  /// The process runs with more rights than its user (set-user-ID, file capabilities).
  /// The corresponding C call is `getauxval(AT_SECURE)`.
  public static var isSecureExecution: Bool { getauxval(UInt(AT_SECURE)) != 0 }

  /// The number of the user that this process acts as. The corresponding C call is `geteuid`.
  public static var userNumber: UInt32 { geteuid() }

  /// An environment variable, or nil when there is none or when it cannot be trusted because the
  /// process has more rights than the user who set it. The corresponding C call is `secure_getenv`.
  public static func environment(_ name: String) -> String? {
    guard !isSecureExecution, let value = unsafe getenv(name) else { return nil }
    // Copied at once; nothing here changes the environment.
    return unsafe String(cString: value)
  }

  /// The path of the running program, for remedies that name it; nil where /proc is not mounted.
  /// The corresponding C call is `readlink("/proc/self/exe")`.
  public static var programPath: String? {
    let capacity = Int(PATH_MAX)
    var path = [CChar](repeating: 0, count: capacity)
    // The kernel writes at most `capacity` octets, and no NUL.
    let length = unsafe readlink("/proc/self/exe", &path, capacity)
    guard length > 0 else { return nil }
    return String(decoding: path.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static var capabilityHeader: __user_cap_header_struct {
    // Process 0 means the calling thread.
    __user_cap_header_struct(version: UInt32(_LINUX_CAPABILITY_VERSION_3), pid: 0)
  }
}
