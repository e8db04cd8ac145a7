internal import CLinux
import Glibc
public import LinuxSystem

/// Moves the calling thread, and what it starts later, into namespaces of its own (namespaces(7)).
public enum Namespaces {
  /// Enters a new user namespace in which this user is root: an ordinary user may then make network
  /// and mount namespaces. Only for a process with a single thread.
  ///
  /// The corresponding C call is `unshare(CLONE_NEWUSER)`, then setgroups, uid_map and gid_map are
  /// written (user_namespaces(7)).
  public static func enterUserNamespaceAsRoot() throws(SystemError) {
    let (user, group) = (geteuid(), getegid())
    try unshare(CLONE_NEWUSER, "create a user namespace", remedy: remedyForUserNamespace)
    do throws(SystemError) {
      try writeExistingFile("/proc/self/setgroups", "deny")
      try writeExistingFile("/proc/self/uid_map", "0 \(user) 1")
      try writeExistingFile("/proc/self/gid_map", "0 \(group) 1")
    } catch {
      throw SystemError(
        "become root in a user namespace", errorNumber: error.errorNumber,
        remedy: remedyForUserNamespace(error.errorNumber))
    }
  }

  /// Enters a new network namespace, which has an interface `lo` that is down and nothing else.
  /// The corresponding C call is `unshare(CLONE_NEWNET)`.
  public static func enterNewNetworkNamespace() throws(SystemError) {
    try unshare(CLONE_NEWNET, "create a network namespace", remedy: remedyForOthers)
  }

  /// Enters a new mount namespace; what is mounted in it is seen by nobody else. What is mounted and
  /// unmounted outside later is seen in it, so that it keeps no file system from being unmounted.
  /// The corresponding C calls are `unshare(CLONE_NEWNS)` and `mount(MS_REC | MS_SLAVE)`.
  public static func enterNewMountNamespace() throws(SystemError) {
    try unshare(CLONE_NEWNS, "create a mount namespace", remedy: remedyForOthers)
    try mount(nil, on: "/", flags: UInt(MS_REC | MS_SLAVE), "make the mounts private")
  }

  /// Shows `file` at the path of another file. For a mount namespace of one's own.
  /// The corresponding C call is `mount(MS_BIND)`.
  public static func bindMount(_ file: String, over path: String) throws(SystemError) {
    try mount(file, on: path, flags: UInt(MS_BIND), "show \(file) at")
  }

  /// Shows `content` at the path of an existing file, such as /etc/resolv.conf, without writing
  /// anything to a disk. For a mount namespace of one's own.
  ///
  /// A file in memory cannot be bound by its descriptor, for its mount is in no namespace; so a
  /// tmpfs is mounted for a moment, and the bound file keeps it alive. Works in user namespaces.
  public static func replaceFile(_ path: String, with content: [UInt8]) throws(SystemError) {
    // Held open, so that the target is found even when it lies under the place of the tmpfs.
    let target = try Descriptor.open(
      path, flags: CInt(CLINUX_O_PATH),
      remedy: { $0 == ENOENT ? "create it with: sudo touch \(path)" : nil })
    let place = "/tmp"
    try mount(
      "tmpfs", on: place, type: "tmpfs", flags: UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC),
      "mount a tmpfs on")
    defer { _ = unsafe umount2(place, CInt(MNT_DETACH)) }
    let file = "\(place)/content"
    let descriptor = try Descriptor.createForWriting(file)
    try writeAll(content.span, to: descriptor.rawValue)
    // A umask must not keep other users inside from reading it.
    _ = try systemCall("set the permissions of", on: path) { fchmod(descriptor.rawValue, 0o644) }
    try bindMount(file, over: "/proc/self/fd/\(target.rawValue)")
  }

  private static func mount(
    _ source: String?, on path: String, type: String? = nil, flags: UInt, _ operation: String
  ) throws(SystemError) {
    _ = try systemCall(operation, on: path, remedy: remedyForOthers) {
      // The strings are borrowed for the call only.
      unsafe Glibc::mount(source, path, type, flags, nil)
    }
  }

  private static func unshare(
    _ what: CInt, _ operation: String, remedy: (CInt) -> String?
  ) throws(SystemError) {
    _ = try systemCall(operation, remedy: remedy) { clinux_unshare(what) }
  }

  private static func remedyForOthers(_ errorNumber: CInt) -> String? {
    errorNumber == EPERM ? "run as root, or in a user namespace" : nil
  }

  /// Which of the kernel's three switches is off; a missing file is a switch this kernel lacks.
  private static func remedyForUserNamespace(_ errorNumber: CInt) -> String? {
    func value(_ name: String) -> String? {
      guard let octets = try? readFile("/proc/sys/\(name)", limit: 64) else { return nil }
      return String(decoding: octets, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
    switch errorNumber {
    case EINVAL: return "this needs a process with a single thread"
    case ENOSPC: return "raise the limit with: sudo sysctl -w user.max_user_namespaces=15000"
    case EPERM, EACCES:
      if value("kernel/apparmor_restrict_unprivileged_userns") == "1" {
        return "run as root, or allow it for all users with: "
          + "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
      }
      if value("kernel/unprivileged_userns_clone") == "0" {
        return "run as root, or allow it for all users with: "
          + "sudo sysctl -w kernel.unprivileged_userns_clone=1"
      }
      return "run as root"
    default: return nil
    }
  }
}
