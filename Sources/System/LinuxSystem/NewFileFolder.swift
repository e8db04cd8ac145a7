internal import CLinux
import Glibc

/// A folder in which new files are made, and nothing else: no file is opened that was there, no link is
/// followed, and no name leads out.
public struct NewFileFolder: ~Copyable, Sendable {
  private let descriptor: Descriptor
  private let path: String

  /// The folder at `path`, which is made when it is not there; the one that it is made in has to be.
  /// The corresponding C calls are `mkdir` and `open`.
  public init(_ path: String) throws(SystemError) {
    // The path is borrowed for the call only.
    if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
      let number = errno
      throw SystemError(
        "make the folder", on: path, errorNumber: number, remedy: Self.remedy(number))
    }
    descriptor = try Descriptor.open(
      path, flags: O_RDONLY | O_DIRECTORY, operation: "open the folder")
    self.path = path
  }

  /// Makes a file of this name; nil when there is something of that name, or when it is no name: empty,
  /// a dot, two dots, or with a slash or a NUL in it. The corresponding C call is
  /// `openat(O_CREAT | O_EXCL | O_NOFOLLOW)`.
  public func create(_ name: String) throws(SystemError) -> Descriptor? {
    let isName = !["", ".", ".."].contains(name) && name.utf8.allSatisfy { $0 != 0x2f && $0 != 0 }
    guard isName else { return nil }
    let folder = descriptor.rawValue
    do throws(SystemError) {
      let number = try systemCall("create", on: path + "/" + name, remedy: Self.remedy) {
        // The name is borrowed for the call only.
        unsafe clinux_openat(
          folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
      }
      return Descriptor(owning: number)
    } catch {
      guard error.errorNumber == EEXIST || error.errorNumber == ELOOP else { throw error }
      return nil
    }
  }

  /// Opens a file that `create` made, to write behind what it holds. No link is followed, and what has taken
  /// its place is not waited for. The corresponding C call is `openat(O_APPEND | O_NOFOLLOW)`.
  public func append(to name: String) throws(SystemError) -> Descriptor {
    let folder = descriptor.rawValue
    let number = try systemCall("open", on: path + "/" + name, remedy: Self.remedy) {
      // The name is borrowed for the call only.
      unsafe clinux_openat(
        folder, name, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0)
    }
    return Descriptor(owning: number)
  }

  /// Why not all could be written to the file of this name, with what helps.
  public static func failure(_ error: SystemError, writing name: String) -> SystemError {
    SystemError(
      "write", on: name, errorNumber: error.errorNumber, remedy: remedy(error.errorNumber))
  }

  private static func remedy(_ errorNumber: CInt) -> String? {
    switch errorNumber {
    case ENOENT: "the folder that it is made in has to be there: make it with mkdir -p"
    case EACCES, EPERM, EROFS: "choose a folder that this user may write to"
    case ENOSPC, EDQUOT: "make room, or choose another folder"
    default: nil
    }
  }
}
