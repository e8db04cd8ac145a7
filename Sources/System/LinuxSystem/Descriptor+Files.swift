internal import CLinux
import Glibc

extension Descriptor {
  /// Opens a path with the `flags` of `open(2)`; O_CLOEXEC is added. `permissions` are those of a
  /// new file, cut by the umask. The corresponding C call is `open`.
  public static func open(
    _ path: String, flags: CInt, permissions: UInt32 = 0, operation: String = "open",
    remedy: (CInt) -> String? = { _ in nil }
  ) throws(SystemError) -> Descriptor {
    let number = try systemCall(operation, on: path, remedy: remedy) {
      // The path is borrowed for the call only.
      unsafe clinux_open(path, flags | O_CLOEXEC, permissions)
    }
    return Descriptor(owning: number)
  }

  /// Opens a file to be read.
  public static func openForReading(_ path: String) throws(SystemError) -> Descriptor {
    try open(path, flags: O_RDONLY)
  }

  /// Creates a file, or empties the one that is there. `permissions` are cut by the umask.
  public static func createForWriting(
    _ path: String, permissions: UInt32 = 0o644
  ) throws(SystemError) -> Descriptor {
    try open(
      path, flags: O_WRONLY | O_CREAT | O_TRUNC, permissions: permissions, operation: "create")
  }

  /// Reads at most `buffer.count` octets: how many, 0 at the end, nil when a nonblocking descriptor
  /// has nothing yet. The corresponding C call is `read`.
  public func read(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    try systemCallUnlessWaiting("read") {
      // The kernel writes at most `count` octets.
      unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc::read(rawValue, bytes.baseAddress, bytes.count)
      }
    }
  }

  /// Appends to `buffer` what is read, at most what it has room for: how many octets, 0 at the end,
  /// nil when a nonblocking descriptor has nothing yet. The corresponding C call is `read`.
  public func read(into buffer: inout OutputSpan<UInt8>) throws(SystemError) -> Int? {
    // The kernel initialises as many octets as it says, from the first free one on.
    try unsafe buffer.withUnsafeMutableBufferPointer { octets, count throws(SystemError) in
      let room = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(octets)[count...])
      let added = try systemCallUnlessWaiting("read") {
        unsafe Glibc::read(rawValue, room.baseAddress, room.count)
      }
      count += added ?? 0
      return added
    }
  }

  /// The two ends of a new pipe, both closed on exec. The corresponding C call is `pipe2`.
  static func pipe() throws(SystemError) -> Pipe {
    var ends: (CInt, CInt) = (-1, -1)
    _ = try systemCall("make a pipe") {
      // A homogeneous tuple has the layout of the C array.
      unsafe withUnsafeMutableBytes(of: &ends) { bytes in
        unsafe clinux_pipe2(bytes.baseAddress?.assumingMemoryBound(to: CInt.self), O_CLOEXEC)
      }
    }
    return Pipe(readEnd: Descriptor(owning: ends.0), writeEnd: Descriptor(owning: ends.1))
  }

  /// Both ends of a pipe; an end that is not taken is closed with the other.
  struct Pipe: ~Copyable {
    let readEnd: Descriptor
    let writeEnd: Descriptor

    consuming func takeReadEnd() -> Descriptor { readEnd }
    consuming func takeWriteEnd() -> Descriptor { writeEnd }
  }
}

/// The whole of a small file, such as one under /proc or a topology.
///
/// A file of more than `limit` octets is refused with EFBIG.
public func readFile(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
  let descriptor = try Descriptor.openForReading(path)
  var content: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: min(limit + 1, 65536))
  while content.count <= limit {
    let count: Int?
    do throws(SystemError) {
      count = try descriptor.read(into: &buffer)
    } catch {
      throw SystemError("read", on: path, errorNumber: error.errorNumber)
    }
    guard let count, count > 0 else { return content }
    content += buffer[..<count]
  }
  throw SystemError("read", on: path, errorNumber: EFBIG)
}

/// Whether there is something at a path that we may see. The corresponding C call is `access`.
public func fileExists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Writes `content` to a file that exists, in one call, as the files of /proc/sys want it.
///
/// A file that takes only a part is an error (ENOSPC).
public func writeExistingFile(_ path: String, _ content: String) throws(SystemError) {
  let descriptor = try Descriptor.open(path, flags: O_WRONLY)
  let octets = Array(content.utf8)
  let written = try systemCall("write", on: path) {
    // The octets are borrowed for the call only.
    unsafe octets.withUnsafeBytes { bytes in
      unsafe Glibc::write(descriptor.rawValue, bytes.baseAddress, bytes.count)
    }
  }
  guard written == octets.count else {
    throw SystemError("write", on: path, errorNumber: ENOSPC)
  }
}

extension Descriptor {
  /// A second number for what `number` stands for, to be closed on its own: standard input or output
  /// as a file among others. The corresponding C call is `fcntl(F_DUPFD_CLOEXEC)`.
  public static func duplicate(of number: CInt) throws(SystemError) -> Descriptor {
    guard case let copy = fcntl(number, F_DUPFD_CLOEXEC, 3), copy >= 0 else {
      throw .current("use", on: number == 0 ? "standard input" : "standard output")
    }
    return Descriptor(owning: copy)
  }
}

extension Descriptor {
  /// Creates a file that only its owner may read, or empties the one that is there and makes it such a
  /// file. What is no regular file (a pipe, a terminal) keeps its permissions.
  /// The corresponding C calls are `open`, `fstat` and `fchmod`.
  public static func createPrivate(_ path: String) throws(SystemError) -> Descriptor {
    let file = try open(
      path, flags: O_WRONLY | O_CREAT | O_TRUNC, permissions: 0o600, operation: "create")
    let number = file.rawValue
    var status = stat()
    // The kernel writes one `stat`.
    _ = try systemCall("create", on: path) { unsafe fstat(number, &status) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 else { return file }
    _ = try systemCall("make private", on: path) { fchmod(number, 0o600) }
    return file
  }
}
