internal import CLinux
import Glibc

extension Privileges {
  /// The user who called sudo, when this is root for that; nil otherwise.
  public static var callerOfSudo: Command.Identity? {
    guard geteuid() == 0,
      let user = environment("SUDO_UID").flatMap({ UInt32($0) }), user != 0,
      let group = environment("SUDO_GID").flatMap({ UInt32($0) })
    else { return nil }
    return Command.Identity(user: user, group: group)
  }

  /// Acts as somebody else for good, without supplementary groups: from here on files are opened and
  /// made with that user's rights only.
  ///
  /// The corresponding C calls are `setgroups`, `setresgid` and `setresuid`.
  public static func become(_ identity: Command.Identity) throws(SystemError) {
    _ = try systemCall("give up the groups") { setgroups(0, nil) }
    _ = try systemCall("change the group") {
      clinux_setresgid(identity.group, identity.group, identity.group)
    }
    _ = try systemCall("change the user") {
      clinux_setresuid(identity.user, identity.user, identity.user)
    }
  }
}
