import Glibc
import LinuxSystem
import Testing

@Suite("Files that are replaced at once")
struct FileReplacementTests {
  /// Runs `body` with a new folder, which is removed with all files in it.
  private func withFolder(_ name: String, _ body: (String) throws -> Void) throws {
    let folder = temporaryPath("replacement-\(name)")
    try #require(unsafe mkdir(folder, 0o700) == 0)
    defer {
      for name in (try? names(in: folder)) ?? [] { remove("\(folder)/\(name)") }
      _ = unsafe rmdir(folder)
    }
    try body(folder)
  }

  private func names(in folder: String) throws -> [String] {
    let tree = try FolderTree(folder)
    guard let file = try tree.open(".") else { return [] }
    return try file.entries(atMost: 100).map(\.name)
  }

  private func replace(_ path: String, _ text: String) throws(SystemError) {
    let octets = Array(text.utf8)
    try replaceFile(path, with: octets.span)
  }

  private func content(_ path: String) throws -> String {
    String(decoding: try readFile(path), as: UTF8.self)
  }

  @Test func makesAndReplaces() throws {
    try withFolder("makes") { folder in
      for text in ["one\n", "", String(repeating: "three\n", count: 100_000)] {
        try replace("\(folder)/ping.prom", text)
        #expect(try content("\(folder)/ping.prom") == text)
      }
      #expect(try names(in: folder) == ["ping.prom"])
    }
  }

  /// Who has the old file open goes on reading it, which a file that is written anew would not allow.
  @Test func theOldFileStaysWhole() throws {
    try withFolder("whole") { folder in
      let path = "\(folder)/ping.prom"
      try replace(path, "old")
      let old = try Descriptor.openForReading(path)
      try replace(path, "new and longer")
      var buffer = [UInt8](repeating: 0, count: 100)
      #expect(try old.read(into: &buffer) == 3)
      #expect(String(decoding: buffer[..<3], as: UTF8.self) == "old")
    }
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    try withFolder("link") { folder in
      try replace("\(folder)/target", "untouched")
      try #require(unsafe symlink("target", "\(folder)/link") == 0)
      try replace("\(folder)/link", "new")
      #expect(try content("\(folder)/target") == "untouched")
      #expect(try content("\(folder)/link") == "new")
    }
  }

  /// Root could put a file in the place of /dev/null. A pipe of the test's own is at stake here.
  @Test func whatIsNoFileIsLeftAlone() throws {
    try withFolder("special") { folder in
      try #require(unsafe mkfifo("\(folder)/pipe", 0o600) == 0)
      try #require(unsafe symlink("pipe", "\(folder)/link") == 0)
      for name in ["pipe", "link"] {
        let path = "\(folder)/\(name)"
        let first = #expect(throws: SystemError.self) { try replace(path, "x") }
        let second = #expect(throws: SystemError.self) { try replaceable(path) }
        for error in [first, second] {
          let text = error.map { "\($0)" } ?? ""
          #expect(text.contains("it is a device, a pipe or a socket"), "\(text)")
        }
      }
      #expect(try names(in: folder).sorted() == ["link", "pipe"])
    }
  }

  private func replaceable(_ path: String) throws(SystemError) { try checkReplaceable(path) }

  @Test func whatCanBeReplacedIsKnownBefore() throws {
    try withFolder("before") { folder in
      try replaceable("\(folder)/new")
      try replace("\(folder)/old", "old")
      try replaceable("\(folder)/old")
      #expect(try names(in: folder) == ["old"] && content("\(folder)/old") == "old")
      for path in ["\(folder)/none/new", folder] {
        let error = try #require(throws: SystemError.self) { try replaceable(path) }
        #expect("\(error)".contains(path), "\(error)")
      }
      #expect(try names(in: folder) == ["old"])
    }
  }

  @Test func failuresLeaveNothing() throws {
    try withFolder("failure") { folder in
      // A folder that holds something cannot be replaced.
      try #require(unsafe mkdir("\(folder)/taken", 0o700) == 0)
      defer { _ = unsafe rmdir("\(folder)/taken") }
      let error = #expect(throws: SystemError.self) { try replace("\(folder)/taken", "text") }
      #expect(
        error?.description
          == "cannot replace \(folder)/taken: Is a directory; there is a folder of that name: choose"
          + " another name")
      #expect(try names(in: folder) == ["taken"])
    }
  }

  @Test func errorsNameTheRemedy() throws {
    let path = temporaryPath("no-such-folder/ping.prom")
    let error = #expect(throws: SystemError.self) { try replace(path, "text") }
    #expect(error?.isNotFound == true)
    #expect(
      error?.description.hasSuffix(
        "No such file or directory; its folder has to be there before: make it with mkdir -p")
        == true)
  }
}
