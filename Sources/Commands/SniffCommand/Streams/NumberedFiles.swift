import LinuxSystem

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
      try Self.write(octets, to: try folder.append(to: file), file)
      return file
    }
    guard let new = try create(name) else { return nil }
    try Self.write(octets, to: new.descriptor, new.name)
    return new.name
  }

  /// Writes all of `octets` to the file of this name.
  static func write(
    _ octets: Span<UInt8>, to file: borrowing Descriptor, _ name: String
  ) throws(SystemError) {
    do throws(SystemError) {
      try writeAll(octets, to: file.rawValue)
    } catch {
      throw NewFileFolder.failure(error, writing: name)
    }
  }
}
