internal import CLinux
import Glibc

/// The folder that paths without a leading slash start from.
public enum CurrentFolder {
  /// Its path. The corresponding C call is `getcwd`.
  public static func path() throws(SystemError) -> String {
    // The C library allocates as much as the path needs (getcwd(3)).
    guard let path = unsafe getcwd(nil, 0) else { throw .current("find the current folder") }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// Goes to another one. The corresponding C call is `chdir`.
  public static func change(to path: String) throws(SystemError) {
    _ = try systemCall("go to the folder", on: path) { unsafe chdir(path) }
  }
}
