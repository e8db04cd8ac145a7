import Glibc
import LinuxSystem

/// Of this test run.
let processNumber = getpid()

/// Takes a file away, if it is there.
func removeFile(_ path: String) { _ = unsafe unlink(path) }

/// Writes a file anew; an empty one is taken away.
func writeFile(_ path: String, _ text: String) throws {
  guard !text.isEmpty else { return removeFile(path) }
  let file = try Descriptor.createForWriting(path, permissions: 0o644)
  try writeAll(text.utf8.span, to: file.rawValue)
}
