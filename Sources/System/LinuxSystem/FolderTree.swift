internal import CLinux
import Glibc
public import PacketWire

/// A folder, below which files can be opened and outside of which nothing can: the kernel itself sees
/// to it that neither `..` nor a symbolic link leads out (openat2(2), Linux 5.6).
public struct FolderTree: ~Copyable, Sendable {
  private let descriptor: Descriptor
  private let path: String

  /// What stands below the folder at `path` now or later.
  public init(_ path: String) throws(SystemError) {
    let folder = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
    // To say at once, and not at each file, that the kernel is too old.
    _ = try Self.open(".", beneath: folder.rawValue, path)
    descriptor = folder
    self.path = path
  }

  /// Opens a file or folder by its path relative to this folder, for reading. Nil where there is
  /// nothing that could be read: no such name, a way out, or a thing that is no file.
  ///
  /// The corresponding C call is `openat2(RESOLVE_BENEATH)`.
  public func open(_ relativePath: String) throws(SystemError) -> OpenFile? {
    try Self.open(relativePath, beneath: descriptor.rawValue, path)
  }

  private static func open(
    _ relativePath: String, beneath folder: CInt, _ path: String
  ) throws(SystemError) -> OpenFile? {
    let number: CInt
    do throws(SystemError) {
      number = try systemCall("open", on: path + "/" + relativePath, remedy: remedy) {
        // Not to wait for a pipe's other end. The path is borrowed for the call only.
        unsafe clinux_open_beneath(
          folder, relativePath, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
      }
    } catch {
      // EXDEV is a way out; ENXIO a pipe or device that nobody serves.
      let nothing = [ENOENT, ENOTDIR, EXDEV, ELOOP, ENAMETOOLONG, ENXIO, EINVAL]
      guard nothing.contains(error.errorNumber) else { throw error }
      return nil
    }
    return try OpenFile(Descriptor(owning: number), at: relativePath)
  }

  private static func remedy(_ errorNumber: CInt) -> String? {
    errorNumber == ENOSYS ? "this needs Linux 5.6" : nil
  }
}

/// A file or folder that is open for reading.
public struct OpenFile: ~Copyable, Sendable {
  private let descriptor: Descriptor
  /// It is a folder; otherwise a regular file.
  public let isFolder: Bool
  /// In octets.
  public let length: Int
  /// When its content last changed.
  public let modified: WallInstant
  /// Of the file in its file system: another file of the same name has another one.
  public let number: UInt64

  /// Nil for what is neither a file nor a folder.
  init?(_ descriptor: consuming Descriptor, at path: String) throws(SystemError) {
    var status = stat()
    let number = descriptor.rawValue
    // The structure is borrowed for the call only.
    _ = try systemCall("look at", on: path) { unsafe fstat(number, &status) }
    isFolder = clinux_is_folder(status.st_mode) != 0
    guard isFolder || clinux_is_regular(status.st_mode) != 0 else { return nil }
    length = Int(status.st_size)
    modified = WallInstant(
      nanoseconds: Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec))
    self.number = UInt64(status.st_ino)
    self.descriptor = descriptor
  }

  /// At most `count` octets from `offset` on; none behind the end. The corresponding C call is
  /// `pread`.
  public func read(from offset: Int, atMost count: Int) throws(SystemError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = try systemCall("read") {
      // The kernel writes at most `count` octets.
      unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(descriptor.rawValue, bytes.baseAddress, bytes.count, off_t(offset))
      }
    }
    return Array(buffer[..<got])
  }

  /// The names in a folder with whether each is a folder itself, at most `limit`, in the order of
  /// their octets and without `.` and `..`. The corresponding C call is `readdir`.
  public func entries(atMost limit: Int) throws(SystemError) -> [(name: String, isFolder: Bool)] {
    let copy = try Descriptor.duplicate(of: descriptor.rawValue)
    // The stream takes over the descriptor, and closes it.
    guard let stream = unsafe fdopendir(copy.rawValue) else {
      throw .current("list", on: "a folder")
    }
    _ = copy.release()
    defer { _ = unsafe closedir(stream) }
    unsafe rewinddir(stream)
    var entries: [(name: String, isFolder: Bool)] = []
    while entries.count < limit, let entry = unsafe readdir(stream) {
      let isFolder = unsafe entry.pointee.d_type == UInt8(DT_DIR)
      // The name ends with a zero octet inside of the structure.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { entries.append((name, isFolder)) }
    }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
