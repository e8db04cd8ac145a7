import LinuxSystem
import PacketText

/// Makes files in a folder, each under a name that nothing there has: one that is taken gets a number.
struct NumberedFiles: ~Copyable {
  private let folder: NewFileFolder
  /// How many names of a kind were tried.
  private var tried: [ObjectName: Int] = [:]

  /// So many numbers are tried for a name.
  private static let mostTries = 10_000

  /// Files in `folder`.
  init(_ folder: consuming NewFileFolder) { self.folder = folder }

  /// A file that was made.
  struct File: ~Copyable {
    let descriptor: Descriptor
    let name: String
  }

  /// Makes a file; nil when every name is taken.
  mutating func create(_ name: ObjectName) throws(SystemError) -> File? {
    for _ in 0..<Self.mostTries {
      let number = tried[name, default: 0] + 1
      tried[name] = number
      let numbered = name.numbered(number)
      if let descriptor = try folder.create(numbered) {
        return File(descriptor: descriptor, name: numbered)
      }
    }
    return nil
  }

  /// Writes behind what `file` holds, which is one of ours, or to a new file, and closes it; its name, or
  /// nil when every name is taken.
  mutating func write(
    _ octets: Span<UInt8>, behind file: String?, named name: ObjectName
  ) throws(SystemError) -> String? {
    if let file {
      let descriptor = try folder.append(to: file)
      try Self.write(octets, to: descriptor.rawValue, file)
      return file
    }
    guard let new = try create(name) else { return nil }
    try Self.write(octets, to: new.descriptor.rawValue, new.name)
    return new.name
  }

  /// Writes all of `octets` to the file of this name.
  static func write(
    _ octets: Span<UInt8>, to descriptor: CInt, _ name: String
  ) throws(SystemError) {
    do throws(SystemError) {
      try writeAll(octets, to: descriptor)
    } catch {
      throw NewFileFolder.failure(error, writing: name)
    }
  }
}

extension TextBuffer {
  /// Appends the line at the end of an export: how many files there are of what, and where.
  mutating func append(
    exported files: Int, _ kind: StaticString, octets: Int, into path: String, leftOut: Int
  ) {
    append(decimal: files)
    append(" ")
    append(kind)
    append(files == 1 ? ", " : "s, ")
    append(decimal: octets)
    append(octets == 1 ? " octet, in " : " octets, in ")
    append(untrusted: path)
    if leftOut > 0 {
      append("; left out, for a limit was reached: ")
      append(decimal: leftOut)
    }
    newline()
  }
}
