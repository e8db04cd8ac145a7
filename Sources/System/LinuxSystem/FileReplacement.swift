import CLinux
import Glibc

/// Replaces a file, or makes it, so that whoever reads it sees either all of the old content or all of
/// the new one, also when the machine stops in between.
///
/// The content is written to a file beside it, `.NAME.tmp-` and random digits, which then takes the
/// name. A link at `path` is replaced itself; a device, a pipe or a socket is not replaced. When that
/// fails nothing is left behind and the old file stays. The corresponding C calls are `open(O_EXCL)`, `fsync` and `rename`.
///
/// - Parameters:
///   - path: of the file; its folder must be there, and be one that we may write to.
///   - octets: the new content.
///   - permissions: of the new file, cut by the umask.
///   - survivesCrash: wait until the content is on the disk. Without it a machine that stops can leave
///     the file empty or as it was.
/// - Throws: what kept the file from being replaced, and what the user can do about it.
public func replaceFile(
  _ path: String, with octets: Span<UInt8>, permissions: UInt32 = 0o644,
  survivesCrash: Bool = true
) throws(SystemError) {
  try refuseSpecialFile(path)
  let temporaryPath = temporaryName(beside: path)
  let file = try Descriptor.open(
    temporaryPath, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, permissions: permissions,
    operation: "create", remedy: replacementRemedy)
  do throws(SystemError) {
    do throws(SystemError) {
      try writeAll(octets, to: file.rawValue)
    } catch {
      throw SystemError(
        "write", on: temporaryPath, errorNumber: error.errorNumber,
        remedy: replacementRemedy(error.errorNumber))
    }
    let number = file.rawValue
    if survivesCrash {
      _ = try systemCall("write", on: temporaryPath, remedy: replacementRemedy) { fsync(number) }
    }
    _ = try systemCall("replace", on: path, remedy: replacementRemedy) {
      // Both paths are borrowed for the call only.
      unsafe rename(temporaryPath, path)
    }
  } catch {
    _ = unsafe unlink(temporaryPath)
    throw error
  }
}

/// Whether `replaceFile` could make a file at `path` now: makes one beside it and takes it away again.
///
/// For what is only written at the end of a long run, so that a name that cannot be is told at its
/// beginning.
///
/// - Throws: what would keep the file from being made, and what the user can do about it.
public func checkReplaceable(_ path: String) throws(SystemError) {
  if try refuseSpecialFile(path) == S_IFDIR {
    throw SystemError("replace", on: path, errorNumber: EISDIR, remedy: replacementRemedy(EISDIR))
  }
  let temporaryPath = temporaryName(beside: path)
  do throws(SystemError) {
    _ = try Descriptor.open(
      temporaryPath, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, permissions: 0o600)
  } catch {
    throw SystemError(
      "create", on: path, errorNumber: error.errorNumber,
      remedy: replacementRemedy(error.errorNumber))
  }
  _ = unsafe unlink(temporaryPath)
}

/// Leaves devices, pipes and sockets alone, and links to them: root could put a file in the place of
/// /dev/null. Returns what kind of file there is, 0 for none.
@discardableResult
private func refuseSpecialFile(_ path: String) throws(SystemError) -> mode_t {
  var status = stat()
  // The kernel writes one `stat`; nothing there is no mistake.
  guard unsafe stat(path, &status) == 0 else { return 0 }
  let kind = status.st_mode & S_IFMT
  guard kind == S_IFREG || kind == S_IFDIR else {
    throw SystemError(
      "replace", on: path, errorNumber: EEXIST,
      remedy: "it is a device, a pipe or a socket: choose another name")
  }
  return kind
}

/// In the same folder, for names move only within a file system. It begins with a dot and does not end
/// like the file, so that those who read all files of a kind pass over it.
private func temporaryName(beside path: String) -> String {
  let start = path.utf8.lastIndex(of: 0x2f).map { path.utf8.index(after: $0) } ?? path.startIndex
  let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
  return "\(path[..<start]).\(path[start...]).tmp-\(digits)"
}

private func replacementRemedy(_ errorNumber: CInt) -> String? {
  switch errorNumber {
  case ENOENT, ENOTDIR: "its folder has to be there before: make it with mkdir -p"
  case EACCES, EPERM: "the folder has to be one that this user may write to, not only the file"
  case EROFS: "choose a folder that is not mounted read-only"
  case ENOSPC, EDQUOT: "make room, or choose another folder"
  case EISDIR: "there is a folder of that name: choose another name"
  case ENAMETOOLONG: "choose a shorter name"
  default: nil
  }
}
