internal import CLinux
import Glibc

/// The processes of this host, as /proc shows them to this process.
public enum ProcessTable {
  /// More are not read.
  private static let limit = 1 << 20

  /// All process numbers.
  public static func numbers() -> [Int] { entries(of: "/proc").compactMap { Int($0) } }

  /// Which processes have these sockets open, by the socket's inode; of several the first. Processes
  /// of others are left out without the rights to look at them (ptrace(2)).
  /// The corresponding C call is `readlink("/proc/PID/fd/N")`.
  public static func owners(ofSocketsIn processes: [Int]) -> [UInt32: Int] {
    var owners: [UInt32: Int] = [:]
    var target = [CChar](repeating: 0, count: 64)
    for process in processes {
      for number in entries(of: "/proc/\(process)/fd") {
        // The kernel writes at most `count` octets, and no NUL.
        let length = unsafe readlink("/proc/\(process)/fd/\(number)", &target, target.count)
        if let inode = socketInode(target, length), owners[inode] == nil { owners[inode] = process }
      }
    }
    return owners
  }

  /// The number in "socket:[12345]", of which `length` characters are there. Octet by octet: a browser
  /// has a thousand files, and a socket may be closed while they are looked through.
  private static func socketInode(_ target: [CChar], _ length: Int) -> UInt32? {
    guard (10..<32).contains(length), zip(target, "socket:[".utf8).allSatisfy({ $0 == CChar($1) })
    else { return nil }
    var inode: UInt32 = 0
    for character in target[8..<length - 1] {
      guard let digit = UInt32(exactly: Int(character) - 0x30), digit < 10 else { return nil }
      inode = inode &* 10 &+ digit
    }
    return inode
  }

  /// A process and all that descend from it. The corresponding C call is
  /// `read("/proc/PID/task/TID/children")`.
  public static func tree(of root: Int) -> Set<Int> {
    // Where the kernel has no such file (CONFIG_PROC_CHILDREN), all processes are asked for their
    // parent.
    let parents = fileExists("/proc/self/task/\(ownNumber)/children") ? nil : childrenByParent()
    var found: Set<Int> = []
    var waiting = [root]
    while let next = waiting.popLast() {
      guard found.insert(next).inserted else { continue }
      waiting += parents.map { $0[next] ?? [] } ?? children(of: next)
    }
    return found
  }

  /// Those that threads of a process have started, or that were left to it.
  private static func children(of process: Int) -> [Int] {
    entries(of: "/proc/\(process)/task").flatMap { thread -> [Int] in
      guard Int(thread) != nil,
        let octets = try? readFile("/proc/\(process)/task/\(thread)/children")
      else { return [] }
      return octets.split(separator: 0x20).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    }
  }

  private static func childrenByParent() -> [Int: [Int]] {
    var children: [Int: [Int]] = [:]
    for process in numbers() {
      if let parent = parent(of: process) { children[parent, default: []].append(process) }
    }
    return children
  }

  /// The number of the process that started another, or that took it in.
  static func parent(of process: Int) -> Int? {
    guard let octets = try? readFile("/proc/\(process)/stat", limit: 4096) else { return nil }
    // The name stands in brackets and may hold any character, brackets among them.
    guard let end = octets.lastIndex(of: 0x29) else { return nil }
    let fields = String(decoding: octets[(end + 1)...], as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? Int(fields[1]) : nil
  }

  /// What a process calls itself: up to fifteen octets of anything.
  public static func name(of process: Int) -> String? {
    guard let octets = try? readFile("/proc/\(process)/comm", limit: 4096) else { return nil }
    return String(decoding: octets.prefix { $0 != 0x0a }, as: UTF8.self)
  }

  /// Lets processes whose parent dies become our children, so that they stay in our tree.
  /// The corresponding C call is `prctl(PR_SET_CHILD_SUBREAPER)`.
  public static func takeInOrphans() throws(SystemError) {
    _ = try systemCall("take in orphans") { clinux_prctl(PR_SET_CHILD_SUBREAPER, 1, 0) }
  }

  /// The number of the process that started this one. The corresponding C call is `getppid`.
  public static var ownParent: Int { Int(getppid()) }
  /// The number of this process. The corresponding C call is `getpid`.
  public static var ownNumber: Int { Int(getpid()) }

  private static func entries(of folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { _ = unsafe closedir(stream) }
    var names: [String] = []
    // The C library's record lives until the next call; its name ends with a NUL.
    while names.count < limit, let entry = unsafe readdir(stream) {
      names.append(
        unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
        })
    }
    return names
  }
}
