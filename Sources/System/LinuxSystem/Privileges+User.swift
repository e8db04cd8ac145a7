internal import CLinux
import Glibc

/// A user of this system.
public struct SystemUser: Hashable, Sendable {
  /// As it stands in the list of users.
  public var name: String
  /// The number, and that of the first group.
  public var identity: Command.Identity

  /// Looks a user up by name; nil if there is none. The corresponding C call is `getpwnam_r`.
  public init?(named name: String) {
    var record = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 65_536)
    let capacity = buffer.count
    // The C library fills the record and the buffer that it points into; numbers are copied from it.
    guard unsafe getpwnam_r(name, &record, &buffer, capacity, &found) == 0, unsafe found != nil
    else { return nil }
    self.name = name
    identity = unsafe Command.Identity(user: record.pw_uid, group: record.pw_gid)
  }
}

extension Privileges {
  /// Becomes another user for good, with his groups. Only root can.
  /// The corresponding C calls are `initgroups`, `setresgid` and `setresuid`.
  public static func become(_ user: SystemUser) throws(SystemError) {
    let identity = user.identity
    let remedy: (CInt) -> String? = { $0 == EPERM ? "only root can become somebody else" : nil }
    _ = try systemCall("take the groups of", on: user.name, remedy: remedy) {
      unsafe initgroups(user.name, identity.group)
    }
    _ = try systemCall("become", on: user.name, remedy: remedy) {
      clinux_setresgid(identity.group, identity.group, identity.group)
    }
    _ = try systemCall("become", on: user.name, remedy: remedy) {
      clinux_setresuid(identity.user, identity.user, identity.user)
    }
  }
}

extension Descriptor {
  /// Creates a file that belongs to `owner`, or empties the one that is there, whose owner stays.
  /// The corresponding C calls are `open` and `fchown`.
  public static func createForWriting(
    _ path: String, owner: Command.Identity?
  ) throws(SystemError) -> Descriptor {
    guard let owner else { return try createForWriting(path) }
    do throws(SystemError) {
      let file = try open(
        path, flags: O_WRONLY | O_CREAT | O_EXCL, permissions: 0o644, operation: "create")
      let number = file.rawValue
      _ = try systemCall("give away", on: path) { fchown(number, owner.user, owner.group) }
      return file
    } catch {
      guard error.errorNumber == EEXIST else { throw error }
      return try createForWriting(path)
    }
  }
}

/// Runs a program beside this process, which does not learn how it ends: `gzip` on a file that was
/// closed. It is looked up in PATH, runs at the lowest priority and, if there is an `identity`, as
/// that user. What goes wrong once it is forked is said on standard error, after `complaint`.
/// The corresponding C calls are `fork`, `setpriority` and `execvp`.
public func launch(
  _ arguments: [String], as identity: Command.Identity? = nil, complaint: String
) throws(SystemError) {
  let list = CStringArray(arguments)
  _ = try systemCall("start", on: arguments.first ?? "") {
    // The strings outlive the call; the child has its own copy of them.
    unsafe clinux_launch(
      UnsafePointer(list.pointers), identity == nil ? 0 : 1, identity?.user ?? 0,
      identity?.group ?? 0, complaint)
  }
}
