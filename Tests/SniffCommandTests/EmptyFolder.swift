import Glibc
import LinuxSystem

/// A folder that goes with the test that has it, if the test has emptied it.
final class EmptyFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/wirewalk-export-XXXXXX".utf8CString)
    _ = unsafe mkdtemp(&template)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { _ = unsafe rmdir(path) }

  /// Removes what is in it, and itself.
  func remove() {
    for name in names() { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }

  /// What is in it.
  func names() -> [String] {
    guard let tree = try? FolderTree(path), let here = try? tree.open("."),
      let entries = try? here.entries(atMost: 10_000)
    else { return [] }
    return entries.map(\.name)
  }

  /// What a file in it holds.
  func content(_ name: String) -> String? {
    (try? readFile("\(path)/\(name)", limit: 1 << 24)).map { String(decoding: $0, as: UTF8.self) }
  }
}
